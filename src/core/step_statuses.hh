// The statuses of single steps follow the status of their build: the build that decides on a commit brings
// its steps along, and one that says nothing more takes them back.
#pragma once

#include <vector>

#include "core/ledger/ledger.hh"

namespace connector {

/// `build` decides on its commit, and these are its steps that ran or will. Once it has ended, a step that an
/// earlier build had and this one did not run shows so: green beside a build that passed, so that no old red
/// status blocks merging, else `closing`.
void take_steps(Ledger& ledger, const Sighting& build, std::vector<Sighting> steps, BitbucketState closing);

/// The build that decided on this commit has no verdict any more: the steps in progress end with `closing`,
/// unless an older build turns out to have run them; what its other steps show stays until one decides.
void withdraw_steps(Ledger& ledger, const StatusKey& key, std::uint64_t build_number, BitbucketState closing);

}  // namespace connector
