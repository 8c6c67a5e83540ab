// The last words of a call that ends before or without its log.
#pragma once

#include <string>
#include <string_view>

#include "report/look.hh"

namespace connector::report {

/// "buildkite-bitbucket-connector: message" in lines for stderr. The message may have several lines; whatever
/// else in it could act on a terminal or a log is made visible.
std::string complaint(std::string_view message, const Look& look);

}  // namespace connector::report
