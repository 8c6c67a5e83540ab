// The world of a history: both peers, the events that come due as virtual time goes on, within passes too,
// and the trouble that requests meet.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "http/request.hh"
#include "properties/plan.hh"
#include "properties/watch.hh"
#include "support/faults.hh"
#include "support/memory_wire.hh"
#include "support/peers.hh"

namespace connector::properties {

/// Ends a pass as SIGKILL would.
struct Crash {};

class World {
 public:
  /// `plan` and `peers` must outlive the world. With `trace`, what happens is written there, one line each.
  World(const Plan& plan, support::Peers& peers, std::vector<std::string>* trace);
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  ~World() = default;

  /// The peers as a pass reaches them, with what goes wrong on the way; throws Crash when it is time to.
  support::FakeAnswer buildkite(const support::FakeRequest& request);
  support::FakeAnswer bitbucket(const support::FakeRequest& request);
  /// The same over a wire in memory; time spent there moves the world.
  support::MemoryWireSettings wire_settings(std::uint64_t seed);

  /// Lets everything happen until the next event for the shell around passes (connector_pass, restore_state,
  /// add_shard) is due and returns it; nothing when no event is left.
  const Event* next_shell_event();
  /// Lets time pass, and with it what happens. A pass that would begin meanwhile finds the lock held.
  void advance(std::chrono::milliseconds duration);
  /// No more trouble from now on.
  void calm_down();

  /// A pass begins.
  void begin_pass();
  /// The connector is gone: what it sent and nobody answered is lost.
  void crashed();
  /// While set, requests reach the peers without trouble, such as those nobody waits for any more.
  void spare_requests(bool spared) noexcept { spared_ = spared; }
  /// The plan's small pages and quota end.
  void be_generous();
  /// To be called around the write of a state; throws Crash when it is time to.
  void before_save() { crash_if_due(Trouble::crash_before_save); }
  void after_save() { crash_if_due(Trouble::crash_after_save); }

  [[nodiscard]] Timestamp now() const { return peers_.organization.now(); }
  [[nodiscard]] std::chrono::milliseconds since_start() const { return now() - start_; }
  [[nodiscard]] support::Peers& peers() noexcept { return peers_; }
  [[nodiscard]] unsigned largest_page() const { return peers_.buildkite.settings().listing.largest_page; }
  [[nodiscard]] const support::Organization& organization() const noexcept { return peers_.organization; }
  [[nodiscard]] std::string shown(const Key& key) const;
  [[nodiscard]] Watch& watch() noexcept { return watch_; }
  /// No POST is on its way, and listings show all builds.
  [[nodiscard]] bool nothing_under_way() const;
  void note(const std::string& line);

 private:
  void happen(const Event& event);
  void happen_to_build(const Event& event);
  void create(const Event& event);
  void happen_to_pipeline(const Event& event);
  void move_repository(const Event& event);
  [[nodiscard]] std::string project_of(const std::string& pipeline) const {
    return moved_.contains(pipeline) ? "OPS" : "ACME";
  }
  void move_to(Timestamp time);
  support::FakeAnswer meet(std::deque<Event>& trouble, const support::FakeRequest& request,
                           const support::Handler& peer);
  support::FakeAnswer hold(const support::FakeRequest& request, std::chrono::milliseconds span);
  support::FakeAnswer take_post(const support::FakeRequest& request, bool late);
  void crash_if_due(Trouble trouble);

  const Plan& plan_;
  std::vector<std::string>* trace_;
  support::Peers& peers_;
  Timestamp start_;
  Watch watch_;
  bool has_replica_;
  bool spared_ = false;
  std::size_t next_event_ = 0;
  std::map<unsigned, std::pair<std::string, std::uint64_t>> builds_;  // by label
  std::deque<Event> buildkite_trouble_, bitbucket_trouble_, save_trouble_;
  std::set<std::string> moved_;  // pipelines whose repositories have another project now
  std::multimap<Timestamp, support::FakeRequest> held_;
  std::optional<support::Organization> before_last_pass_, at_last_pass_;
};

}  // namespace connector::properties
