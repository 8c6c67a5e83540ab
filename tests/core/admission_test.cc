// Which builds may decide at once, by what showed them.
#include "core/admission.hh"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <optional>
#include <ostream>
#include <string_view>
#include <utility>
#include <vector>

#include "core/a_sighting.hh"
#include "support/a_build.hh"

namespace connector {
namespace {

using support::noon;
using namespace std::chrono_literals;

/// What the ledger knows of the key before build 5 is shown.
enum class Known { nothing, build_3, build_5, build_7, lost_build_4, lost_build_5, lost_build_7 };

std::optional<LedgerEntry> entry_of(Known known) {
  LedgerEntry entry;
  switch (known) {
    case Known::nothing:
      return std::nullopt;
    case Known::build_3:
      entry.build_number = 3;
      break;
    case Known::build_5:
      entry.build_number = 5;
      break;
    case Known::build_7:
      entry.build_number = 7;
      break;
    case Known::lost_build_4:
      entry.newest_without_verdict = 4;
      break;
    case Known::lost_build_5:
      entry.newest_without_verdict = 5;
      break;
    case Known::lost_build_7:
      entry.newest_without_verdict = 7;
      break;
  }
  return entry;
}

struct AdmissionCase {
  std::string_view what;
  Known known;
  bool by_created_listing;  ///< its head, a gap or a sweep
  bool by_partial;
};

void PrintTo(const AdmissionCase& c, std::ostream* out) {
  *out << c.what;
}

class Admission : public testing::TestWithParam<AdmissionCase> {};

TEST_P(Admission, DependsOnWhatShowsTheBuild) {
  const auto& c = GetParam();
  const auto known = entry_of(c.known);
  const Sighting build_5 = sighting(5, BitbucketState::successful);
  const auto decides = [&](Source source) {
    return may_decide(known ? &*known : nullptr, build_5, source, {});
  };
  EXPECT_EQ(decides(Source::head), c.by_created_listing);
  EXPECT_EQ(decides(Source::gap), c.by_created_listing);
  EXPECT_EQ(decides(Source::sweep), c.by_created_listing);
  EXPECT_EQ(decides(Source::partial), c.by_partial);
  EXPECT_TRUE(decides(Source::commit));
}

INSTANTIATE_TEST_SUITE_P(
    Sources, Admission,
    testing::Values(AdmissionCase{"unknown key", Known::nothing, true, false},
                    AdmissionCase{"an older build decided", Known::build_3, true, true},
                    AdmissionCase{"the build itself decided", Known::build_5, true, true},
                    AdmissionCase{"a newer build decided", Known::build_7, true, true},
                    AdmissionCase{"an older build lost its verdict", Known::lost_build_4, true, false},
                    AdmissionCase{"the build itself had none", Known::lost_build_5, false, false},
                    AdmissionCase{"a newer build lost its verdict", Known::lost_build_7, false, false}));

TEST(Admission, OfAPartialReadNeedsThatNoGapLiesAboveTheBuild) {
  const auto known = entry_of(Known::build_3);
  const Sighting build_5 = sighting(5, BitbucketState::successful);
  const Timestamp created = build_5.build_created_at;
  const auto decides = [&](Source source, const std::vector<Gap>& gaps) {
    return may_decide(&*known, build_5, source, gaps);
  };
  EXPECT_TRUE(decides(Source::partial, {{created - 1h, created}})) << "ends below the build";
  EXPECT_FALSE(decides(Source::partial, {{created - 1h, created + 1s}})) << "the build lies in it";
  EXPECT_FALSE(decides(Source::partial, {{created + 1h, created + 2h}, {created - 2h, created - 1h}}));
  for (const Source source : {Source::head, Source::gap, Source::sweep, Source::commit}) {
    EXPECT_TRUE(decides(source, {{created + 1h, created + 2h}}));
  }
  const auto newer = entry_of(Known::build_7);
  EXPECT_TRUE(may_decide(&*newer, build_5, Source::partial, {{created + 1h, created + 2h}}))
      << "the ledger passes an older build over";
}

TEST(KnownSighting, IsOneThatBitbucketWasToldOrIsAboutToBe) {
  const auto entry_with = [](const std::function<void(LedgerEntry&)>& change) {
    Ledger ledger;
    ledger.observe(sighting(5, BitbucketState::successful));
    change(ledger.at(0));
    return ledger.at(0);
  };
  const Sighting build_5 = sighting(5, BitbucketState::successful);
  const Told told = told_by(build_5.status);
  EXPECT_FALSE(is_known(nullptr, build_5));
  const std::vector<std::pair<std::string_view, LedgerEntry>> known = {{"waits", entry_with([](auto&) {})},
                                                                       {"told", entry_with([&](auto& entry) {
                                                                          entry.told = told;
                                                                          entry.outgoing.reset();
                                                                        })}};
  for (const auto& [what, entry] : known) EXPECT_TRUE(is_known(&entry, build_5)) << what;
  const std::vector<std::pair<std::string_view, LedgerEntry>> news = {
      {"another build", entry_with([](auto& entry) { entry.build_number = 4; })},
      {"was open", entry_with([](auto& entry) { entry.build_open = true; })},
      {"nothing told", entry_with([](auto& entry) { entry.outgoing.reset(); })},
      {"another state waits",
       entry_with([](auto& entry) { entry.outgoing->status.state = BitbucketState::failed; })},
      {"another address waits",
       entry_with([](auto& entry) { entry.outgoing->status.url = "https://buildkite.com/other"; })}};
  for (const auto& [what, entry] : news) EXPECT_FALSE(is_known(&entry, build_5)) << what;
}

}  // namespace
}  // namespace connector
