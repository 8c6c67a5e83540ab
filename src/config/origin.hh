// Where a value comes from, so that every message about it can say where to change it.
#pragma once

#include <string>

namespace connector::config {

enum class Source { default_value, file, environment, option };

struct Origin {
  Source source = Source::default_value;
  std::string text =
      "default";  ///< for people: "config.toml:12:3", "environment variable X", "option --state"
};

}  // namespace connector::config
