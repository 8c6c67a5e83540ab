#include "buildkite/builds_request.hh"

#include <array>
#include <optional>
#include <string>

#include "core/text.hh"
#include "core/timestamp.hh"

namespace connector::buildkite {
namespace {

constexpr std::array<std::string_view, 5> open_states = {"creating", "scheduled", "running", "failing",
                                                         "canceling"};

void append_time(std::string& target, std::string_view name, const std::optional<Timestamp>& time) {
  if (!time) return;
  target.append("&").append(name).append("=").append(percent_encode(format_seconds(*time)));
}

}  // namespace

http::Request builds_request(std::string_view organization, const BuildQuery& query) {
  http::Request request;
  request.peer = http::PeerId::buildkite;
  std::string& target = request.target;
  target = "/v2/organizations/" + percent_encode(organization) +
           "/builds?exclude_jobs=true&per_page=" + std::to_string(query.per_page);
  if (query.page > 1) target += "&page=" + std::to_string(query.page);
  append_time(target, "created_from", query.created_from);
  append_time(target, "created_to", query.created_to);
  append_time(target, "finished_from", query.finished_from);
  if (query.open_only) {
    for (const auto state : open_states) target.append("&state[]=").append(state);
  }
  return request;
}

}  // namespace connector::buildkite
