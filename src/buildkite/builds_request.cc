#include "buildkite/builds_request.hh"

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "core/text/text.hh"
#include "core/text/timestamp.hh"

namespace connector::buildkite {
namespace {

constexpr std::array<std::string_view, 5> open_states = {"creating", "scheduled", "running", "failing",
                                                         "canceling"};

/// A job takes about 3 kB of JSON: a page of 25 builds with 1600 jobs each. A page over the limit would be
/// asked for again by every pass.
constexpr std::size_t with_jobs_limit = std::size_t{128} << 20U;

void append_time(std::string& target, std::string_view name, const std::optional<Timestamp>& time) {
  if (!time) return;
  target.append("&").append(name).append("=").append(percent_encode(format_seconds(*time)));
}

http::Request get(std::string target) {
  http::Request request;
  request.peer = http::PeerId::buildkite;
  request.target = std::move(target);
  return request;
}

std::string builds_of(std::string_view organization, std::string_view pipeline) {
  return "/v2/organizations/" + percent_encode(organization) + "/pipelines/" + percent_encode(pipeline) +
         "/builds";
}

}  // namespace

http::Request builds_request(std::string_view organization, const BuildQuery& query) {
  std::string target = "/v2/organizations/" + percent_encode(organization) + "/builds?" +
                       (query.jobs ? "" : "exclude_jobs=true&") +
                       "per_page=" + std::to_string(query.per_page);
  if (query.page > 1) target += "&page=" + std::to_string(query.page);
  append_time(target, "created_from", query.created_from);
  append_time(target, "created_to", query.created_to);
  append_time(target, "finished_from", query.finished_from);
  if (query.open_only) {
    for (const auto state : open_states) target.append("&state[]=").append(state);
  }
  for (const auto& branch : query.branches) target.append("&branch[]=").append(percent_encode(branch));
  for (const auto& commit : query.commits) target.append("&commit[]=").append(commit);
  http::Request request = get(std::move(target));
  if (query.jobs) request.body_limit = with_jobs_limit;
  return request;
}

http::Request build_request(std::string_view organization, std::string_view pipeline, std::uint64_t number,
                            bool jobs) {
  return get(builds_of(organization, pipeline) + '/' + std::to_string(number) +
             (jobs ? "" : "?exclude_jobs=true"));
}

http::Request pipeline_request(std::string_view organization, std::string_view pipeline) {
  return get(builds_of(organization, pipeline) + "?exclude_jobs=true&per_page=1");
}

}  // namespace connector::buildkite
