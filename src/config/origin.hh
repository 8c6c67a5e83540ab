// Where a value comes from, so that every message about it can say where to change it.
#pragma once

#include <compare>
#include <string>

namespace connector::config {

/// A place in the configuration file, counted from 1 as editors do, columns in characters.
struct Position {
  unsigned line = 0;
  unsigned column = 0;

  auto operator<=>(const Position&) const = default;
};

enum class Source { default_value, file, environment, option };

struct Origin {
  Source source = Source::default_value;
  std::string text =
      "default";      ///< for people: "config.toml:12:3", "environment variable X", "option --state"
  Position position;  ///< of a value of the file
};

}  // namespace connector::config
