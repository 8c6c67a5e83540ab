#include "check/repositories.hh"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "bitbucket/repository.hh"
#include "bitbucket/required_builds.hh"
#include "core/build/status_names.hh"

namespace connector::check {
namespace {

constexpr unsigned most_pages = 5;

std::string join(const std::set<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "'" : ", '") + word + "'";
  return text;
}

/// The keys of a map, as rows.
std::vector<Repository> names_of(const PlacedPipelines& placed) {
  std::vector<Repository> names;
  for (const auto& [name, pipelines] : placed) names.push_back(name);
  return names;
}

/// Tells what was given up in a few words, however many they are.
void finish(Rows& rows, const std::string& step, const std::vector<Repository>& names, Findings& findings) {
  const auto unsettled = rows.finish();
  if (unsettled.empty()) return;
  std::string which = name_of(names.at(unsettled.front()));
  if (unsettled.size() > 1)
    which += " to " + name_of(names.at(unsettled.back())) + " (" + std::to_string(unsettled.size()) + ")";
  findings.skip(step + " " + which);
}

class RepositoryQuestions {
 public:
  RepositoryQuestions(const PlacedPipelines& placed, const Repositories& given)
      : placed_(placed), given_(given), names_(names_of(placed)), rows_(given.findings, names_.size()) {}

  Readable ask() && {
    for (std::size_t row = 0; row < names_.size(); ++row) ask_for(row, names_[row]);
    given_.questions.run();
    finish(rows_, "repository", names_, given_.findings);
    return std::move(readable_);
  }

 private:
  void ask_for(std::size_t row, const Repository& name) {
    given_.questions.ask(bitbucket::repository_request(name),
                         [this, row, name](const http::Outcome& outcome) { take(row, name, outcome); });
  }

  void take(std::size_t row, const Repository& name, const http::Outcome& outcome) {
    const Repository& first_name = names_[row];
    const std::string subject = "repository " + name_of(first_name);
    const bool moved = name != first_name;
    const std::string goes_on = "goes on as " + name_of(name);
    const auto answer = bitbucket::read_repository(outcome, name);
    if (std::holds_alternative<std::vector<std::string>>(answer)) {
      given_.questions.succeed();
      note(first_name, name);
      if (!moved) return rows_.settle(row, std::nullopt);
      return rows_.settle(
          row, Finding{Grade::warning, subject,
                       goes_on + "; builds are reported there. Correct the clone URL of its pipelines"});
    }
    const Delivery failure = given_.questions.judged(std::get<Delivery>(answer));
    if (failure.result == DeliveryResult::moved && !moved) {
      note_rename(given_.map, first_name, failure.moved_to, given_.now);
      return ask_for(row, failure.moved_to);
    }
    if (given_.questions.given_up() && failure.result == DeliveryResult::try_later) return;
    rows_.settle(row, failed(subject, moved ? goes_on + ": " : "", failure));
  }

  void note(const Repository& first_name, const Repository& name) {
    auto& pipelines = readable_.pipelines[name];
    const auto& own = placed_.at(first_name);
    pipelines.insert(pipelines.end(), own.begin(), own.end());
    readable_.answering.push_back(first_name);
    if (name != first_name) readable_.answering.push_back(name);
  }

  static Finding failed(const std::string& subject, const std::string& before, const Delivery& failure) {
    if (!is_about_the_request(failure.result))
      return {Grade::failed, subject, before + failure.text, cause_of(failure.result)};
    return {Grade::failed, subject,
            before + failure.text +
                "; give the account the permission to read it, or correct the clone URL of its pipelines",
            ExitStatus::incomplete};
  }

  const PlacedPipelines& placed_;
  const Repositories& given_;
  std::vector<Repository> names_;
  Rows rows_;
  Readable readable_;
};

class RequiredBuildsQuestions {
 public:
  RequiredBuildsQuestions(const PlacedPipelines& readable, const Repositories& given)
      : readable_(readable),
        given_(given),
        names_(names_of(readable)),
        rows_(given.findings, names_.size()) {}

  void ask() && {
    required_.resize(names_.size());
    for (std::size_t row = 0; row < names_.size(); ++row) ask_for(row, 0, 1);
    given_.questions.run();
    finish(rows_, "required builds of", names_, given_.findings);
  }

 private:
  void ask_for(std::size_t row, unsigned start, unsigned page) {
    given_.questions.ask(
        bitbucket::conditions_request(names_[row], start),
        [this, row, start, page](const http::Outcome& outcome) { take(row, start, page, outcome); });
  }

  void take(std::size_t row, unsigned start, unsigned page, const http::Outcome& outcome) {
    const std::string subject = "required builds of " + name_of(names_[row]);
    const auto answer = bitbucket::read_conditions(outcome, names_[row], start);
    if (const auto* delivery = std::get_if<Delivery>(&answer)) {
      const Delivery failure = given_.questions.judged(*delivery);
      if (given_.questions.given_up() && failure.result == DeliveryResult::try_later) return;
      return rows_.settle(row, Finding{Grade::warning, subject, "cannot be read: " + failure.text});
    }
    given_.questions.succeed();
    const auto& read = std::get<bitbucket::RequiredBuilds>(answer);
    required_[row].insert(read.parent_keys.begin(), read.parent_keys.end());
    if (read.next_start && page < most_pages) return ask_for(row, *read.next_start, page + 1);
    if (read.next_start)
      given_.findings.skip(subject + " after the first " + std::to_string(*read.next_start));
    rows_.settle(row, compared(subject, required_[row], sent_to(names_[row])));
  }

  [[nodiscard]] std::set<std::string> sent_to(const Repository& repository) const {
    std::set<std::string> sent;
    for (const SeenPipeline* seen : readable_.at(repository))
      sent.insert(seen->parents.begin(), seen->parents.end());
    return sent;
  }

  static Finding compared(const std::string& subject, const std::set<std::string>& required,
                          const std::set<std::string>& sent) {
    std::set<std::string> missing;
    std::set_difference(required.begin(), required.end(), sent.begin(), sent.end(),
                        std::inserter(missing, missing.end()));
    if (required.empty()) return {Grade::ok, subject, "there are none"};
    if (missing.empty()) return {Grade::ok, subject, "all are sent: " + join(required)};
    return {Grade::warning, subject,
            "no pipeline of this repository sends " + join(missing) + ", but " + join(sent) +
                " (status.parent); correct the required build, unless another tool sends it"};
  }

  const PlacedPipelines& readable_;
  const Repositories& given_;
  std::vector<Repository> names_;
  Rows rows_;
  std::vector<std::set<std::string>> required_;
};

}  // namespace

Readable look_at_repositories(const PlacedPipelines& placed, const Repositories& given) {
  return RepositoryQuestions(placed, given).ask();
}

void look_at_required_builds(const PlacedPipelines& readable, const Repositories& given) {
  RequiredBuildsQuestions(readable, given).ask();
}

}  // namespace connector::check
