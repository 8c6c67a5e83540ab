// Several connectors that share the pipelines of one organization: together they tell Bitbucket what one
// would.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "pass/shard_history.hh"

namespace connector {
namespace {

using support::commit_named;
using support::Life;
using support::Posts;
using support::ShardHistory;
using namespace std::chrono_literals;

Posts posts_of(unsigned shards, unsigned seed) {
  ShardHistory history(shards);
  Life life(history, seed);
  for (int step = 0; step < 90; ++step) {
    life.go_on();
    history.wait(step % 30 == 29 ? 5h : 1min);
    history.pass_of_all();
  }
  return history.posts();
}

/// The first status that was told otherwise than by one connector.
std::string difference(const Posts& by_all, const Posts& by_one) {
  const auto [ours, theirs] = std::mismatch(by_all.begin(), by_all.end(), by_one.begin(), by_one.end());
  const auto told = [](const Posts& posts, Posts::const_iterator row) {
    std::string text = row == posts.end() ? "nothing more" : row->first + ':';
    if (row == posts.end()) return text;
    for (const std::string& post : row->second) text += ' ' + post + ',';
    return text;
  };
  if (ours == by_all.end() && theirs == by_one.end()) return {};
  return told(by_all, ours) + "\ninstead of " + told(by_one, theirs);
}

class Shards : public testing::TestWithParam<unsigned> {};

TEST_P(Shards, PostExactlyWhatOneConnectorDoes) {
  for (unsigned seed = 1; seed <= 3; ++seed) {
    const Posts by_one = posts_of(1, seed);
    EXPECT_GT(by_one.size(), 40U) << "little happened";
    EXPECT_EQ(difference(posts_of(GetParam(), seed), by_one), "") << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Among, Shards, testing::Values(1U, 2U, 3U, 5U));

TEST(Shards, OverAnUnchangedWorldMakeThreeRequestsEachAndTellBitbucketNothing) {
  ShardHistory history(3);
  for (unsigned number = 1; number <= 3; ++number)
    history.organization.create(history.add_pipeline_of({number, 3}), commit_named("c"));
  history.pass_of_all();
  history.wait(1min);
  history.peers.buildkite_log.clear();
  history.peers.bitbucket_log.clear();
  history.pass_of_all();
  EXPECT_EQ(history.peers.buildkite_log.size(), 9U);
  EXPECT_EQ(history.peers.bitbucket_log.size(), 0U);
}

TEST(Shards, CountWhatIsLeftToOthers) {
  ShardHistory history(2);
  for (unsigned number = 1; number <= 2; ++number)
    history.organization.create(history.add_pipeline_of({number, 2}), commit_named("c"));
  const auto report = history.pass_of(1);
  EXPECT_EQ(report.counts.builds, 1U);
  EXPECT_EQ(report.counts.other_shard, 1U);
}

TEST(Shards, SayWhoseACommitIsThatOneIsAskedToRepair) {
  ShardHistory history(2);
  history.organization.create(history.add_pipeline_of({2, 2}), commit_named("c"));
  history.settings.commits = {commit_named("c")};
  EXPECT_EQ(history.pass_of(1).counts.posted, 0U);
  EXPECT_NE(history.messages.find("other shards' to report"), std::string::npos) << history.messages;
  history.messages.clear();
  EXPECT_EQ(history.pass_of(2).counts.posted, 1U);
  EXPECT_EQ(history.messages, "");
}

}  // namespace
}  // namespace connector
