#include "config/environment.hh"

#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "config/settings.hh"

namespace connector::config {
namespace {

/// unsetenv only drops the pointer; the text would stay readable in /proc/<pid>/environ. Of a name that
/// occurs twice, getenv would find only the first.
void overwrite(std::string_view name) {
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const bool is_its_own = text.starts_with(name) && text.substr(name.size()).starts_with('=');
    if (is_its_own) explicit_bzero(*entry + name.size() + 1, text.size() - name.size() - 1);
  }
}

}  // namespace

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
      overwrite(name);
      unsetenv(name.c_str());
    }
  }
  for (const char* name : proxy_variables) {
    const char* const text = std::getenv(name);
    if (text == nullptr) continue;
    const std::string value = text;
    overwrite(name);
    setenv(name, value.c_str(), 1);  // to memory of its own
  }
}

}  // namespace connector::config
