// A pass in figures, for those who watch over passes.
#pragma once

#include "core/saved_state.hh"
#include "http/engine.hh"
#include "pass/pass.hh"
#include "report/pass_record.hh"

namespace connector::pass {

/// `state` is the one that the pass left.
report::PassFigures figures_of(const Report& report, const SavedState& state, const http::Engine& engine);

}  // namespace connector::pass
