// What --check finds: one line for each step, with the way out where something is wrong.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/exit_status.hh"

namespace connector::check {

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

/// The findings as they are made.
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

  /// What a pass would end with: that of the worst finding. Warnings are no failure.
  [[nodiscard]] ExitStatus status() const { return choose(causes_); }

 private:
  void add(const Finding& finding) {
    if (finding.cause != ExitStatus::ok) causes_.push_back(finding.cause);
    tell_(finding);
  }

  std::function<void(const Finding&)> tell_;
  std::vector<ExitStatus> causes_;
};

}  // namespace connector::check
