#include "config/command_line.hh"

#include <getopt.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "config/nearest.hh"
#include "config/values.hh"
#include "core/build/build.hh"
#include "core/error.hh"
#include "core/exit_status.hh"
#include "core/text/text.hh"

namespace connector::config {
namespace {

// Codes of the options that have no short form; beyond every character.
enum LongOnly : int {
  state_option = 256,
  deadline_option,
  check_option,
  since_option,
  adopt_option,
  commit_option,
  explain_option,
  json_option,
  reset_state_option,
  print_config_option,
  log_level_option,
  log_format_option,
  no_color_option
};

constexpr std::array<option, 20> long_options = {{
    {"config", required_argument, nullptr, 'c'},
    {"state", required_argument, nullptr, state_option},
    {"deadline", required_argument, nullptr, deadline_option},
    {"check", optional_argument, nullptr, check_option},
    {"commit", required_argument, nullptr, commit_option},
    {"json", no_argument, nullptr, json_option},
    {"explain", required_argument, nullptr, explain_option},
    {"dry-run", no_argument, nullptr, 'n'},
    {"since", required_argument, nullptr, since_option},
    {"adopt", no_argument, nullptr, adopt_option},
    {"reset-state", no_argument, nullptr, reset_state_option},
    {"print-config", no_argument, nullptr, print_config_option},
    {"verbose", no_argument, nullptr, 'v'},
    {"quiet", no_argument, nullptr, 'q'},
    {"log-level", required_argument, nullptr, log_level_option},
    {"log-format", required_argument, nullptr, log_format_option},
    {"no-color", no_argument, nullptr, no_color_option},
    {"help", no_argument, nullptr, 'h'},
    {"version", no_argument, nullptr, 'V'},
    {nullptr, 0, nullptr, 0},
}};

constexpr std::array<std::pair<ExitStatus, std::string_view>, 14> status_meanings = {{
    {ExitStatus::ok, "everything due was done"},
    {ExitStatus::incomplete, "something was given up or parked, or a damaged state file set aside"},
    {ExitStatus::usage, "bad option"},
    {ExitStatus::data, "state file of a newer version, or of another organization, server or shard"},
    {ExitStatus::unavailable, "as tempfail, and no pass was complete for 30 minutes"},
    {ExitStatus::software, "a bug"},
    {ExitStatus::cant_create, "state, lock or metrics file cannot be created"},
    {ExitStatus::io_error, "state, lock or metrics file, or standard output, cannot be read or written"},
    {ExitStatus::temp_fail, "work is left; the next pass goes on with it"},
    {ExitStatus::protocol, "the answers do not come from the API: certificate, redirect, HTML"},
    {ExitStatus::no_permission, "a credential was refused or lacks a permission"},
    {ExitStatus::config, "missing, unknown, wrong or contradictory setting"},
    {ExitStatus::interrupted, "stopped by SIGINT, state saved"},
    {ExitStatus::terminated, "stopped by SIGTERM, state saved"},
}};

[[noreturn]] void fail(const std::string& message) {
  throw Error(ExitStatus::usage, message + "\nTry --help for all options.");
}

/// The word with the option that getopt could not take, without a value behind '=' as that may be anything.
[[noreturn]] void refuse(std::string_view word) {
  const auto name = word.substr(0, word.find('='));
  if (optopt != 0 && optopt < state_option && !word.starts_with("--")) {
    fail("unknown option " + quoted(std::string("-") + static_cast<char>(optopt)));
  }
  if (optopt != 0) fail("option " + quoted(name) + " takes no value");
  std::vector<std::string> known;
  std::string fitting;
  for (const option& entry : long_options) {
    if (entry.name == nullptr) break;
    known.push_back("--" + std::string(entry.name));
    if (known.back().starts_with(name)) fitting += (fitting.empty() ? "" : " or ") + known.back();
  }
  if (!fitting.empty()) fail("option " + quoted(name) + " is ambiguous: " + fitting);
  fail("unknown option " + quoted(name) + suggestion(name, known));
}

std::string long_name(int code) {
  const auto* const found = std::find_if(long_options.begin(), long_options.end(),
                                         [code](const option& entry) { return entry.val == code; });
  return found == long_options.end() ? std::string() : "--" + std::string(found->name);
}

LookBack look_back(const std::string& text) {
  if (const auto parsed = parse_look_back(text)) return *parsed;
  fail(quoted(text) + " is no time such as 2026-01-31T12:00:00Z and no duration such as 36h or 7d (--since)");
}

std::string full_commit(const std::string& text, const std::string& option) {
  if (is_full_commit(text)) return ascii_lower(text);
  fail(quoted(text) + " is not a full commit id of 40 or 64 hexadecimal digits (" + option + ")");
}

Check how_far(const char* value) {
  if (value == nullptr) return Check::whole;
  if (std::string_view(value) == "offline") return Check::offline;
  fail("option \"--check\" takes no value but offline");
}

void take(Options& options, int code) {
  const auto value = [code] {
    if (std::string_view(optarg).empty()) fail("option " + quoted(long_name(code)) + " needs a value");
    return std::string(optarg);
  };
  switch (code) {
    case 'c':
      options.config = value();
      break;
    case state_option:
      options.state = value();
      break;
    case deadline_option:
      options.deadline = value();
      break;
    case check_option:
      options.action = Action::check;
      options.check = how_far(optarg);
      break;
    case since_option:
      options.since = look_back(value());
      break;
    case commit_option:
      options.commits.push_back(full_commit(value(), "--commit"));
      break;
    case json_option:
      options.json = true;
      break;
    case explain_option:
      options.action = Action::explain;
      options.explained = full_commit(value(), "--explain");
      break;
    case 'n':
      options.dry_run = true;
      break;
    case adopt_option:
      options.adopt = true;
      break;
    case log_level_option:
      options.log_level = value();
      break;
    case log_format_option:
      options.log_format = value();
      break;
    case reset_state_option:
      options.reset_state = true;
      break;
    case print_config_option:
      options.action = Action::print_config;
      break;
    case 'v':
      ++options.verbose;
      break;
    case 'q':
      options.quiet = true;
      break;
    case no_color_option:
      options.no_color = true;
      break;
    default:
      break;
  }
}

}  // namespace

Options parse_command_line(std::span<char* const> arguments) {
  // getopt permutes what it is given and ends at a null pointer.
  std::vector<char*> words(arguments.begin(), arguments.end());
  const int count = static_cast<int>(words.size());
  words.push_back(nullptr);
  opterr = 0;
  optind = 0;  // glibc and musl: begin anew

  Options options;
  options.words.assign(arguments.begin(), arguments.end());
  int code = 0;
  while ((code = getopt_long(count, words.data(), ":c:nvqhV", long_options.data(), nullptr)) != -1) {
    const std::string_view word = words[static_cast<std::size_t>(optind - 1)];
    switch (code) {
      case 'h':
        options.action = Action::help;
        return options;
      case 'V':
        options.action = Action::version;
        return options;
      case ':':
        fail("option " + quoted(word) + " needs a value");
      case '?':
        refuse(word);
      default:
        take(options, code);
    }
  }
  if (optind < count) {
    fail("unexpected argument " + quoted(words[static_cast<std::size_t>(optind)]) +
         "; all settings are options, variables or keys of the configuration file");
  }
  if (options.verbose > 0 && options.quiet) fail("--verbose and --quiet exclude each other");
  return options;
}

std::string help_text() {
  std::string text =
      R"(Tells Bitbucket Server / Data Center the build statuses of Buildkite builds; one pass per call.

Example:
  BUILDKITE_API_TOKEN=... BUILDKITE_ORGANIZATION=acme \
  BITBUCKET_URL=https://git.example.com BITBUCKET_USERNAME=bot BITBUCKET_PASSWORD=... \
  buildkite-bitbucket-connector

Usage: buildkite-bitbucket-connector [options]

  -c, --config FILE        configuration (TOML); else $CONNECTOR_CONFIG,
                           $XDG_CONFIG_HOME/buildkite-bitbucket-connector/config.toml,
                           /etc/buildkite-bitbucket-connector/config.toml
      --state FILE         state file, or none
      --deadline DURATION  end of the pass, such as 50s or 5m; 0 for none
      --check[=offline]    look at the configuration, the state and both servers, post
                           nothing, and say what is wrong; offline asks no server
  -n, --dry-run            read everything, print what would be posted and why, and
                           write nothing anywhere
      --commit SHA         only report the builds of this commit, whatever Bitbucket
                           was told before (repeatable)
      --explain SHA        tell why a commit shows what it shows: its builds, what
                           Bitbucket was told and shows, what the next pass does
      --since WHEN         also look back to a time (2026-01-31T12:00:00Z) or over a
                           duration (36h, 7d); waits for a pass that is at work
      --adopt              also bring up to date what the Ruby daemon left on the old
                           endpoint under the same key; looks back as the first pass
                           does, or as --since says
      --json               print the report of the pass as one JSON object
      --reset-state        if the state file is of a newer version, or of another
                           organization, server or shard: rename it and start anew;
                           a file that fits stays as it is
      --print-config       print the effective settings and where they come from
  -v, --verbose            say more; twice for everything
  -q, --quiet              say only what failed
      --log-level LEVEL    ERROR, WARN, INFO or DEBUG
      --log-format FORMAT  text or json
      --no-color           no colours on a terminal; NO_COLOR=1 says the same
  -h, --help               print this text
  -V, --version            print the version

Every variable and key of the file: man buildkite-bitbucket-connector

Exit statuses:
)";
  for (const auto& [status, meaning] : status_meanings) {
    const std::string number = std::to_string(static_cast<int>(status));
    const std::string name(name_of(status));
    text.append(5 - number.size(), ' ').append(number).append(2, ' ');
    text.append(name).append(13 - name.size(), ' ').append(meaning) += '\n';
  }
  return text;
}

}  // namespace connector::config
