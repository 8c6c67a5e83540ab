#include "config/secrets.hh"

#include <utility>

#include "config/paths.hh"
#include "config/small_file.hh"
#include "core/text/text.hh"

namespace connector::config {
namespace {

FoundSecret refused(Origin origin, std::string reason) {
  return {{}, std::move(origin), std::move(reason), {}};
}

FoundSecret from_file(const SmallFile& file, const std::string& path, Origin origin,
                      const Environment& environment) {
  const std::string name = printable(path);
  if (file.others_can_write) {
    return refused(std::move(origin),
                   "everybody can write to this file; make it yours alone: chmod 600 " + name);
  }
  FoundSecret found{file.text, std::move(origin), std::nullopt, {}};
  if (file.foreign) found.hints.push_back(name + " holds a secret and belongs to another user");
  // Mounted secrets are often readable for all inside their container; in a home directory that is an
  // oversight.
  if (file.others_can_read && is_below_home(path, environment)) {
    found.hints.push_back(name + " holds a secret and everybody can read it: chmod 600 " + name);
  }
  return found;
}

FoundSecret from_named_file(const std::string& path, Origin origin, const Environment& environment) {
  origin.text += " (" + printable(path) + ")";
  const auto read = read_small_file(path);
  if (const auto* failure = std::get_if<ReadFailure>(&read)) {
    return refused(std::move(origin), "cannot be read: " + failure->reason);
  }
  return from_file(std::get<SmallFile>(read), path, std::move(origin), environment);
}

std::optional<FoundSecret> from_environment(const Setting& secret, const Environment& environment) {
  for (const std::string& name : secret.variables) {
    const std::string text = variable(environment, name);
    const std::string file_name = name + "_FILE";
    const std::string path = variable(environment, file_name);
    Origin origin{Source::environment, "environment variable " + (path.empty() ? name : file_name)};
    if (!text.empty() && !path.empty()) {
      return refused(std::move(origin), "excludes " + name + "; unset one of them");
    }
    if (!text.empty()) return FoundSecret{text, std::move(origin), std::nullopt, {}};
    if (!path.empty()) return from_named_file(path, std::move(origin), environment);
  }
  return std::nullopt;
}

std::optional<FoundSecret> from_credentials_directory(const Setting& secret, const Environment& environment) {
  const std::string directory = variable(environment, "CREDENTIALS_DIRECTORY");
  if (directory.empty()) return std::nullopt;
  const std::string path = directory + "/" + credential_name(secret);
  Origin origin{Source::environment, "credential " + credential_name(secret) + " in $CREDENTIALS_DIRECTORY"};
  const auto read = read_small_file(path);
  if (const auto* failure = std::get_if<ReadFailure>(&read)) {
    if (failure->missing) return std::nullopt;
    return refused(std::move(origin), "cannot be read: " + failure->reason);
  }
  return from_file(std::get<SmallFile>(read), path, std::move(origin), environment);
}

const FileValue* find_value(const Setting& secret, std::span<const FileValue> values, bool names_file) {
  for (const FileValue& value : values) {
    if (value.setting == &secret && value.names_file == names_file) return &value;
  }
  return nullptr;
}

}  // namespace

std::optional<FoundSecret> find_secret(const Setting& secret, const Environment& environment,
                                       std::span<const FileValue> file_values) {
  if (auto found = from_environment(secret, environment)) return found;
  if (auto found = from_credentials_directory(secret, environment)) return found;
  if (const FileValue* path = find_value(secret, file_values, true)) {
    const Origin& origin = path->origin;
    if (path->value.text.empty())
      return refused(origin, file_key(secret) + " is empty; leave it out instead");
    return from_named_file(path->value.text, origin, environment);
  }
  if (const FileValue* plain = find_value(secret, file_values, false)) {
    return FoundSecret{plain->value.text, plain->origin, std::nullopt, {}};
  }
  return std::nullopt;
}

}  // namespace connector::config
