#include "config/load.hh"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "config/consistency.hh"
#include "config/file_problem.hh"
#include "config/known_keys.hh"
#include "config/overrides.hh"
#include "config/paths.hh"
#include "config/secret_mask.hh"
#include "config/secrets.hh"
#include "config/settings.hh"
#include "config/small_file.hh"
#include "config/toml_file.hh"
#include "core/error.hh"
#include "core/text/text.hh"

namespace connector::config {
namespace {

/// The configuration while its layers are put down.
struct Draft {
  Config config;
  std::vector<FileProblem> file_problems;  ///< in no order
  std::vector<std::string> problems;
  bool option_is_wrong = false;
  std::string config_file;  ///< empty when there is none
  std::string config_text;
  bool file_is_whole = true;
  bool others_can_read_it = false;
  bool others_can_write_it = false;
  std::vector<FileValue> file_values;
};

/// Notes what is wrong with a value, at its place; in a file the place alone does not tell the setting.
void complain(Draft& draft, const Setting& setting, const Origin& origin, const std::string& problem) {
  if (origin.source == Source::file) {
    draft.file_problems.push_back(
        {origin.position, origin.text + ": " + setting.key + ": " + problem, shown_with(setting)});
    return;
  }
  draft.problems.push_back(origin.text + ": " + problem);
  if (origin.source == Source::option) draft.option_is_wrong = true;
}

void put(Draft& draft, const Setting& setting, const Value& value, Origin origin) {
  if (const Problem problem = setting.access.assign(draft.config, value)) {
    complain(draft, setting, origin, *problem);
  }
  // Wrong or not, the setting is not missing.
  draft.config.origins.insert_or_assign(setting.key, std::move(origin));
}

void put_defaults(Draft& draft) {
  for (const Setting& setting : settings()) {
    if (setting.fallback.empty()) continue;
    if (const Problem problem = setting.access.assign(draft.config, {setting.fallback, {}})) {
      throw Error(ExitStatus::software, "default of " + setting.key + ": " + *problem);
    }
  }
}

void take_file(Draft& draft, const std::string& path, const SmallFile& file) {
  FileContents contents = read_toml(file.text, path);
  draft.config_file = path;
  draft.others_can_read_it = file.others_can_read;
  draft.others_can_write_it = file.others_can_write;
  draft.file_values = std::move(contents.values);
  draft.file_problems = std::move(contents.problems);
  const auto problems = put_overrides(draft.config, contents.overrides);
  draft.file_problems.insert(draft.file_problems.end(), problems.begin(), problems.end());
  draft.config_text = file.text;
  draft.file_is_whole = contents.is_whole;
  for (FileValue& entry : draft.file_values) {
    const bool is_path =
        entry.names_file || (entry.setting->kind == Kind::path && entry.value.text != "none");
    if (is_path) entry.value.text = resolve(entry.value.text, path);
  }
}

/// Finds and reads the configuration file. One that somebody named must exist.
void read_file(Draft& draft, const Options& options, const Environment& environment) {
  const std::string named = options.config.value_or(variable(environment, "CONNECTOR_CONFIG"));
  const auto places = named.empty() ? usual_config_files(environment) : std::vector<std::string>{named};
  for (const std::string& path : places) {
    const auto read = read_small_file(path);
    if (const auto* file = std::get_if<SmallFile>(&read)) return take_file(draft, path, *file);
    const auto& failure = std::get<ReadFailure>(read);
    if (named.empty() && failure.missing) continue;
    const std::string named_by =
        options.config ? " (option --config)" : " (environment variable CONNECTOR_CONFIG)";
    draft.problems.push_back("cannot read the configuration file " + printable(path) +
                             (named.empty() ? "" : named_by) + ": " + failure.reason);
    draft.file_is_whole = false;
    return;
  }
}

void put_file(Draft& draft) {
  for (const FileValue& entry : draft.file_values) {
    if (entry.setting->kind == Kind::secret) continue;
    put(draft, *entry.setting, entry.value, entry.origin);
  }
}

void put_variables(Draft& draft, const Setting& setting, const Environment& environment) {
  const std::string* used = nullptr;
  std::string value;
  for (const std::string& name : setting.variables) {
    const std::string text = variable(environment, name);
    if (text.empty()) continue;
    if (used == nullptr) {
      used = &name;
      value = text;
    } else if (text != value) {
      draft.config.hints.push_back("environment variable " + *used + " is used; " + name +
                                   " says something else");
    }
  }
  if (used == nullptr || setting.kind == Kind::secret) return;
  put(draft, setting, {value, {}}, {Source::environment, "environment variable " + *used});
}

void put_option(Draft& draft, const Setting& setting, const Options& options) {
  if (setting.option.value == nullptr) return;
  const auto& given = options.*setting.option.value;
  if (given) put(draft, setting, {*given, {}}, {Source::option, "option " + setting.option.name});
}

/// A secret in a file that others can write to could be replaced by theirs.
void check_plain_secret(Draft& draft, const FileValue& entry) {
  const std::string name = printable(draft.config_file);
  if (draft.others_can_write_it) {
    complain(draft, *entry.setting, entry.origin,
             "everybody can write to this file; make it yours alone: chmod 600 " + name);
  } else if (draft.others_can_read_it) {
    draft.config.hints.push_back(name + " holds " + entry.setting->key +
                                 " and everybody can read it: chmod 600 " + name);
  }
}

void put_secret(Draft& draft, const Setting& setting, const Environment& environment) {
  auto found = find_secret(setting, environment, draft.file_values);
  if (!found) return;
  auto& hints = draft.config.hints;
  hints.insert(hints.end(), found->hints.begin(), found->hints.end());
  if (found->problem) {
    complain(draft, setting, found->origin, *found->problem);
    draft.config.origins.insert_or_assign(setting.key, std::move(found->origin));
    return;
  }
  put(draft, setting, {std::move(found->text), {}}, std::move(found->origin));
}

void put_verbosity(Log& log, const Options& options) {
  const int steps = static_cast<int>(std::min(options.verbose, 3U));
  const int level = std::min(static_cast<int>(log.level) + steps, static_cast<int>(LogLevel::debug));
  log.level = options.quiet ? LogLevel::error : static_cast<LogLevel>(level);
}

/// Settings whose default depends on other settings.
void derive(Draft& draft, const Options& options, const Environment& environment) {
  using std::chrono::seconds;
  Config& config = draft.config;
  if (!config.origins.contains("sync.deadline")) {
    config.sync.deadline =
        std::max<std::chrono::milliseconds>(seconds{50}, config.sync.polling_interval - seconds{10});
  }
  config.sync.overlap = std::max(config.sync.overlap, config.sync.polling_interval);
  if (config.state_file.empty() && !config.buildkite.organization.empty()) {
    config.state_file =
        usual_state_file(state_name(config.buildkite.organization, config.sync.shard), environment);
  }
  if (variable(environment, "BUILDKITE_ORGANIZATION_SLUG") == config.buildkite.organization) {
    config.buildkite.own_pipeline = variable(environment, "BUILDKITE_PIPELINE_SLUG");
  }
  put_verbosity(config.log, options);
  if (options.verbose > 0) config.origins["log.level"] = {Source::option, "option --verbose"};
  if (options.quiet) config.origins["log.level"] = {Source::option, "option --quiet"};
}

bool is_same_file(const std::string& one, const std::string& other) {
  std::error_code cannot_tell;
  return one == other || std::filesystem::equivalent(one, other, cannot_tell);
}

void check(Draft& draft, const Environment& environment) {
  auto& problems = draft.problems;
  const auto missing = missing_settings(draft.config);
  problems.insert(problems.end(), missing.begin(), missing.end());
  if (!missing.empty() && draft.config_file.empty()) {
    std::string places;
    for (const std::string& path : usual_config_files(environment))
      places += (places.empty() ? "" : ", ") + path;
    problems.push_back(
        "there is no configuration file either: set these variables, as --help shows, or write the "
        "settings into one of " +
        printable(places, 1000) + "; contrib/config.toml in the source is a commented sample");
  }
  if (!missing.empty() && !draft.config_file.empty())
    problems.push_back("the configuration file that was read is " + printable(draft.config_file));
  const auto contradicting = contradictions(draft.config);
  problems.insert(problems.end(), contradicting.begin(), contradicting.end());
  if (draft.config_file.empty()) return;
  const std::string& state_file = draft.config.state_file;
  const bool is_lock = is_same_file(state_file + ".lock", draft.config_file);
  if (is_lock || is_same_file(state_file, draft.config_file)) {
    problems.push_back("state.file (" + origin_of(draft.config, "state.file").text +
                       "): " + (is_lock ? "its lock file" : "this") + " is the configuration file " +
                       printable(draft.config_file) + "; it would be overwritten");
  }
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

}  // namespace

Origin origin_of(const Config& config, std::string_view key) {
  const auto found = config.origins.find(key);
  return found == config.origins.end() ? Origin{} : found->second;
}

Config load(const Options& options, const Environment& environment) {
  Draft draft;
  put_defaults(draft);
  read_file(draft, options, environment);
  put_file(draft);
  for (const Setting& setting : settings()) {
    put_variables(draft, setting, environment);
    put_option(draft, setting, options);
    if (setting.kind == Kind::secret) put_secret(draft, setting, environment);
  }
  for (const FileValue& entry : draft.file_values) {
    if (entry.setting->kind == Kind::secret && !entry.names_file) check_plain_secret(draft, entry);
  }
  derive(draft, options, environment);
  // What is missing may be in the part of the file that cannot be read.
  if (draft.file_is_whole) check(draft, environment);
  auto problems = messages(draft.config_text, std::move(draft.file_problems));
  problems.insert(problems.end(), draft.problems.begin(), draft.problems.end());
  // A secret may stand where it does not belong: a token in the place of the organization.
  const Mask mask = mask_of(draft.config, environment);
  if (!problems.empty()) {
    throw InvalidConfig(draft.option_is_wrong ? ExitStatus::usage : ExitStatus::config,
                        mask.hide(joined(problems)), std::move(draft.config));
  }
  for (std::string& hint : draft.config.hints) hint = mask.hide(hint);
  return std::move(draft.config);
}

}  // namespace connector::config
