// Writing the table of settings down, a row at a time.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "config/settings.hh"

namespace connector::config {

/// The row just added, for what not every row has. Not to be kept: the next row may move it.
class Row {
 public:
  explicit Row(Setting& setting) : setting_(setting) {}

  /// The variables, best first.
  Row& from(std::vector<std::string> variables) {
    setting_.variables = std::move(variables);
    return *this;
  }
  Row& by_default(std::string fallback) {
    setting_.fallback = std::move(fallback);
    return *this;
  }
  Row& without(std::string meaning) {
    setting_.without = std::move(meaning);
    return *this;
  }
  Row& option(std::string name, std::optional<std::string> Options::*value) {
    setting_.option = {std::move(name), value};
    return *this;
  }

 private:
  Setting& setting_;
};

class Rows {
 public:
  Row add(std::string key, Kind kind, Access access) {
    Setting setting;
    setting.key = std::move(key);
    setting.kind = kind;
    setting.access = std::move(access);
    settings_.push_back(std::move(setting));
    return Row(settings_.back());
  }

  std::vector<Setting> finish() && { return std::move(settings_); }

 private:
  std::vector<Setting> settings_;
};

/// Adds the rows of [states]: one for each state that a build can have, and "blocked".
void add_states(Rows& rows);

}  // namespace connector::config
