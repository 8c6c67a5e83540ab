#include "properties/player.hh"

#include <algorithm>
#include <utility>
#include <variant>

#include "config/config.hh"
#include "http/engine.hh"
#include "pass/pass.hh"
#include "pass/settings.hh"
#include "properties/oracle.hh"
#include "properties/world.hh"
#include "report/log.hh"
#include "state/decode.hh"
#include "state/encode.hh"

namespace connector::properties {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

constexpr std::chrono::hours initial_search_time{168};

struct Save {
  Timestamp at;
  std::string text;
};

class Player {
 public:
  Player(const Plan& plan, std::vector<std::string>* trace);
  std::optional<Failure> play();

 private:
  void run_pass();
  std::optional<pass::Report> attempt_pass(SavedState& state);
  pass::Report pass_over(support::MemoryWire& wire, SavedState& state);
  SavedState load();
  void keep(const SavedState& state);
  void restore(milliseconds age);
  bool settle(int passes, milliseconds pause);
  void outlast_what_is_gone();
  [[nodiscard]] std::optional<Failure> first_wrong() const;
  [[nodiscard]] bool at_rest() const;
  void check_idle();

  void note(const std::string& line) { world_.note(line); }
  [[nodiscard]] bool failed() const { return failure_ || world_.watch().failure(); }

  const Plan& plan_;
  std::vector<std::string>* trace_;
  mutable World world_;
  pass::Settings settings_;
  Identity identity_;
  std::vector<Save> saves_;
  std::optional<pass::Report> last_;
  std::uint64_t passes_ = 0;
  bool calm_ = false;             // no more trouble
  bool all_was_visible_ = false;  // when the last pass began
  int quiet_passes_ = 0;          // in a row, without a POST, since then
  std::optional<Failure> failure_;
};

Player::Player(const Plan& plan, std::vector<std::string>* trace)
    : plan_(plan), trace_(trace), world_(plan, trace) {
  config::Config config;
  config.buildkite.organization = "acme-inc";
  config.bitbucket.connection.url = "https://bitbucket.example.com";
  config.sync.initial_search_time = initial_search_time;
  config.sync.overlap = plan.settings.overlap;
  settings_ = pass::settings_of(config);
  settings_.per_page = plan.settings.per_page;
  identity_ = pass::identity_of(config);
}

SavedState Player::load() {
  if (saves_.empty()) {
    SavedState fresh;
    fresh.identity = identity_;
    return fresh;
  }
  auto decoded = state::decode(saves_.back().text);
  if (auto* state = std::get_if<SavedState>(&decoded)) return std::move(*state);
  const auto* damaged = std::get_if<state::Damaged>(&decoded);
  failure_ = Failure{"state", "a saved state cannot be read: " +
                                  (damaged == nullptr ? std::string("newer format") : damaged->reason)};
  return {};
}

void Player::keep(const SavedState& state) {
  world_.before_save();
  saves_.push_back({world_.now(), state::encode(state)});
  world_.after_save();
}

std::optional<pass::Report> Player::attempt_pass(SavedState& state) {
  support::MemoryWire wire(world_.wire_settings(plan_.seed * 1000 + passes_));
  std::optional<pass::Report> report;
  try {
    report = pass_over(wire, state);
  } catch (const Crash&) {
    world_.crashed();
  }
  world_.let_land([&] { wire.sleep(1s); });
  return report;
}

pass::Report Player::pass_over(support::MemoryWire& wire, SavedState& state) {
  http::EngineSettings engine_settings;
  engine_settings.deadline = wire.now() + 50s;
  engine_settings.seed = plan_.seed + passes_;
  http::Engine engine(wire, engine_settings, [] { return false; });
  const report::Log log({config::LogLevel::info, config::LogFormat::text}, [&](std::string_view line) {
    if (trace_ != nullptr) note("  says: " + std::string(line.substr(0, line.size() - 1)));
  });
  const pass::Save save = [this](SavedState& kept, pass::SaveMoment) { keep(kept); };
  const Timestamp local_now = world_.now() + plan_.settings.local_clock_error;
  return pass::run(settings_, state, engine, save, log, local_now);
}

void Player::run_pass() {
  SavedState state = load();
  if (failed()) return;
  const std::size_t lines = trace_ == nullptr ? 0 : trace_->size();
  const std::size_t posts = world_.watch().posts();
  all_was_visible_ = world_.nothing_under_way();
  world_.begin_pass();
  ++passes_;
  note("pass " + std::to_string(passes_));
  last_ = attempt_pass(state);
  if (!last_) return;
  const pass::Counts& counts = last_->counts;
  quiet_passes_ = calm_ && world_.watch().posts() == posts ? quiet_passes_ + 1 : 0;
  constexpr int enough_to_show = 3;
  if (trace_ != nullptr && quiet_passes_ > enough_to_show) trace_->resize(lines);
  note("pass " + std::to_string(passes_) + " ends: " + std::string(name_of(last_->status)) + ", " +
       std::to_string(counts.builds) + " builds, " + std::to_string(counts.posted) + " posted, " +
       std::to_string(counts.waiting) + " waiting, " + std::to_string(last_->gaps.size()) + " gaps");
}

void Player::restore(milliseconds age) {
  const Timestamp wanted = world_.now() - age;
  const auto newer = [&](const Save& save) { return save.at > wanted; };
  const auto first_newer = std::find_if(saves_.begin(), saves_.end(), newer);
  if (first_newer == saves_.begin() || first_newer == saves_.end()) return;
  saves_.erase(first_newer, saves_.end());
  world_.watch().state_restored(saves_.back().at);
  note("the state file of " + text_of(saves_.back().at - support::noon) + " is put back");
}

std::optional<Failure> Player::first_wrong() const {
  std::map<Key, KeyHistory> keys = world_.watch().keys();
  for (const auto* model : world_.organization().builds()) {
    const Build& build = model->build;
    const bool too_old = !saves_.empty() && build.created_at < saves_.front().at - initial_search_time;
    if (is_full_commit(build.commit) && !too_old) keys.try_emplace({build.pipeline.slug, build.commit});
  }
  for (const auto& [key, history] : keys) {
    const std::string shown = world_.shown(key);
    const auto right = right_states(world_.organization(), key, history);
    if (right.contains(shown)) continue;
    std::string wanted;
    for (const auto& state : right)
      wanted += (wanted.empty() ? "" : " or ") + (state.empty() ? "nothing" : state);
    return Failure{"wrong", key.first + " on " + key.second.substr(0, 8) + " shows " +
                                (shown.empty() ? "nothing" : shown) + " instead of " + wanted};
  }
  return std::nullopt;
}

bool Player::at_rest() const {
  return last_ && last_->status == ExitStatus::ok && last_->counts.waiting == 0 && last_->gaps.empty() &&
         all_was_visible_ && !first_wrong();
}

/// Clean passes; true when all is right and nothing is left to do.
bool Player::settle(int passes, milliseconds pause) {
  for (int i = 0; i < passes && !failed(); ++i) {
    world_.advance(pause - world_.since_start() % pause);
    run_pass();
    if (!plan_.settings.thorough && at_rest()) return true;
  }
  return false;
}

/// Builds and pipelines that do not answer are given up in the end, a day later at most.
void Player::outlast_what_is_gone() {
  for (int i = 0; i < 30 && !failed(); ++i) {
    world_.advance(1h);
    run_pass();
  }
  if (!failed()) failure_ = first_wrong();
}

/// A pass over an unchanged world tells nobody anything and changes only its bookkeeping.
void Player::check_idle() {
  settings_.per_page = 100;
  world_.peers().buildkite.settings().user_limit = 50;
  for (int i = 0; i < 3 && !failed(); ++i) {  // what waited for a larger quota is done now
    world_.advance(1min);
    run_pass();
  }
  const std::size_t posts = world_.watch().posts();
  std::size_t fewest = 1000;
  constexpr int passes = 5;  // a sweep of each kind may be due, and an old one be running
  for (int i = 0; i < passes && !failed(); ++i) {
    world_.advance(1min);
    world_.peers().buildkite_log.clear();
    run_pass();
    fewest = std::min(fewest, world_.peers().buildkite_log.size());
  }
  if (failed()) return;
  if (world_.watch().posts() > posts)
    failure_ = Failure{"idle", "something was posted although nothing happened"};
  if (fewest > 3)
    failure_ =
        Failure{"idle", "a pass made " + std::to_string(fewest) + " requests although nothing happened"};
}

std::optional<Failure> Player::play() {
  while (const Event* event = world_.next_shell_event()) {
    if (event->what == What::restore_state) {
      restore(event->span);
    } else {
      run_pass();
    }
    if (failed()) break;
  }
  world_.calm_down();
  calm_ = true;
  const bool settled = settle(60, 1min) || settle(12, 5min) || settle(50, 1h);
  if (!settled && !failed()) {
    failure_ = first_wrong();
    if (!failure_ && !at_rest()) failure_ = Failure{"unrest", "work is left although nothing is wrong"};
  }
  if (!failed() && world_.watch().something_gone()) outlast_what_is_gone();
  if (!failed()) check_idle();
  return failure_ ? failure_ : world_.watch().failure();
}

}  // namespace

std::optional<Failure> play(const Plan& plan, std::vector<std::string>* trace) {
  return Player(plan, trace).play();
}

}  // namespace connector::properties
