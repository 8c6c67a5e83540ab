#include "support/fake_bitbucket.hh"

#include <utility>

#include "core/text/text.hh"
#include "support/bitbucket_answers.hh"
#include "support/bitbucket_body.hh"
#include "support/bitbucket_json.hh"

namespace connector::support {

FakeBitbucket::FakeBitbucket(Clock clock, BitbucketSettings settings)
    : clock_(std::move(clock)), settings_(std::move(settings)) {}

void FakeBitbucket::add_repository(std::string_view project, std::string_view slug) {
  repositories_.host(hosted_name(project, slug));
}

void FakeBitbucket::add_commit(std::string_view project, std::string_view slug, std::string_view commit) {
  repositories_.host(hosted_name(project, slug)).commits.insert(ascii_lower(commit));
}

void FakeBitbucket::forbid(std::string_view project, std::string_view slug) {
  repositories_.host(hosted_name(project, slug)).permitted = false;
}

void FakeBitbucket::permit(std::string_view project, std::string_view slug) {
  repositories_.host(hosted_name(project, slug)).permitted = true;
}

void FakeBitbucket::rename(std::string_view project, std::string_view slug, std::string_view new_project,
                           std::string_view new_slug) {
  const Repository from = hosted_name(project, slug);
  const Repository to = hosted_name(new_project, new_slug);
  repositories_.rename(from, to);
  records_.rename(from, to);
}

void FakeBitbucket::archive(std::string_view project, std::string_view slug) {
  repositories_.host(hosted_name(project, slug)).archived = true;
}

void FakeBitbucket::require_builds(std::string_view project, std::string_view slug,
                                   std::vector<std::string> parents) {
  repositories_.host(hosted_name(project, slug)).required_builds.push_back(std::move(parents));
}

std::vector<StatusRecord> FakeBitbucket::shown(std::string_view project, std::string_view slug,
                                               std::string_view commit) const {
  return records_.shown(hosted_name(project, slug), ascii_lower(commit));
}

std::string FakeBitbucket::shown_state(std::string_view project, std::string_view slug,
                                       std::string_view commit, std::string_view key) const {
  for (const StatusRecord& record : shown(project, slug, commit)) {
    if (record.status.key == key) return record.status.state;
  }
  return "";
}

FakeAnswer FakeBitbucket::handle(const FakeRequest& request) {
  if (auto refusal = refuse_size(request)) return *std::move(refusal);
  if (!request.target.starts_with(settings_.context_path + '/')) return html_answer(404, "HTTP Status 404");
  const Target target = parse_target(std::string_view(request.target).substr(settings_.context_path.size()));
  if (target.path == std::vector<std::string>{"status"})
    return json_answer(200, settings_.maintenance ? R"({"state":"MAINTENANCE"})" : R"({"state":"RUNNING"})");
  if (target.path.size() < 4 || target.path[0] != "rest") return html_answer(404, "Page not found");
  if (settings_.maintenance) {
    FakeAnswer answer;
    answer.status = 503;
    answer.headers.emplace_back("Retry-After", "30");
    return answer;
  }

  const bool anonymous = request.header("authorization").empty();
  const bool open_to_all = target.path[1] == "api" && target.path[3] == "application-properties";
  if (!anonymous || !open_to_all) {
    if (auto refusal = login_.refuse(request, settings_.credentials)) return *std::move(refusal);
  }
  if (bucket_ && !bucket_->take(clock_())) {
    FakeAnswer answer = errors_answer(429, {{"", "You have made too many requests. Try again later.", ""}});
    answer.headers.emplace_back("Retry-After", std::to_string(bucket_->seconds_to_wait()));
    return answer;
  }
  return rest(request, target.path, target);
}

FakeAnswer FakeBitbucket::rest(const FakeRequest& request, const std::vector<std::string>& path,
                               const Target& target) {
  if (path[2] != "latest" && path[2] != "1.0") return unknown_resource();
  if (path[1] == "build-status" && path.size() == 5 && path[3] == "commits") {
    return builds_.of_commit(request, ascii_lower(path[4]), target);
  }
  if (path.size() >= 7 && path[3] == "projects" && path[5] == "repos") {
    return repository_resource(request, path, target);
  }
  if (path[1] != "api") return unknown_resource();
  if (path.size() == 4 && path[3] == "application-properties")
    return properties_answer(settings_.profile.version);
  if (path.size() == 5 && path[3] == "build" && path[4] == "capabilities" && settings_.profile.capabilities) {
    return capabilities_answer(settings_.profile.cancelled_state);
  }
  return unknown_resource();
}

FakeAnswer FakeBitbucket::repository_resource(const FakeRequest& request,
                                              const std::vector<std::string>& path, const Target& target) {
  const bool itself = path[1] == "api" && path.size() == 7;
  const bool builds = path[1] == "api" && path.size() == 10 && path[7] == "commits" && path[9] == "builds" &&
                      settings_.profile.repository_builds;
  const bool conditions = path[1] == "required-builds" && path.size() == 8 && path[7] == "conditions" &&
                          settings_.profile.capabilities;
  if (!itself && !builds && !conditions) return unknown_resource();
  if (auto elsewhere = redirect(request, path)) return *std::move(elsewhere);
  const Repository repository = hosted_name(path[4], path[6]);
  if (auto refusal = repositories_.refuse_place(repository)) return *std::move(refusal);
  if (builds) return builds_.of_repository(request, repository, ascii_lower(path[8]), target);
  if (request.method != "GET") return method_not_allowed();
  if (conditions) return conditions_page(repositories_.find(repository)->required_builds, target);
  return repository_answer(repository, settings_.base_url, settings_.ssh_base_url);
}

std::optional<FakeAnswer> FakeBitbucket::redirect(const FakeRequest& request,
                                                  const std::vector<std::string>& path) const {
  const auto renamed = repositories_.renamed(hosted_name(path[4], path[6]));
  if (!renamed) return std::nullopt;
  std::string location = settings_.base_url + "/rest/" + path[1] + "/" + path[2] + "/projects/" +
                         renamed->project + "/repos/" + renamed->slug;
  for (std::size_t i = 7; i < path.size(); ++i) location += "/" + percent_encode(path[i]);
  const auto query = request.target.find('?');
  if (query != std::string::npos) location += request.target.substr(query);
  FakeAnswer answer;
  answer.status = 307;
  answer.headers.emplace_back("Location", location);
  return answer;
}

}  // namespace connector::support
