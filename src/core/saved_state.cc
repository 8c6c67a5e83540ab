#include "core/saved_state.hh"

namespace connector {

Kinship kinship(const Identity& saved, const Identity& wanted) {
  Identity as_saved = wanted;
  as_saved.shard = saved.shard;
  if (saved != as_saved) return Kinship::foreign;
  if (saved.shard == wanted.shard) return Kinship::own;
  return saved.shard.count == wanted.shard.count ? Kinship::foreign : Kinship::resharded;
}

void reshard(SavedState& state, const Shard& shard) {
  state.identity.shard = shard;
  state.cursors = {};
  state.open_listing_to.reset();
  state.sweeps = {};
  state.remembered_from.reset();
}

}  // namespace connector
