#include "config/overrides.hh"

#include "config/access.hh"

namespace connector::config {
namespace {

constexpr std::string_view status = "status.";

/// The override as a configuration that has nothing else: the rows of the general settings set and show it.
Config alone(const PipelineOverride& set) {
  Config config;
  config.states = set.states;
  config.status = set.texts;
  return config;
}

std::string name_in_override(const Setting& setting) {
  return setting.key.starts_with(status) ? setting.key.substr(status.size()) : setting.key;
}

std::vector<OverrideKey> make_override_keys() {
  std::vector<OverrideKey> keys;
  for (const Setting& setting : settings()) {
    const bool is_template = setting.kind == Kind::status_template;
    if (is_template || setting.key.starts_with("states."))
      keys.push_back({name_in_override(setting), &setting});
  }
  return keys;
}

}  // namespace

const std::vector<OverrideKey>& override_keys() {
  static const std::vector<OverrideKey> keys = make_override_keys();
  return keys;
}

std::vector<FileProblem> put_overrides(Config& config, const std::vector<FileOverride>& overrides) {
  std::vector<FileProblem> problems;
  for (const FileOverride& in_file : overrides) {
    PipelineOverride& set = config.overrides.emplace_back();
    set.slug = in_file.slug;
    Config own = alone(set);
    for (const FileValue& entry : in_file.values) {
      if (const Problem problem = entry.setting->access.assign(own, entry.value))
        problems.push_back(
            {entry.origin.position,
             entry.origin.text + ": pipeline." + name_in_override(*entry.setting) + ": " + *problem,
             Shown::line});
    }
    set.states = own.states;
    set.texts = own.status;
  }
  return problems;
}

std::string print_overrides(const Config& config) {
  std::string text;
  for (const PipelineOverride& set : config.overrides) {
    text += "\n[[pipeline]]\nslug = " + toml_text(set.slug) + "\n";
    const Config own = alone(set);
    for (const auto& [key, setting] : override_keys()) {
      if (const std::string value = setting->access.show(own); !value.empty())
        text.append(key).append(" = ").append(value).append("\n");
    }
  }
  return text;
}

}  // namespace connector::config
