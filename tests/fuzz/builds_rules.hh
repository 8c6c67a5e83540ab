// What must hold for a build that was read from an answer, whatever the answer was.
#pragma once

#include "buildkite/builds_answer.hh"
#include "core/build/build.hh"
#include "core/build/build_status.hh"

namespace connector::fuzz {

/// Expects that its texts are safe and that any verdict on it can be told to Bitbucket and saved.
void expect_reportable(const Build& build);

/// Expects that of each build of a page; else that the reason may be shown to people.
void expect_sane(const buildkite::BuildsAnswer& answer);

/// Expects a status within Bitbucket's limits.
void expect_within_limits(const BuildStatus& status);

/// Expects the same of a key, and that every server's database can store it.
void expect_key(std::string_view key);

}  // namespace connector::fuzz
