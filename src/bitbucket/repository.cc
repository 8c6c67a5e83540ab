#include "bitbucket/repository.hh"

#include "bitbucket/decode.hh"
#include "bitbucket/reading.hh"
#include "bitbucket/resource.hh"

namespace connector::bitbucket {

http::Request repository_request(const Repository& repository) {
  return request_to(repository_target("api", repository));
}

std::variant<std::vector<std::string>, Delivery> read_repository(const http::Outcome& outcome,
                                                                 const Repository& asked) {
  return read_answer(outcome, "the answer about a repository", asked, decode_clone_links);
}

}  // namespace connector::bitbucket
