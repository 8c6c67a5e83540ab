// Plan and settle: made-up builds, seen in any order, and posts that come to anything. In the end, when all
// is read and posted once more, the plan is empty and Bitbucket shows the newest build that ran.
#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/admission.hh"
#include "core/ledger/doubt.hh"
#include "core/ledger/parking.hh"
#include "core/ledger/plan.hh"
#include "core/ledger/settle.hh"
#include "core/saved_state.hh"
#include "fuzz/input.hh"
#include "fuzz/target.hh"
#include "state/decode.hh"
#include "state/encode.hh"
#include "support/a_build.hh"

namespace connector::fuzz {
namespace {

struct Made {
  std::uint64_t number = 0;
  BitbucketState state = BitbucketState::in_progress;
  bool open = true;
  bool ran = true;  ///< else it ended without a verdict
};

/// All builds of one key, by number, and what Bitbucket shows for it.
struct Place {
  StatusKey key;
  std::vector<Made> builds;
  std::optional<Told> shown;
};

constexpr Evidence all_read{true, {}};

class World {
 public:
  explicit World(std::string_view input) : choices_(input) {
    for (std::size_t i = 0; i < places_.size(); ++i)
      places_.at(i).key = {
          {"ACME", i == 2 ? "api" : "web"}, support::commit_named(i == 1 ? "b" : "a"), "key"};
  }

  void live();
  void come_to_rest();

 private:
  void happen();
  void change(Made& build);
  void look(Place& place);
  void see(const Place& place, const Made& build, Source source);
  void read_all(const Place& place);
  void post(bool all_goes_well);
  Delivery attempt(Place& place, const Told& told, bool goes_well);
  void check_doubts();
  void begin_pass(std::chrono::milliseconds later);
  void expect_right(const Place& place) const;
  Place& place_of(const StatusKey& key);

  Choices choices_;
  std::array<Place, 3> places_;
  SavedState state_;
  Timestamp now_ = support::noon;
};

Sighting sighting_of(const Place& place, const Made& build) {
  Sighting seen;
  seen.key = place.key;
  seen.pipeline = "web";
  seen.build_number = build.number;
  seen.build_created_at = support::noon + std::chrono::minutes(build.number);
  seen.build_open = build.open;
  seen.status.state = build.ran ? build.state : BitbucketState::cancelled;
  seen.status.build_number = build.number;
  seen.status.url = "https://buildkite.com/acme-inc/web/builds/" + std::to_string(build.number);
  return seen;
}

/// The newest that ran; nothing when none did.
const Made* deciding(const Place& place) {
  const auto found =
      std::find_if(place.builds.rbegin(), place.builds.rend(), [](const Made& b) { return b.ran; });
  return found == place.builds.rend() ? nullptr : &*found;
}

Place& World::place_of(const StatusKey& key) {
  return *std::find_if(places_.begin(), places_.end(), [&](const Place& place) { return place.key == key; });
}

void World::change(Made& build) {
  constexpr std::array<Made, 6> ways = {{{0, BitbucketState::in_progress, true, true},
                                         {0, BitbucketState::failed, true, true},
                                         {0, BitbucketState::successful, false, true},
                                         {0, BitbucketState::failed, false, true},
                                         {0, BitbucketState::cancelled, false, true},
                                         {0, BitbucketState::cancelled, false, false}}};
  const std::uint64_t number = build.number;
  build = ways.at(choices_.of(ways.size()));
  build.number = number;
}

/// As a pass takes note of a build.
void World::see(const Place& place, const Made& build, Source source) {
  const Sighting sighting = sighting_of(place, build);
  if (!build.ran) {
    state_.ledger.observe_without_verdict(sighting);
    return;
  }
  const LedgerEntry* known = state_.ledger.find(place.key);
  if (is_known(known, sighting) || may_decide(known, sighting, source, {})) state_.ledger.observe(sighting);
}

void World::read_all(const Place& place) {
  const auto& builds = place.builds;
  std::for_each(builds.rbegin(), builds.rend(),
                [&](const Made& build) { see(place, build, Source::commit); });
}

void World::look(Place& place) {
  if (place.builds.empty()) return;
  switch (choices_.of(3)) {
    case 0:
      return see(place, place.builds.back(), Source::head);
    case 1:
      return see(place, place.builds.at(choices_.of(static_cast<unsigned>(place.builds.size()))),
                 Source::partial);
    default:
      read_all(place);
      state_.ledger.conclude({place.key.commit}, CommitRead::over_several_passes);
  }
}

Delivery World::attempt(Place& place, const Told& told, bool goes_well) {
  const unsigned way = goes_well ? 0 : choices_.of(6);
  const bool arrives = way <= 1;
  if (arrives) place.shown = told;
  constexpr std::array<DeliveryResult, 6> results = {DeliveryResult::delivered, DeliveryResult::try_later,
                                                     DeliveryResult::try_later, DeliveryResult::refused,
                                                     DeliveryResult::try_later, DeliveryResult::bad_login};
  return {.result = results.at(way), .may_have_arrived = way == 1 || way == 2, .text = "refused"};
}

void World::post(bool all_goes_well) {
  for (const std::size_t position : plan_posts(state_.ledger, all_read, state_.parked, now_)) {
    LedgerEntry& entry = state_.ledger.at(position);
    const Told told = told_by(entry.outgoing->status);
    expect(entry.told != told, "nothing is told that is shown already");
    expect(entry.build_number == told.build_number || entry.build_number == 0,
           "no other build is told of than the one that decides");
    entry.in_hand = true;
    auto letter = settle(entry, told, attempt(place_of(entry.key), told, all_goes_well), now_);
    if (letter) state_.dead_letters.push_back(std::move(*letter));
  }
  const bool nothing_left = plan_posts(state_.ledger, all_read, state_.parked, now_).empty();
  expect(nothing_left, "a pass plans nothing twice");
}

void World::check_doubts() {
  for (const std::size_t position : doubts_to_check(state_.ledger, now_)) {
    LedgerEntry& entry = state_.ledger.at(position);
    const bool agrees = place_of(entry.key).shown == entry.told;
    settle_check(entry, agrees ? Reading::agrees : Reading::differs, now_);
  }
}

/// On what the pass before has saved, now and then.
void World::begin_pass(std::chrono::milliseconds later) {
  if (choices_.flag()) {
    const auto saved = state::decode(state::encode(state_));
    expect(std::holds_alternative<SavedState>(saved), "what was saved can be loaded");
    state_ = std::get<SavedState>(saved);
  }
  now_ += later;
  state_.ledger.begin_pass();
}

void World::happen() {
  constexpr std::array<std::chrono::minutes, 4> pauses = {std::chrono::minutes{1}, std::chrono::minutes{6},
                                                          std::chrono::hours{7}, std::chrono::hours{80}};
  Place& place = places_.at(choices_.of(static_cast<unsigned>(places_.size())));
  switch (choices_.of(7)) {
    case 0:
      place.builds.push_back({place.builds.size() + 1});
      return;
    case 1:
      if (!place.builds.empty())
        change(place.builds.at(choices_.of(static_cast<unsigned>(place.builds.size()))));
      return;
    case 2:
    case 3:
      return look(place);
    case 4:
      return post(false);
    case 5:
      return check_doubts();
    default:
      begin_pass(pauses.at(choices_.of(pauses.size())));
  }
}

void World::live() {
  constexpr unsigned most_events = 200;
  for (unsigned i = 0; i < most_events && !choices_.ended(); ++i) happen();
}

void World::come_to_rest() {
  constexpr unsigned most_passes = 8;  // a doubt may have to be checked three times
  bool is_at_rest = false;
  for (unsigned i = 0; i < most_passes && !is_at_rest; ++i) {
    begin_pass(std::chrono::hours{7});
    for (const Place& place : places_) read_all(place);
    for (const Place& place : places_) state_.ledger.conclude({place.key.commit}, CommitRead::in_this_pass);
    check_doubts();
    is_at_rest = plan_posts(state_.ledger, all_read, state_.parked, now_).empty();
    post(true);
    is_at_rest = is_at_rest && state_.ledger.outbox_size() == 0 &&
                 std::none_of(state_.ledger.entries().begin(), state_.ledger.entries().end(),
                              [](const LedgerEntry& entry) { return entry.doubt && entry.told; });
  }
  expect(is_at_rest, "posting everything leaves an empty plan");
  for (const Place& place : places_) expect_right(place);
}

void World::expect_right(const Place& place) const {
  const LedgerEntry* entry = state_.ledger.find(place.key);
  const Made* build = deciding(place);
  const bool closed_or_nothing = !place.shown || place.shown->state != BitbucketState::in_progress;
  if (build == nullptr)
    return expect(closed_or_nothing || (entry != nullptr && entry->given_up), "nothing stays in progress");
  const Told wanted = told_by(sighting_of(place, *build).status);
  expect(entry != nullptr, "no build is lost");
  expect(place.shown == wanted || entry->given_up == wanted, "the newest build that ran is shown");
}

const Target ledgers("ledgers", [](std::string_view input) {
  World world(input);
  world.live();
  world.come_to_rest();
});

}  // namespace
}  // namespace connector::fuzz
