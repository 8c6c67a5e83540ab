#include "config/access.hh"

#include "core/text/json_text.hh"

namespace connector::config {

std::string toml_text(std::string_view text) {
  if (text.empty()) return {};
  // Settings hold no control characters, and for all other text JSON's escapes are TOML's.
  std::string out;
  JsonWriter(out).value(text);
  return out;
}

std::string toml_list(const std::vector<std::string>& items) {
  std::string out;
  for (const std::string& item : items) out += (out.empty() ? "[" : ", ") + toml_text(item);
  return out.empty() ? out : out + "]";
}

}  // namespace connector::config
