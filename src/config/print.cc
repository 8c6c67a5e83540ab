#include "config/print.hh"

#include <algorithm>

#include "config/overrides.hh"
#include "config/settings.hh"
#include "core/text/text.hh"

namespace connector::config {
namespace {

constexpr std::size_t origin_column = 48;

std::string line_of(const Setting& setting, const Config& config) {
  const std::string value = setting.access.show(config);
  if (value.empty())
    return "# " + setting.key + " is not set" + (setting.without.empty() ? "" : ": " + setting.without);
  std::string line = setting.key + " = " + value;
  line.resize(std::max(line.size() + 2, origin_column), ' ');
  return line + "# " + printable(origin_of(config, setting.key).text);
}

}  // namespace

std::string print_config(const Config& config) {
  std::string text;
  for (const Setting& setting : settings()) text += line_of(setting, config) + "\n";
  return text + print_overrides(config);
}

}  // namespace connector::config
