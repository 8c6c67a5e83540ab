#include "support/fake_buildkite.hh"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include "support/a_build.hh"

namespace connector::support {

namespace {

FakeAnswer too_many_requests(std::string_view scope, const QuotaWindow& window, Timestamp now) {
  std::string body;
  JsonWriter out(body);
  out.begin_object();
  out.key("message").value("You have exceeded your API rate limit. Please wait before making more requests.");
  out.key("scope").value(scope);
  out.key("limit").value(window.limit());
  out.key("current").value(window.used());
  out.key("reset").value(window.reset(now));
  out.end_object();
  return json_answer(429, std::move(body));
}

std::uint64_t build_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

}  // namespace

FakeBuildkite::FakeBuildkite(Organization& organization, BuildkiteSettings settings)
    : organization_(organization),
      settings_(std::move(settings)),
      user_(settings_.user_limit),
      everybody_(settings_.organization_limit) {}

void FakeBuildkite::spend_organization_quota(std::int64_t requests) {
  everybody_.count(organization_.now(), requests);
}

FakeAnswer FakeBuildkite::handle(const FakeRequest& request) {
  FakeAnswer result = answer(request);
  add_common_headers(result);
  return result;
}

FakeAnswer FakeBuildkite::answer(const FakeRequest& request) {
  if (request.header("authorization") != "Bearer " + settings_.token) {
    return message_answer(401,
                          "Authentication required. Please supply a valid API Access Token: "
                          "https://buildkite.com/docs/apis/rest-api#authentication");
  }
  user_.set_limit(settings_.user_limit);
  everybody_.set_limit(settings_.organization_limit);
  user_.count(organization_.now());
  everybody_.count(organization_.now());
  if (user_.exceeded()) return too_many_requests("rest_user", user_, organization_.now());
  if (everybody_.exceeded()) return too_many_requests("rest", everybody_, organization_.now());

  const Target target = parse_target(request.target);
  const auto& path = target.path;
  if (request.method != "GET") return message_answer(404, "Not Found");
  if (path == std::vector<std::string>{"v2", "access-token"}) return access_token();
  if (path.size() < 3 || path[0] != "v2" || path[1] != "organizations")
    return message_answer(404, "Not Found");
  if (path[2] != organization_.slug()) return message_answer(404, "No organization found");
  if (path.size() == 3) return organization_answer();
  if (!has_scope("read_builds")) {
    return message_answer(403, "Forbidden: this token does not have the read_builds scope");
  }
  if (path.size() == 4 && path[3] == "builds")
    return list_builds(organization_, "", target, settings_.listing);
  return pipeline_answer(target);
}

FakeAnswer FakeBuildkite::organization_answer() const {
  if (!has_scope("read_organizations")) {
    return message_answer(403, "Forbidden: this token does not have the read_organizations scope");
  }
  const std::string url = settings_.listing.json.api_url + "/v2/organizations/" + organization_.slug();
  std::string body;
  JsonWriter out(body);
  out.begin_object();
  out.key("id").value(uuid_named("organization " + organization_.slug()));
  out.key("url").value(url);
  out.key("web_url").value("https://buildkite.com/" + organization_.slug());
  out.key("name").value(organization_.slug());
  out.key("slug").value(organization_.slug());
  out.key("pipelines_url").value(url + "/pipelines");
  out.key("agents_url").value(url + "/agents");
  out.key("created_at").value(format_timestamp(noon - std::chrono::days{500}));
  out.end_object();
  return json_answer(200, std::move(body));
}

FakeAnswer FakeBuildkite::pipeline_answer(const Target& target) const {
  const auto& path = target.path;
  if (path.size() < 6 || path.size() > 7 || path[3] != "pipelines" || path[5] != "builds") {
    return message_answer(404, "Not Found");
  }
  if (!organization_.has_pipeline(path[4])) return message_answer(404, "No pipeline found");
  if (path.size() == 6) return list_builds(organization_, path[4], target, settings_.listing);
  const ModelBuild* model = organization_.find(path[4], build_number(path[6]));
  if (model == nullptr) return message_answer(404, "No build found");
  BuildJsonOptions options = settings_.listing.json;
  options.jobs = target.find("exclude_jobs") != "true";
  options.pipeline = target.find("exclude_pipeline") != "true";
  std::string body;
  JsonWriter out(body);
  write_build(out, *model, organization_.slug(), options);
  return json_answer(200, std::move(body));
}

FakeAnswer FakeBuildkite::access_token() const {
  std::string body;
  JsonWriter out(body);
  out.begin_object();
  out.key("uuid").value(uuid_named("token"));
  out.key("scopes").begin_array();
  for (const std::string& scope : settings_.scopes) out.value(scope);
  out.end_array();
  out.key("description").value("build statuses");
  out.key("created_at").value(format_timestamp(organization_.now() - std::chrono::days{1}));
  out.key("expires_at").value(format_timestamp(organization_.now() + settings_.token_lasts));
  out.key("user").begin_object();
  out.key("name").value("Build Bot");
  out.key("email").value("bot@example.com");
  out.end_object().end_object();
  return json_answer(200, std::move(body));
}

bool FakeBuildkite::has_scope(const std::string& scope) const {
  return std::find(settings_.scopes.begin(), settings_.scopes.end(), scope) != settings_.scopes.end();
}

void FakeBuildkite::add_common_headers(FakeAnswer& answer) const {
  const Timestamp now = organization_.now();
  answer.headers.emplace_back("Date", http_date(now));
  if (answer.status == 401) return;  // whose quota it is, is not known
  const auto add = [&](const std::string& prefix, const QuotaWindow& window) {
    answer.headers.emplace_back(prefix + "-Remaining", std::to_string(window.remaining()));
    answer.headers.emplace_back(prefix + "-Limit", std::to_string(window.limit()));
    answer.headers.emplace_back(prefix + "-Reset", std::to_string(window.reset(now)));
  };
  add("RateLimit", everybody_);
  add("RateLimit-User", user_);
}

}  // namespace connector::support
