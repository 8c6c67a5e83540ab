#include "properties/world.hh"

#include <algorithm>

namespace connector::properties {

using support::FakeAnswer;
using support::FakeRequest;

World::World(const Plan& plan, support::Peers& peers, std::vector<std::string>* trace)
    : plan_(plan),
      trace_(trace),
      peers_(peers),
      start_(support::noon),
      watch_(peers_.organization, plan),
      has_replica_(std::any_of(plan.events.begin(), plan.events.end(),
                               [](const Event& event) { return event.trouble == Trouble::stale; })) {
  const PlanSettings& settings = plan.settings;
  auto& habits = peers_.organization.habits();
  habits.reopening_clears_finished_at = settings.reopening_clears_finished_at;
  habits.finishing_again_renews_finished_at = settings.finishing_again_renews_finished_at;
  peers_.buildkite.settings().user_limit = settings.quota;
  peers_.buildkite.settings().listing.json.brief = true;
  peers_.buildkite.settings().listing.largest_page = settings.per_page;
  if (settings.refuses_unknown_commits)
    peers_.bitbucket.settings().unknown_commit = support::UnknownCommit::not_found;
  if (settings.bitbucket_is_slow) peers_.bitbucket.limit_rate(3, 0.2);
  for (const char* pipeline : {"web", "api", "ios"}) {
    Pipeline cloned = support::a_pipeline(pipeline);
    if (settings.unknown_host) {  // as the clone links of the fake server say
      cloned.repository = "ssh://git@git.example.com:7999/acme/" + std::string(pipeline) + ".git";
    }
    peers_.organization.add_pipeline(cloned);
    peers_.bitbucket.add_repository("ACME", pipeline);
  }
}

void World::note(const std::string& line) {
  if (trace_ != nullptr) trace_->push_back(text_of(since_start()) + "  " + line);
}

support::MemoryWireSettings World::wire_settings(std::uint64_t seed) {
  support::MemoryWireSettings settings = support::memory_peers(peers_, seed);
  settings.on_time_passing = [this](std::chrono::milliseconds step) { advance(step); };
  settings.peers.at(static_cast<std::size_t>(http::PeerId::buildkite)).handler =
      peers_.buildkite_log.recording([this](const FakeRequest& request) { return buildkite(request); });
  settings.peers.at(static_cast<std::size_t>(http::PeerId::bitbucket)).handler =
      peers_.bitbucket_log.recording([this](const FakeRequest& request) { return bitbucket(request); });
  return settings;
}

const Event* World::next_shell_event() {
  while (next_event_ < plan_.events.size()) {
    const Event& event = plan_.events[next_event_];
    const bool of_the_shell = event.what == What::connector_pass || event.what == What::restore_state ||
                              event.what == What::add_shard;
    if (event.at > since_start()) {
      move_to(start_ + event.at);
      continue;
    }
    ++next_event_;
    if (of_the_shell) return &event;
    happen(event);
  }
  return nullptr;
}

void World::advance(std::chrono::milliseconds duration) {
  const Timestamp end = now() + duration;
  while (next_event_ < plan_.events.size() && start_ + plan_.events[next_event_].at <= end) {
    const Event& event = plan_.events[next_event_];
    if (event.what == What::restore_state || event.what == What::add_shard)
      break;  // nobody does so while a pass runs
    ++next_event_;
    move_to(start_ + event.at);
    if (event.what == What::connector_pass) {
      note("a start finds the lock held");
    } else {
      happen(event);
    }
  }
  move_to(end);
}

/// What was held back lands in between.
void World::move_to(Timestamp time) {
  while (!held_.empty() && held_.begin()->first <= time) {
    const auto held = held_.extract(held_.begin());
    peers_.organization.set_now(std::max(now(), held.key()));
    take_post(held.mapped(), true);
  }
  peers_.organization.set_now(std::max(now(), time));
}

void World::calm_down() {
  note("no more trouble");
  buildkite_trouble_.clear();
  bitbucket_trouble_.clear();
  save_trouble_.clear();
}

void World::begin_pass() {
  watch_.begin_pass();
  if (!has_replica_) return;
  before_last_pass_ = std::move(at_last_pass_);
  at_last_pass_ = peers_.organization;
}

/// The server drops what it has not begun when the connection is gone.
void World::crashed() {
  note("the connector crashed");
  held_.clear();
  watch_.crashed();
}

void World::be_generous() {
  const support::BuildkiteSettings usual;
  peers_.buildkite.settings().user_limit = usual.user_limit;
  peers_.buildkite.settings().listing.largest_page = usual.listing.largest_page;
}

void World::crash_if_due(Trouble trouble) {
  if (save_trouble_.empty() || save_trouble_.front().trouble != trouble) return;
  save_trouble_.pop_front();
  throw Crash{};
}

bool World::nothing_under_way() const {
  const auto builds = organization().builds();
  return held_.empty() && std::none_of(builds.begin(), builds.end(),
                                       [&](const auto* model) { return model->listed_from > now(); });
}

std::string World::shown(const Key& key) const {
  return peers_.bitbucket.shown_state(project_of(key.first), key.first, key.second,
                                      support::a_pipeline(key.first).id);
}

}  // namespace connector::properties
