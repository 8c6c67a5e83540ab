#include "properties/generator.hh"

#include <algorithm>
#include <random>
#include <string>
#include <utility>

namespace connector::properties {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

class Generator {
 public:
  Generator(const Profile& profile, std::uint64_t seed, Numbers random)
      : profile_(profile), random_(std::move(random)) {
    plan_.profile = profile.name;
    plan_.seed = seed;
  }

  Plan make();

 private:
  // Not std::uniform_*: what these make of a generator's numbers differs between libraries.
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
  bool chance(double probability) {
    return static_cast<double>(random_() >> 11U) / 9007199254740992.0 < probability;
  }
  milliseconds up_to(milliseconds limit) {
    return milliseconds(static_cast<std::int64_t>(below(static_cast<std::uint64_t>(limit.count()) + 1)));
  }
  milliseconds moment(milliseconds about);
  milliseconds a_while();

  void add(milliseconds at, What what, const std::string& pipeline, unsigned build,
           const std::string& commit = "");
  void choose_settings();
  void add_build(milliseconds at);
  void run_build(milliseconds at, const std::string& pipeline, unsigned label);
  void end_build(milliseconds& at, const std::string& pipeline, unsigned label);
  void add_trouble(milliseconds minute);
  void lose_a_pipeline();
  void move_a_repository();
  void leave_out_passes();
  void rest_for_days();

  Profile profile_;
  Numbers random_;
  Plan plan_;
  milliseconds length_{};
  std::vector<std::string> pipelines_ = {"web", "api", "ios"};
  std::vector<std::pair<std::string, unsigned>> builds_;
  milliseconds last_created_{};
  unsigned commits_ = 1;
  unsigned refused_logins_ = 0;
};

/// Half of all that happens does so while a pass runs.
milliseconds Generator::moment(milliseconds about) {
  if (!chance(0.5)) return about;
  return std::chrono::floor<std::chrono::minutes>(about) + up_to(chance(0.5) ? 250ms : 1500ms);
}

milliseconds Generator::a_while() {
  const auto kind = below(4);
  return 1ms + up_to(kind == 0 ? 2s : kind == 1 ? 40s : kind == 2 ? 3min : 9min);
}

void Generator::add(milliseconds at, What what, const std::string& pipeline, unsigned build,
                    const std::string& commit) {
  Event event;
  event.at = at;
  event.what = what;
  event.pipeline = pipeline;
  event.build = build;
  event.commit = commit;
  plan_.events.push_back(std::move(event));
}

void Generator::choose_settings() {
  PlanSettings& settings = plan_.settings;
  settings.thorough = chance(0.05);
  if (chance(profile_.small_pages)) settings.per_page = 2 + static_cast<unsigned>(below(8));
  if (chance(profile_.small_quota)) settings.quota = 8 + static_cast<std::int64_t>(below(8));
  if (chance(0.3)) settings.overlap = 2min;
  settings.reopening_clears_finished_at = !chance(0.3);
  settings.finishing_again_renews_finished_at = !chance(0.25);
  settings.bitbucket_is_slow = chance(profile_.slow_bitbucket);
  settings.refuses_unknown_commits = chance(profile_.late_commits);
  settings.local_clock_error = up_to(4h) - 2h;
}

void Generator::add_build(milliseconds at) {
  const auto label = static_cast<unsigned>(builds_.size() + 1);
  const std::string pipeline = pipelines_[below(pipelines_.size())];
  if (chance(profile_.tied) && label > 1) {
    at = chance(0.5) ? last_created_ : std::chrono::floor<std::chrono::seconds>(last_created_) + up_to(999ms);
  }
  last_created_ = at;
  const std::string commit = "c" + std::to_string(1 + below(commits_));
  const bool head = chance(profile_.on_head);
  add(at, What::create, pipeline, label, head ? "HEAD" : commit);
  Event& created = plan_.events.back();
  if (!head && label > 1 && chance(0.2)) {
    created.what = What::rebuild;
    created.original = 1 + static_cast<unsigned>(below(label - 1));
    created.pipeline = builds_[created.original - 1].first;
    created.commit.clear();
  }
  if (chance(profile_.listed_late)) created.span = up_to(20s);
  if (chance(profile_.listed_very_late)) created.span = plan_.settings.overlap + up_to(40min);
  const std::string place = created.pipeline;
  builds_.emplace_back(place, label);
  const milliseconds removed_at = moment(at + a_while());
  if (head && chance(0.8)) add(moment(at + a_while()), What::resolve_commit, place, label, commit);
  run_build(at, place, label);
  if (chance(profile_.removed)) add(removed_at, What::remove_build, place, label);
}

void Generator::run_build(milliseconds at, const std::string& pipeline, unsigned label) {
  at = moment(at + a_while());
  if (chance(profile_.never_ran)) {
    if (chance(0.4)) {
      add(at, What::start, pipeline, label);
      at = moment(at + a_while());
      return add(at, What::end_without_running, pipeline, label);
    }
    return add(at, What::skip, pipeline, label);
  }
  if (chance(0.03)) return;  // scheduled for ever
  add(at, What::start, pipeline, label);
  if (chance(0.05)) return;  // runs for ever
  end_build(at, pipeline, label);
  double again = profile_.reopened;
  while (chance(again)) {
    again *= 0.7;
    at = moment(at + a_while());
    add(at, What::unblock, pipeline, label);  // one of the two fits
    add(at, What::retry, pipeline, label);
    if (chance(0.03)) return;
    end_build(at, pipeline, label);
  }
}

void Generator::end_build(milliseconds& at, const std::string& pipeline, unsigned label) {
  at = moment(at + a_while());
  if (chance(0.15)) {
    add(at, What::begin_failing, pipeline, label);
    at += a_while();
    return add(at, What::fail, pipeline, label);
  }
  if (chance(0.15)) {
    add(at, What::begin_canceling, pipeline, label);
    at += up_to(30s);
    return add(at, What::cancel, pipeline, label);
  }
  constexpr What ends[] = {What::pass, What::pass, What::pass, What::fail, What::fail, What::block};
  add(at, ends[below(std::size(ends))], pipeline, label);
}

void Generator::add_trouble(milliseconds minute) {
  constexpr Trouble common[] = {Trouble::server_error, Trouble::unavailable, Trouble::too_many,
                                Trouble::web_page,     Trouble::cut_body,    Trouble::lost_answer,
                                Trouble::lost_request, Trouble::late_answer};
  constexpr Trouble crashes[] = {Trouble::crash_before, Trouble::crash_after, Trouble::crash_before_save,
                                 Trouble::crash_after_save};
  const auto put = [&](Trouble trouble, bool on_bitbucket, milliseconds span, unsigned times) {
    Event event;
    event.at = minute + up_to(400ms);
    event.what = What::trouble;
    event.trouble = trouble;
    event.on_bitbucket = on_bitbucket;
    event.span = span;
    plan_.events.insert(plan_.events.end(), times, event);
  };
  if (chance(profile_.trouble)) {
    const Trouble trouble = common[below(std::size(common))];
    const bool late = trouble == Trouble::late_answer;
    put(trouble, chance(0.5), late ? up_to(90s) : 0ms, chance(0.5) ? 1 : 1 + static_cast<unsigned>(below(6)));
  }
  if (chance(profile_.crash)) put(crashes[below(std::size(crashes))], chance(0.6), 0ms, 1);
  if (chance(profile_.held_post)) {
    put(Trouble::held_post, true, up_to(4min), 1 + static_cast<unsigned>(below(3)));
  }
  if (profile_.refused > 0 && chance(profile_.refused)) {
    constexpr unsigned most_refused_logins = 2;  // the third is the last that is ever tried
    const bool login = refused_logins_ < most_refused_logins && chance(0.3);
    refused_logins_ += login ? 1 : 0;
    put(login ? Trouble::refused_login : Trouble::not_permitted, true, 0ms, 1);
  }
  if (chance(profile_.stale)) put(Trouble::stale, false, 0ms, 1 + static_cast<unsigned>(below(3)));
}

void Generator::lose_a_pipeline() {
  const std::string pipeline = pipelines_[below(pipelines_.size())];
  const milliseconds at = moment(up_to(length_));
  if (chance(0.4)) return add(at, What::remove_pipeline, pipeline, 0);
  add(at, What::hide_pipeline, pipeline, 0);
  if (chance(0.5)) add(at + up_to(chance(0.5) ? 10min : 5h), What::show_pipeline, pipeline, 0);
}

void Generator::move_a_repository() {
  add(moment(up_to(length_)), What::move_repository, pipelines_[below(pipelines_.size())], 0);
}

void Generator::leave_out_passes() {
  const milliseconds from = up_to(length_);
  const milliseconds to = from + up_to(chance(0.7) ? 10min : 3h);
  std::erase_if(plan_.events, [&](const Event& event) {
    return event.what == What::connector_pass && event.at >= from && event.at < to;
  });
}

/// All that comes later than a moment comes days later, with few passes in between. Only pushes come as early
/// as before: a commit that is missing for days makes a dead letter.
void Generator::rest_for_days() {
  // Else nothing would show that a build older than all sweeps was opened and ended again between two passes.
  plan_.settings.finishing_again_renews_finished_at = true;
  const milliseconds from = up_to(length_);
  const milliseconds days = 24h * static_cast<int>(6 + below(5));
  for (Event& event : plan_.events) {
    if (event.at > from && event.what != What::commit_pushed) event.at += days;
  }
  for (milliseconds at = from + 12h; at < from + days; at += 12h) add(at, What::connector_pass, "", 0);
}

Plan Generator::make() {
  choose_settings();
  pipelines_.resize(1 + below(3));
  commits_ = 1 + static_cast<unsigned>(below(5));
  length_ = 1min * static_cast<int>(3 + below(20));
  const auto count = 1 + below(chance(0.3) ? 30 : 8);
  std::vector<milliseconds> creations;
  for (std::uint64_t i = 0; i < count; ++i) creations.push_back(moment(up_to(length_)));
  std::sort(creations.begin(), creations.end());
  for (const milliseconds at : creations) add_build(at);
  if (plan_.settings.refuses_unknown_commits) {
    for (const auto& pipeline : pipelines_) {
      for (unsigned commit = 1; commit <= commits_; ++commit) {
        const milliseconds at = chance(0.3) ? 0ms : up_to(length_ * 2);
        add(at, What::commit_pushed, pipeline, 0, "c" + std::to_string(commit));
      }
    }
  }
  length_ += 10min;
  for (milliseconds at = 0ms; at < length_; at += 1min) {
    add(at, What::connector_pass, "", 0);
    add_trouble(at);
  }
  if (chance(profile_.restored)) {
    add(30s + 1min * static_cast<int>(below(static_cast<std::uint64_t>(length_ / 1min))), What::restore_state,
        "", 0);
    plan_.events.back().span = up_to(length_);
  }
  if (profile_.sharded > 0 && chance(profile_.sharded))
    plan_.settings.shards = 2 + static_cast<unsigned>(below(2));
  if (profile_.resharded > 0 && chance(profile_.resharded)) add(up_to(length_), What::add_shard, "", 0);
  if (chance(profile_.pipeline_lost)) lose_a_pipeline();
  if (profile_.moved > 0 && chance(profile_.moved)) move_a_repository();
  if (profile_.unknown_host > 0) plan_.settings.unknown_host = chance(profile_.unknown_host);
  if (chance(profile_.outage)) leave_out_passes();
  if (chance(profile_.days_of_rest)) rest_for_days();
  std::stable_sort(plan_.events.begin(), plan_.events.end(),
                   [](const Event& a, const Event& b) { return a.at < b.at; });
  return std::move(plan_);
}

}  // namespace

Plan make_plan(const Profile& profile, std::uint64_t seed) {
  return make_plan(profile, seed, std::mt19937_64(seed * 2 + 1));
}

Plan make_plan(const Profile& profile, std::uint64_t seed, Numbers numbers) {
  return Generator(profile, seed, std::move(numbers)).make();
}

}  // namespace connector::properties
