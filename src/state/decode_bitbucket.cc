#include "state/decode_bitbucket.hh"

#include <limits>
#include <set>
#include <utility>

#include "core/place/repository_path.hh"
#include "core/text/hex.hh"

namespace connector::state {
namespace {

/// Names of repositories become parts of URLs, so nothing else may pass.
Repository repository_of(JsonValue value, std::string_view name) {
  Repository repository;
  std::size_t place = 0;
  for (auto element : array_of(value, name)) {
    JsonValue part;
    require(element.get(part), name);
    (place == 0 ? repository.project : repository.slug) = text_of(part, name);
    ++place;
  }
  if (place != 2 || !repository_named(repository.project, repository.slug))
    throw Unreadable("'" + std::string(name) + "' is not a repository");
  return repository;
}

template <typename Number>
Number read_number(JsonObject& object, std::string_view name) {
  const std::uint64_t count = read_count(object, name);
  if (count > std::numeric_limits<Number>::max())
    throw Unreadable("'" + std::string(name) + "' is out of range");
  return static_cast<Number>(count);
}

/// Nothing when the state is of a version that did not ask for all of it: the server is asked again.
std::optional<Capabilities> read_capabilities(JsonObject object) {
  Capabilities capabilities;
  capabilities.repository_builds = flag_of(member(object, "repository_builds"), "repository_builds");
  const auto by_key = optional_member(object, "reading_by_key");
  if (!by_key) return std::nullopt;
  capabilities.reading_by_key = flag_of(*by_key, "reading_by_key");
  capabilities.cancelled_state = flag_of(member(object, "cancelled_state"), "cancelled_state");
  capabilities.basic_plane_only = flag_of(member(object, "basic_plane_only"), "basic_plane_only");
  capabilities.learned = read_time(object, "learned");
  return capabilities;
}

LoginRefusal read_login_refusal(JsonObject object) {
  LoginRefusal refusal;
  const auto salt = parse_hex64(read_text(object, "salt"));
  if (!salt) throw Unreadable("'salt' has not 16 hexadecimal digits");
  refusal.salt = *salt;
  refusal.fingerprint = read_number<std::uint16_t>(object, "fingerprint");
  refusal.refusals = read_number<unsigned>(object, "refusals");
  refusal.last = read_time(object, "last");
  return refusal;
}

template <typename Read>
void for_each_object(JsonObject& object, std::string_view name, Read read) {
  const auto list = optional_member(object, name);
  if (!list) return;
  for (auto element : array_of(*list, name)) {
    JsonObject item;
    require(element.get_object().get(item), name);
    read(item);
  }
}

std::set<Repository> read_repositories(JsonObject& item, std::string_view name) {
  std::set<Repository> repositories;
  for (auto element : array_of(member(item, name), name)) {
    JsonValue value;
    require(element.get(value), name);
    repositories.insert(repository_of(value, name));
  }
  return repositories;
}

void read_host(JsonObject& item, RepositoryMap& map) {
  HostFinding& finding = map.hosts[read_text(item, "place")];
  finding.ours = flag_of(member(item, "ours"), "ours");
  finding.foreign = flag_of(member(item, "foreign"), "foreign");
  finding.not_found = read_repositories(item, "not_found");
  finding.hidden = read_repositories(item, "hidden");
  finding.asked = read_time(item, "asked");
}

}  // namespace

void read_bitbucket(JsonObject& object, SavedState& state) {
  if (const auto capabilities = optional_member(object, "capabilities"))
    state.capabilities = read_capabilities(object_of(*capabilities, "capabilities"));
  if (const auto refusal = optional_member(object, "login_refusal"))
    state.login_refusal = read_login_refusal(object_of(*refusal, "login_refusal"));
  for_each_object(object, "parked", [&](JsonObject& item) {
    Parking& parking = state.parked[repository_of(member(item, "repository"), "repository")];
    parking.until = read_time(item, "until");
    parking.refusals = read_number<unsigned>(item, "refusals");
  });
  for_each_object(object, "hosts", [&](JsonObject& item) { read_host(item, state.repositories); });
  for_each_object(object, "renamed", [&](JsonObject& item) {
    Rename& rename = state.repositories.renames[repository_of(member(item, "from"), "from")];
    rename.to = repository_of(member(item, "to"), "to");
    rename.confirmed = read_time(item, "confirmed");
  });
}

}  // namespace connector::state
