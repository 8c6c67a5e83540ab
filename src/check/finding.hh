// What --check finds: one line for each step, with the way out where something is wrong.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/exit_status.hh"

namespace connector::check {

/// What helps who mends a credential in one place while it is taken from another.
constexpr std::string_view origin_of_credential = "--print-config shows where it comes from";

enum class Grade {
  ok,
  warning,  ///< statuses are posted, but somebody may miss something
  failed    ///< a pass would end with `cause`
};

struct Finding {
  Grade grade = Grade::ok;
  std::string subject;  ///< what was looked at, such as "Bitbucket login"
  std::string text;
  ExitStatus cause = ExitStatus::ok;
};

/// "failed   Bitbucket login: ...", with its line end. Text from outside is made printable.
std::string line_of(const Finding& finding);

/// The findings as they are made, and the steps that could not be looked at.
class Findings {
 public:
  explicit Findings(std::function<void(const Finding&)> tell) : tell_(std::move(tell)) {}

  void ok(std::string subject, std::string text) { add({Grade::ok, std::move(subject), std::move(text)}); }
  void warn(std::string subject, std::string text) {
    add({Grade::warning, std::move(subject), std::move(text)});
  }
  void fail(std::string subject, std::string text, ExitStatus cause) {
    add({Grade::failed, std::move(subject), std::move(text), cause});
  }
  void add(const Finding& finding);

  /// Notes a step that was not looked at.
  void skip(std::string step) { skipped_.push_back(std::move(step)); }
  /// Tells of the steps that were not looked at, if there are any. `cut` says what ended the look, nothing
  /// that an earlier finding did.
  void tell_skipped(std::optional<ExitStatus> cut);

  /// What a pass would end with: that of the worst finding. Warnings are no failure.
  [[nodiscard]] ExitStatus status() const { return choose(causes_); }

 private:
  std::function<void(const Finding&)> tell_;
  std::vector<ExitStatus> causes_;
  std::vector<std::string> skipped_;
};

/// Findings that are made side by side and told in the order of their rows.
class Rows {
 public:
  Rows(Findings& findings, std::size_t count) : findings_(findings), rows_(count) {}

  /// Settles a row, with or without something to tell. Rows up to the first unsettled one are told.
  void settle(std::size_t row, std::optional<Finding> finding);
  /// Tells what was settled beyond the first unsettled row. Returns the rows that never were.
  std::vector<std::size_t> finish();

 private:
  struct Row {
    bool settled = false;
    std::optional<Finding> finding;
  };
  void tell(Row& row);

  Findings& findings_;
  std::vector<Row> rows_;
  std::size_t told_ = 0;
};

}  // namespace connector::check
