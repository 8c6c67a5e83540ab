// The ledger's entries when their repository is renamed, and the branch that a status names.
#include <gtest/gtest.h>

#include "core/a_sighting.hh"
#include "core/ledger/ledger.hh"

namespace connector {
namespace {

constexpr auto passed = BitbucketState::successful;

Sighting on_branch(std::uint64_t number, const std::string& branch, bool of_pull_request = false) {
  Sighting seen = sighting(number, passed);
  seen.status.ref = "refs/heads/" + branch;
  seen.of_pull_request = of_pull_request;
  return seen;
}

std::string ref_to_post(Ledger& ledger) {
  const auto& outgoing = ledger.find(web_key)->outgoing;
  return outgoing ? outgoing->status.ref : "nothing to post";
}

TEST(Branch, OfTheNewestBuildIsNamed) {
  Ledger ledger;
  ledger.observe(on_branch(2, "main"));
  ledger.observe(on_branch(1, "login"));
  EXPECT_EQ(ref_to_post(ledger), "refs/heads/main");
}

TEST(Branch, OfAPullRequestIsNamedWhicheverBuildDecides) {
  for (const bool newest_first : {true, false}) {
    Ledger ledger;
    if (newest_first) ledger.observe(on_branch(2, "main"));
    ledger.observe(on_branch(1, "login", true));
    if (!newest_first) ledger.observe(on_branch(2, "main"));
    EXPECT_EQ(ref_to_post(ledger), "refs/heads/login");
    EXPECT_EQ(ledger.find(web_key)->outgoing->status.build_number, 2U);
  }
}

TEST(Branch, OfTheNewestPullRequestIsNamed) {
  Ledger ledger;
  ledger.observe(on_branch(3, "main"));
  ledger.observe(on_branch(2, "second", true));
  ledger.observe(on_branch(1, "first", true));
  EXPECT_EQ(ref_to_post(ledger), "refs/heads/second");
}

TEST(Branch, OfAPullRequestIsRememberedOverPasses) {
  Ledger ledger;
  ledger.observe(on_branch(1, "login", true));
  deliver(ledger);
  ledger.begin_pass();
  ledger.observe(on_branch(2, "main"));
  EXPECT_EQ(ref_to_post(ledger), "refs/heads/login");
}

TEST(Branch, MakesNoStatusDueByItself) {
  Ledger ledger;
  ledger.observe(on_branch(2, "main"));
  deliver(ledger);
  ledger.observe(on_branch(1, "login", true));
  EXPECT_EQ(ledger.outbox_size(), 0U);
}

TEST(Branch, ThatCannotBeNamedDisplacesNone) {
  Ledger ledger;
  Sighting of_fork = on_branch(3, "", true);
  of_fork.status.ref.clear();
  ledger.observe(on_branch(2, "login", true));
  ledger.observe(of_fork);
  EXPECT_EQ(ref_to_post(ledger), "refs/heads/login");
}

TEST(RenamedRepository, TakesItsEntriesAlong) {
  Ledger ledger;
  ledger.observe(sighting(1, passed));
  ledger.rename(web_key.repository, {"OPS", "site"});
  EXPECT_EQ(ledger.find(web_key), nullptr);
  const LedgerEntry* entry = ledger.find({{"OPS", "site"}, web_key.commit, web_key.key});
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->build_number, 1U);
  EXPECT_EQ(ledger.outbox_size(), 1U);
}

TEST(RenamedRepository, LetsTheNewerBuildGoOnWhereBothNamesHaveAnEntry) {
  Ledger ledger;
  Sighting older = sighting(4, passed);
  older.key.repository = {"OPS", "site"};
  ledger.observe(older);
  ledger.observe(sighting(5, passed));
  ledger.rename(web_key.repository, {"OPS", "site"});
  EXPECT_EQ(ledger.find(older.key)->build_number, 5U);
  EXPECT_EQ(ledger.outbox_size(), 1U);
  ledger.rename({"OPS", "site"}, web_key.repository);
  EXPECT_EQ(ledger.find(web_key)->build_number, 5U) << "and back again";
  EXPECT_EQ(ledger.outbox_size(), 1U);
}

TEST(RenamedRepository, LeavesAnEntryThatIsThereAlready) {
  Ledger ledger;
  ledger.observe(sighting(1, passed, true));
  Sighting known = sighting(2, passed);
  known.key.repository = {"OPS", "site"};
  ledger.observe(known);
  ledger.rename(web_key.repository, {"OPS", "site"});
  EXPECT_EQ(ledger.find(known.key)->build_number, 2U);
  EXPECT_EQ(ledger.outbox_size(), 1U) << "the old entry has nothing to say any more";
  EXPECT_EQ(ledger.find(web_key), nullptr);
}

}  // namespace
}  // namespace connector
