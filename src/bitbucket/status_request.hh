// Requests to Bitbucket's REST API.
#pragma once

#include <optional>

#include "core/build/build_status.hh"
#include "core/peer/capabilities.hh"
#include "http/request.hh"

namespace connector::bitbucket {

/// Whether the key's records are on the repository-scoped endpoint: where the server has it and the key names
/// a repository.
bool is_repository_scoped(const StatusKey& key, const Capabilities& capabilities);

/// Posts a status: on the repository-scoped endpoint, with parent, ref, build number and duration, if
/// is_repository_scoped (Bitbucket REST: POST projects/{}/repos/{}/commits/{}/builds,
/// since 7.4); else on the legacy one (POST build-status/1.0/commits/{}). A state the server does not know is
/// replaced: CANCELLED by FAILED; for UNKNOWN there is no other word, so there is nothing to post.
std::optional<http::Request> status_request(const StatusKey& key, const BuildStatus& status,
                                            const Capabilities& capabilities);

/// Asks for the record of a key: by key on the endpoint that status_request posts to, where the server has it
/// (since 7.14), else for the newest 100 records of the commit, whatever repository they belong to (Bitbucket
/// REST: GET build-status/1.0/commits/{}).
http::Request record_request(const StatusKey& key, const Capabilities& capabilities);

/// Asks for the newest 100 records of a commit, as above.
http::Request records_request(const std::string& commit);

/// The state that Bitbucket is told for `state`; nothing when the server has no word for it.
std::optional<BitbucketState> told_state(const StatusKey& key, BitbucketState state,
                                         const Capabilities& capabilities);

/// Asks what the server can do (Bitbucket REST: GET build/capabilities; older servers answer 404).
http::Request capabilities_request();

}  // namespace connector::bitbucket
