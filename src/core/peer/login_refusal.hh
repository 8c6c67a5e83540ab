// A login that Bitbucket refused, remembered over passes: five wrong passwords lock the account behind a
// CAPTCHA, and a pass runs every minute.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/text/timestamp.hh"

namespace connector {

struct LoginRefusal {
  std::uint64_t salt = 0;         ///< of the fingerprint, random
  std::uint16_t fingerprint = 0;  ///< of the credential that was refused
  unsigned refusals = 0;
  Timestamp last{};  ///< Buildkite's clock
  bool operator==(const LoginRefusal&) const = default;
};

/// 16 bits of a salted hash: enough to see that a credential was changed, too few to find it out.
std::uint16_t fingerprint(std::string_view credential, std::uint64_t salt);

/// Whether the credential may be tried now: another one than the refused may; the same one 10 minutes after
/// its first refusal, an hour after its second, and never after its third.
bool may_log_in(const std::optional<LoginRefusal>& refusal, std::string_view credential, Timestamp now);

/// When the refused credential may be tried again; nothing for never.
std::optional<Timestamp> next_login(const LoginRefusal& refusal);

/// The memory after one more refusal of the credential. `salt` is used when it was not refused before.
LoginRefusal refuse_login(const std::optional<LoginRefusal>& before, std::string_view credential,
                          std::uint64_t salt, Timestamp now);

}  // namespace connector
