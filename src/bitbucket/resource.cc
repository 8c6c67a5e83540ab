#include "bitbucket/resource.hh"

#include <utility>

#include "core/text/text.hh"

namespace connector::bitbucket {

std::string repository_target(std::string_view api, const Repository& repository) {
  return "/rest/" + std::string(api) + "/latest/projects/" + percent_encode(repository.project) + "/repos/" +
         percent_encode(repository.slug);
}

http::Request request_to(std::string target) {
  http::Request request;
  request.peer = http::PeerId::bitbucket;
  request.target = std::move(target);
  request.body_limit = answer_limit;
  return request;
}

}  // namespace connector::bitbucket
