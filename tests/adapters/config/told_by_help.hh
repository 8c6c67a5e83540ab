// What --help tells, taken apart, for comparing README and the manual page with it.
#pragma once

#include <compare>
#include <string>
#include <vector>

namespace connector {

/// "-c, --config FILE": {{"-c", "--config"}, " file"}; "--check[=offline]": {{"--check"}, "[=offline]"}.
struct ToldOption {
  std::vector<std::string> names;
  std::string argument;  ///< as it follows the name, in lower case
  auto operator<=>(const ToldOption&) const = default;
};

struct ToldStatus {
  std::string number;
  std::string name;
  std::string meaning;
};

/// In the order of --help.
std::vector<ToldOption> options_in_help();
std::vector<ToldStatus> statuses_in_help();

}  // namespace connector
