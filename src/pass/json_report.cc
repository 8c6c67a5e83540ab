#include "pass/json_report.hh"

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "core/text/json_text.hh"
#include "core/text/timestamp.hh"

namespace connector::pass {
namespace {

void write_counts(JsonWriter& json, const Counts& counts) {
  const std::array<std::pair<const char*, std::uint64_t>, 12> rows = {{
      {"builds", counts.builds},
      {"filtered_out", counts.filtered_out},
      {"other_shard", counts.other_shard},
      {"other_repository", counts.other_repository},
      {"unreportable", counts.unreportable},
      {"unreadable", counts.unreadable},
      {"posted", counts.posted},
      {"refused", counts.refused},
      {"dead_letters", counts.dead_letters},
      {"waiting", counts.waiting},
      {"adopted", counts.adopted},
      {"left_open", counts.left_open},
  }};
  json.key("counts").begin_object();
  for (const auto& [name, count] : rows) json.key(name).value(count);
  json.end_object();
}

void write_rest(JsonWriter& json, const char* name, const std::optional<std::int64_t>& remaining) {
  json.key(name);
  if (remaining) {
    json.value(*remaining);
  } else {
    json.null();
  }
}

void write_peer(JsonWriter& json, const char* name, http::PeerId peer, const http::Engine& engine) {
  const http::PeerCounts& counts = engine.counts(peer);
  const Quota quota = engine.quota(peer);
  json.key(name).begin_object();
  json.key("requests").value(counts.requests);
  json.key("retries").value(counts.retries);
  json.key("failures").value(counts.failures);
  json.key("answers").begin_object();
  for (const auto& [status, times] : counts.answers) json.key(std::to_string(status)).value(times);
  json.end_object();
  write_rest(json, "organization_requests_left", quota.organization.remaining);
  write_rest(json, "user_requests_left", quota.user.remaining);
  json.end_object();
}

void write_status(JsonWriter& json, const ReportedStatus& reported, const Mask& mask) {
  const StatusKey& key = reported.key;
  json.begin_object();
  json.key("result").value(word_of(reported.result));
  json.key("reason").value(word_of(reported.reason));
  json.key("state").value(word_of(reported.state));
  json.key("pipeline").value(mask.hide(reported.pipeline));
  json.key("build").value(reported.status.build_number);
  json.key("commit").value(key.commit);
  json.key("project").value(mask.hide(key.repository.project));
  json.key("repository").value(mask.hide(key.repository.slug));
  json.key("key").value(mask.hide(key.key));
  json.key("url").value(mask.hide(reported.status.url));
  json.key("name").value(mask.hide(reported.status.name));
  json.key("description").value(mask.hide(reported.status.description));
  json.key("parent").value(mask.hide(reported.status.parent));
  json.key("ref").value(mask.hide(reported.status.ref));
  json.end_object();
}

}  // namespace

std::string json_report(const Report& report, ExitStatus status, const http::Engine& engine,
                        std::chrono::milliseconds duration, const Mask& mask) {
  std::string text;
  JsonWriter json(text);
  json.begin_object();
  json.key("version").value(std::uint64_t{json_report_version});
  json.key("exit_status").value(std::int64_t{static_cast<int>(status)});
  json.key("exit_name").value(name_of(status));
  json.key("duration_ms").value(std::int64_t{duration.count()});
  json.key("lag_ms").value(std::int64_t{report.lag.count()});
  write_counts(json, report.counts);
  json.key("peers").begin_object();
  write_peer(json, "buildkite", http::PeerId::buildkite, engine);
  write_peer(json, "bitbucket", http::PeerId::bitbucket, engine);
  json.end_object();
  json.key("gaps").begin_array();
  for (const Gap& gap : report.gaps) {
    json.begin_object();
    json.key("from").value(format_timestamp(gap.from));
    json.key("to").value(format_timestamp(gap.to));
    json.end_object();
  }
  json.end_array();
  json.key("statuses").begin_array();
  for (const ReportedStatus& reported : report.statuses) write_status(json, reported, mask);
  json.end_array().end_object();
  return text + "\n";
}

}  // namespace connector::pass
