#include "pass/adoption.hh"

#include <algorithm>
#include <utility>
#include <variant>

#include "bitbucket/answers.hh"
#include "bitbucket/status_request.hh"
#include "core/build/status_names.hh"

namespace connector::pass {
namespace {

/// The record of the same commit and key on the legacy endpoint.
StatusKey legacy_key(const StatusKey& key) {
  return {Repository{}, key.commit, key.key};
}

}  // namespace

void Adoption::queue(Timestamp now) {
  now_ = now;
  std::map<std::string, std::vector<std::size_t>> commits;
  for (std::size_t i = 0; i < state_.ledger.size(); ++i) {
    const LedgerEntry& entry = state_.ledger.at(i);
    if (!entry.seen_in_this_pass || entry.key.repository == Repository{}) continue;
    if (entry.build_open) {
      ++counts_.left_open;
    } else if (entry.told && entry.last_status && !entry.outgoing) {
      commits[entry.key.commit].push_back(i);
    }
  }
  for (auto& [commit, positions] : commits)
    session_.enqueue([this, of = commit, at = std::move(positions)] { read(of, at); }, now_);
}

void Adoption::read(const std::string& commit, const std::vector<std::size_t>& positions) {
  // Where statuses are posted to the legacy endpoint anyway, that has brought its records up to date.
  const LedgerEntry& any = state_.ledger.at(positions.front());
  if (!bitbucket::is_repository_scoped(any.key, session_.capabilities())) return;
  session_.send(bitbucket::records_request(commit),
                [this, positions](const http::Outcome& outcome) { take_records(positions, outcome); });
}

void Adoption::take_records(const std::vector<std::size_t>& positions, const http::Outcome& outcome) {
  const auto answer = bitbucket::read_records(outcome);
  const auto* records = std::get_if<std::vector<bitbucket::Record>>(&answer);
  session_.conclude(records != nullptr ? Delivery{DeliveryResult::delivered, false, {}}
                                       : session_.judged(std::get<Delivery>(answer)),
                    "the old records of a commit could not be read");
  if (records == nullptr) {
    ++counts_.refused;
    causes_.add(ExitStatus::incomplete);
    return;
  }
  for (const std::size_t position : positions) {
    const LedgerEntry& entry = state_.ledger.at(position);
    const bool out_of_date =
        std::any_of(records->begin(), records->end(), [&](const bitbucket::Record& record) {
          // Where both endpoints share a record, it shows what the repository's was told.
          const auto shows = [&](const StatusKey& key) {
            return bitbucket::shows(record, key, *entry.told, session_.capabilities());
          };
          return record.key == entry.key.key && record.repository == Repository{} &&
                 !shows(legacy_key(entry.key)) && !shows(entry.key);
        });
    if (out_of_date) session_.enqueue([this, position] { post(position); }, now_);
  }
}

void Adoption::post(std::size_t position) {
  const LedgerEntry& entry = state_.ledger.at(position);
  auto request =
      bitbucket::status_request(legacy_key(entry.key), *entry.last_status, session_.capabilities());
  if (!request) return;
  session_.send(std::move(*request), [this, position](const http::Outcome& outcome) {
    const Delivery delivery = session_.judged(bitbucket::read_delivery(outcome, Repository{}));
    session_.conclude(delivery, "an old record was not brought up to date",
                      {{"commit", short_commit(state_.ledger.at(position).key)}});
    if (delivery.result == DeliveryResult::delivered) ++counts_.adopted;
    if (!is_about_the_request(delivery.result)) return;
    ++counts_.refused;
    causes_.add(ExitStatus::incomplete);
  });
}

}  // namespace connector::pass
