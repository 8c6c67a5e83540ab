#include "properties/shrink.hh"

#include <algorithm>
#include <utility>

#include "properties/memory_passes.hh"

namespace connector::properties {
namespace {

class Shrinker {
 public:
  Shrinker(Plan plan, std::string rule, std::chrono::seconds patience)
      : plan_(std::move(plan)), rule_(std::move(rule)), end_(std::chrono::steady_clock::now() + patience) {}

  Plan shorten() {
    simplify_settings();
    for (std::size_t size = std::max<std::size_t>(1, plan_.events.size() / 2); !over();) {
      const bool shorter = leave_out_pieces(size);
      if (size == 1 && !shorter) break;
      size = std::max<std::size_t>(1, size / 2);
    }
    simplify_settings();
    return std::move(plan_);
  }

 private:
  [[nodiscard]] bool over() const { return std::chrono::steady_clock::now() >= end_; }

  bool keep_if_it_fails(Plan candidate) {
    const auto failure = play_in_memory(candidate);
    if (!failure || failure->rule != rule_) return false;
    plan_ = std::move(candidate);
    return true;
  }

  bool leave_out_pieces(std::size_t size) {
    bool shorter = false;
    for (std::size_t from = 0; from < plan_.events.size() && !over();) {
      Plan candidate = plan_;
      const auto begin = candidate.events.begin() + static_cast<std::ptrdiff_t>(from);
      const auto end = begin + static_cast<std::ptrdiff_t>(std::min(size, candidate.events.size() - from));
      // Without its push a commit is refused for ever, which is another story.
      candidate.events.erase(
          std::remove_if(begin, end, [](const Event& event) { return event.what != What::commit_pushed; }),
          end);
      if (candidate.events.size() < plan_.events.size() && keep_if_it_fails(std::move(candidate))) {
        shorter = true;
      } else {
        from += size;
      }
    }
    return shorter;
  }

  void simplify_settings() {
    const PlanSettings usual;
    const auto with = [&](auto member) {
      if (over() || plan_.settings.*member == usual.*member) return;
      Plan candidate = plan_;
      candidate.settings.*member = usual.*member;
      keep_if_it_fails(std::move(candidate));
    };
    with(&PlanSettings::per_page);
    with(&PlanSettings::quota);
    with(&PlanSettings::overlap);
    with(&PlanSettings::reopening_clears_finished_at);
    with(&PlanSettings::finishing_again_renews_finished_at);
    with(&PlanSettings::bitbucket_is_slow);
    with(&PlanSettings::refuses_unknown_commits);
    with(&PlanSettings::shards);
    with(&PlanSettings::thorough);
    with(&PlanSettings::local_clock_error);
  }

  Plan plan_;
  std::string rule_;
  std::chrono::steady_clock::time_point end_;
};

}  // namespace

Plan shortened(Plan plan, const Failure& failure, std::chrono::seconds patience) {
  return Shrinker(std::move(plan), failure.rule, patience).shorten();
}

}  // namespace connector::properties
