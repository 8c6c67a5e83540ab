#include "check/bitbucket_check.hh"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>
#include <variant>

#include "bitbucket/answers.hh"
#include "bitbucket/properties.hh"
#include "bitbucket/repository.hh"
#include "bitbucket/required_builds.hh"
#include "bitbucket/status_request.hh"
#include "check/asking.hh"
#include "core/clone_url.hh"
#include "core/scope.hh"
#include "core/status_names.hh"
#include "pass/bitbucket_session.hh"

namespace connector::check {
namespace {

constexpr unsigned most_pages = 5;

std::string in_words(const ServerVersion& version) {
  return std::to_string(version.major) + "." + std::to_string(version.minor);
}

std::string quoted(const std::string& text) {
  return "'" + text + "'";
}

std::string join(const std::set<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + quoted(word);
  return text;
}

ExitStatus cause_of(DeliveryResult result) {
  switch (result) {
    case DeliveryResult::bad_login:
    case DeliveryResult::proxy_login:
    case DeliveryResult::not_permitted:
      return ExitStatus::no_permission;
    case DeliveryResult::try_later:
      return ExitStatus::temp_fail;
    case DeliveryResult::not_the_api:
    case DeliveryResult::refused:
    case DeliveryResult::moved:
    case DeliveryResult::no_repository:
    case DeliveryResult::delivered:
      break;
  }
  return ExitStatus::protocol;
}

}  // namespace

void BitbucketCheck::look(const RecentPipelines& pipelines) {
  if (look_at_server()) place_all(pipelines);
}

Timestamp BitbucketCheck::now() const {
  return engine_.date(http::PeerId::buildkite).value_or(Timestamp{});
}

/// An answer that ends all looking at Bitbucket: every further request would meet the same.
bool BitbucketCheck::is_fatal(const std::string& subject, const Delivery& delivery) {
  switch (delivery.result) {
    case DeliveryResult::delivered:
    case DeliveryResult::refused:
    case DeliveryResult::not_permitted:
    case DeliveryResult::no_repository:
    case DeliveryResult::moved:
      return false;
    case DeliveryResult::bad_login:
      if (login_works_) return false;
      findings_.fail("Bitbucket login", delivery.text + "; check " + std::string(pass::credential_settings),
                     ExitStatus::no_permission);
      break;
    case DeliveryResult::try_later:
    case DeliveryResult::proxy_login:
    case DeliveryResult::not_the_api:
      findings_.fail(subject, delivery.text, cause_of(delivery.result));
      break;
  }
  stopped_ = true;
  return true;
}

bool BitbucketCheck::look_at_server() {
  const auto version = bitbucket::read_properties(ask(engine_, bitbucket::properties_request()));
  if (const auto* delivery = std::get_if<Delivery>(&version)) {
    if (!is_fatal("Bitbucket", *delivery))
      findings_.fail("Bitbucket", delivery->text, cause_of(delivery->result));
    return false;
  }
  const auto& found = std::get<ServerVersion>(version);
  findings_.ok("Bitbucket", "version " + in_words(found));
  Capabilities capabilities = capabilities_of(found);
  const auto asked = bitbucket::read_capabilities(ask(engine_, bitbucket::capabilities_request()));
  if (const auto* delivery = std::get_if<Delivery>(&asked)) {
    if (!is_fatal("Bitbucket login", *delivery))
      findings_.fail("Bitbucket", delivery->text, cause_of(delivery->result));
    return false;
  }
  if (const auto* known = std::get_if<Capabilities>(&asked)) capabilities = *known;
  required_builds_ = capabilities.repository_builds && settings_.api != config::BitbucketApi::build_status;
  if (required_builds_) {
    findings_.ok("Bitbucket endpoint", "statuses go to the repository, so that Required builds see them");
  } else {
    findings_.warn("Bitbucket endpoint",
                   "statuses go to the old endpoint, which Required builds do not see (repositories have had "
                   "their own since 7.4; bitbucket.api chooses)");
  }
  return true;
}

void BitbucketCheck::place_all(const RecentPipelines& pipelines) {
  const Rules& rules = settings_.rules;
  std::set<Repository> ours;
  std::map<Repository, std::vector<const SeenPipeline*>> repositories;
  for (const auto& [slug, seen] : pipelines) {
    if (stopped_) return;
    const bool of_this_shard = has_pipeline(rules.shard, slug);
    const auto repository = of_this_shard ? place(seen) : place_in_other_shard(seen);
    if (!repository) continue;
    repositories[*repository].push_back(&seen);
    if (of_this_shard) ours.insert(*repository);
  }
  for (const Repository& repository : ours) {
    if (stopped_) return;
    look_at_repository(repository, repositories.at(repository));
  }
}

/// Its statuses count where a repository of ours requires builds; all else is the other shard's --check.
std::optional<Repository> BitbucketCheck::place_in_other_shard(const SeenPipeline& seen) {
  const Rules& rules = settings_.rules;
  findings_.ok(
      "pipeline " + seen.pipeline.slug,
      "belongs to shard " + text_of(shard_of(seen.pipeline.slug, rules.shard.count)) + ", which reports it");
  const Placement placement = placement_of(seen.pipeline, rules.scope, map_, now());
  if (placement.kind != Placement::Kind::reported) return std::nullopt;
  return placement.repository;
}

std::optional<Repository> BitbucketCheck::place(const SeenPipeline& seen) {
  const std::string subject = "pipeline " + seen.pipeline.slug;
  Placement placement = placement_of(seen.pipeline, settings_.rules.scope, map_, now());
  if (placement.kind == Placement::Kind::to_be_asked) {
    if (!ask_about_host(seen.pipeline)) return std::nullopt;
    placement = placement_of(seen.pipeline, settings_.rules.scope, map_, now());
  }
  if (placement.kind != Placement::Kind::reported) {
    const std::string host = host_of(seen.pipeline.repository);  // the rest may hold a credential
    findings_.warn(subject,
                   "its repository, on host " + (host.empty() ? std::string("(none)") : host) +
                       ", is not on this Bitbucket, so its builds are not reported; if that is another "
                       "name of the same server, add it to bitbucket.repository_hosts");
    return std::nullopt;
  }
  if (placement.repository == Repository{}) {
    findings_.ok(subject, "reported by commit (bitbucket.unmatched)");
    return std::nullopt;
  }
  findings_.ok(subject, "reported to " + name_of(placement.repository));
  return placement.repository;
}

void BitbucketCheck::note_login() {
  if (!std::exchange(login_works_, true)) findings_.ok("Bitbucket login", "taken");
}

/// Whether the host of the pipeline's clone URL is a name of this server: what a pass would ask, too.
bool BitbucketCheck::ask_about_host(const Pipeline& pipeline) {
  const auto url = parse_clone_url(pipeline.repository);
  const auto answer = bitbucket::read_repository(ask(engine_, bitbucket::repository_request(url->repository)),
                                                 url->repository);
  if (const auto* links = std::get_if<std::vector<std::string>>(&answer)) {
    note_login();
    note_links(map_, *url, *links, now());
    return true;
  }
  const auto& delivery = std::get<Delivery>(answer);
  if (is_fatal("pipeline " + pipeline.slug, delivery)) return false;
  const bool missing = delivery.result == DeliveryResult::no_repository;
  note_absent(map_, *url, missing ? Absence::missing : Absence::hidden, now());
  return true;
}

void BitbucketCheck::look_at_repository(const Repository& repository,
                                        const std::vector<const SeenPipeline*>& pipelines) {
  const std::string subject = "repository " + name_of(repository);
  const auto answer =
      bitbucket::read_repository(ask(engine_, bitbucket::repository_request(repository)), repository);
  if (const auto* delivery = std::get_if<Delivery>(&answer)) {
    if (is_fatal("Bitbucket login", *delivery)) return;
    if (delivery->result == DeliveryResult::moved) {
      findings_.warn(subject, "goes on as " + name_of(delivery->moved_to) +
                                  "; builds are reported there. Correct the clone URL of its pipelines");
      return;
    }
    findings_.fail(subject,
                   delivery->text +
                       "; give the account the permission to read it, or correct the "
                       "clone URL of its pipelines",
                   ExitStatus::incomplete);
    return;
  }
  note_login();
  if (required_builds_) look_at_required_builds(repository, pipelines);
}

/// Other tools may send builds, too, so a key that none of our pipelines sends is no failure.
void BitbucketCheck::look_at_required_builds(const Repository& repository,
                                             const std::vector<const SeenPipeline*>& pipelines) {
  const std::string subject = "required builds of " + name_of(repository);
  std::set<std::string> sent;
  for (const SeenPipeline* seen : pipelines) sent.insert(seen->parents.begin(), seen->parents.end());
  std::set<std::string> required;
  std::optional<unsigned> start = 0;
  for (unsigned page = 0; start && page < most_pages; ++page) {
    const auto answer = bitbucket::read_conditions(
        ask(engine_, bitbucket::conditions_request(repository, *start)), repository, *start);
    if (const auto* delivery = std::get_if<Delivery>(&answer)) {
      if (!is_fatal(subject, *delivery)) findings_.ok(subject, "cannot be read: " + delivery->text);
      return;
    }
    const auto& read = std::get<bitbucket::RequiredBuilds>(answer);
    required.insert(read.parent_keys.begin(), read.parent_keys.end());
    start = read.next_start;
  }
  std::set<std::string> missing;
  std::set_difference(required.begin(), required.end(), sent.begin(), sent.end(),
                      std::inserter(missing, missing.end()));
  if (missing.empty()) {
    findings_.ok(subject, required.empty() ? "there are none" : "all are sent: " + join(required));
  } else {
    findings_.warn(subject, "no pipeline of this repository sends " + join(missing) + ", but " + join(sent) +
                                " (status.parent); correct the required build, unless another tool sends it");
  }
}

}  // namespace connector::check
