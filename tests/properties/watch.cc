#include "properties/watch.hh"

#include <algorithm>

#include "core/listing/sweep.hh"
#include "support/a_build.hh"

namespace connector::properties {

Watch::Watch(const support::Organization& organization, const Plan& plan)
    : organization_(organization),
      listings_tell_all_(plan.settings.finishing_again_renews_finished_at &&
                         std::none_of(plan.events.begin(), plan.events.end(),
                                      [](const Event& event) { return event.trouble == Trouble::stale; })) {}

void Watch::begin_pass() {
  pass_began_ = organization_.now();
  posts_in_pass_ = 0;
  crashed_ = false;
}

void Watch::changed(const std::string& pipeline, std::uint64_t number) {
  const auto* model = organization_.find(pipeline, number);
  if (model == nullptr) {
    something_gone_ = true;
    return;
  }
  std::string state = state_of(model->build);
  if (state.empty()) state = "CANCELLED";
  states_[{pipeline, number}].emplace_back(organization_.now(), std::move(state));
}

void Watch::fail(const std::string& rule, const Key& key, const SeenPost& post, const std::string& text) {
  if (failure_) return;
  failure_ = Failure{rule, key.first + " on " + key.second.substr(0, 8) + ": told " + post.state + " of #" +
                               std::to_string(post.number) + " at " + text_of(post.at - support::noon) +
                               ", " + text};
}

bool Watch::counts_no_more(const Key& key, std::uint64_t number) const {
  if (ever_lost_.contains(key.first)) return true;
  const auto* model = organization_.find(key.first, number);
  return model == nullptr || never_ran(model->build.state);
}

/// The ledger does not remember builds that are older than the longest sweep reaches.
bool Watch::may_be_forgotten(const Key& key, std::uint64_t number) const {
  const auto* model = organization_.find(key.first, number);
  return model == nullptr || organization_.now() - model->build.created_at > sweep_window;
}

/// What was told never goes back to an older build, unless the newer one counts no more.
void Watch::check_order(const Key& key, const KeyHistory& history, const SeenPost& post) {
  for (const SeenPost& earlier : history.accepted) {
    const bool forgotten = history.restored && earlier.at <= history.restored->first;
    if (forgotten || earlier.late || earlier.number <= post.number) continue;
    if (!counts_no_more(key, earlier.number))
      return fail("order", key, post, "although #" + std::to_string(earlier.number) + " had been told");
  }
}

/// What is told of a build was true at some time since the pass began.
void Watch::check_truth(const Key& key, const SeenPost& post) {
  if (!listings_tell_all_ || ever_lost_.contains(key.first)) return;
  if (organization_.find(key.first, post.number) == nullptr) return;
  const auto found = states_.find({key.first, post.number});
  if (found == states_.end()) return fail("truth", key, post, "of a build that never was");
  const auto& states = found->second;
  std::string known;
  for (std::size_t i = 0; i < states.size(); ++i) {
    const bool over = i + 1 < states.size() && states[i + 1].first < pass_began_;
    if (over) continue;
    if (states[i].second == post.state) return;
    known += ' ' + states[i].second;
  }
  fail("truth", key, post, "but since the pass began it was" + known);
}

void Watch::attempted(const Key& key, const SeenPost& post) {
  ++posts_in_pass_;
  ++posts_;
  if (crashed_) ++excuses_;  // it was on its way
  check_truth(key, post);
  keys_[key].attempted.push_back(post);
}

void Watch::accepted(const Key& key, const SeenPost& post) {
  KeyHistory& history = keys_[key];
  if (!post.late) {
    check_order(key, history, post);
    if (!history.accepted.empty()) {
      const SeenPost& last = history.accepted.back();
      const bool again = last.number == post.number && last.state == post.state;
      if (again && !some_told_twice_ && !may_be_forgotten(key, post.number) && ++repeated_ > excuses_)
        fail("repeated", key, post, "which was shown already, and nothing had happened that excuses it");
    }
  }
  history.accepted.push_back(post);
}

void Watch::crashed() {
  const auto is_due = [&](const std::pair<const Key, KeyHistory>& row) {
    const std::vector<SeenPost>& accepted = row.second.accepted;
    return std::any_of(states_.begin(), states_.end(), [&](const auto& build) {
      return build.first.first == row.first.first && !accepted.empty() &&
             build.second.back().first > accepted.back().at;
    });
  };
  crashed_ = true;
  excuses_ += posts_in_pass_;
  excuses_ += static_cast<std::size_t>(std::count_if(keys_.begin(), keys_.end(), is_due));
}

void Watch::state_restored(Timestamp saved_at) {
  for (auto& [key, history] : keys_) {
    history.restored = {organization_.now(), saved_at};
    excuses_ += history.accepted.size();
  }
}

}  // namespace connector::properties
