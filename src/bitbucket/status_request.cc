#include "bitbucket/status_request.hh"

#include "bitbucket/resource.hh"
#include "core/text/json_text.hh"
#include "core/text/text.hh"

namespace connector::bitbucket {
namespace {

/// The legacy endpoint knows the three states of before 8.0 only, whatever the server.
std::optional<BitbucketState> known_state(BitbucketState state, bool knows_all) {
  if (knows_all || (state != BitbucketState::cancelled && state != BitbucketState::unknown)) return state;
  return state == BitbucketState::cancelled ? std::optional(BitbucketState::failed) : std::nullopt;
}

std::string body_of(const StatusKey& key, const BuildStatus& status, BitbucketState state,
                    bool repository_scoped) {
  std::string body;
  JsonWriter json(body);
  const auto optional_text = [&](std::string_view name, std::string_view text) {
    if (!text.empty()) json.key(name).value(text);
  };
  json.begin_object();
  json.key("key").value(key.key);
  json.key("state").value(word_of(state));
  json.key("url").value(status.url);
  optional_text("name", status.name);
  optional_text("description", status.description);
  if (repository_scoped) {
    optional_text("parent", status.parent);
    optional_text("ref", status.ref);
    json.key("buildNumber").value(std::to_string(status.build_number));
    if (status.duration_ms) json.key("duration").value(*status.duration_ms);
  }
  json.end_object();
  return body;
}

std::string records_of(const StatusKey& key, bool repository_scoped) {
  if (!repository_scoped) return "/rest/build-status/1.0/commits/" + key.commit;
  return repository_target("api", key.repository) + "/commits/" + key.commit + "/builds";
}

}  // namespace

bool is_repository_scoped(const StatusKey& key, const Capabilities& capabilities) {
  return capabilities.repository_builds && !key.repository.slug.empty();
}

std::optional<BitbucketState> told_state(const StatusKey& key, BitbucketState state,
                                         const Capabilities& capabilities) {
  return known_state(state, is_repository_scoped(key, capabilities) && capabilities.cancelled_state);
}

http::Request record_request(const StatusKey& key, const Capabilities& capabilities) {
  const bool by_key = is_repository_scoped(key, capabilities) && capabilities.reading_by_key;
  if (!by_key) return records_request(key.commit);
  return request_to(records_of(key, true) + "?key=" + percent_encode(key.key));
}

http::Request records_request(const std::string& commit) {
  return request_to(records_of({{}, commit, {}}, false) + "?orderBy=NEWEST&limit=100");
}

std::optional<http::Request> status_request(const StatusKey& key, const BuildStatus& status,
                                            const Capabilities& capabilities) {
  const bool repository_scoped = is_repository_scoped(key, capabilities);
  const auto state = told_state(key, status.state, capabilities);
  if (!state) return std::nullopt;
  http::Request request = request_to(records_of(key, repository_scoped));
  request.method = http::Method::post;
  request.body = body_of(key, status, *state, repository_scoped);
  return request;
}

http::Request capabilities_request() {
  return request_to("/rest/api/latest/build/capabilities");
}

}  // namespace connector::bitbucket
