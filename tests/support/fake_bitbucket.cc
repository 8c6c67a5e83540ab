#include "support/fake_bitbucket.hh"

#include <algorithm>
#include <utility>

#include "core/build.hh"
#include "core/text.hh"
#include "support/bitbucket_json.hh"

namespace connector::support {

namespace {

// The server compares project keys and slugs without regard to case.
Repository named(std::string_view project, std::string_view slug) {
  std::string key(project);
  std::transform(key.begin(), key.end(), key.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return {key, ascii_lower(slug)};
}

FakeAnswer no_such(std::string_view kind, const std::string& message) {
  const std::string name = "com.atlassian.bitbucket." + std::string(kind);
  return errors_answer(404, {{"", message, name}});
}

FakeAnswer unknown_resource() {
  return errors_answer(404, {{"", "The requested resource does not exist.", ""}});
}

FakeAnswer method_not_allowed() {
  return errors_answer(405, {{"", "Method Not Allowed", ""}});
}

FakeAnswer no_content() {
  FakeAnswer answer;
  answer.status = 204;
  return answer;
}

FakeAnswer not_permitted() {
  return errors_answer(401, {{"", "You are not permitted to access this resource",
                              "com.atlassian.bitbucket.AuthorisationException"}});
}

// Atlassian's check against forged requests lets JSON through; form types and none need the header.
std::optional<FakeAnswer> refuse_content_type(const FakeRequest& request) {
  const std::string type = ascii_lower(request.header("content-type"));
  if (type.starts_with("application/json")) return std::nullopt;
  const bool simple = type.empty() || type.starts_with("text/plain") ||
                      type.starts_with("multipart/form-data") ||
                      type.starts_with("application/x-www-form-urlencoded");
  if (simple && request.header("x-atlassian-token") != "no-check")
    return html_answer(403, "XSRF check failed");
  return errors_answer(415, {{"", "Unsupported Media Type", ""}});
}

}  // namespace

BitbucketProfile bitbucket_5() {
  return {"5.16.11", false, false, false};
}
BitbucketProfile bitbucket_7_4() {
  return {"7.4.2", true, false, false};
}
BitbucketProfile bitbucket_7() {
  return {"7.21.23", true, true, false};
}
BitbucketProfile bitbucket_8() {
  return {"8.19.12", true, true, true};
}
BitbucketProfile bitbucket_10() {
  return {"10.2.0", true, true, true};
}

FakeBitbucket::FakeBitbucket(Clock clock, BitbucketSettings settings)
    : clock_(std::move(clock)), settings_(std::move(settings)) {}

void FakeBitbucket::add_repository(std::string_view project, std::string_view slug) {
  repositories_.try_emplace(named(project, slug));
}

void FakeBitbucket::add_commit(std::string_view project, std::string_view slug, std::string_view commit) {
  repositories_[named(project, slug)].commits.insert(ascii_lower(commit));
}

void FakeBitbucket::forbid(std::string_view project, std::string_view slug) {
  repositories_[named(project, slug)].permitted = false;
}

void FakeBitbucket::rename(std::string_view project, std::string_view slug, std::string_view new_project,
                           std::string_view new_slug) {
  const Repository from = named(project, slug);
  const Repository to = named(new_project, new_slug);
  auto moved = repositories_.extract(from);
  moved.key() = to;
  repositories_.insert(std::move(moved));
  std::map<StatusKey, StatusRecord> records;
  for (const auto& [key, record] : records_)
    records.emplace(StatusKey{key.repository == from ? to : key.repository, key.commit, key.key}, record);
  records_ = std::move(records);
  renames_[from] = to;
}

void FakeBitbucket::archive(std::string_view project, std::string_view slug) {
  repositories_[named(project, slug)].archived = true;
}

void FakeBitbucket::require_builds(std::string_view project, std::string_view slug,
                                   std::vector<std::string> parents) {
  repositories_[named(project, slug)].required_builds.push_back(std::move(parents));
}

std::vector<StatusRecord> FakeBitbucket::shown(std::string_view project, std::string_view slug,
                                               std::string_view commit) const {
  const Repository repository = named(project, slug);
  std::vector<StatusRecord> found;
  for (const Repository& place : {repository, Repository{}}) {
    auto record = records_.lower_bound(StatusKey{place, ascii_lower(commit), ""});
    for (; record != records_.end(); ++record) {
      if (record->first.repository != place || record->first.commit != ascii_lower(commit)) break;
      found.push_back(record->second);
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const StatusRecord& a, const StatusRecord& b) { return a.status.key < b.status.key; });
  return found;
}

std::string FakeBitbucket::shown_state(std::string_view project, std::string_view slug,
                                       std::string_view commit, std::string_view key) const {
  for (const StatusRecord& record : shown(project, slug, commit)) {
    if (record.status.key == key) return record.status.state;
  }
  return "";
}

FakeAnswer FakeBitbucket::handle(const FakeRequest& request) {
  if (!request.target.starts_with(settings_.context_path + '/')) return html_answer(404, "HTTP Status 404");
  const Target target = parse_target(std::string_view(request.target).substr(settings_.context_path.size()));
  if (target.path == std::vector<std::string>{"status"}) return json_answer(200, R"({"state":"RUNNING"})");
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
    return legacy_builds(request, path[4], target);
  }
  if (path[1] == "required-builds") return required_builds(path, target);
  if (path[1] != "api") return unknown_resource();
  if (path.size() == 4 && path[3] == "application-properties")
    return properties_answer(settings_.profile.version);
  if (path.size() == 5 && path[3] == "build" && path[4] == "capabilities" && settings_.profile.capabilities) {
    return capabilities_answer(settings_.profile.cancelled_state);
  }
  if (path.size() >= 7 && path[3] == "projects" && path[5] == "repos") {
    return repository_resource(request, path, target);
  }
  return unknown_resource();
}

FakeAnswer FakeBitbucket::repository_resource(const FakeRequest& request,
                                              const std::vector<std::string>& path, const Target& target) {
  if (auto elsewhere = redirect(request, path)) return *std::move(elsewhere);
  const Repository repository = named(path[4], path[6]);
  const bool asks_for_builds = path.size() == 10 && path[7] == "commits" && path[9] == "builds";
  if (path.size() != 7 && !(asks_for_builds && settings_.profile.repository_builds))
    return unknown_resource();
  if (auto refusal = refuse_place(repository)) return *std::move(refusal);
  if (path.size() == 7) return repository_answer(repository, settings_.base_url);
  return builds(request, {repository, ascii_lower(path[8]), ""}, target);
}

FakeAnswer FakeBitbucket::builds(const FakeRequest& request, const StatusKey& place, const Target& target) {
  if (request.method == "POST") return store(request, place);
  if (request.method != "GET" && request.method != "DELETE") return method_not_allowed();
  if (!settings_.profile.capabilities) return method_not_allowed();
  const std::string key = target.find("key").value_or("");
  if (key.empty()) return errors_answer(400, {{"key", "A non-blank key is required", ""}});
  const auto record = records_.find(place_of({place.repository, place.commit, key}));
  if (record == records_.end())
    return errors_answer(404, {{"", "No build status with key '" + key + "'", ""}});
  if (request.method == "DELETE") {
    records_.erase(record);
    return no_content();
  }
  return record_answer(*record);
}

std::optional<FakeAnswer> FakeBitbucket::redirect(const FakeRequest& request,
                                                  const std::vector<std::string>& path) const {
  const auto renamed = renames_.find(named(path[4], path[6]));
  if (renamed == renames_.end() || repositories_.contains(renamed->first)) return std::nullopt;
  std::string location = settings_.base_url + "/rest/" + path[1] + "/" + path[2] + "/projects/" +
                         renamed->second.project + "/repos/" + renamed->second.slug;
  for (std::size_t i = 7; i < path.size(); ++i) location += "/" + path[i];
  const auto query = request.target.find('?');
  if (query != std::string::npos) location += request.target.substr(query);
  FakeAnswer answer;
  answer.status = 307;
  answer.headers.emplace_back("Location", location);
  return answer;
}

FakeAnswer FakeBitbucket::required_builds(const std::vector<std::string>& path, const Target& target) const {
  const bool conditions = path.size() == 8 && path[3] == "projects" && path[5] == "repos" &&
                          path[7] == "conditions" && settings_.profile.capabilities;
  if (!conditions) return unknown_resource();
  const Repository repository = named(path[4], path[6]);
  if (auto refusal = refuse_place(repository)) return *std::move(refusal);
  return conditions_page(repositories_.at(repository).required_builds, target);
}

/// Under which key a record is kept: where both endpoints share one, that of the repository if there is one.
StatusKey FakeBitbucket::place_of(const StatusKey& key) const {
  if (!settings_.shares_records) return key;
  const auto shared = std::find_if(records_.begin(), records_.end(), [&](const auto& kept) {
    return kept.first.commit == key.commit && kept.first.key == key.key &&
           (kept.first.repository == Repository{} || key.repository == Repository{});
  });
  return shared == records_.end() ? key : shared->first;
}

FakeAnswer FakeBitbucket::legacy_builds(const FakeRequest& request, const std::string& commit,
                                        const Target& target) {
  if (settings_.unlicensed) return not_permitted();
  if (request.method == "POST") return store(request, {Repository{}, ascii_lower(commit), ""});
  return request.method == "GET" ? legacy_page(ascii_lower(commit), target) : method_not_allowed();
}

FakeAnswer FakeBitbucket::legacy_page(const std::string& commit, const Target& target) const {
  std::vector<KeyedRecord> found;
  for (const auto& [key, record] : records_) {
    if (key.commit == commit) found.emplace_back(key, record);
  }
  std::stable_sort(found.begin(), found.end(), [](const KeyedRecord& a, const KeyedRecord& b) {
    return a.second.updated > b.second.updated;
  });
  return records_page(found, target);
}

FakeAnswer FakeBitbucket::store(const FakeRequest& request, StatusKey place) {
  if (auto refusal = refuse_content_type(request)) return *std::move(refusal);
  if (auto refusal = refuse_commit(place)) return *std::move(refusal);
  const bool legacy = place.repository == Repository{};
  auto checked = read_posted_status(request.body, {legacy, settings_.profile.cancelled_state});
  if (const auto* errors = std::get_if<std::vector<BitbucketError>>(&checked))
    return errors_answer(400, *errors);
  if (settings_.refuses_four_byte_characters && has_four_byte_characters(std::get<PostedStatus>(checked))) {
    return errors_answer(
        500, {{"", "An error occurred while processing the request. Check the server logs.", ""}});
  }
  PostedStatus& status = std::get<PostedStatus>(checked);
  place.key = status.key;
  const StatusKey kept = place_of(place);
  if (kept != place && legacy) {
    place = kept;
  } else if (kept != place) {  // it belongs to the repository from now on
    auto record = records_.extract(kept);
    record.key() = place;
    records_.insert(std::move(record));
  }
  const Timestamp now = clock_();
  const auto position = records_.try_emplace(std::move(place)).first;
  StatusRecord& record = position->second;
  if (record.status.key.empty()) record.created = now;
  record.status = std::move(status);
  record.updated = now;
  record.legacy = legacy;
  return no_content();
}

std::optional<FakeAnswer> FakeBitbucket::refuse_place(const Repository& repository) const {
  const auto found = repositories_.find(repository);
  if (found == repositories_.end()) {
    const bool project_known =
        std::any_of(repositories_.begin(), repositories_.end(),
                    [&](const auto& entry) { return entry.first.project == repository.project; });
    if (!project_known) {
      return no_such("project.NoSuchProjectException", "Project " + repository.project + " does not exist.");
    }
    return no_such("repository.NoSuchRepositoryException",
                   "Repository " + repository.project + '/' + repository.slug + " does not exist.");
  }
  if (found->second.permitted) return std::nullopt;
  return not_permitted();
}

std::optional<FakeAnswer> FakeBitbucket::refuse_commit(const StatusKey& place) const {
  if (!is_full_commit(place.commit) || place.commit.size() != 40) {
    return errors_answer(400, {{"commitId", "'" + place.commit + "' is not a valid commit hash", ""}});
  }
  const auto repository = repositories_.find(place.repository);
  if (repository != repositories_.end() && repository->second.archived) {
    return errors_answer(409, {{"",
                                "Repository " + place.repository.project + "/" + place.repository.slug +
                                    " is archived and is read-only.",
                                "com.atlassian.bitbucket.repository.RepositoryArchivedException"}});
  }
  if (settings_.unknown_commit == UnknownCommit::accepted || repository == repositories_.end() ||
      repository->second.commits.contains(place.commit)) {
    return std::nullopt;
  }
  const std::string message =
      "Commit '" + place.commit + "' does not exist in repository '" + place.repository.slug + "'.";
  if (settings_.unknown_commit == UnknownCommit::bad_request)
    return errors_answer(400, {{"commitId", message, ""}});
  return no_such("commit.NoSuchCommitException", message);
}

}  // namespace connector::support
