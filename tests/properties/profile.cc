#include "properties/profile.hh"

#include <ostream>

namespace connector::properties {

void PrintTo(const Profile& profile, std::ostream* out) {
  *out << profile.name;
}

const std::vector<Profile>& profiles() {
  static const std::vector<Profile> all = {
      {.name = "calm", .tied = 0.2, .outage = 0.2, .small_pages = 0.3},
      {.name = "reopened", .reopened = 0.5, .tied = 0.1, .small_pages = 0.3},
      {.name = "never_ran", .reopened = 0.1, .never_ran = 0.4, .small_pages = 0.2},
      {.name = "head", .reopened = 0.2, .never_ran = 0.1, .on_head = 0.5, .outage = 0.2},
      {.name = "lag", .reopened = 0.2, .listed_late = 0.7, .tied = 0.3, .outage = 0.3, .small_pages = 0.5},
      {.name = "trouble",
       .reopened = 0.2,
       .listed_late = 0.2,
       .trouble = 0.5,
       .outage = 0.2,
       .small_pages = 0.3,
       .slow_bitbucket = 0.2},
      {.name = "late_posts", .reopened = 0.4, .trouble = 0.1, .held_post = 0.4},
      {.name = "late_commits", .reopened = 0.2, .trouble = 0.1, .late_commits = 1},
      {.name = "crashes",
       .reopened = 0.4,
       .never_ran = 0.1,
       .trouble = 0.1,
       .crash = 0.3,
       .small_pages = 0.3},
      {.name = "restored", .reopened = 0.4, .crash = 0.05, .restored = 1, .outage = 0.2},
      {.name = "stale", .reopened = 0.3, .stale = 0.4},
      {.name = "small_quota",
       .reopened = 0.2,
       .tied = 0.2,
       .outage = 0.4,
       .small_pages = 1,
       .small_quota = 1,
       .slow_bitbucket = 0.3},
      {.name = "rest", .reopened = 0.5, .never_ran = 0.1, .outage = 0.2, .days_of_rest = 1},
      {.name = "very_late", .reopened = 0.2, .listed_very_late = 0.2},
      {.name = "removed", .reopened = 0.2, .never_ran = 0.1, .removed = 0.4},
      {.name = "places",
       .reopened = 0.2,
       .trouble = 0.2,
       .crash = 0.05,
       .refused = 0.15,
       .outage = 0.2,
       .unknown_host = 0.7,
       .moved = 0.5},
      {.name = "pipeline_lost", .reopened = 0.2, .never_ran = 0.1, .removed = 0.05, .pipeline_lost = 1},
      {.name = "everything",
       .reopened = 0.4,
       .never_ran = 0.15,
       .on_head = 0.15,
       .removed = 0.1,
       .listed_late = 0.3,
       .listed_very_late = 0.02,
       .tied = 0.2,
       .trouble = 0.3,
       .crash = 0.1,
       .held_post = 0.05,
       .stale = 0.05,
       .refused = 0.03,
       .restored = 0.1,
       .pipeline_lost = 0.15,
       .outage = 0.3,
       .days_of_rest = 0.1,
       .small_pages = 0.5,
       .small_quota = 0.3,
       .slow_bitbucket = 0.2,
       .late_commits = 0.1,
       .unknown_host = 0.3,
       .moved = 0.1},
  };
  return all;
}

}  // namespace connector::properties
