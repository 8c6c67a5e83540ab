// JSON of Bitbucket -> values. decode.cc is the only file of this room that includes simdjson.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bitbucket/required_builds.hh"
#include "core/build/build_status.hh"
#include "core/peer/capabilities.hh"

namespace connector::bitbucket {

/// What an error envelope says: {"errors":[{"message":...,"exceptionName":...}]} (Bitbucket REST: errors; the
/// first one counts). Empty fields for anything else: proxies answer in HTML.
struct ErrorEnvelope {
  std::string message;
  std::string exception;
};
ErrorEnvelope decode_error(std::string_view body);

/// A record as Bitbucket keeps it, reduced to what identifies it (Bitbucket REST: RestBuildStatus).
struct Record {
  std::string state;
  std::string url;
  std::string key;
  Repository repository{};  ///< empty fields where the record names none
};
/// The records of an answer: one object, or a page with "values". Nothing when the text is neither.
std::optional<std::vector<Record>> decode_records(std::string_view body);

/// The addresses in {"slug":...,"links":{"clone":[{"href":...}]}} (Bitbucket REST: RestRepository); none when
/// the server names none. Nothing when the text is no repository.
std::optional<std::vector<std::string>> decode_clone_links(std::string_view body);

/// {"version":"8.19.12",...} (Bitbucket REST: application-properties). Nothing when there is none.
std::optional<std::string> decode_version(std::string_view body);

/// {"values":[{"buildParentKeys":["web",...]}],"isLastPage":false,"nextPageStart":100} (Bitbucket REST:
/// RestRequiredBuildCondition). Nothing when the text is no such page.
std::optional<RequiredBuilds> decode_conditions(std::string_view body);

/// {"buildStatus":["richBuildStatus","cancelledStatus",...]} (Bitbucket REST: build/capabilities). Nothing
/// when the text is not a JSON object.
std::optional<Capabilities> decode_capabilities(std::string_view body);

}  // namespace connector::bitbucket
