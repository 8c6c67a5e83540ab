#include "bitbucket/answers.hh"

#include <string>
#include <string_view>
#include <utility>

#include "bitbucket/decode.hh"
#include "bitbucket/reading.hh"
#include "bitbucket/status_request.hh"
#include "core/place/repository_path.hh"
#include "core/text/text.hh"

namespace connector::bitbucket {
namespace {

/// Before 7.14 nothing could be read by key: 405.
bool says_absent(const http::Response& response) {
  return (response.status == 404 || response.status == 405) && !is_web_page(response);
}

/// The record of the key among those of a commit: that of our repository, else one that names no repository.
std::optional<Record> own_row(const std::vector<Record>& rows, const StatusKey& key) {
  std::optional<Record> unnamed;
  for (const Record& row : rows) {
    if (row.key != key.key) continue;
    if (same_repository(row.repository, key.repository)) return row;
    if (!unnamed && row.repository == Repository{}) unnamed = row;
  }
  return unnamed;
}

}  // namespace

Delivery read_delivery(const http::Outcome& outcome, const Repository& asked) {
  return delivery_of(outcome, asked);
}

std::variant<std::optional<Record>, Delivery> read_record(const http::Outcome& outcome,
                                                          const StatusKey& key) {
  const auto* response = std::get_if<http::Response>(&outcome);
  if (response != nullptr && says_absent(*response)) {
    Delivery delivery = delivery_of(outcome, key.repository);
    if (delivery.result == DeliveryResult::no_repository) return delivery;
    return std::optional<Record>();
  }
  auto rows =
      read_answer(outcome, "the answer to the reading of a build status", key.repository, decode_records);
  if (auto* failure = std::get_if<Delivery>(&rows)) return std::move(*failure);
  if (auto row = own_row(std::get<std::vector<Record>>(rows), key)) {
    return row;
  }
  return std::optional<Record>();
}

std::variant<std::vector<Record>, Delivery> read_records(const http::Outcome& outcome) {
  return read_answer(outcome, "the answer to the reading of a commit's build statuses", {}, decode_records);
}

bool shows(const Record& record, const StatusKey& key, const Told& told, const Capabilities& capabilities) {
  const auto state = told_state(key, told.state, capabilities);
  return !state || (record.state == word_of(*state) && fnv1a64(record.url) == told.url_digest);
}

std::variant<Capabilities, NoSuchResource, Delivery> read_capabilities(const http::Outcome& outcome) {
  const auto* response = std::get_if<http::Response>(&outcome);
  if (response != nullptr && response->status == 404 && !is_web_page(*response)) return NoSuchResource{};
  auto read = read_answer(outcome, "the answer to build/capabilities", {}, decode_capabilities);
  if (auto* failure = std::get_if<Delivery>(&read)) return std::move(*failure);
  return std::get<Capabilities>(read);
}

}  // namespace connector::bitbucket
