// Secrets in configurations that are made up, and what must not be said about them.
#pragma once

#include <string>
#include <string_view>

#include "config/command_line.hh"
#include "config/environment.hh"

namespace connector::fuzz {

/// Put in the place of a secret. Inputs that hold it by themselves say nothing.
constexpr std::string_view canary = "kAnar1e-4711";

/// The text with `replacement` for every occurrence of `part`.
std::string with(std::string text, std::string_view part, std::string_view replacement);

/// Loads a configuration and prints it, or learns what is wrong with it. Expects that nothing of that shows
/// the canary, that it may be shown to people, and that what is printed is a configuration.
void expect_no_secret_told(const config::Options& options, const config::Environment& environment);

}  // namespace connector::fuzz
