// A build as Buildkite's REST answers show it, all documented fields and nulls included.
#pragma once

#include <string>

#include "core/text/json_text.hh"
#include "support/organization.hh"

namespace connector::support {

/// How times are written: as documented now, or as older answers did ("2013-09-03 13:24:38 UTC").
enum class TimeFormat { rfc3339, spaced };

struct BuildJsonOptions {
  std::string api_url = "https://api.buildkite.com";
  TimeFormat times = TimeFormat::rfc3339;
  bool jobs = true;
  bool pipeline = true;
  /// Only what the program reads, for tests that play thousands of passes; the real answers always have all.
  bool brief = false;
};

void write_build(JsonWriter& out, const ModelBuild& model, const std::string& organization,
                 const BuildJsonOptions& options);

}  // namespace connector::support
