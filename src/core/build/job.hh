// A job of a build, reduced to what a status per step needs (Buildkite REST: jobs of a build).
#pragma once

#include <optional>
#include <string>

#include "core/text/timestamp.hh"

namespace connector {

struct Job {
  std::string type;  ///< script and trigger do work; waiter and manual do none
  std::string name;  ///< the step's label; may hold emoji shortcodes
  std::string command;
  std::string step_key;
  std::string state;  ///< Buildkite's word
  std::string web_url;
  bool soft_failed = false;
  bool retried = false;  ///< another job does its work again
  std::optional<Timestamp> started_at;
  std::optional<Timestamp> finished_at;
};

}  // namespace connector
