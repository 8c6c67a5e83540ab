#include "bitbucket/required_builds.hh"

#include "bitbucket/decode.hh"
#include "bitbucket/reading.hh"
#include "bitbucket/resource.hh"

namespace connector::bitbucket {
namespace {

/// A hundred conditions of a hundred keys each, which have at most 1,024 characters.
constexpr std::size_t page_limit = std::size_t{16} << 20U;

/// Apart from project and repository, which are named when they are missing, only the resource itself can be.
bool is_unknown_resource(const http::Response& response, const Repository& asked) {
  return response.status == 404 && !is_web_page(response) &&
         delivery_of(response, asked).result != DeliveryResult::no_repository;
}

}  // namespace

http::Request conditions_request(const Repository& repository, unsigned start) {
  http::Request request = request_to(repository_target("required-builds", repository) +
                                     "/conditions?limit=100&start=" + std::to_string(start));
  request.body_limit = page_limit;
  return request;
}

std::variant<RequiredBuilds, Delivery> read_conditions(const http::Outcome& outcome, const Repository& asked,
                                                       unsigned start) {
  const auto* response = std::get_if<http::Response>(&outcome);
  if (response != nullptr && is_unknown_resource(*response, asked)) return RequiredBuilds{};
  auto read = read_answer(outcome, "the answer about required builds", asked, decode_conditions);
  if (auto* page = std::get_if<RequiredBuilds>(&read); page != nullptr && page->next_start <= start) {
    page->next_start.reset();
  }
  return read;
}

}  // namespace connector::bitbucket
