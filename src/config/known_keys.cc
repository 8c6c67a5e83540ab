#include "config/known_keys.hh"

#include <algorithm>

namespace connector::config {
namespace {

std::vector<KnownKey> make_known_keys() {
  std::vector<KnownKey> keys;
  for (const Setting& setting : settings()) {
    keys.push_back({setting.key, &setting, false});
    if (setting.kind == Kind::secret) keys.push_back({file_key(setting), &setting, true});
  }
  return keys;
}

}  // namespace

const std::vector<KnownKey>& known_keys() {
  static const std::vector<KnownKey> keys = make_known_keys();
  return keys;
}

const KnownKey* find_by_last_part(std::string_view key) {
  const auto& keys = known_keys();
  const auto found = std::find_if(keys.begin(), keys.end(), [&](const KnownKey& known) {
    return last_part(known.key) == last_part(key);
  });
  return found == keys.end() ? nullptr : &*found;
}

std::string_view expectation(const KnownKey& known) {
  if (known.names_file) return "text in quotes";
  switch (known.setting->kind) {
    case Kind::boolean:
      return "true or false";
    case Kind::count:
      return "a whole number";
    case Kind::duration:
      return R"(a whole number or text such as "15m")";
    case Kind::list:
      return R"(a list of texts such as ["a", "b"])";
    case Kind::text:
    case Kind::url:
    case Kind::proxy:
    case Kind::path:
    case Kind::choice:
    case Kind::secret:
    case Kind::status_template:
      return "text in quotes";
  }
  return "another type";
}

Shown shown_with(const Setting& setting) {
  return holds_secret(setting.kind) ? Shown::nothing : Shown::line;
}

std::string_view last_part(std::string_view key) {
  return key.substr(key.rfind('.') + 1);
}

std::string_view table_of(std::string_view key) {
  return key.substr(0, key.find('.'));
}

}  // namespace connector::config
