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
      // unsetenv only drops the pointer; the text would stay readable in /proc/<pid>/environ. Of a name that
      // occurs twice, getenv would find only the first.
      for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const bool is_its_own = text.starts_with(name) && text.substr(name.size()).starts_with('=');
        if (is_its_own) explicit_bzero(*entry + name.size() + 1, text.size() - name.size() - 1);
      }
      unsetenv(name.c_str());
    }
  }
}

}  // namespace connector::config
