// Every variable that sets a setting, with values to try: for tests of where a value comes from and which
// wins.
#pragma once

#include <string>
#include <vector>

namespace connector::support {

/// A value as it is given, and as --print-config shows it.
struct Given {
  std::string value;
  std::string shown;
};

struct VariableCase {
  std::string variable;
  std::string key;
  Given variable_value;
  Given file_value;    ///< as TOML; another value than the variable's
  std::string option;  ///< that sets the same; empty for none
  Given option_value;
};

/// A new variable gets a row here, and what it does a test in effects() of completeness_test.cc.
std::vector<VariableCase> variable_cases();

}  // namespace connector::support
