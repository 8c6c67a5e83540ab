// How messages name repositories and commits.
#pragma once

#include <string>

#include "core/build/build_status.hh"

namespace connector {

/// "PROJ/repo".
inline std::string name_of(const Repository& repository) {
  return repository.project + "/" + repository.slug;
}

/// The first digits of the commit, enough for people to find it.
inline std::string short_commit(const StatusKey& key) {
  return key.commit.substr(0, 12);
}

}  // namespace connector
