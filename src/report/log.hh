// Messages for people and log collectors: one line each, on stderr.
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "config/config.hh"
#include "core/text/mask.hh"
#include "report/look.hh"

namespace connector::report {

/// A value that goes with a message, such as commit=0a1b....
struct Field {
  std::string_view name;
  std::string value;
};

/// The prefix by which the journal takes a line to be of this level (sd-daemon(3)).
std::string_view priority_of(config::LogLevel level);

class Log {
 public:
  /// `sink` gets whole lines, line end included; `mask` hides secrets in what is logged.
  Log(const config::Log& settings, std::function<void(std::string_view)> sink, const Look& look = {},
      Mask mask = {})
      : settings_(settings), look_(look), mask_(std::move(mask)), sink_(std::move(sink)) {}

  void error(std::string_view message, std::initializer_list<Field> fields = {}) const;
  void warn(std::string_view message, std::initializer_list<Field> fields = {}) const;
  void info(std::string_view message, std::initializer_list<Field> fields = {}) const;
  void debug(std::string_view message, std::initializer_list<Field> fields = {}) const;

 private:
  void write(config::LogLevel level, std::string_view message, std::initializer_list<Field> fields) const;

  config::Log settings_;
  Look look_;
  Mask mask_;
  std::function<void(std::string_view)> sink_;
};

}  // namespace connector::report
