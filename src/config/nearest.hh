// "Did you mean ...?": the known word nearest to a mistyped one.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace connector::config {

/// How many letters have to be inserted, dropped, replaced or swapped with a neighbour to turn one word into
/// the other (optimal string alignment distance).
std::size_t edit_distance(std::string_view one, std::string_view other);

/// The shortest candidate that `word` is a beginning of, else the one nearest to it; nothing when none is
/// near enough to be a typing error of it.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

/// "; did you mean 'token'?", or nothing to append when no candidate is near.
std::string suggestion(std::string_view word, std::span<const std::string> candidates);

}  // namespace connector::config
