// Sightings of the builds of one key, and what a pass does to a ledger of them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "core/ledger/ledger.hh"
#include "support/a_build.hh"

namespace connector {

inline const StatusKey web_key{{"ACME", "web"}, std::string(40, 'a'), "web-pipeline"};

/// Build `number` of web_key, created that many minutes after noon.
inline Sighting sighting(std::uint64_t number, BitbucketState state, bool open = false) {
  Sighting seen;
  seen.key = web_key;
  seen.pipeline = "web";
  seen.build_number = number;
  seen.build_created_at = support::noon + std::chrono::minutes{static_cast<int>(number)};
  seen.build_open = open;
  seen.status.state = state;
  seen.status.build_number = number;
  seen.status.url = "https://buildkite.com/acme-inc/web/builds/" + std::to_string(number);
  return seen;
}

/// A read of all builds of web_key's commit came to its end.
inline void read_commit(Ledger& ledger) {
  ledger.conclude({web_key.commit}, CommitRead::in_this_pass);
}

/// Bitbucket took what waited for it.
inline void deliver(Ledger& ledger) {
  LedgerEntry& entry = *ledger.find(web_key);
  entry.told = told_by(entry.outgoing->status);
  entry.outgoing.reset();
}

}  // namespace connector
