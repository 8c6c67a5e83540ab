// A problem at a place of the configuration file, and the line there as people may see it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/origin.hh"

namespace connector::config {

/// How much of the line may be shown with a problem.
enum class Shown {
  nothing,
  key,  ///< up to the '=': what is behind it belongs to a key that nobody knows, and may be anything
  line
};

struct FileProblem {
  Position at;
  std::string text;  ///< begins with the file and the position; never holds a secret
  Shown shown = Shown::nothing;
  bool is_syntax = false;  ///< the file is no TOML there, so that lines may be other than they seem
};

/// The problem's line of the file with a caret beneath, both indented, each with a line end in front:
///
///     overlap = "soon"
///               ^
///
/// At most 80 columns wide, cut around the caret; control characters are escaped, comments left out. Empty
/// when nothing may be shown, and when the line may hold a secret: it names one, has a URL with more than an
/// address, or is part of a text over several lines.
std::string excerpt(std::string_view file, const FileProblem& problem);

/// The problems in the order of the file, each with its excerpt. A file that is no TOML and names a secret is
/// shown nowhere: a stray quote may have swallowed the key before it.
std::vector<std::string> messages(std::string_view file, std::vector<FileProblem> problems);

}  // namespace connector::config
