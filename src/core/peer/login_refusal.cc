#include "core/peer/login_refusal.hh"

#include <array>
#include <chrono>
#include <string>

#include "core/text/hex.hh"
#include "core/text/text.hh"

namespace connector {
namespace {

constexpr std::array<std::chrono::minutes, 2> pauses = {std::chrono::minutes{10}, std::chrono::hours{1}};

bool is_of(const LoginRefusal& refusal, std::string_view credential) {
  return refusal.fingerprint == fingerprint(credential, refusal.salt);
}

}  // namespace

std::uint16_t fingerprint(std::string_view credential, std::uint64_t salt) {
  const std::uint64_t hash = fnv1a64(hex64(salt) + std::string(credential));
  return static_cast<std::uint16_t>(hash ^ (hash >> 16U) ^ (hash >> 32U) ^ (hash >> 48U));
}

std::optional<Timestamp> next_login(const LoginRefusal& refusal) {
  if (refusal.refusals > pauses.size()) return std::nullopt;
  return refusal.last + (refusal.refusals == 0 ? pauses.front() : pauses.at(refusal.refusals - 1));
}

bool may_log_in(const std::optional<LoginRefusal>& refusal, std::string_view credential, Timestamp now) {
  if (!refusal || !is_of(*refusal, credential)) return true;
  const auto next = next_login(*refusal);
  // A refusal further in the future than any wait is the work of a wrong Date header.
  return next && (now >= *next || refusal->last > now + pauses.back());
}

LoginRefusal refuse_login(const std::optional<LoginRefusal>& before, std::string_view credential,
                          std::uint64_t salt, Timestamp now) {
  if (before && is_of(*before, credential)) {
    return {before->salt, before->fingerprint, before->refusals + 1, now};
  }
  return {salt, fingerprint(credential, salt), 1, now};
}

}  // namespace connector
