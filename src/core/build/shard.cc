#include "core/build/shard.hh"

#include <charconv>

#include "core/text/text.hh"

namespace connector {
namespace {

/// Spreads every bit over all others: what FNV-1a leaves in the low bits of similar texts is similar, and a
/// remainder by a small number looks at little else (the finish of MurmurHash3, by Austin Appleby).
std::uint64_t mix(std::uint64_t hash) {
  hash ^= hash >> 33U;
  hash *= 0xff51afd7ed558ccdU;
  hash ^= hash >> 33U;
  hash *= 0xc4ceb9fe1a85ec53U;
  return hash ^ (hash >> 33U);
}

std::optional<unsigned> whole_number(std::string_view text) {
  unsigned number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return number;
}

}  // namespace

std::optional<Shard> parse_shard(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto number = whole_number(text.substr(0, slash));
  const auto count = whole_number(text.substr(slash + 1));
  if (!number || !count || *number == 0 || *number > *count || *count > most_shards) return std::nullopt;
  return Shard{*number, *count};
}

std::string text_of(const Shard& shard) {
  return std::to_string(shard.number) + "/" + std::to_string(shard.count);
}

Shard shard_of(std::string_view slug, unsigned count) {
  return {static_cast<unsigned>(mix(fnv1a64(slug)) % count) + 1, count};
}

bool has_pipeline(const Shard& shard, std::string_view slug) {
  return shard.count == 1 || shard_of(slug, shard.count) == shard;
}

}  // namespace connector
