// Plays a history with the program: a process for each pass, the peers over HTTP, the state in a file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "properties/plan.hh"
#include "properties/watch.hh"

namespace connector::properties {

/// The part of a plan that can happen to a process, with so little trouble that it does not wait for long.
///
/// Left out are shards, crashes before a save (the crash loop of the end-to-end tests has them), the error of
/// the local clock, which is the machine's, and all but some of the trouble after which the program tries
/// again, which it does in real time; answers are late by a thousandth of the plan's time. Pages are small
/// because the server makes them so.
Plan for_program(Plan plan);

/// What went wrong first in such a plan. What happened is written into `trace`, one line each. Requests that
/// are on their way at once arrive in any order and the program waits as chance will have it, so that no
/// history is quite the same twice.
std::optional<Failure> play_with_program(const Plan& plan, std::vector<std::string>& trace);

}  // namespace connector::properties
