// Buildkite's list of builds: filters, order, pages and the Link header.
#pragma once

#include <cstddef>
#include <string>

#include "support/build_json.hh"
#include "support/fake_message.hh"
#include "support/organization.hh"

namespace connector::support {

struct ListingOptions {
  BuildJsonOptions json;
  /// A larger per_page is answered with pages of this size.
  unsigned largest_page = 100;
  /// Pages that begin at this build or later are refused. The real limit is not documented.
  std::size_t deepest_build = 10'000;
};

/// The answer to GET .../builds with the query of `target` (Buildkite REST: list all builds, for an
/// organization or, when `pipeline` is not empty, for one pipeline). Parameters that Buildkite does not
/// document are ignored.
FakeAnswer list_builds(const Organization& organization, const std::string& pipeline, const Target& target,
                       const ListingOptions& options);

}  // namespace connector::support
