// From options, environment and file to the settings of a pass.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "config/command_line.hh"
#include "config/config.hh"
#include "config/environment.hh"
#include "core/error.hh"

namespace connector::config {

/// A configuration that no pass can work with. What was right in it is kept, for those who are to hear that
/// no pass began.
class InvalidConfig : public Error {
 public:
  InvalidConfig(ExitStatus status, const std::string& message, Config rest)
      : Error(status, message), rest_(std::make_shared<const Config>(std::move(rest))) {}
  /// Wrong settings have their defaults.
  [[nodiscard]] const Config& rest() const noexcept { return *rest_; }

 private:
  std::shared_ptr<const Config> rest_;  // shared, as an exception may be copied
};

/// Lays defaults, configuration file, environment and options over one another, in this order, and checks the
/// result. Reads the configuration file and the files that hold secrets, nothing else. Throws InvalidConfig
/// with all problems: those of the file in its order, each with its line beneath, then the others, a line
/// each; its status is usage when an option's value is among them, else config.
Config load(const Options& options, const Environment& environment);

}  // namespace connector::config
