#include "benchmark/made_up_builds.hh"

#include <string>
#include <utility>

#include "core/ledger/settle.hh"
#include "core/saved_state.hh"
#include "support/a_build.hh"

namespace connector::benchmark {

Build made_up_build(std::size_t serial, Timestamp created) {
  using namespace std::chrono_literals;
  const std::string slug = "service-" + std::to_string(serial % pipeline_count);
  support::ABuild build = support::a_build();
  build.of(slug)
      .in_repository("ssh://git@127.0.0.1:7999/shop/" + slug + ".git")
      .number(serial / pipeline_count + 1)
      .on(serial % 3 == 0 ? "main" : "feature/SHOP-" + std::to_string(1000 + serial % 700) + "-currency")
      .message("Show the price with its currency in basket and checkout\n\nReviewed by two people.")
      .created(created)
      .finished(created + 20s);
  if (serial % 10 == 9) build.failed();
  return build;
}

Rules made_up_rules() {
  Rules rules;
  rules.organization = "acme-inc";
  rules.scope.home = "127.0.0.1";
  return rules;
}

void add_told_entries(Ledger& ledger, std::size_t first, std::size_t count, Timestamp created) {
  const Rules rules = made_up_rules();
  const SavedState nothing_known;
  for (std::size_t serial = first; serial < first + count; ++serial, created += std::chrono::seconds{1}) {
    const Build build = made_up_build(serial, created);
    Sighting sighting = sighting_of(build, judge(build, rules, nothing_known, created));
    const StatusKey key = sighting.key;
    const Told told = told_by(sighting.status);
    ledger.observe(std::move(sighting));
    settle(*ledger.find(key), told, {DeliveryResult::delivered, false, {}}, created);
  }
}

}  // namespace connector::benchmark
