// Whether a text is JSON. simdjson's On-Demand checks only what it is asked for, and when it searches an
// object for a member once more from its beginning, it takes for granted that all it passes is well-formed:
// undefined behaviour where it is not. So no member is searched for in a text that was not checked as a
// whole.
#pragma once

#include <string_view>

namespace connector {

/// Whether the text is one JSON value (RFC 8259), nested at most 500 deep. What strings say is not looked at:
/// they may hold bytes that are not UTF-8, and lone surrogates.
bool is_json(std::string_view text);

}  // namespace connector
