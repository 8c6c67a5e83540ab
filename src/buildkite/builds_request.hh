// Requests to Buildkite's REST API.
#pragma once

#include <string_view>

#include "core/walk.hh"
#include "http/request.hh"

namespace connector::buildkite {

/// A page of the organization's builds, newest created first (Buildkite REST: list builds of an
/// organization). Jobs are left out, they are most of the bytes; the pipeline stays in, its repository and
/// name are needed.
http::Request builds_request(std::string_view organization, const BuildQuery& query);

}  // namespace connector::buildkite
