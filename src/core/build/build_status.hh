// A build status as Bitbucket keeps it: one record per repository, commit and key.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "core/build/bitbucket_state.hh"

namespace connector {

/// A repository of the Bitbucket server: "PROJ" or "~user", and the repository's slug.
struct Repository {
  std::string project;
  std::string slug;
  auto operator<=>(const Repository&) const = default;
};

/// Which record of Bitbucket is meant. A repository with empty fields stands for the legacy endpoint's
/// records, which belong to a commit whatever repository holds it.
struct StatusKey {
  Repository repository;
  std::string commit;
  std::string key;
  auto operator<=>(const StatusKey&) const = default;
};

/// The contents of a record, within Bitbucket's limits (255 UTF-16 units a field, 450 for the URL, 1024 for
/// ref and parent; Bitbucket REST: RestBuildStatusSetRequest).
struct BuildStatus {
  BitbucketState state = BitbucketState::unknown;
  std::uint64_t build_number = 0;
  std::string url;
  std::string name;
  std::string description;
  std::string parent;                         ///< what a Required builds condition names
  std::string ref;                            ///< fully qualified, or empty
  std::optional<std::int64_t> duration_ms{};  ///< of a completed build
  bool operator==(const BuildStatus&) const = default;
};

}  // namespace connector
