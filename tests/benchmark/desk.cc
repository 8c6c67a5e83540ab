#include "benchmark/desk.hh"

#include <stdexcept>
#include <string_view>
#include <utility>
#include <variant>

#include "benchmark/made_up_builds.hh"
#include "core/ledger/plan.hh"
#include "core/ledger/settle.hh"
#include "core/listing/walk.hh"
#include "pass/intake.hh"
#include "report/log.hh"
#include "state/decode.hh"
#include "state/encode.hh"
#include "support/a_build.hh"

namespace connector::benchmark {
namespace {

void drop(std::string_view /*line*/) {}

}  // namespace

Pages made_up_pages(std::size_t builds) {
  constexpr std::size_t page_size = 100;
  Pages pages;
  Timestamp created = support::noon;
  for (std::size_t serial = builds; serial-- > 0; created -= std::chrono::seconds{1}) {
    if (pages.empty() || pages.back().size() == page_size) pages.emplace_back();
    pages.back().push_back(made_up_build(serial, created));
  }
  return pages;
}

namespace desk {

void take_builds(SavedState& state, const Pages& pages) {
  const Rules rules = made_up_rules();
  pass::Counts counts;
  const report::Log log({config::LogLevel::warn, config::LogFormat::text}, drop);
  pass::Intake intake(rules, state, counts, log);
  Walk walk{BuildQuery{}};
  for (const auto& page : pages) {
    for (const Build* build : walk.take(page, page.size(), true)) intake.take(*build, Source::head);
  }
  intake.decide_waiting();
}

std::vector<std::size_t> plan_statuses(SavedState& state) {
  auto planned = plan_posts(state.ledger, {true, {}}, state.parked, support::noon);
  state.ledger.mark_written_ahead();
  return planned;
}

void settle_statuses(SavedState& state, const std::vector<std::size_t>& planned) {
  for (const std::size_t position : planned) {
    LedgerEntry& entry = state.ledger.at(position);
    settle(entry, told_by(entry.outgoing->status), {DeliveryResult::delivered, false, {}}, support::noon);
  }
}

std::string write_state(const SavedState& state) {
  return state::encode(state);
}

SavedState read_state(const std::string& text) {
  auto decoded = state::decode(text);
  if (auto* state = std::get_if<SavedState>(&decoded)) return std::move(*state);
  throw std::runtime_error("a state that was written cannot be read");
}

}  // namespace desk
}  // namespace connector::benchmark
