// The text of the state file: everything comes back, nothing damaged passes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <new>
#include <sstream>
#include <string>
#include <variant>

#include "sample_state.hh"
#include "state/checksum.hh"
#include "state/decode.hh"
#include "state/encode.hh"
#include "state/json_fields.hh"

namespace connector::state {
namespace {

// A file as a later or a careless writer would leave it: these lines below a checksum that holds.
std::string signed_text(const std::string& rest) {
  return checksum_line(rest) + rest;
}

std::string replaced(std::string text, const std::string& old_part, const std::string& new_part) {
  const auto place = text.find(old_part);
  EXPECT_NE(place, std::string::npos) << old_part;
  return text.replace(place, old_part.size(), new_part);
}

std::string rest_of(const std::string& text) {
  return text.substr(text.find('\n') + 1);
}

std::string damage_of(const std::string& text) {
  const Decoded decoded = decode(text);
  const auto* damaged = std::get_if<Damaged>(&decoded);
  return damaged != nullptr ? damaged->reason : "not damaged";
}

void expect_same_entry(const LedgerEntry& entry, const Ledger& ledger) {
  const LedgerEntry* found = ledger.find(entry.key);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->pipeline, entry.pipeline);
  EXPECT_EQ(found->build_number, entry.build_number);
  EXPECT_EQ(found->build_created_at, entry.build_created_at);
  EXPECT_EQ(found->build_open, entry.build_open);
  EXPECT_EQ(found->last_status, entry.last_status);
  EXPECT_EQ(found->newest_without_verdict, entry.newest_without_verdict);
  EXPECT_EQ(found->closing, entry.closing);
  EXPECT_EQ(found->missing, entry.missing);
  EXPECT_EQ(found->told, entry.told);
  EXPECT_EQ(found->doubt, entry.doubt);
  EXPECT_EQ(found->given_up, entry.given_up);
  EXPECT_EQ(found->outgoing, entry.outgoing);
}

TEST(StateText, BringsEveryMemberBack) {
  const SavedState state = full_state();
  Decoded decoded = decode(encode(state));
  ASSERT_TRUE(std::holds_alternative<SavedState>(decoded)) << damage_of(encode(state));
  const auto& back = std::get<SavedState>(decoded);
  EXPECT_EQ(back.identity, state.identity);
  EXPECT_EQ(back.generation, state.generation);
  EXPECT_EQ(back.last_run, state.last_run);
  EXPECT_EQ(back.failing_since, state.failing_since);
  EXPECT_EQ(back.cursors, state.cursors);
  EXPECT_EQ(back.posting, state.posting);
  EXPECT_EQ(back.open_listing_to, state.open_listing_to);
  EXPECT_EQ(back.sweeps, state.sweeps);
  EXPECT_EQ(back.remembered_from, state.remembered_from);
  EXPECT_EQ(back.rereads, state.rereads);
  EXPECT_EQ(back.dead_letters, state.dead_letters);
  EXPECT_EQ(back.capabilities, state.capabilities);
  EXPECT_EQ(back.warned, state.warned);
  ASSERT_EQ(back.ledger.size(), state.ledger.size());
  for (const LedgerEntry& entry : state.ledger.entries()) expect_same_entry(entry, back.ledger);
}

TEST(StateText, BringsAFreshStateBack) {
  SavedState state;
  state.identity = acme();
  Decoded decoded = decode(encode(state));
  ASSERT_TRUE(std::holds_alternative<SavedState>(decoded)) << damage_of(encode(state));
  const auto& back = std::get<SavedState>(decoded);
  EXPECT_EQ(back.identity, acme());
  EXPECT_FALSE(back.last_run || back.failing_since || back.capabilities);
  EXPECT_EQ(back.cursors, Cursors{});
  EXPECT_EQ(back.ledger.size(), 0U);
}

TEST(StateText, IsTheSameForTheSameState) {
  const std::string text = encode(full_state());
  EXPECT_EQ(encode(full_state()), text);
  EXPECT_EQ(encode(std::get<SavedState>(decode(text))), text);
}

TEST(StateText, StaysValidJsonWhateverTheTextsHold) {
  SavedState state = full_state();
  state.dead_letters.front().reason = std::string("\0\x1B[31m\xFF\"\\\n", 9);
  const Decoded decoded = decode(encode(state));
  ASSERT_TRUE(std::holds_alternative<SavedState>(decoded)) << damage_of(encode(state));
  EXPECT_EQ(std::get<SavedState>(decoded).dead_letters.front().reason,
            std::string("\0\x1B[31m\xEF\xBF\xBD\"\\\n", 11));
}

TEST(StateText, GivesEachLedgerEntryALineOfItsOwn) {
  const std::string before = encode(full_state());
  SavedState state = full_state();
  state.ledger.add(delivered_entry(std::string(40, 'e'), 13));
  const std::string after = encode(state);
  EXPECT_EQ(std::count(after.begin(), after.end(), '\n'), std::count(before.begin(), before.end(), '\n') + 1);
}

TEST(StateText, TakesAtMost160BytesForADeliveredEntry) {
  SavedState state;
  constexpr std::uint64_t count = 1000;
  const std::size_t bare = encode(state).size();
  for (std::uint64_t number = 0; number < count; ++number) {
    std::string commit = std::to_string(number);
    commit.resize(40, 'f');
    state.ledger.add(delivered_entry(commit, number));
  }
  EXPECT_LE(encode(state).size() - bare, 160 * count);
}

TEST(StateText, IsDamagedByEveryChangeOfOneByte) {
  const std::string text = encode(full_state());
  for (std::size_t place = 0; place < text.size(); ++place) {
    for (const char mask : {'\x01', '\x20', '\x7F'}) {
      std::string changed = text;
      changed[place] = static_cast<char>(changed[place] ^ mask);
      ASSERT_NE(damage_of(changed), "not damaged") << "byte " << place << " changed by " << int{mask};
    }
  }
}

TEST(StateText, IsDamagedByEveryTruncation) {
  const std::string text = encode(full_state());
  for (std::size_t size = 0; size < text.size(); ++size) {
    ASSERT_NE(damage_of(text.substr(0, size)), "not damaged") << size << " of " << text.size() << " bytes";
  }
}

TEST(StateText, IsDamagedByAnythingBehindIt) {
  EXPECT_NE(damage_of(encode(full_state()) + "\n"), "not damaged");
}

TEST(StateText, TellsWhatIsWrong) {
  EXPECT_EQ(damage_of(""), "it is empty");
  EXPECT_EQ(damage_of(std::string(4096, '\0')), "its checksum is wrong");
  EXPECT_EQ(damage_of("{}"), "its checksum is wrong");
}

TEST(StateText, OfANewerFormatIsRecognizedWhateverElseItHolds) {
  const Decoded decoded = decode(signed_text("\"format\":3,\n\"generation\":{\"new\":[1]}}\n"));
  ASSERT_TRUE(std::holds_alternative<NewerFormat>(decoded));
  EXPECT_EQ(std::get<NewerFormat>(decoded).format, 3U);
}

TEST(StateText, OfANewerFormatWithABadChecksumIsDamaged) {
  std::string text = signed_text("\"format\":3}\n");
  text[text.find("fnv1a64:") + 8] ^= 1;
  EXPECT_EQ(damage_of(text), "its checksum is wrong");
}

// Else a pass without memory would set a good state aside.
TEST(StateText, IsNotDamagedBecauseMemoryIsShort) {
  EXPECT_THROW(require(simdjson::MEMALLOC, "the text"), std::bad_alloc);
  EXPECT_THROW(require(simdjson::TAPE_ERROR, "the text"), Unreadable);
}

TEST(StateText, PassesOverMembersItDoesNotKnow) {
  const std::string rest = replaced(rest_of(encode(full_state())), "\"generation\"",
                                    "\"later\":{\"a\":[1,null]},\n\"generation\"");
  EXPECT_EQ(damage_of(signed_text(rest)), "not damaged");
}

struct BadContents {
  const char* name;
  const char* old_part;
  const char* new_part;
  const char* reason;
};

void PrintTo(const BadContents& bad, std::ostream* out) {
  *out << bad.name;
}

class StateContents : public testing::TestWithParam<BadContents> {};

TEST_P(StateContents, ThatCannotBeAreDamage) {
  const std::string rest = replaced(rest_of(encode(full_state())), GetParam().old_part, GetParam().new_part);
  EXPECT_EQ(damage_of(signed_text(rest)), GetParam().reason);
}

constexpr BadContents bad_contents[] = {
    {"BrokenBeforeTheMembersLookedFor", "T11:57:00.000Z\"}", "T11:57:00.000Z\"{",
     "'the text' is missing or of the wrong kind"},
    {"FormatZero", "\"format\":2", "\"format\":0", "there is no format 0"},
    {"NegativeFormat", "\"format\":2", "\"format\":-1", "'format' is missing or of the wrong kind"},
    {"NoGeneration", "\"generation\":41,", "", "'generation' is missing or of the wrong kind"},
    {"FractionalGeneration", "\"generation\":41", "\"generation\":4.5",
     "'generation' is missing or of the wrong kind"},
    {"IdentityAsText", "\"identity\":{", "\"identity\":\"\",\"x\":{",
     "'identity' is missing or of the wrong kind"},
    {"ImpossibleTime", "2026-01-31T12:00:00.000Z", "2026-02-31T12:00:00.000Z", "'at' is not a time"},
    {"CursorInTheFuture", "\"created\":\"2026-", "\"created\":\"2999-",
     "'cursors' are at an impossible time"},
    {"CursorBeforeAllBuilds", "\"finished\":\"2026-", "\"finished\":\"1969-",
     "'cursors' are at an impossible time"},
    {"GapsOutOfOrder", "\"from\":\"2026-01-31T03", "\"from\":\"2026-01-31T11", "'gaps' are out of order"},
    {"BranchAsCommit", "\"c\":\"aaaa", "\"c\":\"../a", "'c' is not a full commit id"},
    {"SameEntryTwice", "\"c\":\"cccccccccccccccccccccccccccccccccccccccc",
     "\"c\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "the ledger holds an entry twice"},
    {"UnknownState", "[\"SUCCESSFUL\",11", "[\"GREAT\",11", "'told' is not a state of Bitbucket"},
    {"ShortTold", ",11,\"fedcba9876543210\"]", ",11]", "'told' has not three values"},
    {"ShortDigest", "\"fedcba9876543210\"", "\"fedcba987654321\"",
     "'told' has no digest of 16 hexadecimal digits"},
    {"TooManyRefusals", "\"refusals\":3", "\"refusals\":4294967296", "'refusals' is out of range"},
    {"FlagAsText", "\"repository_builds\":true", "\"repository_builds\":\"yes\"",
     "'repository_builds' is missing or of the wrong kind"},
};

INSTANTIATE_TEST_SUITE_P(Each, StateContents, testing::ValuesIn(bad_contents),
                         [](const auto& row) { return std::string(row.param.name); });

std::string golden(const std::string& name) {
  const char* root = std::getenv("SOURCE_ROOT");
  EXPECT_NE(root, nullptr) << "set SOURCE_ROOT to the root of the source tree";
  std::ifstream file(std::string(root == nullptr ? "" : root) + "/tests/data/" + name, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(StateText, OfFormatOneIsReadByEveryLaterVersion) {
  const Decoded decoded = decode(golden("state-format-1.json"));
  ASSERT_TRUE(std::holds_alternative<SavedState>(decoded)) << damage_of(golden("state-format-1.json"));
  const auto& state = std::get<SavedState>(decoded);
  EXPECT_EQ(state.identity.organization, "acme-inc");
  EXPECT_EQ(state.generation, 41U);
  EXPECT_EQ(state.cursors.gaps.size(), 2U);
  EXPECT_EQ(state.ledger.size(), 3U);
  EXPECT_FALSE(state.posting);
}

TEST(StateText, OfFormatOneKeepsADoubtAndKnowsOfNothingTold) {
  const Decoded decoded = decode(golden("state-format-1.json"));
  ASSERT_TRUE(std::holds_alternative<SavedState>(decoded));
  const LedgerEntry* entry =
      std::get<SavedState>(decoded).ledger.find(delivered_entry(std::string(40, 'c'), 12).key);
  ASSERT_NE(entry, nullptr);
  ASSERT_TRUE(entry->doubt.has_value());
  EXPECT_EQ(entry->doubt->posted->state, BitbucketState::in_progress);
  EXPECT_FALSE(entry->told.has_value());
}

TEST(StateText, OfFormatOneSaysWhatClosesAnOpenBuild) {
  const Decoded decoded = decode(golden("state-format-1.json"));
  ASSERT_TRUE(std::holds_alternative<SavedState>(decoded));
  std::size_t open = 0;
  for (const LedgerEntry& entry : std::get<SavedState>(decoded).ledger.entries()) {
    if (!entry.build_open) continue;
    ++open;
    ASSERT_TRUE(entry.last_status.has_value());
    EXPECT_EQ(entry.last_status->build_number, entry.build_number);
    EXPECT_EQ(entry.last_status->url, "https://buildkite.com/acme-inc/" + entry.pipeline + "/builds/" +
                                          std::to_string(entry.build_number));
  }
  EXPECT_GE(open, 1U);
}

TEST(StateText, OfFormatTwoIsReadByEveryLaterVersion) {
  const Decoded decoded = decode(golden("state-format-2.json"));
  ASSERT_TRUE(std::holds_alternative<SavedState>(decoded)) << damage_of(golden("state-format-2.json"));
  EXPECT_EQ(encode(std::get<SavedState>(decoded)), golden("state-format-2.json"));
}

}  // namespace
}  // namespace connector::state
