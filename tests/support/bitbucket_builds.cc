#include "support/bitbucket_builds.hh"

#include <variant>
#include <vector>

#include "support/bitbucket_answers.hh"
#include "support/bitbucket_body.hh"
#include "support/bitbucket_json.hh"

namespace connector::support {

namespace {

FakeAnswer no_content() {
  FakeAnswer answer;
  answer.status = 204;
  return answer;
}

}  // namespace

FakeAnswer BitbucketBuilds::of_repository(const FakeRequest& request, const Repository& repository,
                                          const std::string& commit, const Target& target) {
  if (request.method == "POST") return store(request, repository, commit);
  if (request.method != "GET" && request.method != "DELETE") return method_not_allowed();
  if (!settings_.profile.capabilities) return method_not_allowed();
  const std::string key = target.find("key").value_or("");
  if (key.empty()) return errors_answer(400, {{"key", "A non-blank key is required", ""}});
  const StatusKey asked{repository, commit, key};
  const auto* record = records_.find(asked);
  if (record == nullptr) return errors_answer(404, {{"", "No build status with key '" + key + "'", ""}});
  if (request.method == "GET") return record_answer(*record);
  records_.remove(asked);
  return no_content();
}

FakeAnswer BitbucketBuilds::of_commit(const FakeRequest& request, const std::string& commit,
                                      const Target& target) {
  if (settings_.unlicensed) return not_permitted();
  if (request.method == "POST") return store(request, Repository{}, commit);
  if (request.method != "GET") return method_not_allowed();
  return records_page(records_.of_commit(commit), target);
}

FakeAnswer BitbucketBuilds::store(const FakeRequest& request, const Repository& repository,
                                  const std::string& commit) {
  if (auto refusal = refuse_content_type(request)) return *std::move(refusal);
  if (auto refusal = repositories_.refuse_commit(repository, commit)) return *std::move(refusal);
  const bool legacy = repository == Repository{};
  auto checked = read_posted_status(request.body, {legacy, settings_.profile.cancelled_state});
  if (const auto* errors = std::get_if<std::vector<BitbucketError>>(&checked))
    return errors_answer(400, *errors);
  PostedStatus& status = std::get<PostedStatus>(checked);
  if (settings_.refuses_four_byte_characters && has_four_byte_characters(status)) {
    return errors_answer(
        500, {{"", "An error occurred while processing the request. Check the server logs.", ""}});
  }
  records_.post(repository, commit, std::move(status), clock_());
  return no_content();
}

}  // namespace connector::support
