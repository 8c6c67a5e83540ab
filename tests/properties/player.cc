#include "properties/player.hh"

#include <algorithm>
#include <utility>
#include <variant>

#include "properties/oracle.hh"

namespace connector::properties {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

class Player {
 public:
  Player(const Plan& plan, World& world, Passes& passes, std::vector<std::string>* trace)
      : plan_(plan), trace_(trace), world_(world), passes_(passes), shards_(plan.settings.shards) {}
  std::optional<Failure> play();

 private:
  void run_pass();
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
  World& world_;
  Passes& passes_;
  std::optional<PassEnd> last_;  // unless it crashed
  std::uint64_t count_ = 0;
  unsigned shards_;
  bool calm_ = false;             // no more trouble
  bool all_was_visible_ = false;  // when the last pass began
  int quiet_passes_ = 0;          // in a row, without a POST, since then
  std::optional<Failure> failure_;
};

void Player::run_pass() {
  const std::size_t lines = trace_ == nullptr ? 0 : trace_->size();
  const std::size_t posts = world_.watch().posts();
  all_was_visible_ = world_.nothing_under_way();
  world_.begin_pass();
  const std::string name = "pass " + std::to_string(++count_);
  note(name);
  PassResult result = passes_.run(count_);
  last_.reset();
  if (auto* failure = std::get_if<Failure>(&result)) failure_ = std::move(*failure);
  if (const auto* end = std::get_if<PassEnd>(&result)) last_ = *end;
  if (!last_) return;
  quiet_passes_ = calm_ && world_.watch().posts() == posts ? quiet_passes_ + 1 : 0;
  constexpr int enough_to_show = 3;
  if (trace_ != nullptr && quiet_passes_ > enough_to_show) trace_->resize(lines);
  note(name + " ends: " + std::string(name_of(last_->status)) + ", " + std::to_string(last_->waiting) +
       " waiting, " + std::to_string(last_->gaps) + " gaps");
}

void Player::restore(milliseconds age) {
  const auto saved_at = passes_.saves().go_back_to(world_.now() - age);
  if (!saved_at) return;
  world_.watch().state_restored(*saved_at);
  note("the state file of " + text_of(*saved_at - support::noon) + " is put back");
}

std::optional<Failure> Player::first_wrong() const {
  std::map<Key, KeyHistory> keys = world_.watch().keys();
  const Saves& saves = passes_.saves();
  for (const auto* model : world_.organization().builds()) {
    const Build& build = model->build;
    const bool too_old = !saves.empty() && build.created_at < saves.first_at() - initial_search_time;
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
  return last_ && last_->status == ExitStatus::ok && last_->waiting == 0 && last_->gaps == 0 &&
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
  world_.be_generous();
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
  if (fewest > std::size_t{3} * shards_)
    failure_ =
        Failure{"idle", "a pass made " + std::to_string(fewest) + " requests although nothing happened"};
}

std::optional<Failure> Player::play() {
  while (const Event* event = world_.next_shell_event()) {
    if (event->what == What::restore_state) {
      restore(event->span);
    } else if (event->what == What::add_shard) {
      note("the pipelines are divided among one connector more");
      ++shards_;
      passes_.add_shard();
      world_.watch().shard_added();
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

std::optional<Timestamp> Saves::go_back_to(Timestamp time) {
  const auto newer = [&](const Save& save) { return save.at > time; };
  const auto first_newer = std::find_if(saves_.begin(), saves_.end(), newer);
  if (first_newer == saves_.begin() || first_newer == saves_.end()) return std::nullopt;
  saves_.erase(first_newer, saves_.end());
  return saves_.back().at;
}

Failure unreadable_state(const std::string& reason) {
  return {"state", "a saved state cannot be read: " + reason};
}

std::optional<Failure> play(const Plan& plan, World& world, Passes& passes, std::vector<std::string>* trace) {
  return Player(plan, world, passes, trace).play();
}

}  // namespace connector::properties
