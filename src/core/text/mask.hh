// Keeping secrets out of texts that leave the program, whoever put them there.
#pragma once

#include <bitset>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/secret.hh"

namespace connector {

/// Knows secrets, and finds them again in a text in the forms in which they travel: as they are, in base64
/// (with and without padding, also in its URL alphabet) alone, as "user:secret" and inside of a longer text,
/// and each of these encoded, escaped and quoted in the ways of disguised_lengths(). A secret of which a text
/// shows only the beginning, as it was cut there (\u2026), is found by its first 4 characters.
class Mask {
 public:
  /// Hides this secret from now on; `user` is who logs in with it. One of fewer than 4 bytes is not searched
  /// for: it would be found in innocent words, and tell itself by their gaps.
  void add(const Secret& secret, std::string_view user = {});

  /// The text with "***" for every occurrence of a secret. Where several begin at one place, the longest is
  /// taken.
  [[nodiscard]] std::string hide(std::string_view text) const;

 private:
  /// How much of the beginning of `text`, which is not empty, is a secret; 0 for none.
  [[nodiscard]] std::size_t length_of_occurrence(std::string_view text) const;

  std::vector<std::string> forms_;
  std::bitset<256> beginnings_;  ///< bytes with which an occurrence may begin: most bytes are passed over
};

}  // namespace connector
