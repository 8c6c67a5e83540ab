// A bystander at both peers: writes down what is told to Bitbucket and checks what must hold at any time
// (no regression, nothing told that Buildkite did not show, no status told twice without cause).
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "properties/oracle.hh"
#include "properties/plan.hh"
#include "support/organization.hh"

namespace connector::properties {

struct Failure {
  std::string rule;  ///< one word, the same for failures of one kind
  std::string text;
};

class Watch {
 public:
  Watch(const support::Organization& organization, const Plan& plan);

  void begin_pass();
  /// Something happened to a build.
  void changed(const std::string& pipeline, std::uint64_t number);
  void pipeline_changed(const std::string& pipeline) {
    ever_lost_.insert(pipeline);
    something_gone_ = true;
  }

  void attempted(const Key& key, const SeenPost& post);
  void accepted(const Key& key, const SeenPost& post);
  /// The connector cannot know how a POST ended, or may think so.
  void post_disturbed() { excuses_ += 1; }
  /// What a crashed pass had posted or was about to post is told again.
  void crashed();
  void state_restored(Timestamp saved_at);
  /// What the shards told before is told once more by those to which the pipelines come, and both tell what
  /// goes on.
  void shard_added() { some_told_twice_ = true; }

  [[nodiscard]] const std::map<Key, KeyHistory>& keys() const noexcept { return keys_; }
  [[nodiscard]] std::size_t posts() const noexcept { return posts_; }
  /// A build or pipeline was deleted or hidden.
  [[nodiscard]] bool something_gone() const noexcept { return something_gone_; }
  [[nodiscard]] const std::optional<Failure>& failure() const noexcept { return failure_; }

 private:
  using BuildId = std::pair<std::string, std::uint64_t>;

  void fail(const std::string& rule, const Key& key, const SeenPost& post, const std::string& text);
  void check_order(const Key& key, const KeyHistory& history, const SeenPost& post);
  void check_truth(const Key& key, const SeenPost& post);
  [[nodiscard]] bool may_be_forgotten(const Key& key, std::uint64_t number) const;
  [[nodiscard]] bool counts_no_more(const Key& key, std::uint64_t number) const;

  const support::Organization& organization_;
  bool listings_tell_all_;  // no replica that lags, no second end that keeps the first one's time
  std::map<Key, KeyHistory> keys_;
  std::map<BuildId, std::vector<std::pair<Timestamp, std::string>>> states_;  // each from then on
  std::set<std::string> ever_lost_;                                           // pipelines
  Timestamp pass_began_{};
  std::size_t posts_in_pass_ = 0;
  bool crashed_ = false;  // the pass that is under way
  std::size_t posts_ = 0;
  std::size_t repeated_ = 0;
  std::size_t excuses_ = 0;
  bool some_told_twice_ = false;
  bool something_gone_ = false;
  std::optional<Failure> failure_;
};

}  // namespace connector::properties
