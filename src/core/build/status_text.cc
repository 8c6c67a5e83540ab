#include "core/build/status_text.hh"

#include <algorithm>
#include <array>
#include <utility>

#include "core/text/duration.hh"
#include "core/text/hex.hh"
#include "core/text/text.hh"

namespace connector {
namespace {

constexpr std::size_t field_limit = 255;  // Bitbucket REST: key, name, description, buildNumber
constexpr std::size_t url_limit = 450;
constexpr std::size_t long_field_limit = 1024;  // parent, ref

std::string duration_text(const Build& build) {
  if (is_open(build.state) || !build.started_at || !build.finished_at) return {};
  return duration_in_words(std::max(*build.finished_at - *build.started_at, std::chrono::milliseconds{0}));
}

/// The pieces a template can hold. Function pointers, so that only what is asked for is computed.
using Piece = std::string (*)(const Build&, std::string_view organization);
using StepPiece = std::string (*)(const Step&);

constexpr std::array<std::pair<std::string_view, StepPiece>, 2> step_pieces = {{
    {"step.key", [](const Step& step) { return first_line(step.key); }},
    {"step.label", [](const Step& step) { return step.label; }},
}};

constexpr std::array<std::pair<std::string_view, Piece>, 13> pieces = {{
    {"organization", [](const Build&, std::string_view organization) { return std::string(organization); }},
    {"pipeline.id", [](const Build& b, std::string_view) { return b.pipeline.id; }},
    {"pipeline.slug", [](const Build& b, std::string_view) { return b.pipeline.slug; }},
    {"pipeline.name", [](const Build& b, std::string_view) { return first_line(b.pipeline.name); }},
    {"build.number", [](const Build& b, std::string_view) { return std::to_string(b.number); }},
    {"build.branch", [](const Build& b, std::string_view) { return first_line(b.branch); }},
    {"build.tag", [](const Build& b, std::string_view) { return first_line(b.tag); }},
    {"build.commit", [](const Build& b, std::string_view) { return first_line(b.commit); }},
    {"build.source", [](const Build& b, std::string_view) { return first_line(b.source); }},
    {"build.pull_request", [](const Build& b, std::string_view) { return first_line(b.pull_request); }},
    {"build.state", [](const Build& b, std::string_view) { return first_line(b.state_word); }},
    {"build.message", [](const Build& b, std::string_view) { return first_line(b.message); }},
    {"build.duration", [](const Build& b, std::string_view) { return duration_text(b); }},
}};

template <typename Pieces>
auto find_piece(const Pieces& among, std::string_view name) {
  const auto found =
      std::find_if(among.begin(), among.end(), [&](const auto& row) { return row.first == name; });
  return found == among.end() ? nullptr : found->second;
}

bool is_placeholder(std::string_view name, TemplateUse use) {
  return find_piece(pieces, name) != nullptr ||
         (use == TemplateUse::step && find_piece(step_pieces, name) != nullptr);
}

/// Splits a template and hands literal stretches and placeholder names, in order, to the two functions.
template <typename Literal, typename Placeholder>
void for_each_part(std::string_view text, Literal literal, Placeholder placeholder) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto open = text.find('{', at);
    const auto close = open == std::string_view::npos ? open : text.find('}', open);
    literal(text.substr(at, close == std::string_view::npos ? text.size() - at : open - at));
    if (close == std::string_view::npos) return;
    placeholder(text.substr(open + 1, close - open - 1), open);
    at = close + 1;
  }
}

std::string storable_key(std::string key) {
  const bool storable = utf16_length(key) <= field_limit && !leaves_basic_plane(key);
  if (storable) return key;
  const std::string hash = "-" + hex64(fnv1a64(key));
  return std::string(utf16_prefix(basic_plane(key), field_limit - hash.size())) + hash;
}

/// "passed in 3 min 12 s - Fix the login page"; "failed in 8 s: Lint, Tests - ..." where jobs are at hand.
std::string default_description(const Build& build) {
  constexpr std::size_t most_steps = 3;
  std::string text = first_line(build.state_word);
  if (build.blocked) text += ", waiting at a block step";
  if (const auto duration = duration_text(build); !duration.empty()) text += " in " + duration;
  if (const auto failed = failed_steps(build, most_steps); !failed.empty()) text += ": " + failed;
  if (const auto message = first_line(build.message); !message.empty()) text += " - " + message;
  return text;
}

/// Whether git would take this as the rest of a ref name (git check-ref-format, as far as it matters here).
bool is_ref_name(std::string_view name) {
  if (name.empty() || name.starts_with('/') || name.ends_with('/') || name.ends_with('.')) return false;
  if (name.find("..") != std::string_view::npos || name.find("@{") != std::string_view::npos) return false;
  return std::none_of(name.begin(), name.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte == 0x7F || std::string_view("~^:?*[\\").find(c) != std::string_view::npos;
  });
}

/// Bitbucket shows a status on a pull request by its fully qualified source branch; a ref it could not take
/// is left out (Bitbucket REST: ref, pattern ^refs/.*, max 1024).
std::string ref_of(const Build& build) {
  const std::string_view name = build.tag.empty() ? build.branch : build.tag;
  if (!is_ref_name(name) || valid_utf8(name) != name) return {};
  std::string ref(build.tag.empty() ? "refs/heads/" : "refs/tags/");
  ref += name;
  return utf16_length(ref) <= long_field_limit ? ref : std::string();
}

/// Bitbucket makes a link of it, which must not do anything else than lead somewhere.
bool is_web_address(std::string_view url) {
  const bool is_http = url.starts_with("https://") || url.starts_with("http://");
  return is_http && std::none_of(url.begin(), url.end(), [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte < 0x20 || byte == 0x7F;
         });
}

}  // namespace

StatusTemplates for_pull_requests(StatusTemplates templates) {
  templates.key += "-pull-request";
  templates.name += " (pull request)";
  templates.step_key += "-pull-request";
  templates.step_name += " (pull request)";
  return templates;
}

std::vector<std::string_view> placeholder_names(TemplateUse use) {
  std::vector<std::string_view> names;
  names.reserve(pieces.size());
  for (const auto& [name, piece] : pieces) names.push_back(name);
  if (use == TemplateUse::build) return names;
  for (const auto& [name, piece] : step_pieces) names.push_back(name);
  return names;
}

std::optional<UnknownPlaceholder> find_unknown_placeholder(std::string_view text, TemplateUse use) {
  std::optional<UnknownPlaceholder> unknown;
  for_each_part(
      text, [](std::string_view) {},
      [&](std::string_view name, std::size_t offset) {
        if (!unknown && !is_placeholder(name, use)) unknown = UnknownPlaceholder{std::string(name), offset};
      });
  return unknown;
}

std::string fill_template(std::string_view text, const Build& build, std::string_view organization,
                          const Step* step) {
  std::string filled;
  for_each_part(
      text, [&](std::string_view literal) { filled += literal; },
      [&](std::string_view name, std::size_t) {
        if (const Piece piece = find_piece(pieces, name)) filled += piece(build, organization);
        const StepPiece step_piece = step == nullptr ? nullptr : find_piece(step_pieces, name);
        if (step_piece != nullptr) filled += step_piece(*step);
      });
  return filled;
}

std::string status_key(const Build& build, const StatusTemplates& templates, std::string_view organization) {
  return storable_key(first_line(fill_template(templates.key, build, organization)));
}

std::string step_key(const Build& build, const Step& step, const StatusTemplates& templates,
                     std::string_view organization) {
  return storable_key(first_line(fill_template(templates.step_key, build, organization, &step)));
}

BuildStatus compose_step_status(const Build& build, const Step& step, BitbucketState state,
                                const StatusTemplates& templates, std::string_view organization) {
  Build alone = build;  // of which there is only this step
  alone.jobs.reset();
  alone.state = step.state;
  alone.state_word = step.soft_failed ? "passed, with a soft failure" : word_of(step.state);
  alone.blocked = false;
  alone.started_at = step.started_at;
  alone.finished_at = step.finished_at;
  if (!step.web_url.empty()) alone.web_url = step.web_url;
  StatusTemplates of_step = templates;
  of_step.description.clear();
  BuildStatus status = compose_status(alone, state, of_step, organization);
  status.name =
      cut_utf16(first_line(fill_template(templates.step_name, build, organization, &step)), field_limit);
  status.parent = cut_utf16(status.parent + "/" + first_line(step.key), long_field_limit);
  return status;
}

BuildStatus compose_status(const Build& build, BitbucketState state, const StatusTemplates& templates,
                           std::string_view organization) {
  const auto fill = [&](std::string_view text, std::size_t limit) {
    return cut_utf16(first_line(fill_template(text, build, organization)), limit);
  };
  BuildStatus status;
  status.state = state;
  status.build_number = build.number;
  status.url = build.web_url;
  status.name = fill(templates.name, field_limit);
  status.description = templates.description.empty() ? cut_utf16(default_description(build), field_limit)
                                                     : fill(templates.description, field_limit);
  status.parent = fill(templates.parent, long_field_limit);
  status.ref = ref_of(build);
  if (!is_open(build.state) && build.started_at && build.finished_at &&
      *build.finished_at >= *build.started_at) {
    status.duration_ms = (*build.finished_at - *build.started_at).count();
  }
  return status;
}

BuildStatus absent_step_status(const BuildStatus& of_build, std::string_view step, BitbucketState state) {
  BuildStatus status = of_build;
  const std::string name = first_line(step);
  status.state = state;
  status.name = cut_utf16(of_build.name + ": " + name, field_limit);
  status.description = "not run in build #" + std::to_string(of_build.build_number);
  status.parent = cut_utf16(of_build.parent + "/" + name, long_field_limit);
  status.duration_ms.reset();
  return status;
}

BuildStatus within_basic_plane(BuildStatus status) {
  for (auto* text : {&status.name, &status.description, &status.parent}) *text = basic_plane(*text);
  if (leaves_basic_plane(status.ref)) status.ref.clear();
  return status;
}

std::optional<std::string> unsendable_reason(const BuildStatus& status) {
  if (status.url.empty()) return "the build has no web address, which Bitbucket requires";
  if (utf16_length(status.url) > url_limit) {
    return "the build's web address is longer than the 450 characters Bitbucket takes";
  }
  if (!is_web_address(status.url)) return "the build's web address is none that begins with http";
  return std::nullopt;
}

}  // namespace connector
