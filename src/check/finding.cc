#include "check/finding.hh"

#include <string_view>

#include "core/text/text.hh"

namespace connector::check {
namespace {

std::string_view word_of(Grade grade) {
  switch (grade) {
    case Grade::ok:
      return "ok       ";
    case Grade::warning:
      return "warning  ";
    case Grade::failed:
      break;
  }
  return "failed   ";
}

std::string_view reason_of(ExitStatus cut) {
  if (cut == ExitStatus::temp_fail) return "time was up; give it more with --deadline=10m";
  return "--check was stopped";
}

}  // namespace

std::string line_of(const Finding& finding) {
  constexpr std::size_t longest = 1000;
  return std::string(word_of(finding.grade)) + printable(finding.subject + ": " + finding.text, longest) +
         "\n";
}

void Findings::add(const Finding& finding) {
  if (finding.cause != ExitStatus::ok) causes_.push_back(finding.cause);
  tell_(finding);
}

void Findings::tell_skipped(std::optional<ExitStatus> cut) {
  if (skipped_.empty()) return;
  std::string steps;
  for (const std::string& step : skipped_) steps += (steps.empty() ? "" : ", ") + step;
  if (cut) return fail("not looked at", steps + "; " + std::string(reason_of(*cut)), *cut);
  warn("not looked at", steps + "; mend first what is told above, then start --check again");
}

void Rows::settle(std::size_t row, std::optional<Finding> finding) {
  rows_[row] = {true, std::move(finding)};
  for (; told_ < rows_.size() && rows_[told_].settled; ++told_) tell(rows_[told_]);
}

std::vector<std::size_t> Rows::finish() {
  std::vector<std::size_t> unsettled;
  for (; told_ < rows_.size(); ++told_) {
    if (!rows_[told_].settled) unsettled.push_back(told_);
    tell(rows_[told_]);
  }
  return unsettled;
}

void Rows::tell(Row& row) {
  if (row.finding) findings_.add(*std::exchange(row.finding, std::nullopt));
}

}  // namespace connector::check
