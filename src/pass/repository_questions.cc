#include "pass/repository_questions.hh"

#include <utility>
#include <variant>

#include "bitbucket/repository.hh"

namespace connector::pass {

bool RepositoryQuestions::begin_round(const std::vector<std::size_t>& to_be_posted, Timestamp now) {
  if (session_.stopped()) return false;
  now_ = now;
  const bool hosts = ask_about_hosts();
  const bool renames = ask_about_renames(to_be_posted);
  return hosts || renames;
}

/// One repository of a host at a time: the first answer often settles all others.
bool RepositoryQuestions::ask_about_hosts() {
  bool asked = false;
  for (const auto& [place, urls] : intake_.unplaced()) {
    for (const auto& [repository, url] : urls) {
      if (!hosts_asked_.insert(place + " " + repository.project + "/" + repository.slug).second) continue;
      asked = true;
      ask_about(url, Redirects::followed);
      break;
    }
  }
  return asked;
}

void RepositoryQuestions::ask_about(const CloneUrl& url, Redirects redirects) {
  session_.enqueue(
      [this, url, redirects] {
        session_.send(
            bitbucket::repository_request(url.repository),
            [this, url, redirects](const http::Outcome& outcome) { take_links(url, redirects, outcome); });
      },
      now_);
}

void RepositoryQuestions::take_links(const CloneUrl& url, Redirects redirects, const http::Outcome& outcome) {
  const auto answer = bitbucket::read_repository(outcome, url.repository);
  if (const auto* links = std::get_if<std::vector<std::string>>(&answer)) {
    session_.conclude({DeliveryResult::delivered, false, {}}, {});
    note_links(state_.repositories, url, *links, now_);
  } else {
    const Delivery delivery = session_.judged(std::get<Delivery>(answer));
    const auto noted = note_unlinked(state_.repositories, url, delivery, redirects == Redirects::final, now_);
    const bool server_fails = noted == Unlinked::noted && !is_about_the_request(delivery.result);
    if (!server_fails)
      session_.conclude(delivery, "whether a host is Bitbucket's is not known", {{"host", url.host}});
    if (noted == Unlinked::unknown) return;  // asked again by the next pass
    if (noted == Unlinked::moved) {
      CloneUrl present = url;
      present.repository = delivery.moved_to;
      return ask_about(present, Redirects::final);
    }
  }
  intake_.place(now_);
}

bool RepositoryQuestions::ask_about_renames(const std::vector<std::size_t>& to_be_posted) {
  bool asked = false;
  for (const std::size_t position : to_be_posted) {
    const auto old_name = stale_rename(state_.repositories, state_.ledger.at(position).key.repository, now_);
    if (!old_name || !renames_asked_.insert(*old_name).second) continue;
    asked = true;
    session_.enqueue(
        [this, name = *old_name] {
          session_.send(bitbucket::repository_request(name),
                        [this, name](const http::Outcome& outcome) { take_rename(name, outcome); });
        },
        now_);
  }
  return asked;
}

void RepositoryQuestions::take_rename(const Repository& old_name, const http::Outcome& outcome) {
  const auto answer = bitbucket::read_repository(outcome, old_name);
  const bool taken_again = std::holds_alternative<std::vector<std::string>>(answer);
  const Delivery delivery = taken_again ? Delivery{DeliveryResult::delivered, false, {}}
                                        : session_.judged(std::get<Delivery>(answer));
  session_.conclude(delivery, "whether a repository is still renamed is not known");
  if (taken_again) state_.repositories.renames.erase(old_name);
  if (!is_about_the_request(delivery.result)) return;
  // A redirect that is gone makes the old name nobody's; until somebody takes it, it means the new one.
  const bool moved = delivery.result == DeliveryResult::moved;
  note_rename(state_.repositories, old_name,
              moved ? delivery.moved_to : present_name(state_.repositories, old_name), now_);
}

}  // namespace connector::pass
