// What people who watch a pass are told.
#pragma once

#include "core/ledger/ledger.hh"
#include "http/engine.hh"
#include "pass/outcome.hh"
#include "report/progress.hh"

namespace connector::pass {

/// How far the pass has come, and for whom it waits: of two servers, for the one that asks for more time.
report::Standing standing_of(const Counts& counts, const Ledger& ledger, const http::Engine& engine);

}  // namespace connector::pass
