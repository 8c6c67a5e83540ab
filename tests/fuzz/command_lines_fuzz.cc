// The command line, a word each line: it is understood, or refused in words that may be shown.
#include <string>
#include <vector>

#include "config/command_line.hh"
#include "core/build/build.hh"
#include "core/error.hh"
#include "fuzz/config_rules.hh"
#include "fuzz/input.hh"
#include "fuzz/rules.hh"
#include "fuzz/target.hh"

namespace connector::fuzz {
namespace {

void expect_understood(const config::Options& options) {
  for (const std::string& commit : options.commits)
    expect(is_full_commit(commit), "only full commits are asked about", commit);
  expect(options.action != config::Action::explain || is_full_commit(options.explained),
         "what is explained is a commit", options.explained);
  if (options.config) expect(!options.config->empty(), "no value is empty");
}

const Target command_lines("command_lines", [](std::string_view input) {
  if (input.find('\0') != std::string_view::npos || input.find(canary) != std::string_view::npos) return;
  std::vector<std::string> words = {"buildkite-bitbucket-connector"};
  for (const std::string_view line : lines_of(input)) words.emplace_back(line);
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  config::Options options;
  try {
    options = config::parse_command_line(arguments);
  } catch (const Error& error) {
    expect(error.status() == ExitStatus::usage, "it is the command line that is wrong", error.what());
    return expect_lines(error.what(), "what is wrong");
  }
  expect_understood(options);
  options.config.reset();  // nothing on this machine is to be read
  expect_no_secret_told(options, {});
});

}  // namespace
}  // namespace connector::fuzz
