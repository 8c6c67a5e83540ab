// A build status as it is posted to Bitbucket, and the published rules for it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "support/bitbucket_answers.hh"

namespace connector::support {

/// Texts as they came; what was not sent is empty.
struct PostedStatus {
  std::string key, state, url, name, description;
  std::string build_number, parent, ref;    ///< repository-scoped endpoint only
  std::optional<std::int64_t> duration_ms;  ///< repository-scoped endpoint only
};

struct StatusRules {
  bool legacy = false;           ///< the old endpoint: five fields, three states
  bool cancelled_known = false;  ///< CANCELLED and UNKNOWN (since 8.0)
};

/// Reads and checks the body of a POST (Bitbucket REST: RestBuildStatusSetRequest): JSON in valid UTF-8,
/// required fields, types, states, lengths in UTF-16 units (255; url 450; parent and ref 1024) and the form
/// of ref. The description is held to 255 on both endpoints, although only the old one declares it: the
/// database column once had that width.
std::variant<PostedStatus, std::vector<BitbucketError>> read_posted_status(std::string_view body,
                                                                           StatusRules rules);

/// Whether a text has characters outside the basic plane, which a MySQL database of the old kind cannot
/// store.
bool has_four_byte_characters(const PostedStatus& status);

}  // namespace connector::support
