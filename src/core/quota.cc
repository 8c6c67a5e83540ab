#include "core/quota.hh"

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

bool leaves_a_request(const Quota& quota) {
  return quota.user.remaining.value_or(2) > 1 && quota.organization.remaining.value_or(2) > 1;
}

}  // namespace connector
