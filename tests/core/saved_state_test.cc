// Whose a state is, and what becomes of it when the pipelines are divided among another number of shards.
#include "core/saved_state.hh"

#include <gtest/gtest.h>

#include "core/a_sighting.hh"
#include "support/a_build.hh"

namespace connector {
namespace {

Identity acme(const Shard& shard) {
  return {"acme", "https://api.buildkite.com", "https://git.example.com", shard};
}

TEST(Kinship, IsByOrganizationServersAndShard) {
  EXPECT_EQ(kinship(acme({}), acme({})), Kinship::own);
  EXPECT_EQ(kinship(acme({2, 3}), acme({2, 3})), Kinship::own);
  Identity umbrella = acme({2, 3});
  umbrella.organization = "umbrella";
  EXPECT_EQ(kinship(umbrella, acme({2, 3})), Kinship::foreign);
  Identity elsewhere = acme({});
  elsewhere.bitbucket_url = "https://git2.example.com";
  EXPECT_EQ(kinship(elsewhere, acme({1, 2})), Kinship::foreign);
}

TEST(Kinship, OfAStateOutlivesAnotherNumberOfShards) {
  EXPECT_EQ(kinship(acme({}), acme({1, 3})), Kinship::resharded);
  EXPECT_EQ(kinship(acme({2, 2}), acme({2, 3})), Kinship::resharded);
  EXPECT_EQ(kinship(acme({3, 3}), acme({1, 2})), Kinship::resharded) << "any of them may go on with it";
  EXPECT_EQ(kinship(acme({2, 3}), acme({})), Kinship::resharded);
}

TEST(Kinship, OfAShardBesideItIsNone) {
  EXPECT_EQ(kinship(acme({1, 3}), acme({2, 3})), Kinship::foreign) << "two shards were given one file";
}

TEST(Resharding, LooksBackOnceMoreAndForgetsNothingThatWasTold) {
  SavedState state;
  state.identity = acme({});
  state.cursors.created = support::noon;
  state.cursors.finished = support::noon;
  state.cursors.last_complete = support::noon;
  state.remembered_from = support::noon;
  state.open_listing_to = support::noon;
  state.sweeps.daily = support::noon;
  state.rereads.held_commits = {"c"};
  state.ledger.observe(sighting(1, BitbucketState::in_progress, true));
  reshard(state, {1, 2});
  EXPECT_EQ(state.identity, acme({1, 2}));
  EXPECT_EQ(state.cursors, Cursors{});
  EXPECT_EQ(state.remembered_from, std::nullopt);
  EXPECT_EQ(state.open_listing_to, std::nullopt);
  EXPECT_EQ(state.sweeps.daily, std::nullopt);
  EXPECT_EQ(state.rereads.held_commits.size(), 1U);
  EXPECT_EQ(state.ledger.size(), 1U);
}

}  // namespace
}  // namespace connector
