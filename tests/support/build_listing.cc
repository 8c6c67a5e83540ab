#include "support/build_listing.hh"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "core/text/text.hh"

namespace connector::support {

namespace {

// The query parameters that choose builds.
struct Filters {
  std::optional<Timestamp> created_from, created_to, finished_from;
  std::vector<std::string> states, branches, commits;
  std::string pipeline;
};

struct Page {
  std::size_t number = 1;
  std::size_t size = 30;
};

// False when the parameter is there and is no time, such as one whose + was not encoded.
bool read_time(const Target& target, std::string_view name, std::optional<Timestamp>& time) {
  const auto text = target.find(name);
  if (!text) return true;
  time = parse_timestamp(*text);
  return time.has_value();
}

// A blocked build keeps passed or failed as its word, but is found under "blocked".
bool has_state(const Build& build, std::string_view wanted) {
  const std::string_view state =
      build.blocked ? std::string_view("blocked") : std::string_view(build.state_word);
  if (wanted != "finished") return state == wanted;
  return state == "passed" || state == "failed" || state == "blocked" || state == "canceled";
}

template <typename Matches>
bool none_or_any(const std::vector<std::string>& wanted, Matches matches) {
  return wanted.empty() || std::any_of(wanted.begin(), wanted.end(), matches);
}

bool matches(const Build& build, const Filters& filters) {
  if (!filters.pipeline.empty() && build.pipeline.slug != filters.pipeline) return false;
  if (filters.created_from && build.created_at < *filters.created_from) return false;
  if (filters.created_to && build.created_at >= *filters.created_to) return false;
  if (filters.finished_from && (!build.finished_at || *build.finished_at < *filters.finished_from))
    return false;
  return none_or_any(filters.states, [&](const std::string& state) { return has_state(build, state); }) &&
         none_or_any(filters.branches,
                     [&](const std::string& glob) { return glob_matches(glob, build.branch); }) &&
         none_or_any(filters.commits, [&](const std::string& commit) {
           return is_full_commit(commit) && ascii_lower(commit) == ascii_lower(build.commit);
         });
}

// The documented sample has the caller's API key in its links: whoever follows or logs them leaks one.
std::string page_link(const Organization& organization, const ListingOptions& options, std::size_t page,
                      std::string_view relation) {
  return '<' + options.json.api_url + "/v2/organizations/" + organization.slug() +
         "/builds?api_key=key-that-must-not-be-used&page=" + std::to_string(page) + ">; rel=\"" +
         std::string(relation) + '"';
}

std::string link_header(const Organization& organization, const ListingOptions& options, const Page& page,
                        std::size_t found) {
  const std::size_t last = std::max<std::size_t>(1, (found + page.size - 1) / page.size);
  std::vector<std::string> links;
  if (page.number < last) {
    links.push_back(page_link(organization, options, page.number + 1, "next"));
    links.push_back(page_link(organization, options, last, "last"));
  }
  if (page.number > 1) {
    links.push_back(page_link(organization, options, 1, "first"));
    links.push_back(page_link(organization, options, page.number - 1, "prev"));
  }
  std::string header;
  for (const std::string& link : links) header += (header.empty() ? "" : ", ") + link;
  return header;
}

Page read_page(const Target& target, unsigned largest) {
  Page page;
  page.number = std::max(1U, target.number("page", 1));
  page.size = std::clamp(target.number("per_page", 30), 1U, largest);
  return page;
}

}  // namespace

FakeAnswer list_builds(const Organization& organization, const std::string& pipeline, const Target& target,
                       const ListingOptions& options) {
  Filters filters;
  filters.pipeline = pipeline;
  if (!read_time(target, "created_from", filters.created_from) ||
      !read_time(target, "created_to", filters.created_to) ||
      !read_time(target, "finished_from", filters.finished_from)) {
    return message_answer(400, "A time in the query is not ISO 8601");
  }
  filters.states = target.all("state");
  filters.branches = target.all("branch");
  filters.commits = target.all("commit");
  const Page page = read_page(target, options.largest_page);
  const std::size_t begin = (page.number - 1) * page.size;
  if (begin >= options.deepest_build) {
    return message_answer(
        400,
        "Listing builds this deep is not supported. Please narrow your query using filters such as "
        "branch or created_from.");
  }

  std::vector<const ModelBuild*> found = organization.listed();
  std::erase_if(found, [&](const ModelBuild* model) { return !matches(model->build, filters); });
  BuildJsonOptions json = options.json;
  json.jobs = target.find("exclude_jobs") != "true";
  json.pipeline = target.find("exclude_pipeline") != "true";
  std::string body;
  JsonWriter out(body);
  out.begin_array();
  for (std::size_t i = begin; i < std::min(found.size(), begin + page.size); ++i) {
    write_build(out, *found[i], organization.slug(), json);
  }
  out.end_array();
  FakeAnswer answer = json_answer(200, std::move(body));
  const std::string links = link_header(organization, options, page, found.size());
  if (!links.empty()) answer.headers.emplace_back("Link", links);
  return answer;
}

}  // namespace connector::support
