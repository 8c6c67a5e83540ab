#include "core/place/repository_map.hh"

#include <algorithm>
#include <chrono>

namespace connector {
namespace {

constexpr std::chrono::hours finding_lasts{24 * 7};
constexpr std::chrono::hours hidden_lasts{1};
constexpr std::chrono::hours rename_lasts{24};
constexpr std::size_t most_questions = 3;  // about one host
constexpr std::size_t most_hosts = 1'000;  // pipelines may be cloned from anywhere

/// A time in the future is the work of a wrong Date header.
bool is_over(Timestamp since, std::chrono::hours lasts, Timestamp now) {
  return now - since >= lasts || since - now > lasts;
}

bool is_out_of_date(const HostFinding& finding, Timestamp now) {
  return is_over(finding.asked, !finding.hidden.empty() ? hidden_lasts : finding_lasts, now);
}

/// What is known of the URL's host, to be added to; nothing when that is out of date.
HostFinding& renewed(RepositoryMap& map, const CloneUrl& url, Timestamp now) {
  HostFinding& finding = map.hosts[place_of(url)];
  if (is_out_of_date(finding, now)) finding = {};
  finding.asked = now;
  return finding;
}

}  // namespace

HostStanding standing_of(const CloneUrl& url, const RepositoryMap& map, Timestamp now) {
  const auto found = map.hosts.find(place_of(url));
  if (found == map.hosts.end()) {
    return map.hosts.size() < most_hosts ? HostStanding::to_be_asked : HostStanding::elsewhere;
  }
  const HostFinding& finding = found->second;
  if (finding.ours) return HostStanding::ours;
  if (is_out_of_date(finding, now)) return HostStanding::to_be_asked;
  const bool settled = finding.foreign || finding.not_found.size() >= most_questions ||
                       finding.not_found.contains(url.repository) || finding.hidden.contains(url.repository);
  return settled ? HostStanding::elsewhere : HostStanding::to_be_asked;
}

void note_links(RepositoryMap& map, const CloneUrl& url, const std::vector<std::string>& links,
                Timestamp now) {
  HostFinding& finding = renewed(map, url, now);
  finding.ours = std::any_of(links.begin(), links.end(), [&](const std::string& link) {
    const auto parsed = parse_clone_url(link);
    return parsed && same_place(*parsed, url);
  });
  finding.foreign = !finding.ours;
}

void note_absent(RepositoryMap& map, const CloneUrl& url, Absence absence, Timestamp now) {
  HostFinding& finding = renewed(map, url, now);
  (absence == Absence::missing ? finding.not_found : finding.hidden).insert(url.repository);
}

Unlinked note_unlinked(RepositoryMap& map, const CloneUrl& url, const Delivery& answer, bool led_here,
                       Timestamp now) {
  // Some servers fail whenever they are asked for certain repositories that they do not have.
  const bool fails = answer.result == DeliveryResult::try_later && answer.may_be_the_text;
  if (!fails && !is_about_the_request(answer.result)) return Unlinked::unknown;
  if (answer.result == DeliveryResult::moved && !led_here) {
    note_rename(map, url.repository, answer.moved_to, now);
    return Unlinked::moved;
  }
  const bool missing = answer.result == DeliveryResult::no_repository;
  note_absent(map, url, missing ? Absence::missing : Absence::hidden, now);
  return Unlinked::noted;
}

void note_rename(RepositoryMap& map, const Repository& from, const Repository& to, Timestamp now) {
  if (from == to) return;
  map.renames.erase(to);
  for (auto& [old_name, rename] : map.renames) {
    if (rename.to == from) rename.to = to;
  }
  map.renames[from] = Rename{to, now};
}

Repository present_name(const RepositoryMap& map, const Repository& repository) {
  const auto renamed = map.renames.find(repository);
  return renamed == map.renames.end() ? repository : renamed->second.to;
}

std::optional<Repository> stale_rename(const RepositoryMap& map, const Repository& repository,
                                       Timestamp now) {
  for (const auto& [old_name, rename] : map.renames) {
    if (rename.to == repository && is_over(rename.confirmed, rename_lasts, now)) return old_name;
  }
  return std::nullopt;
}

}  // namespace connector
