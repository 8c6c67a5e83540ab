// Several connectors that share the pipelines of one organization, each with a state of its own, against the
// fake peers in memory; and a life for them to look on.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/build/state_policy.hh"
#include "pass/history.hh"
#include "support/posted_status.hh"

namespace connector::support {

/// The statuses that were posted, by repository, commit and key, in their order.
using Posts = std::map<std::string, std::vector<std::string>>;

class ShardHistory : public History {
 public:
  explicit ShardHistory(unsigned count) { divide(count); }

  /// From now on there are so many shards. Each goes on with the state of the one of its number, as if that
  /// file had been given its new name; those beyond have none yet.
  void divide(unsigned count) {
    std::vector<SavedState> before = std::exchange(states_, {});
    for (unsigned number = 1; number <= count; ++number) {
      SavedState kept = number <= before.size() ? std::move(before[number - 1]) : SavedState{};
      if (kinship(kept.identity, {{}, {}, {}, {number, count}}) == Kinship::resharded)
        reshard(kept, {number, count});
      states_.push_back(std::move(kept));
    }
  }
  void forget_states() { states_.assign(states_.size(), SavedState{}); }

  /// A shard that goes on as it was, though the others share its pipelines among them.
  struct Leaving {
    Shard shard;
    SavedState state;
  };
  Leaving leave(unsigned number) {
    const auto before = static_cast<unsigned>(states_.size());
    Leaving leaving{{number, before}, std::move(states_.back())};
    divide(before - 1);
    return leaving;
  }

  pass::Report pass_of(unsigned number) {
    return pass_as({number, static_cast<unsigned>(states_.size())}, states_[number - 1]);
  }
  pass::Report pass_of(Leaving& leaving) { return pass_as(leaving.shard, leaving.state); }
  void pass_of_all() {
    for (unsigned number = 1; number <= states_.size(); ++number)
      EXPECT_EQ(pass_of(number).status, ExitStatus::ok) << "shard " << number << '\n' << messages;
  }

  /// A pipeline, and its repository, with a slug that belongs to the shard.
  std::string add_pipeline_of(const Shard& shard) {
    std::string slug = slug_of(shard);
    add_repository(slug);
    organization.add_pipeline(a_pipeline(slug));
    return slug;
  }
  /// A slug that belongs to the shard and to no pipeline yet.
  [[nodiscard]] std::string slug_of(const Shard& shard) const {
    for (int i = 1;; ++i) {
      std::string slug = "app-" + std::to_string(i);
      if (has_pipeline(shard, slug) && !organization.has_pipeline(slug)) return slug;
    }
  }

  [[nodiscard]] Posts posts() const {
    Posts posts;
    for (const auto& request : peers.bitbucket_log.requests()) {
      if (request.method != "POST") continue;
      const auto posted = std::get<PostedStatus>(read_posted_status(request.body, {false, true}));
      posts[request.target + ' ' + posted.key].push_back(posted.state + " of #" + posted.build_number);
    }
    return posts;
  }

  Organization& organization = peers.organization;

 private:
  pass::Report pass_as(const Shard& shard, SavedState& its_state) {
    settings.rules.shard = shard;
    std::swap(state, its_state);
    auto report = pass();
    state.identity.shard = shard;
    std::swap(state, its_state);
    return report;
  }

  std::vector<SavedState> states_;
};

/// A slug that belongs to one shard now, and to another when their number changes.
inline std::string slug_between(const Shard& now, const Shard& then) {
  for (int i = 1;; ++i) {
    std::string slug = "app-" + std::to_string(i);
    if (has_pipeline(now, slug) && has_pipeline(then, slug)) return slug;
  }
}

/// Builds, rebuilds, retries and what else happens to builds of a dozen pipelines on a few commits that they
/// share; the same events for a seed, however many shards look on.
class Life {
 public:
  Life(ShardHistory& history, unsigned seed) : history_(history), dice_(seed) {
    for (int i = 1; i <= 12; ++i) {
      pipelines_.push_back("service-" + std::to_string(i));
      history.add_repository(pipelines_.back());
      history.organization.add_pipeline(a_pipeline(pipelines_.back()));
    }
  }

  void go_on() {
    for (auto& build : builds_) happen_to(build);
    for (unsigned news = throw_dice(3); news > 0; --news) {
      const std::string& pipeline = pipelines_[throw_dice(12)];
      const bool on_head = throw_dice(5) == 0;
      const std::string commit = commit_named(std::to_string(throw_dice(6)));
      builds_.push_back({pipeline, history_.organization.create(pipeline, on_head ? "HEAD" : commit)});
    }
  }

  void end_all() {
    for (const auto& [pipeline, number] : builds_) {
      const Build& build = history_.organization.build(pipeline, number).build;
      if (is_open(build.state)) history_.organization.pass(pipeline, number);
    }
  }

  void expect_the_truth_shown() const {
    std::map<std::pair<std::string, std::string>, const Build*> newest;
    for (const auto* model : history_.organization.builds()) {  // by number
      const Build& build = model->build;
      if (is_full_commit(build.commit) && !never_ran(build.state))
        newest[{build.pipeline.slug, build.commit}] = &build;
    }
    for (const auto& [key, build] : newest) {
      const auto state = bitbucket_state(*build, {});
      EXPECT_EQ(history_.shown(key.first, key.second), word_of(state.value_or(BitbucketState::unknown)))
          << key.first << " #" << build->number;
    }
  }

 private:
  using Id = std::pair<std::string, std::uint64_t>;

  unsigned throw_dice(unsigned sides) { return static_cast<unsigned>(dice_() % sides); }

  void happen_to(const Id& id) {
    auto& organization = history_.organization;
    const auto& [pipeline, number] = id;
    const Build build = organization.build(pipeline, number).build;
    const unsigned chance = throw_dice(8);
    if (build.commit == "HEAD" && chance > 2) {
      organization.resolve_commit(pipeline, number, commit_named(std::to_string(throw_dice(6))));
    } else if (build.state == BuildState::scheduled) {
      if (chance < 4) organization.start(pipeline, number);
      if (chance == 4) organization.skip(pipeline, number);
    } else if (is_open(build.state)) {
      if (chance < 2) organization.pass(pipeline, number);
      if (chance == 2) organization.fail(pipeline, number);
      if (chance == 3) organization.cancel(pipeline, number);
      if (chance == 4) organization.begin_failing(pipeline, number);
    } else if (!never_ran(build.state) && chance == 0) {
      if (throw_dice(3) == 0) organization.retry(pipeline, number);
    }
  }

  ShardHistory& history_;
  std::mt19937 dice_;
  std::vector<std::string> pipelines_;
  std::vector<Id> builds_;
};

}  // namespace connector::support
