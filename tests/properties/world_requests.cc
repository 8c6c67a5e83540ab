// How the peers of a history answer, and what goes wrong on the way.
#include <algorithm>
#include <variant>

#include "properties/world.hh"
#include "support/bitbucket_answers.hh"
#include "support/posted_status.hh"

namespace connector::properties {
namespace {

using support::FakeAnswer;
using support::FakeRequest;

SeenPost seen_post(const FakeRequest& request, Timestamp now, bool late) {
  const auto read = support::read_posted_status(request.body, {false, true});
  const auto* status = std::get_if<support::PostedStatus>(&read);
  if (status == nullptr) return {now, 0, "unreadable", late};
  return {now, std::stoull(status->build_number), status->state, late};
}

Key key_of(const FakeRequest& request) {
  const auto path = support::parse_target(request.target).path;
  return {path.at(6), path.at(8)};
}

/// The query without what every request has.
std::string short_target(const std::string& target) {
  std::string text;
  for (const auto& [name, value] : support::parse_target(target).query) {
    if (name == "exclude_jobs" || name == "per_page") continue;
    text += ' ' + name + '=' + (value.size() == 40 ? value.substr(0, 8) : value);
  }
  return target.substr(0, target.find('?')) + text;
}

std::string outcome_text(const FakeAnswer& answer) {
  std::string text = std::to_string(answer.status);
  if (answer.delivered == support::Delivered::nothing) text += ", but no answer comes";
  if (answer.delivered == support::Delivered::cut_body) text += ", but its body is cut";
  if (answer.delay.count() > 0) text += ", " + text_of(answer.delay) + " late";
  return text;
}

}  // namespace

FakeAnswer World::meet(std::deque<Event>& trouble, const FakeRequest& request, const support::Handler& peer) {
  const bool post = request.method == "POST";
  const auto due = std::find_if(trouble.begin(), trouble.end(), [&](const Event& event) {
    return post || event.trouble != Trouble::held_post;
  });
  if (spared_ || due == trouble.end()) return peer(request);
  const Event event = *due;
  trouble.erase(due);
  const bool refusal = event.trouble == Trouble::not_permitted || event.trouble == Trouble::refused_login;
  if (post || refusal) watch_.post_disturbed();
  switch (event.trouble) {
    case Trouble::server_error:
      return support::answer_status(500)(request, peer);
    case Trouble::unavailable: {
      FakeAnswer answer = support::json_answer(503, "{}");
      answer.headers.emplace_back("Retry-After", "3");
      return answer;
    }
    case Trouble::too_many:
      return support::answer_too_many("7")(request, peer);
    case Trouble::web_page:
      return support::answer_html(200)(request, peer);
    case Trouble::cut_body:
      return support::cut_the_body()(request, peer);
    case Trouble::lost_answer:
      return support::lose_the_answer()(request, peer);
    case Trouble::lost_request:
      return support::lose_the_request()(request, peer);
    case Trouble::late_answer:
      return support::answer_late(event.span)(request, peer);
    case Trouble::not_permitted:
      return support::errors_answer(401, {{"", "You are not permitted to access this resource",
                                           "com.atlassian.bitbucket.AuthorisationException"}});
    case Trouble::refused_login:
      return support::errors_answer(
          401, {{"", "Authentication failed.",
                 "com.atlassian.bitbucket.auth.IncorrectPasswordAuthenticationException"}});
    case Trouble::held_post:
      return hold(request, event.span);
    case Trouble::stale: {
      support::Organization past = before_last_pass_.value_or(peers_.organization);
      past.set_now(now());
      support::FakeBuildkite replica(past, peers_.buildkite.settings());
      return replica.handle(request);
    }
    case Trouble::crash_after:
      static_cast<void>(peer(request));
      throw Crash{};
    case Trouble::none:
    case Trouble::crash_before:
    case Trouble::crash_before_save:
    case Trouble::crash_after_save:
      break;
  }
  throw Crash{};
}

FakeAnswer World::hold(const FakeRequest& request, std::chrono::milliseconds span) {
  held_.emplace(now() + span, request);
  FakeAnswer answer;
  answer.delivered = support::Delivered::nothing;
  return answer;
}

FakeAnswer World::buildkite(const FakeRequest& request) {
  FakeAnswer answer = meet(buildkite_trouble_, request,
                           [this](const FakeRequest& asked) { return peers_.buildkite.handle(asked); });
  if (trace_ != nullptr) {
    note("  " + request.method + ' ' + short_target(request.target) + " -> " + outcome_text(answer));
  }
  return answer;
}

FakeAnswer World::bitbucket(const FakeRequest& request) {
  const bool post = request.method == "POST";
  if (trace_ != nullptr) {
    const SeenPost seen = post ? seen_post(request, now(), false) : SeenPost{};
    note("  " + request.method + ' ' + request.target.substr(0, request.target.find('?')) +
         (post ? ' ' + seen.state + " #" + std::to_string(seen.number) : std::string()));
  }
  if (post) watch_.attempted(key_of(request), seen_post(request, now(), false));
  FakeAnswer answer = meet(bitbucket_trouble_, request, [this](const FakeRequest& asked) {
    return asked.method == "POST" ? take_post(asked, false) : peers_.bitbucket.handle(asked);
  });
  if (trace_ != nullptr) note("    -> " + outcome_text(answer));
  return answer;
}

FakeAnswer World::take_post(const FakeRequest& request, bool late) {
  FakeAnswer answer = peers_.bitbucket.handle(request);
  if (answer.status < 300) watch_.accepted(key_of(request), seen_post(request, now(), late));
  if (late && trace_ != nullptr) {
    const SeenPost seen = seen_post(request, now(), true);
    note("a POST lands late: " + key_of(request).first + ' ' + key_of(request).second.substr(0, 8) + ' ' +
         seen.state + " #" + std::to_string(seen.number));
  }
  return answer;
}

}  // namespace connector::properties
