#include "support/bitbucket_repositories.hh"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "core/build/build.hh"
#include "core/text/text.hh"
#include "support/bitbucket_answers.hh"

namespace connector::support {

Repository hosted_name(std::string_view project, std::string_view slug) {
  std::string key(project);
  std::transform(key.begin(), key.end(), key.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return {key, ascii_lower(slug)};
}

const HostedRepository* BitbucketRepositories::find(const Repository& name) const {
  const auto found = repositories_.find(name);
  return found == repositories_.end() ? nullptr : &found->second;
}

void BitbucketRepositories::rename(const Repository& from, const Repository& to) {
  if (!repositories_.contains(from))
    throw std::logic_error("no repository " + from.project + '/' + from.slug);
  if (repositories_.contains(to))
    throw std::logic_error("there is a repository " + to.project + '/' + to.slug);
  auto moved = repositories_.extract(from);
  moved.key() = to;
  repositories_.insert(std::move(moved));
  for (auto& [old_name, name] : renames_) {
    if (name == from) name = to;
  }
  renames_[from] = to;
}

std::optional<Repository> BitbucketRepositories::renamed(const Repository& name) const {
  const auto found = renames_.find(name);
  if (found == renames_.end() || repositories_.contains(name)) return std::nullopt;
  return found->second;
}

std::optional<FakeAnswer> BitbucketRepositories::refuse_place(const Repository& name) const {
  if (const HostedRepository* repository = find(name)) {
    if (repository->permitted) return std::nullopt;
    return not_permitted();
  }
  const bool project_known = std::any_of(repositories_.begin(), repositories_.end(), [&](const auto& entry) {
    return entry.first.project == name.project;
  });
  if (!project_known)
    return no_such("project.NoSuchProjectException", "Project " + name.project + " does not exist.");
  return no_such("repository.NoSuchRepositoryException",
                 "Repository " + name.project + '/' + name.slug + " does not exist.");
}

std::optional<FakeAnswer> BitbucketRepositories::refuse_commit(const Repository& name,
                                                               const std::string& commit) const {
  if (!is_full_commit(commit) || commit.size() != 40)
    return errors_answer(400, {{"commitId", "'" + commit + "' is not a valid commit hash", ""}});
  const HostedRepository* repository = find(name);
  if (repository == nullptr) return std::nullopt;
  if (repository->archived) {
    return errors_answer(
        409, {{"", "Repository " + name.project + "/" + name.slug + " is archived and is read-only.",
               "com.atlassian.bitbucket.repository.RepositoryArchivedException"}});
  }
  if (settings_.unknown_commit == UnknownCommit::accepted || repository->commits.contains(commit))
    return std::nullopt;
  const std::string message = "Commit '" + commit + "' does not exist in repository '" + name.slug + "'.";
  if (settings_.unknown_commit == UnknownCommit::bad_request)
    return errors_answer(400, {{"commitId", message, ""}});
  return no_such("commit.NoSuchCommitException", message);
}

}  // namespace connector::support
