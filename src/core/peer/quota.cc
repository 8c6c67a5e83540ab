#include "core/peer/quota.hh"

namespace connector {
namespace {

/// Whether more than `percent` of a bucket is left.
bool more_left_than(const RateLimit& bucket, std::int64_t percent) {
  if (!bucket.remaining || !bucket.limit) return true;
  return *bucket.remaining * 100 > *bucket.limit * percent;
}

}  // namespace

bool allows_spare_work(const Quota& quota) {
  return more_left_than(quota.user, 40) && more_left_than(quota.organization, 50);
}

bool leaves_requests(const Quota& quota, std::int64_t reserved) {
  const auto leaves = [&](const RateLimit& bucket) {
    return !bucket.remaining || *bucket.remaining > reserved;
  };
  return leaves(quota.user) && leaves(quota.organization);
}

}  // namespace connector
