// The configuration file: whatever stands in it, no message shows a secret of it. A line "@a" of the input,
// "@b" or another one becomes one that sets a secret.
#include <iterator>
#include <string>

#include "fuzz/config_rules.hh"
#include "fuzz/input.hh"
#include "fuzz/target.hh"
#include "support/temp_dir.hh"

namespace connector::fuzz {
namespace {

constexpr std::string_view secret_lines[] = {
    R"(token = "CANARY")",
    R"(buildkite.token = "CANARY")",
    R"(password = 'CANARY')",
    R"(bitbucket = { username = "bot", password = "CANARY" })",
    R"(bitbucket.token="CANARY" # CANARY)",
    R"(dms_snitch_id = "CANARY")",
    R"(ping_url = "https://hc-ping.com/CANARY")",
    R"(proxy = "http://bot:CANARY@proxy.example.com:3128")",
    R"(url = "https://bot:CANARY@git.example.com")",
    R"(password = "CANARY)",
    "password = \"\"\"\nlevel = \"CANARY\"\n\"\"\"",
};

std::string toml_of(std::string_view input) {
  std::string toml;
  for (const std::string_view line : lines_of(input)) {
    const bool is_secret = line.size() == 2 && line[0] == '@' && line[1] >= 'a';
    const std::size_t which = is_secret ? static_cast<std::size_t>(line[1] - 'a') : std::size(secret_lines);
    toml += which < std::size(secret_lines) ? with(std::string(secret_lines[which]), "CANARY", canary)
                                            : std::string(line);
    toml += '\n';
  }
  return toml;
}

const Target configurations("configurations", [](std::string_view input) {
  if (input.find(canary) != std::string_view::npos) return;
  static const support::TempDir directory;
  const std::string path = directory.file("config.toml");
  support::write_file(path, toml_of(input));
  config::Options options;
  options.config = path;
  expect_no_secret_told(options, {});
});

}  // namespace
}  // namespace connector::fuzz
