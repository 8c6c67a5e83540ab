// Outside text made safe: whatever comes in, what goes out is valid, bounded and shows what it is.
#include <algorithm>
#include <string>

#include "core/text/text.hh"
#include "fuzz/rules.hh"
#include "fuzz/target.hh"
#include "report/complaint.hh"
#include "report/log.hh"

namespace connector::fuzz {
namespace {

constexpr std::string_view ellipsis = "\xE2\x80\xA6";

void expect_printable(std::string_view input) {
  for (const std::size_t limit : {std::size_t{0}, std::size_t{7}, std::size_t{300}}) {
    const std::string shown = printable(input, limit);
    expect_line(shown, "printable text");
    expect(shown.size() <= limit + ellipsis.size(), "printable text is bounded", shown);
  }
  const std::string whole = printable(input, std::string::npos);
  if (printable(whole, std::string::npos) == whole)
    expect(whole == valid_utf8(input), "plain text stays", input);
}

void expect_cut(const std::string& valid) {
  for (const std::size_t units : {1U, 2U, 16U}) {
    const std::string cut = cut_utf16(valid, units);
    expect(is_utf8(cut) && java_length(cut) <= units, "a cut text is within its limit", cut);
    expect(cut == valid || cut.ends_with(ellipsis), "a cut can be seen", cut);
    expect(valid.starts_with(utf16_prefix(valid, units)), "a prefix is one", valid);
  }
}

void expect_log_lines(std::string_view input) {
  for (const auto format : {config::LogFormat::text, config::LogFormat::json}) {
    const auto sink = [](std::string_view line) {
      expect(std::count(line.begin(), line.end(), '\n') == 1 && line.ends_with('\n'), "a message is a line",
             line);
      expect_line(line.substr(0, line.size() - 1), "a line of the log");
    };
    report::Log({config::LogLevel::info, format}, sink).warn(input, {{"field", std::string(input)}});
  }
}

const Target texts("texts", [](std::string_view input) {
  const std::string valid = valid_utf8(input);
  expect(is_utf8(valid), "valid text is UTF-8", valid);
  expect(!is_utf8(input) || valid == input, "what is valid stays as it is", input);
  expect(utf16_length(valid) == java_length(valid), "text is as long as Bitbucket finds it", valid);
  expect_printable(input);
  expect_line(first_line(input), "a first line");
  expect_cut(valid);
  const std::string basic = basic_plane(valid);
  expect(is_utf8(basic) && !leaves_basic_plane(basic), "text is within the basic plane", basic);
  expect(leaves_basic_plane(valid) || basic == valid, "text of the basic plane stays", valid);
  expect(percent_decode(percent_encode(input)) == input, "what is encoded can be decoded", input);
  expect(glob_matches(input, input) && glob_matches("*", input), "a glob matches itself", input);
  expect_lines(report::complaint(input, {}), "a complaint");
  expect_log_lines(input);
});

}  // namespace
}  // namespace connector::fuzz
