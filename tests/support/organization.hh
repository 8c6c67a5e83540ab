// The model of a Buildkite organization: pipelines, builds and what happens to them, on a clock that a test
// sets. The fake Buildkite shows it; a test asks it what should be shown in the end.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/build/build.hh"
#include "core/text/timestamp.hh"

namespace connector::support {

/// A build with what REST shows of it beyond connector::Build.
struct ModelBuild {
  Build build;
  std::optional<Timestamp> scheduled_at;
  std::optional<Timestamp> failing_at;
  std::string rebuilt_from;    ///< id of the build it repeats; empty for none
  std::uint64_t sequence = 0;  ///< order of arrival in the organization
  Timestamp listed_from{};     ///< listings show it from then on
};

/// Points on which Buildkite's documentation leaves room; correct programs are right under all of them.
struct OrganizationHabits {
  bool reopening_clears_finished_at = true;
  bool finishing_again_renews_finished_at = true;
  std::chrono::milliseconds listing_lag{0};  ///< from the creation of a build to its first place in a listing
};

class Organization {
 public:
  Organization(std::string slug, Timestamp now, OrganizationHabits habits = {});

  [[nodiscard]] const std::string& slug() const noexcept { return slug_; }
  [[nodiscard]] Timestamp now() const noexcept { return now_; }
  void set_now(Timestamp now) noexcept { now_ = now; }
  void advance(std::chrono::milliseconds by) noexcept { now_ += by; }
  [[nodiscard]] OrganizationHabits& habits() noexcept { return habits_; }

  /// A pipeline of that slug, or a changed one. Its builds show it as it is now.
  void add_pipeline(Pipeline pipeline);
  /// A build as it is, its times included; listings show it at once. Its pipeline is added when it is new,
  /// else the one added first counts. Number 0 is replaced by the next free one. Throws std::logic_error when
  /// the number is taken. Returns the number.
  std::uint64_t add(Build build);

  /// A new build of a pipeline that exists, scheduled now. Returns its number.
  std::uint64_t create(const std::string& pipeline, const std::string& commit,
                       const std::string& branch = "main", const std::string& message = "A change");
  /// A new build of the same commit, as the Rebuild button makes it.
  std::uint64_t rebuild(const std::string& pipeline, std::uint64_t number);

  /// What REST shows of a build's jobs from now on.
  void set_jobs(const std::string& pipeline, std::uint64_t number, std::vector<Job> jobs);
  void start(const std::string& pipeline, std::uint64_t number);
  void begin_failing(const std::string& pipeline, std::uint64_t number);
  void pass(const std::string& pipeline, std::uint64_t number);
  void fail(const std::string& pipeline, std::uint64_t number);
  void begin_canceling(const std::string& pipeline, std::uint64_t number);
  void cancel(const std::string& pipeline, std::uint64_t number);
  /// Superseded before it started.
  void skip(const std::string& pipeline, std::uint64_t number);
  /// Every step was skipped.
  void end_without_running(const std::string& pipeline, std::uint64_t number);
  /// Reaches a block step after its steps passed.
  void block(const std::string& pipeline, std::uint64_t number);
  void unblock(const std::string& pipeline, std::uint64_t number);
  /// A job of an ended build is retried: the build runs again.
  void retry(const std::string& pipeline, std::uint64_t number);
  /// The agent has checked out: HEAD, a ref or a short id becomes a full one.
  void resolve_commit(const std::string& pipeline, std::uint64_t number, const std::string& commit);
  void remove(const std::string& pipeline, std::uint64_t number);
  /// A pipeline gets another slug: it and its builds keep their ids and are found under that alone.
  void rename_pipeline(const std::string& from, const std::string& to);
  /// A pipeline that was deleted, with all its builds.
  void remove_pipeline(const std::string& pipeline);
  /// The token's owner may not see a pipeline any more; its builds go on all the same.
  void hide_pipeline(const std::string& pipeline) { hidden_.insert(pipeline); }
  void show_pipeline(const std::string& pipeline) { hidden_.erase(pipeline); }

  /// Throws std::logic_error when there is no such build.
  [[nodiscard]] const ModelBuild& build(const std::string& pipeline, std::uint64_t number) const;
  [[nodiscard]] const ModelBuild* find(const std::string& pipeline, std::uint64_t number) const;
  /// Throws std::logic_error when there is no such pipeline.
  [[nodiscard]] const Pipeline& pipeline(const std::string& slug) const;
  /// Whether there is such a pipeline and it is not hidden.
  [[nodiscard]] bool has_pipeline(const std::string& pipeline) const {
    return pipelines_.contains(pipeline) && !hidden_.contains(pipeline);
  }
  /// All builds, hidden ones included, by pipeline and number.
  [[nodiscard]] std::vector<const ModelBuild*> builds() const;
  /// The builds that listings show now, newest created first; of one time the later arrival first.
  [[nodiscard]] std::vector<const ModelBuild*> listed() const;

 private:
  ModelBuild& get(const std::string& pipeline, std::uint64_t number);
  ModelBuild& insert(Build build);
  ModelBuild& reopen(const std::string& pipeline, std::uint64_t number);
  ModelBuild& end(const std::string& pipeline, std::uint64_t number, BuildState state);

  std::string slug_;
  Timestamp now_;
  OrganizationHabits habits_;
  std::map<std::string, Pipeline> pipelines_;
  std::set<std::string> hidden_;  // pipelines
  std::map<std::string, std::uint64_t>
      last_number_;  // by pipeline; numbers of deleted builds are not used again
  std::map<std::pair<std::string, std::uint64_t>, ModelBuild> builds_;
  std::uint64_t arrivals_ = 0;
};

}  // namespace connector::support
