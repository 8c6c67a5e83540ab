// The texts of a status, from the templates of the configuration, within Bitbucket's limits.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/build/build.hh"
#include "core/build/build_status.hh"
#include "core/build/step.hh"

namespace connector {

/// Templates with placeholders such as {pipeline.slug}; see README for the list.
struct StatusTemplates {
  std::string key = "{pipeline.id}";
  std::string name = "{pipeline.name} #{build.number}";
  std::string description;  ///< empty: outcome, duration and first line of the message
  std::string parent = "{pipeline.slug}";
  std::string step_key = "{pipeline.id}/{step.key}";  ///< of the status of a single step
  std::string step_name = "{pipeline.name} #{build.number}: {step.label}";
};

/// What a template is for: only the texts of a step may name the step.
enum class TemplateUse { build, step };

/// The same for builds of pull requests, where they have a status of their own beside that of the branch.
StatusTemplates for_pull_requests(StatusTemplates templates);

/// The placeholders that a template may hold, without braces.
std::vector<std::string_view> placeholder_names(TemplateUse use = TemplateUse::build);

/// The first placeholder of a template that does not exist, with its offset; nothing when all are known.
struct UnknownPlaceholder {
  std::string name;
  std::size_t offset = 0;
};
std::optional<UnknownPlaceholder> find_unknown_placeholder(std::string_view text,
                                                           TemplateUse use = TemplateUse::build);

/// The template with its placeholders replaced; texts that people write are reduced to their first line,
/// without control characters.
/// `step` is the one whose status it is, if any.
std::string fill_template(std::string_view text, const Build& build, std::string_view organization,
                          const Step* step = nullptr);

/// The key under which a build of this pipeline is posted: at most 255 UTF-16 units, all in the basic plane,
/// so that every server can store it. A key that is not so is cut or reduced and ends with a hash of the
/// whole, so that two of them stay different (Bitbucket REST: key, max 255).
std::string status_key(const Build& build, const StatusTemplates& templates, std::string_view organization);
/// The same for the status of a step.
std::string step_key(const Build& build, const Step& step, const StatusTemplates& templates,
                     std::string_view organization);

/// The status that shows `state` for this build. The URL is never cut: one that is too long has an
/// unsendable_reason().
BuildStatus compose_status(const Build& build, BitbucketState state, const StatusTemplates& templates,
                           std::string_view organization);

/// The status that shows `state` for a step of this build.
BuildStatus compose_step_status(const Build& build, const Step& step, BitbucketState state,
                                const StatusTemplates& templates, std::string_view organization);

/// The status of a step that this build did not run, though an earlier one did.
BuildStatus absent_step_status(const BuildStatus& of_build, std::string_view step, BitbucketState state);

/// The status for a server whose database takes no characters outside the basic plane: texts go without them,
/// a ref that has some is left out.
BuildStatus within_basic_plane(BuildStatus status);

/// Why this status cannot be sent whatever we do (URL missing, none of the web, or over 450 units); nothing
/// when it can.
std::optional<std::string> unsendable_reason(const BuildStatus& status);

}  // namespace connector
