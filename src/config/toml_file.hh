// The configuration file: TOML text in, values of known settings out, each with its place. Everything else in
// the file is a problem with a place.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/file_problem.hh"
#include "config/settings.hh"

namespace connector::config {

struct FileValue {
  const Setting* setting = nullptr;
  bool names_file =
      false;  ///< under the setting's *_file key: the value is the path of a file with the secret
  Value value;
  Origin origin;  ///< "config.toml:12:3"
};

/// One [[pipeline]]: what is set there, each under the setting that it replaces for some pipelines.
struct FileOverride {
  std::string slug;
  std::vector<FileValue> values;
};

struct FileContents {
  std::vector<FileValue> values;
  std::vector<FileOverride> overrides;
  std::vector<FileProblem> problems;  ///< what is not TOML, unknown keys and wrong types, in no order
  bool is_whole = true;               ///< false when something is not TOML: then values may be missing
};

/// Reads a configuration file's text; `path` is only used in messages, which never show a value.
FileContents read_toml(std::string_view text, const std::string& path);

}  // namespace connector::config
