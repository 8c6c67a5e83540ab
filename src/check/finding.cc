#include "check/finding.hh"

#include <string_view>

#include "core/text.hh"

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

}  // namespace

std::string line_of(const Finding& finding) {
  constexpr std::size_t longest = 1000;
  return std::string(word_of(finding.grade)) + printable(finding.subject + ": " + finding.text, longest) +
         "\n";
}

}  // namespace connector::check
