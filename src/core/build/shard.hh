// Which of several connectors a pipeline belongs to, when the pipelines of one organization are divided among
// them (sync.shard).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace connector {

/// More would only wait for one another: each one lists the whole organization, which takes at least three of
/// the 200 requests a minute that Buildkite answers an organization.
constexpr unsigned most_shards = 32;

/// One connector among `count`. The only one, 1/1, has all pipelines.
struct Shard {
  unsigned number = 1;  ///< from 1 to count
  unsigned count = 1;
  bool operator==(const Shard&) const = default;
};

/// "2/3"; nothing for anything but two whole numbers with 1 <= number <= count <= most_shards.
std::optional<Shard> parse_shard(std::string_view text);
std::string text_of(const Shard& shard);

/// The one of `count` shards that a pipeline belongs to: always the same for a slug, on every machine and in
/// every version, since two that disagreed would leave pipelines out.
Shard shard_of(std::string_view slug, unsigned count);

/// Whether the pipeline of this slug belongs to the shard.
bool has_pipeline(const Shard& shard, std::string_view slug);

}  // namespace connector
