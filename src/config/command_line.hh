// The command line as a plain struct; what the values mean is decided with the rest of the configuration.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/listing/look_back.hh"

namespace connector::config {

/// What is asked for.
enum class Action { pass, check, explain, print_config, help, version };

/// How far --check goes.
enum class Check { whole, offline };

struct Options {
  std::vector<std::string> words;  ///< the command line as it was given, the program's name included
  Action action = Action::pass;
  std::optional<std::string> config;  ///< path
  std::optional<std::string> state;
  std::optional<std::string> deadline;
  std::optional<std::string> log_level;
  std::optional<std::string> log_format;
  Check check = Check::whole;
  std::optional<LookBack> since;
  std::vector<std::string> commits;  ///< full ids, in lower case
  std::string explained;             ///< the commit to explain, as in commits
  bool adopt = false;
  bool dry_run = false;
  bool json = false;
  bool reset_state = false;
  unsigned verbose = 0;  ///< how often -v was given
  bool quiet = false;
  bool no_color = false;
};

/// Reads the arguments of main, the program's name included. Throws Error(usage) for an unknown or ambiguous
/// option, a missing value and operands, with the nearest option.
Options parse_command_line(std::span<char* const> arguments);

/// The text of --help: an example first, the exit statuses last.
std::string help_text();

}  // namespace connector::config
