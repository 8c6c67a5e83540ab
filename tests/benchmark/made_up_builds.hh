// Builds as a busy organization has them, as many as wanted.
#pragma once

#include <chrono>
#include <cstddef>

#include "core/build/build.hh"
#include "core/ledger/ledger.hh"
#include "core/verdict.hh"

namespace connector::benchmark {

/// Of these many pipelines, in turn.
constexpr std::size_t pipeline_count = 100;

/// The build of this serial number, from 0 on: ended, nine times of ten passed, on a commit of its own, 20
/// seconds after it was created.
Build made_up_build(std::size_t serial, Timestamp created);

/// The rules by which they are reported.
Rules made_up_rules();

/// Adds entries to a ledger for the builds from serial number `first` on, created a second after one another
/// from `created` on; all were told.
void add_told_entries(Ledger& ledger, std::size_t first, std::size_t count, Timestamp created);

}  // namespace connector::benchmark
