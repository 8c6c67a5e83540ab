// [[pipeline]]: settings of [status] and [states] that are others for some pipelines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/config.hh"
#include "config/file_problem.hh"
#include "config/settings.hh"
#include "config/toml_file.hh"

namespace connector::config {

/// A key of [[pipeline]], and the setting that it replaces: "name" for status.name, "states.failed".
struct OverrideKey {
  std::string key;
  const Setting* setting = nullptr;
};

/// All of them but "slug", in the order of the documentation.
const std::vector<OverrideKey>& override_keys();

/// Puts what the file has under its [[pipeline]]s into the configuration; returns what is wrong with values.
std::vector<FileProblem> put_overrides(Config& config, const std::vector<FileOverride>& overrides);

/// As TOML, one line for each key that is set; empty when there is no [[pipeline]].
std::string print_overrides(const Config& config);

}  // namespace connector::config
