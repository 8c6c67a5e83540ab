#include "properties/memory_passes.hh"

#include <utility>
#include <variant>

#include "config/config.hh"
#include "http/engine.hh"
#include "pass/pass.hh"
#include "pass/settings.hh"
#include "properties/passes.hh"
#include "properties/player.hh"
#include "properties/world.hh"
#include "report/log.hh"
#include "state/decode.hh"
#include "state/encode.hh"

namespace connector::properties {
namespace {

using namespace std::chrono_literals;

class MemoryPasses : public Passes {
 public:
  MemoryPasses(const Plan& plan, World& world, bool traced);
  PassResult run(std::uint64_t number) override;
  void add_shard() override { saves_of_others_.emplace_back(); }

 private:
  PassResult run_shard(const Shard& shard, std::uint64_t number);
  [[nodiscard]] Saves& saves_of(const Shard& shard) {
    return shard.number == 1 ? saves() : saves_of_others_.at(shard.number - 2);
  }
  [[nodiscard]] state::Decoded load(const Shard& shard);
  void keep(const SavedState& state);
  pass::Report pass_over(support::MemoryWire& wire, SavedState& state, std::uint64_t number);

  const Plan& plan_;
  World& world_;
  bool traced_;
  pass::Settings settings_;
  Identity identity_;
  std::vector<Saves> saves_of_others_;  // of all shards but the first
};

MemoryPasses::MemoryPasses(const Plan& plan, World& world, bool traced)
    : plan_(plan), world_(world), traced_(traced), saves_of_others_(plan.settings.shards - 1) {
  config::Config config;
  config.buildkite.organization = "acme-inc";
  config.bitbucket.connection.url = "https://bitbucket.example.com";
  config.sync.initial_search_time = initial_search_time;
  config.sync.overlap = plan.settings.overlap;
  settings_ = pass::settings_of(config, 1);
  identity_ = pass::identity_of(config);
}

/// As a state file is loaded.
state::Decoded MemoryPasses::load(const Shard& shard) {
  SavedState fresh;
  fresh.identity = identity_;
  fresh.identity.shard = shard;
  if (saves_of(shard).empty()) return fresh;
  auto decoded = state::decode(saves_of(shard).newest());
  if (auto* state = std::get_if<SavedState>(&decoded);
      state != nullptr && kinship(state->identity, fresh.identity) == Kinship::resharded) {
    reshard(*state, shard);
  }
  return decoded;
}

void MemoryPasses::keep(const SavedState& state) {
  world_.before_save();
  saves_of(state.identity.shard).add(world_.now(), state::encode(state));
  world_.after_save();
}

pass::Report MemoryPasses::pass_over(support::MemoryWire& wire, SavedState& state, std::uint64_t number) {
  http::EngineSettings engine_settings;
  // Passes of a third of the histories end before the waits that peers ask for.
  engine_settings.deadline = wire.now() + (plan_.seed % 3 == 0 ? 2s : 50s);
  engine_settings.seed = plan_.seed + number;
  http::Engine engine(wire, engine_settings, [] { return false; });
  const report::Log log({config::LogLevel::info, config::LogFormat::text}, [&](std::string_view line) {
    if (traced_) world_.note("  says: " + std::string(line.substr(0, line.size() - 1)));
  });
  const pass::Save save = [this](SavedState& kept, pass::SaveMoment) { keep(kept); };
  const Timestamp local_now = world_.now() + plan_.settings.local_clock_error;
  return pass::run(settings_, state, engine, save, log, local_now);
}

PassResult MemoryPasses::run(std::uint64_t number) {
  const auto count = static_cast<unsigned>(saves_of_others_.size()) + 1;
  std::vector<PassResult> results;
  for (unsigned shard = 1; shard <= count; ++shard)
    results.push_back(run_shard({shard, count}, number + std::uint64_t{500} * (shard - 1)));
  PassEnd all;
  for (PassResult& result : results) {
    const auto* end = std::get_if<PassEnd>(&result);
    if (end == nullptr) return std::move(result);
    if (end->status != ExitStatus::ok) all.status = end->status;
    all.waiting += end->waiting;
    all.gaps += end->gaps;
  }
  return all;
}

PassResult MemoryPasses::run_shard(const Shard& shard, std::uint64_t number) {
  settings_.rules.shard = shard;
  auto loaded = load(shard);
  if (const auto* damaged = std::get_if<state::Damaged>(&loaded)) return unreadable_state(damaged->reason);
  auto* state = std::get_if<SavedState>(&loaded);
  if (state == nullptr) return unreadable_state("newer format");
  // Half of the histories ask for more than a page of the server holds.
  settings_.per_page = plan_.seed % 2 == 0 ? 100 : world_.largest_page();
  support::MemoryWire wire(world_.wire_settings(plan_.seed * 1000 + number));
  PassResult result = Crashed{};
  try {
    const pass::Report report = pass_over(wire, *state, number);
    result = PassEnd{report.status, static_cast<std::size_t>(report.counts.waiting), report.gaps.size()};
  } catch (const Crash&) {
    world_.crashed();
  }
  world_.spare_requests(true);
  wire.sleep(1s);
  world_.spare_requests(false);
  return result;
}

}  // namespace

std::optional<Failure> play_in_memory(const Plan& plan, std::vector<std::string>* trace) {
  support::Peers peers;
  World world(plan, peers, trace);
  MemoryPasses passes(plan, world, trace != nullptr);
  return play(plan, world, passes, trace);
}

}  // namespace connector::properties
