// A state in which every member of SavedState has a value, for the tests of the state file.
#pragma once

#include <chrono>
#include <string>

#include "core/saved_state.hh"

namespace connector::state {

constexpr Timestamp noon = std::chrono::sys_days{std::chrono::year{2026} / 1 / 31} + std::chrono::hours{12};

inline Identity acme() {
  return {"acme-inc", "https://api.buildkite.com", "https://bitbucket.example.com/bitbucket"};
}

inline LedgerEntry delivered_entry(const std::string& commit, std::uint64_t number) {
  LedgerEntry entry;
  entry.key = {{"WEB", "frontend"}, commit, "018f1c2a-0000-4000-8000-000000000001"};
  entry.pipeline = "web-frontend";
  entry.subject = 0x00000000DEADBEEFU;
  entry.build_number = number;
  entry.build_created_at = noon + std::chrono::milliseconds(number);
  entry.told = Told{BitbucketState::successful, number, 0xFEDCBA9876543210U};
  return entry;
}

/// Delivered once; a later post got no answer, and an even later one was refused for good.
inline LedgerEntry troubled_entry(const std::string& commit, std::uint64_t number) {
  LedgerEntry entry = delivered_entry(commit, number);
  entry.pull_request_build = 9;
  entry.pull_request_ref = "refs/heads/login";
  entry.doubt = Doubt{Told{BitbucketState::in_progress, number, 0xFEDCBA9876543210U},
                      noon + std::chrono::minutes(4), 1};
  entry.given_up = Told{BitbucketState::failed, number, 0x0123456789ABCDEFU};
  return entry;
}

inline LedgerEntry refused_entry(const std::string& commit) {
  LedgerEntry entry;
  entry.key = {{"~jo.doe", "payments"}, commit, "payments \"api\"\nnext"};
  entry.pipeline = "payments-api";
  entry.build_number = 18'446'744'073'709'551'615U;
  entry.build_created_at = noon - std::chrono::hours(30);
  entry.build_open = true;
  Outgoing& outgoing = entry.outgoing.emplace();
  outgoing.status = {BitbucketState::in_progress,
                     18'446'744'073'709'551'615U,
                     "https://buildkite.com/acme-inc/payments-api/builds/7",
                     "payments-api #7",
                     "Zürich \U0001F680 says \\ \"hi\"",
                     "payments-api",
                     "refs/heads/main",
                     -1};
  outgoing.failures = 2;
  outgoing.refusals = 3;
  outgoing.first_refused = noon - std::chrono::hours(2);
  outgoing.not_before = noon + std::chrono::minutes(20);
  entry.last_status = outgoing.status;
  entry.missing = Missing{noon - std::chrono::minutes(9), 2, true};
  return entry;
}

/// Its newest build turned out not to have run, and whether an older one did is not known yet.
inline LedgerEntry closing_entry(const std::string& commit, std::uint64_t number) {
  LedgerEntry entry = delivered_entry(commit, number);
  entry.build_number = 0;
  entry.newest_without_verdict = number;
  entry.closing = BuildStatus{BitbucketState::cancelled,
                              number,
                              "https://buildkite.com/acme-inc/web-frontend/builds/14",
                              "web-frontend #14",
                              "skipped",
                              "web-frontend",
                              "",
                              std::nullopt};
  return entry;
}

inline void add_rereads(SavedState& state) {
  Rereads& rereads = state.rereads;
  rereads.held_commits = {std::string(40, 'e'), std::string(40, 'f')};
  rereads.waiting_builds["018f1c2a-0000-4000-8000-00000000000a"] =
      WaitingBuild{"docs", 5, noon - std::chrono::minutes(50), Missing{noon, 1, false}, false};
  rereads.unfinished = CommitBatch{{std::string(40, 'e')}, Position{noon - std::chrono::minutes(30), 2}};
  rereads.batch_size = 25;
  rereads.last_commit = std::string(40, 'd');
  rereads.last_build = "docs/4";
}

inline void add_what_was_learned(SavedState& state) {
  state.capabilities = Capabilities{.repository_builds = true,
                                    .reading_by_key = true,
                                    .basic_plane_only = true,
                                    .learned = noon - std::chrono::hours(5)};
  state.login_refusal = LoginRefusal{0x0123456789ABCDEFU, 513, 2, noon - std::chrono::hours(1)};
  state.parked[{"WEB", "private"}] = Parking{noon + std::chrono::minutes(20), 3};
  state.repositories.hosts["ssh.example.com"].ours = true;
  HostFinding& other = state.repositories.hosts["gitlab.example.com/git"];
  other.not_found = {{"~jsmith", "web"}, {"WEB", "web"}};
  other.hidden = {{"WEB", "secret"}};
  other.asked = noon - std::chrono::hours(2);
  state.repositories.hosts["mirror.example.com"].foreign = true;
  state.repositories.renames[{"WEB", "old"}] = Rename{{"WEB", "frontend"}, noon - std::chrono::hours(3)};
}

inline SavedState full_state() {
  SavedState state;
  state.identity = acme();
  state.generation = 41;
  state.last_run = noon;
  state.failing_since = noon - std::chrono::minutes(7);
  state.cursors.created = noon - std::chrono::milliseconds(1);
  state.cursors.finished = noon - std::chrono::seconds(2);
  state.cursors.last_complete = noon - std::chrono::minutes(1);
  state.cursors.finished_walk = FinishedWalk{noon - std::chrono::hours(5), noon - std::chrono::hours(4),
                                             noon - std::chrono::minutes(3)};
  state.cursors.gaps = {{noon - std::chrono::hours(3), noon - std::chrono::hours(2), 3},
                        {noon - std::chrono::hours(9), noon - std::chrono::hours(8)}};
  state.posting = true;
  state.open_listing_to = noon - std::chrono::hours(6);
  state.sweeps = {Gap{noon - std::chrono::hours(24), noon - std::chrono::hours(20), 2},
                  noon - std::chrono::minutes(10), noon - std::chrono::hours(13)};
  state.remembered_from = noon - std::chrono::hours(180);
  add_rereads(state);
  state.ledger.add(delivered_entry(std::string(40, 'a'), 11));
  state.ledger.add(refused_entry(std::string(64, 'b')));
  state.ledger.add(troubled_entry(std::string(40, 'c'), 12));
  state.ledger.add(closing_entry(std::string(40, '9'), 14));
  state.dead_letters.push_back({{{"WEB", "gone"}, std::string(40, 'd'), "key"},
                                "web-frontend",
                                3,
                                noon - std::chrono::hours(1),
                                "404: no such commit"});
  add_what_was_learned(state);
  state.token_expires_at = noon + std::chrono::hours(100);
  state.warned = {{"token expires", noon - std::chrono::hours(23)}};
  return state;
}

}  // namespace connector::state
