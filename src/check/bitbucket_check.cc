#include "check/bitbucket_check.hh"

#include <optional>
#include <utility>
#include <variant>

#include "bitbucket/answers.hh"
#include "bitbucket/properties.hh"
#include "bitbucket/repository.hh"
#include "bitbucket/status_request.hh"
#include "check/asking.hh"
#include "check/repositories.hh"
#include "core/place/clone_url.hh"
#include "core/place/scope.hh"
#include "pass/bitbucket_session.hh"

namespace connector::check {
namespace {

std::string in_words(const ServerVersion& version) {
  return std::to_string(version.major) + "." + std::to_string(version.minor);
}

/// A repository that a pass would ask for or report to, if there is one: it needs the login.
std::optional<Repository> any_repository(const RecentPipelines& pipelines, const Scope& scope,
                                         const RepositoryMap& map, Timestamp now) {
  for (const auto& [slug, seen] : pipelines) {
    const Placement placement = placement_of(seen.pipeline, scope, map, now);
    const auto url = parse_clone_url(seen.pipeline.repository);
    if (!url || placement.kind == Placement::Kind::elsewhere) continue;
    if (placement.kind == Placement::Kind::to_be_asked) return url->repository;
    if (placement.repository != Repository{}) return placement.repository;
  }
  return std::nullopt;
}

}  // namespace

void BitbucketCheck::look(const RecentPipelines& pipelines) {
  if (!look_at_server()) {
    if (outcome_ == Login::not_tried) findings_.skip(server_.step("login"));
    findings_.skip(server_.step("endpoint"));
  } else if (!look_at_login(pipelines)) {
    findings_.skip(server_.step("endpoint"));
  } else if (look_at_endpoint() && !pipelines.empty()) {
    return look_at_repositories_of(pipelines);
  }
  findings_.skip("which pipelines belong to which repositories");
}

void BitbucketCheck::look_at_repositories_of(const RecentPipelines& pipelines) {
  Questions questions(engine_, proof_, settings_.parallel_posts);
  const Repositories given{settings_, map_, questions, findings_, now()};
  const Readable readable = look_at_repositories(place(pipelines, given), given);
  if (required_builds_) look_at_required_builds(readable.pipelines, given);
  answering_ = readable.answering;
  if (proof_.proven()) outcome_ = Login::taken;
  if (questions.login_refused()) outcome_ = Login::refused;
}

/// Buildkite's clock, by which what was learned grows old.
Timestamp BitbucketCheck::now() const {
  return engine_.date(http::PeerId::buildkite).value_or(server_.local_now());
}

void BitbucketCheck::fail(const std::string& subject, const Delivery& delivery) {
  if (!engine_.accepting()) return findings_.skip(subject);
  findings_.fail(subject, delivery.text, cause_of(delivery.result));
}

/// The first request goes alone and carries the login, which a server judges whatever it is asked.
bool BitbucketCheck::look_at_server() {
  const auto outcome = ask(engine_, bitbucket::properties_request());
  if (!look_at_way(server_, outcome, engine_, findings_)) {
    findings_.skip(server_.step("version"));
    return false;
  }
  const auto version = bitbucket::read_properties(outcome);
  if (const auto* delivery = std::get_if<Delivery>(&version)) {
    if (delivery->result == DeliveryResult::bad_login) {
      findings_.skip(server_.step("version"));
      return judge_login(*delivery, false);
    }
    fail(server_.step("version"), *delivery);
    return false;
  }
  const auto& found = std::get<ServerVersion>(version);
  findings_.ok(server_.step("version"), in_words(found));
  required_builds_ = pass::as_configured(capabilities_of(found), settings_.api).repository_builds;
  return true;
}

/// Asks for something that needs the login on every version: a repository of the pipelines, else the statuses
/// of a commit that nobody has.
bool BitbucketCheck::look_at_login(const RecentPipelines& pipelines) {
  const auto repository = any_repository(pipelines, settings_.rules.scope, map_, now());
  if (repository) {
    const auto answer =
        bitbucket::read_repository(ask(engine_, bitbucket::repository_request(*repository)), *repository);
    const auto* delivery = std::get_if<Delivery>(&answer);
    return judge_login(delivery == nullptr ? Delivery{DeliveryResult::delivered, false, {}} : *delivery,
                       true);
  }
  const auto answer = bitbucket::read_records(ask(engine_, bitbucket::records_request(std::string(40, '0'))));
  const auto* delivery = std::get_if<Delivery>(&answer);
  return judge_login(delivery == nullptr ? Delivery{DeliveryResult::delivered, false, {}} : *delivery, false);
}

/// Whether there is any use in asking more.
bool BitbucketCheck::judge_login(const Delivery& delivery, bool of_a_repository) {
  const std::string subject = server_.step("login");
  // Some servers fail whenever they are asked for certain repositories that they do not have.
  const bool server_fails = delivery.result == DeliveryResult::try_later && delivery.may_be_the_text;
  if (delivery.result == DeliveryResult::bad_login) {
    outcome_ = Login::refused;
    findings_.fail(subject,
                   delivery.text + "; check " + std::string(pass::credential_settings) + "; " +
                       std::string(origin_of_credential),
                   ExitStatus::no_permission);
    return false;
  }
  if (delivery.result == DeliveryResult::delivered ||
      (is_about_the_request(delivery.result) &&
       (of_a_repository || delivery.result == DeliveryResult::not_permitted))) {
    proof_.works();
    outcome_ = Login::taken;
    findings_.ok(subject, "taken");
    return true;
  }
  if (server_fails || is_about_the_request(delivery.result)) {
    findings_.warn(subject, "not refused, but nothing here proves it: " + delivery.text +
                                "; start --check again when a pipeline of one of the server's repositories "
                                "has been built");
    return true;
  }
  fail(subject, delivery);
  return false;
}

bool BitbucketCheck::look_at_endpoint() {
  const std::string subject = server_.step("endpoint");
  const auto asked = bitbucket::read_capabilities(ask(engine_, bitbucket::capabilities_request()));
  if (const auto* delivery = std::get_if<Delivery>(&asked)) {
    fail(subject, *delivery);
    return false;
  }
  if (const auto* known = std::get_if<Capabilities>(&asked))
    required_builds_ = pass::as_configured(*known, settings_.api).repository_builds;
  if (required_builds_) {
    findings_.ok(subject, "statuses go to the repository, so that Required builds see them");
  } else {
    findings_.warn(subject,
                   "statuses go to the old endpoint, which Required builds do not see (repositories have had "
                   "their own since 7.4; bitbucket.api chooses)");
  }
  return true;
}

}  // namespace connector::check
