#include "config/environment.hh"

#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "config/settings.hh"

namespace connector::config {

Environment read_environment() {
  Environment result;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    // Of a name that occurs twice, getenv takes the first.
    if (equals != std::string_view::npos) result.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return result;
}

std::string variable(const Environment& environment, std::string_view name) {
  const auto found = environment.find(std::string(name));
  return found == environment.end() ? std::string() : found->second;
}

void forget_secret_variables() {
  for (const Setting& setting : settings()) {
    if (!holds_secret(setting.kind)) continue;
    for (const std::string& name : setting.variables) {
      char* const value = std::getenv(name.c_str());
      if (value == nullptr) continue;
      // unsetenv only drops the pointer; the text would stay readable in /proc/<pid>/environ.
      explicit_bzero(value, std::strlen(value));
      unsetenv(name.c_str());
    }
  }
}

}  // namespace connector::config
