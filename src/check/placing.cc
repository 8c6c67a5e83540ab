#include <set>
#include <string>
#include <utility>
#include <variant>

#include "bitbucket/repository.hh"
#include "check/repositories.hh"
#include "core/build/shard.hh"
#include "core/build/status_names.hh"
#include "core/place/clone_url.hh"
#include "core/place/host.hh"
#include "core/place/scope.hh"

namespace connector::check {
namespace {

class HostQuestions {
 public:
  explicit HostQuestions(const Repositories& given) : given_(given) {}

  /// One repository of each host first, as its answer often settles all others; then all that are left.
  void ask(const RecentPipelines& pipelines) {
    bool first_of_each = true;
    for (auto urls = unplaced(pipelines); !urls.empty() && !given_.questions.given_up();
         urls = unplaced(pipelines)) {
      std::set<std::string> places;
      for (const CloneUrl& url : urls) {
        if (!places.insert(place_of(url)).second && first_of_each) continue;
        asked_.insert(id_of(url));
        ask_about(url, false);
      }
      given_.questions.run();
      first_of_each = false;
    }
  }

  /// Why nothing is known of a host that was asked about; empty when it was not.
  [[nodiscard]] std::string why_unknown(const CloneUrl& url) const {
    const auto found = unknown_.find(place_of(url));
    return found == unknown_.end() ? "" : found->second;
  }

 private:
  static std::string id_of(const CloneUrl& url) { return place_of(url) + " " + name_of(url.repository); }

  [[nodiscard]] std::vector<CloneUrl> unplaced(const RecentPipelines& pipelines) const {
    std::vector<CloneUrl> urls;
    std::set<std::string> seen_urls = asked_;
    for (const auto& [slug, seen] : pipelines) {
      const auto placement = placement_of(seen.pipeline, given_.settings.rules.scope, given_.map, given_.now);
      if (placement.kind != Placement::Kind::to_be_asked || !has_pipeline(given_.settings.rules.shard, slug))
        continue;
      auto url = parse_clone_url(seen.pipeline.repository);
      if (url && seen_urls.insert(id_of(*url)).second) urls.push_back(std::move(*url));
    }
    return urls;
  }

  void ask_about(const CloneUrl& url, bool led_here) {
    given_.questions.ask(
        bitbucket::repository_request(url.repository),
        [this, url, led_here](const http::Outcome& outcome) { take(url, led_here, outcome); });
  }

  void take(const CloneUrl& url, bool led_here, const http::Outcome& outcome) {
    const auto answer = bitbucket::read_repository(outcome, url.repository);
    if (const auto* links = std::get_if<std::vector<std::string>>(&answer)) {
      given_.questions.succeed();
      note_links(given_.map, url, *links, given_.now);
      return;
    }
    const Delivery failure = given_.questions.judged(std::get<Delivery>(answer));
    switch (note_unlinked(given_.map, url, failure, led_here, given_.now)) {
      case Unlinked::noted:
        break;
      case Unlinked::unknown:
        unknown_[place_of(url)] = failure.text;
        break;
      case Unlinked::moved:
        CloneUrl present = url;
        present.repository = failure.moved_to;
        ask_about(present, true);
        break;
    }
  }

  const Repositories& given_;
  std::set<std::string> asked_;
  std::map<std::string, std::string> unknown_;  // and why, by place
};

/// The host alone: the rest of the URL may hold a credential.
std::string host_in_words(const Pipeline& pipeline) {
  const std::string host = host_of(pipeline.repository);
  return host.empty() ? "(none)" : host;
}

bool is_hidden(const Pipeline& pipeline, const RepositoryMap& map) {
  const auto url = parse_clone_url(pipeline.repository);
  const auto host = url ? map.hosts.find(place_of(*url)) : map.hosts.end();
  return host != map.hosts.end() && host->second.hidden.contains(url->repository);
}

Finding elsewhere(const Pipeline& pipeline, const RepositoryMap& map) {
  const std::string subject = "pipeline " + pipeline.slug;
  const std::string host = host_in_words(pipeline);
  const std::string advice =
      "; if that is another name of the same server, add it to bitbucket.repository_hosts";
  if (is_cloud_host(host))
    return {Grade::ok, subject, "its repository is on " + host + ", so its builds are not reported"};
  if (is_hidden(pipeline, map)) {
    return {Grade::warning, subject,
            "Bitbucket does not show its repository to the account, so its builds, on host " + host +
                ", are not reported; if it is there, give the account the permission to read it" + advice};
  }
  return {Grade::warning, subject,
          "its repository, on host " + host + ", is not on this Bitbucket, so its builds are not reported" +
              advice};
}

/// What other shards send counts where a repository of ours requires builds; all else is their own --check's.
void add_those_of_other_shards(PlacedPipelines& placed, const RecentPipelines& pipelines,
                               const Repositories& given) {
  const Rules& rules = given.settings.rules;
  for (const auto& [slug, seen] : pipelines) {
    if (has_pipeline(rules.shard, slug)) continue;
    const auto placement = placement_of(seen.pipeline, rules.scope, given.map, given.now);
    if (placement.kind != Placement::Kind::reported) continue;
    if (const auto ours = placed.find(placement.repository); ours != placed.end())
      ours->second.push_back(&seen);
  }
}

}  // namespace

PlacedPipelines place(const RecentPipelines& pipelines, const Repositories& given) {
  HostQuestions hosts(given);
  hosts.ask(pipelines);
  const Shard& shard = given.settings.rules.shard;
  PlacedPipelines placed;
  for (const auto& [slug, seen] : pipelines) {
    const std::string subject = "pipeline " + slug;
    const auto placement = placement_of(seen.pipeline, given.settings.rules.scope, given.map, given.now);
    if (!has_pipeline(shard, slug)) {
      given.findings.ok(subject,
                        "belongs to shard " + text_of(shard_of(slug, shard.count)) + ", which reports it");
    } else if (placement.kind == Placement::Kind::elsewhere) {
      given.findings.add(elsewhere(seen.pipeline, given.map));
    } else if (placement.kind == Placement::Kind::reported && placement.repository == Repository{}) {
      given.findings.ok(subject, "reported by commit (bitbucket.unmatched)");
    } else if (placement.kind == Placement::Kind::reported) {
      given.findings.ok(subject, "reported to " + name_of(placement.repository));
      placed[placement.repository].push_back(&seen);
    } else if (const auto why = hosts.why_unknown(*parse_clone_url(seen.pipeline.repository));
               !why.empty() && !given.questions.given_up()) {
      given.findings.fail(subject, "whether its repository is on this Bitbucket is not known: " + why,
                          ExitStatus::temp_fail);
    } else {
      given.findings.skip(subject);
    }
  }
  add_those_of_other_shards(placed, pipelines, given);
  return placed;
}

}  // namespace connector::check
