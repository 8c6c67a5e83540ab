#include "state/encode_bitbucket.hh"

#include <optional>

#include "core/text/hex.hh"
#include "core/text/timestamp.hh"

namespace connector::state {
namespace {

void write_repository(JsonWriter& json, const Repository& repository) {
  json.begin_array().value(repository.project).value(repository.slug).end_array();
}

void write_capabilities(JsonWriter& json, const std::optional<Capabilities>& capabilities) {
  json.key("capabilities");
  if (!capabilities) {
    json.null().line();
    return;
  }
  json.begin_object();
  json.key("repository_builds").value(capabilities->repository_builds);
  json.key("reading_by_key").value(capabilities->reading_by_key);
  json.key("cancelled_state").value(capabilities->cancelled_state);
  json.key("basic_plane_only").value(capabilities->basic_plane_only);
  json.key("learned").value(format_timestamp(capabilities->learned));
  json.end_object().line();
}

void write_login_refusal(JsonWriter& json, const std::optional<LoginRefusal>& refusal) {
  json.key("login_refusal");
  if (!refusal) {
    json.null().line();
    return;
  }
  json.begin_object();
  json.key("salt").value(hex64(refusal->salt));
  json.key("fingerprint").value(std::uint64_t{refusal->fingerprint});
  json.key("refusals").value(std::uint64_t{refusal->refusals});
  json.key("last").value(format_timestamp(refusal->last));
  json.end_object().line();
}

void write_parked(JsonWriter& json, const ParkedRepositories& parked) {
  json.key("parked").begin_array();
  for (const auto& [repository, parking] : parked) {
    json.line().begin_object();
    write_repository(json.key("repository"), repository);
    json.key("until").value(format_timestamp(parking.until));
    json.key("refusals").value(std::uint64_t{parking.refusals});
    json.end_object();
  }
  json.end_array().line();
}

void write_repositories(JsonWriter& json, const RepositoryMap& map) {
  json.key("hosts").begin_array();
  for (const auto& [place, finding] : map.hosts) {
    json.line().begin_object();
    json.key("place").value(place);
    json.key("ours").value(finding.ours);
    json.key("foreign").value(finding.foreign);
    json.key("not_found").begin_array();
    for (const Repository& repository : finding.not_found) write_repository(json, repository);
    json.end_array().key("hidden").begin_array();
    for (const Repository& repository : finding.hidden) write_repository(json, repository);
    json.end_array();
    json.key("asked").value(format_timestamp(finding.asked));
    json.end_object();
  }
  json.end_array().line().key("renamed").begin_array();
  for (const auto& [old_name, rename] : map.renames) {
    json.line().begin_object();
    write_repository(json.key("from"), old_name);
    write_repository(json.key("to"), rename.to);
    json.key("confirmed").value(format_timestamp(rename.confirmed));
    json.end_object();
  }
  json.end_array().line();
}

}  // namespace

void write_bitbucket(JsonWriter& json, const SavedState& state) {
  write_capabilities(json, state.capabilities);
  write_login_refusal(json, state.login_refusal);
  write_parked(json, state.parked);
  write_repositories(json, state.repositories);
}

}  // namespace connector::state
