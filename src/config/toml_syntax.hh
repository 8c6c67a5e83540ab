// TOML text in, table out. What is not TOML is taken out of the text, so that all errors of a file are found
// and not only the first.
#pragma once

#include <toml++/toml.h>

#include <string>
#include <vector>

#include "config/file_problem.hh"

namespace connector::config {

struct ParsedToml {
  toml::table table;                  ///< of everything that is TOML
  std::vector<FileProblem> problems;  ///< one for each place that is not, at most 20
};

/// Parses a file's text; `path` is only used in messages. What follows a line that is not TOML is taken out
/// with it up to the next key, or up to the next table if the line began one.
ParsedToml parse_toml(std::string text, const std::string& path);

}  // namespace connector::config
