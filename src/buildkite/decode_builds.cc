// JSON of Buildkite -> builds. The only file that knows the names of Buildkite's fields, and the only one
// here that includes simdjson.
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <new>
#include <string_view>
#include <utility>
#include <vector>

#include "buildkite/builds_answer.hh"
#include "core/text/text.hh"

namespace connector::buildkite {
namespace {

namespace ondemand = simdjson::ondemand;

// Bytes kept of any text; Bitbucket takes at most 1024 characters of one, and a URL of over 450 is refused,
// not cut.
constexpr std::size_t longest_text = 4096;

/// Whether a value was of the kind expected. Null and absent are the same to us.
using FieldRead = bool;

bool is_null(ondemand::value value) {
  bool null = false;
  return value.is_null().get(null) == simdjson::SUCCESS && null;
}

/// At most so many bytes of valid UTF-8 text; no character is split.
std::string_view prefix_of(std::string_view text, std::size_t bytes) {
  const auto begins_character = [&](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
  };
  std::size_t end = std::min(text.size(), bytes);
  while (end < text.size() && !begins_character(end)) --end;
  return text.substr(0, end);
}

FieldRead read_text(ondemand::value value, std::string& text) {
  if (is_null(value)) return true;
  std::string_view view;
  const auto error = value.get_string().get(view);
  if (error == simdjson::STRING_ERROR)
    return true;  // a lone surrogate: readable by nobody, and no reason to lose a build
  if (error != simdjson::SUCCESS) return false;
  text = prefix_of(view, longest_text);
  return true;
}

FieldRead read_flag(ondemand::value value, bool& flag) {
  return is_null(value) || value.get_bool().get(flag) == simdjson::SUCCESS;
}

FieldRead read_time(ondemand::value value, std::optional<Timestamp>& time) {
  std::string text;
  if (!read_text(value, text)) return false;
  time = parse_timestamp(text);
  return time.has_value() || text.empty();
}

/// Hands each field of an object to its reader in `fields`; the name of the first that was not of the kind
/// expected, or nothing. A field that is not in the table is passed over.
template <typename Target, std::size_t Size>
using FieldTable = std::array<std::pair<std::string_view, FieldRead (*)(ondemand::value, Target&)>, Size>;

template <typename Target, std::size_t Size>
std::optional<std::string_view> read_fields(ondemand::object object, Target& target,
                                            const FieldTable<Target, Size>& fields) {
  std::optional<std::string_view> wrong;
  for (auto field : object) {
    const std::string_view name = field.unescaped_key();
    for (const auto& [known, read] : fields) {
      if (known != name) continue;
      if (!read(field.value(), target) && !wrong) wrong = known;
      break;
    }
  }
  return wrong;
}

constexpr FieldTable<Pipeline, 4> pipeline_fields = {{
    {"id", [](ondemand::value v, Pipeline& p) { return read_text(v, p.id); }},
    {"slug", [](ondemand::value v, Pipeline& p) { return read_text(v, p.slug); }},
    {"name", [](ondemand::value v, Pipeline& p) { return read_text(v, p.name); }},
    {"repository", [](ondemand::value v, Pipeline& p) { return read_text(v, p.repository); }},
}};

FieldRead read_pipeline(ondemand::value value, Build& build) {
  ondemand::object object;
  return value.get_object().get(object) == simdjson::SUCCESS &&
         !read_fields(object, build.pipeline, pipeline_fields).has_value();
}

FieldRead read_pull_request(ondemand::value value, Build& build) {
  if (is_null(value)) return true;
  ondemand::object object;
  if (value.get_object().get(object) != simdjson::SUCCESS) return false;
  static constexpr FieldTable<Build, 1> fields = {{
      {"id", [](ondemand::value v, Build& b) { return read_text(v, b.pull_request); }},
  }};
  return !read_fields(object, build, fields).has_value();
}

FieldRead read_created(ondemand::value value, Build& build) {
  std::optional<Timestamp> time;
  if (!read_time(value, time) || !time || !is_conceivable(*time)) return false;
  build.created_at = *time;
  return true;
}

FieldRead read_state(ondemand::value value, Build& build) {
  if (!read_text(value, build.state_word)) return false;
  build.state = parse_build_state(build.state_word);
  return true;
}

constexpr FieldTable<Job, 10> job_fields = {{
    {"type", [](ondemand::value v, Job& j) { return read_text(v, j.type); }},
    {"name", [](ondemand::value v, Job& j) { return read_text(v, j.name); }},
    {"command", [](ondemand::value v, Job& j) { return read_text(v, j.command); }},
    {"step_key", [](ondemand::value v, Job& j) { return read_text(v, j.step_key); }},
    {"state", [](ondemand::value v, Job& j) { return read_text(v, j.state); }},
    {"web_url", [](ondemand::value v, Job& j) { return read_text(v, j.web_url); }},
    {"soft_failed", [](ondemand::value v, Job& j) { return read_flag(v, j.soft_failed); }},
    {"retried", [](ondemand::value v, Job& j) { return read_flag(v, j.retried); }},
    {"started_at", [](ondemand::value v, Job& j) { return read_time(v, j.started_at); }},
    {"finished_at", [](ondemand::value v, Job& j) { return read_time(v, j.finished_at); }},
}};

/// Without its steps a build is still a build: jobs of another form than ours are as none at hand.
FieldRead read_jobs(ondemand::value value, Build& build) {
  ondemand::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS) return true;
  std::vector<Job> jobs;
  bool readable = true;
  for (auto element : array) {
    ondemand::object object;
    const bool is_object = element.get_object().get(object) == simdjson::SUCCESS;
    readable = is_object && !read_fields(object, jobs.emplace_back(), job_fields).has_value() && readable;
  }
  if (readable) build.jobs = std::move(jobs);
  return true;
}

constexpr FieldTable<Build, 16> build_fields = {{
    {"id", [](ondemand::value v, Build& b) { return read_text(v, b.id); }},
    {"number", [](ondemand::value v, Build& b) { return v.get_uint64().get(b.number) == simdjson::SUCCESS; }},
    {"state", read_state},
    {"blocked", [](ondemand::value v, Build& b) { return read_flag(v, b.blocked); }},
    {"web_url", [](ondemand::value v, Build& b) { return read_text(v, b.web_url); }},
    {"message", [](ondemand::value v, Build& b) { return read_text(v, b.message); }},
    {"commit", [](ondemand::value v, Build& b) { return read_text(v, b.commit); }},
    {"branch", [](ondemand::value v, Build& b) { return read_text(v, b.branch); }},
    {"tag", [](ondemand::value v, Build& b) { return read_text(v, b.tag); }},
    {"source", [](ondemand::value v, Build& b) { return read_text(v, b.source); }},
    {"created_at", read_created},
    {"started_at", [](ondemand::value v, Build& b) { return read_time(v, b.started_at); }},
    {"finished_at", [](ondemand::value v, Build& b) { return read_time(v, b.finished_at); }},
    {"pull_request", read_pull_request},
    {"pipeline", read_pipeline},
    {"jobs", read_jobs},
}};

/// The first field that a build cannot do without and that is absent or null; nothing when it is whole.
std::optional<std::string_view> missing_field(const Build& build) {
  if (build.id.empty()) return "id";
  if (build.number == 0) return "number";
  if (build.state_word.empty()) return "state";
  if (build.created_at == Timestamp{}) return "created_at";
  if (build.pipeline.slug.empty() || build.pipeline.id.empty()) return "pipeline";
  return std::nullopt;
}

void read_build(ondemand::object object, BuildsPage& page) {
  Build build;
  const auto wrong = read_fields(object, build, build_fields);
  const auto missing = wrong ? wrong : missing_field(build);
  if (!missing) {
    page.builds.push_back(std::move(build));
    return;
  }
  page.unreadable.push_back("build " + printable(build.id.empty() ? "without id" : build.id, 60) +
                            " of pipeline " + printable(build.pipeline.slug, 60) + ": field \"" +
                            std::string(*missing) + "\" is missing or of an unexpected kind");
}

NoPage not_builds(std::string_view reason) {
  return {ExitStatus::protocol, false,
          "Buildkite's answer is not a list of builds (" + std::string(reason) +
              "); check buildkite.url (BUILDKITE_API_URL) and any proxy in between"};
}

enum class Shape { list, single };

/// Throws simdjson_error for what is not JSON.
BuildsAnswer decode(simdjson::padded_string_view text, Shape shape) {
  ondemand::parser parser;
  ondemand::document document = parser.iterate(text);
  BuildsPage page;
  if (shape == Shape::single) {
    if (document.type() != ondemand::json_type::object) return not_builds("no JSON object");
    read_build(document.get_object(), page);
  } else {
    if (document.type() != ondemand::json_type::array) return not_builds("no JSON array");
    for (ondemand::value record : document.get_array()) {
      ondemand::object object;
      if (record.get_object().get(object) != simdjson::SUCCESS) return not_builds("an entry is no object");
      read_build(object, page);
    }
  }
  const char* rest = nullptr;
  if (document.current_location().get(rest) != simdjson::OUT_OF_BOUNDS)
    return not_builds("text after its end");
  return page;
}

simdjson::padded_string_view padded(std::string& body) {
  body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
  return simdjson::padded_string_view(body.data(), body.size(), body.capacity());
}

BuildsAnswer decode_text(std::string body, Shape shape) {
  try {
    return decode(padded(body), shape);
  } catch (const simdjson::simdjson_error& error) {
    if (error.error() == simdjson::MEMALLOC) throw std::bad_alloc();
    if (error.error() != simdjson::UTF8_ERROR) return not_builds("broken JSON");
  }
  try {  // somebody's commit message is not UTF-8: the other builds of the page must not wait for that
    body = valid_utf8(body);
    return decode(padded(body), shape);
  } catch (const simdjson::simdjson_error&) {
    return not_builds("broken JSON");
  }
}

}  // namespace

BuildsAnswer decode_builds(std::string body) {
  return decode_text(std::move(body), Shape::list);
}

BuildsAnswer decode_build(std::string body) {
  return decode_text(std::move(body), Shape::single);
}

}  // namespace connector::buildkite
