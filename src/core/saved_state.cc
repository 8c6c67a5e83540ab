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
  for (std::size_t i = 0; i < state.ledger.size(); ++i) {
    LedgerEntry& entry = state.ledger.at(i);
    const bool comes_back =
        has_pipeline(shard, entry.pipeline) && !has_pipeline(state.identity.shard, entry.pipeline);
    if (comes_back && is_settled(entry)) entry.told.reset();
  }
  state.identity.shard = shard;
  state.cursors = {};
  state.open_listing_to.reset();
  state.sweeps = {};
  state.remembered_from.reset();
}

}  // namespace connector
