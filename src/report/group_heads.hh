// Buildkite's log, in which lines can open a group.
#pragma once

#include <string>
#include <string_view>

namespace connector::report {

/// The text with a blank before each line that Buildkite's log would take for the head of a group or for an
/// order about the group before ("---", "+++", "~~~", "^^^"; its documentation: managing log output).
std::string without_group_heads(std::string_view text);

}  // namespace connector::report
