// Requests to Buildkite's REST API.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/listing/walk.hh"
#include "http/request.hh"

namespace connector::buildkite {

/// A page of the organization's builds, newest created first (Buildkite REST: list builds of an
/// organization). The pipeline stays in, its repository and name are needed.
http::Request builds_request(std::string_view organization, const BuildQuery& query);

/// One build (Buildkite REST: get a build), by its number within the pipeline.
http::Request build_request(std::string_view organization, std::string_view pipeline, std::uint64_t number,
                            bool jobs);

/// The newest build of a pipeline: whether the pipeline is there for us, with no other scope than
/// read_builds.
http::Request pipeline_request(std::string_view organization, std::string_view pipeline);

}  // namespace connector::buildkite
