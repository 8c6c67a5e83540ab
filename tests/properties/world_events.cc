// What the events of a plan do to the model organization.
#include <algorithm>
#include <array>

#include "properties/world.hh"

namespace connector::properties {
namespace {

bool has_ended(const Build& build) {
  return !is_open(build.state) && !never_ran(build.state);
}

bool is_under_way(const Build& build) {
  return build.state == BuildState::running || build.state == BuildState::failing;
}

std::string commit_of(const std::string& label) {
  return label == "HEAD" ? label : support::commit_named(label);
}

using Fits = bool (*)(const Build&);
using Change = void (support::Organization::*)(const std::string&, std::uint64_t);

/// What Buildkite does to a build, and whether it would in the build's present state.
struct Step {
  What what;
  Fits fits;
  Change change;
};

bool is_scheduled(const Build& build) {
  return build.state == BuildState::scheduled;
}

bool is_running(const Build& build) {
  return build.state == BuildState::running;
}

bool can_be_canceled(const Build& build) {
  return build.state == BuildState::canceling || is_under_way(build);
}

bool is_blocked(const Build& build) {
  return build.blocked;
}

bool can_be_retried(const Build& build) {
  return has_ended(build) && !build.blocked;
}

bool always(const Build& /*build*/) {
  return true;
}

using support::Organization;

constexpr std::array<Step, 12> steps = {{
    {What::start, is_scheduled, &Organization::start},
    {What::skip, is_scheduled, &Organization::skip},
    {What::begin_failing, is_running, &Organization::begin_failing},
    {What::pass, is_running, &Organization::pass},
    {What::block, is_running, &Organization::block},
    {What::end_without_running, is_running, &Organization::end_without_running},
    {What::fail, is_under_way, &Organization::fail},
    {What::begin_canceling, is_under_way, &Organization::begin_canceling},
    {What::cancel, can_be_canceled, &Organization::cancel},
    {What::unblock, is_blocked, &Organization::unblock},
    {What::retry, can_be_retried, &Organization::retry},
    {What::remove_build, always, &Organization::remove},
}};

}  // namespace

void World::happen(const Event& event) {
  const What what = event.what;
  if (what == What::create || what == What::rebuild) return create(event);
  if (what == What::remove_pipeline || what == What::hide_pipeline || what == What::show_pipeline)
    return happen_to_pipeline(event);
  if (what == What::move_repository) return move_repository(event);
  if (what != What::trouble && what != What::commit_pushed) return happen_to_build(event);
  note(text_of(event));
  if (what == What::commit_pushed) {
    peers_.bitbucket.add_commit(project_of(event.pipeline), event.pipeline, commit_of(event.commit));
  } else if (event.trouble >= Trouble::crash_before_save) {
    save_trouble_.push_back(event);
  } else {
    (event.on_bitbucket ? bitbucket_trouble_ : buildkite_trouble_).push_back(event);
  }
}

void World::create(const Event& event) {
  auto& organization = peers_.organization;
  const auto original = builds_.find(event.original);
  const bool repeats = original != builds_.end();
  if (!organization.has_pipeline(event.pipeline) || (event.what == What::rebuild && !repeats)) return;
  if (repeats && organization.find(original->second.first, original->second.second) == nullptr) return;
  organization.habits().listing_lag = event.span;
  const std::uint64_t number = repeats ? organization.rebuild(event.pipeline, original->second.second)
                                       : organization.create(event.pipeline, commit_of(event.commit));
  builds_[event.build] = {event.pipeline, number};
  watch_.changed(event.pipeline, number);
  const std::string& commit = organization.build(event.pipeline, number).build.commit;
  note(text_of(event) + ": it is #" + std::to_string(number) + " on " + commit.substr(0, 8));
}

void World::happen_to_pipeline(const Event& event) {
  auto& organization = peers_.organization;
  const bool there = organization.has_pipeline(event.pipeline);
  if (event.what == What::remove_pipeline && there) organization.remove_pipeline(event.pipeline);
  if (event.what == What::hide_pipeline && there) organization.hide_pipeline(event.pipeline);
  if (event.what == What::show_pipeline) organization.show_pipeline(event.pipeline);
  watch_.pipeline_changed(event.pipeline);
  note(text_of(event));
}

void World::move_repository(const Event& event) {
  if (!moved_.insert(event.pipeline).second) return;
  peers_.bitbucket.rename("ACME", event.pipeline, "OPS", event.pipeline);
  note(text_of(event));
}

void World::happen_to_build(const Event& event) {
  auto& organization = peers_.organization;
  const auto found = builds_.find(event.build);
  if (found == builds_.end()) return;
  const auto& [pipeline, number] = found->second;
  const auto* model = organization.find(pipeline, number);
  if (model == nullptr) return;
  if (event.what == What::resolve_commit) {
    const auto& ended_at = model->build.finished_at;
    const bool long_ended = ended_at && now() - *ended_at > std::chrono::hours{24};  // no agent is at work
    if (is_full_commit(model->build.commit) || long_ended) return;
    organization.resolve_commit(pipeline, number, commit_of(event.commit));
  } else {
    const auto* const step =
        std::find_if(steps.begin(), steps.end(), [&](const Step& row) { return row.what == event.what; });
    if (step == steps.end() || !step->fits(model->build)) return;
    (organization.*step->change)(pipeline, number);
  }
  watch_.changed(pipeline, number);
  note(text_of(event) + ": #" + std::to_string(number));
}

}  // namespace connector::properties
