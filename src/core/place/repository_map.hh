// What was learned, beside the configuration, about which repository of our Bitbucket a clone URL means:
// hosts that turned out to be names of our server, and repositories that were renamed.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/build/build_status.hh"
#include "core/peer/delivery.hh"
#include "core/place/clone_url.hh"
#include "core/text/timestamp.hh"

namespace connector {

/// What our server said about the repositories that clone URLs name on a host we do not know.
struct HostFinding {
  bool ours = false;               ///< one of its clone links is on this host
  bool foreign = false;            ///< it has such a repository, whose clone links are on other hosts
  std::set<Repository> not_found;  ///< that it does not have
  std::set<Repository> hidden;     ///< that it does not show to this account, which may change soon
  Timestamp asked{};
  bool operator==(const HostFinding&) const = default;
};

struct Rename {
  Repository to;
  Timestamp confirmed{};  ///< when the server last said so
  bool operator==(const Rename&) const = default;
};

struct RepositoryMap {
  std::map<std::string, HostFinding> hosts;  ///< by place_of() a clone URL
  std::map<Repository, Rename> renames;      ///< by the old name
  bool operator==(const RepositoryMap&) const = default;
};

enum class HostStanding { ours, elsewhere, to_be_asked };

/// What is known of a clone URL's host. A host of which nothing is known, or not enough, is to be asked
/// about: a foreign one again after a week, one with hidden repositories after an hour, and no more than
/// three of its repositories. What is ours stays ours.
HostStanding standing_of(const CloneUrl& url, const RepositoryMap& map, Timestamp now);

/// Takes note of the clone links of the repository of `url`.
void note_links(RepositoryMap& map, const CloneUrl& url, const std::vector<std::string>& links,
                Timestamp now);

/// Why there are no clone links.
enum class Absence { missing, hidden };
/// Takes note that the server has no such repository, or does not show it to the account.
void note_absent(RepositoryMap& map, const CloneUrl& url, Absence absence, Timestamp now);

/// What an answer without clone links comes to.
enum class Unlinked {
  noted,   ///< the server does not have the repository, or does not show it
  moved,   ///< it has another name, which is noted, too
  unknown  ///< it says nothing about the repository
};
/// Takes note of an answer without clone links about the repository of `url`. One that was `led_here` by a
/// redirect is not led on.
Unlinked note_unlinked(RepositoryMap& map, const CloneUrl& url, const Delivery& answer, bool led_here,
                       Timestamp now);

/// Takes note of a new name. Names that led to the old one lead to the new one from now on.
void note_rename(RepositoryMap& map, const Repository& from, const Repository& to, Timestamp now);

/// The present name of a repository.
Repository present_name(const RepositoryMap& map, const Repository& repository);

/// An old name of `repository` that has not been confirmed for a day: a new repository may have taken it
/// since.
std::optional<Repository> stale_rename(const RepositoryMap& map, const Repository& repository, Timestamp now);

}  // namespace connector
