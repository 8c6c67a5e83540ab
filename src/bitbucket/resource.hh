// Resources of Bitbucket's REST API: where they are and how they are asked for.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/build/build_status.hh"
#include "http/request.hh"

namespace connector::bitbucket {

/// Bytes of an answer. What is asked for is answered in some lines, and many requests are in flight at once;
/// a page that is longer is no answer of Bitbucket's.
constexpr std::size_t answer_limit = std::size_t{1} << 20U;

/// The target of a repository's resource in a part of the REST API ("api", "required-builds").
std::string repository_target(std::string_view api, const Repository& repository);

/// A request to Bitbucket: a GET, until its method is changed.
http::Request request_to(std::string target);

}  // namespace connector::bitbucket
