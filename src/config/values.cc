#include "config/values.hh"

#include <algorithm>
#include <array>
#include <charconv>

#include "config/base_url.hh"
#include "config/nearest.hh"
#include "core/build/status_text.hh"
#include "core/text/duration.hh"
#include "core/text/text.hh"

namespace connector::config {
namespace {

constexpr std::size_t longest_slug = 200;  // a file is named after it

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F;
}

bool is_graphic(char c) {
  return c > 0x20 && c < 0x7F;
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Drops one line end, as an editor leaves it at the end of a file.
std::string_view without_final_newline(std::string_view text) {
  if (!text.ends_with('\n')) return text;
  text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

Problem secret_problem(std::string_view text) {
  if (text.empty()) return "is empty";
  if (text.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos) return "holds only blanks";
  if (text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) {
    return "holds a line end or a NUL byte; it must be a single line";
  }
  return std::nullopt;
}

/// "{build.number}" for a template that uses a placeholder whose text can differ between a build and its
/// re-run.
std::optional<std::string> placeholder_that_changes(std::string_view text) {
  for (const std::string_view name : placeholder_names()) {
    if (!name.starts_with("build.") || name == "build.branch") continue;
    const std::string placeholder = "{" + std::string(name) + "}";
    if (text.find(placeholder) != std::string_view::npos) return placeholder;
  }
  return std::nullopt;
}

Problem changing_key_problem(std::string_view text) {
  const auto placeholder = placeholder_that_changes(text);
  if (!placeholder) return std::nullopt;
  return *placeholder +
         " must not be part of the key: a failed build's status would stay on the commit beside that of its "
         "successful re-run, and block merging";
}

Problem assign_template_for(TemplateUse use, std::string& target, std::string_view text) {
  if (const auto unknown = find_unknown_placeholder(text, use)) {
    std::string known;
    for (const std::string_view name : placeholder_names(use)) known += " {" + std::string(name) + "}";
    return "unknown placeholder " + quoted("{" + unknown->name + "}") + "; known are" + known;
  }
  return assign_text(target, text);
}

}  // namespace

std::string quoted(std::string_view text, std::size_t limit) {
  return "'" + printable(text, limit) + "'";
}

std::string not_one_of(std::string_view text, const std::vector<std::string>& words) {
  std::string list;
  std::vector<std::string> in_lower_case;
  for (const std::string& word : words) {
    list += (list.empty() ? "" : ", ") + word;
    in_lower_case.push_back(ascii_lower(word));
  }
  std::string problem = quoted(text) + " is not one of " + list;
  const auto near = nearest(ascii_lower(text), in_lower_case);
  const auto meant = std::find_if(words.begin(), words.end(), [&](const std::string& word) {
    return near && ascii_lower(word) == *near;
  });
  return meant == words.end() ? problem : problem + "; did you mean '" + *meant + "'?";
}

Problem assign_text(std::string& target, std::string_view text) {
  if (text.empty()) return "is empty; leave the setting out instead";
  if (std::any_of(text.begin(), text.end(), is_control)) return quoted(text) + " holds control characters";
  target = text;
  return std::nullopt;
}

Problem assign_boolean(bool& target, std::string_view text) {
  const std::string word = ascii_lower(text);
  const bool yes = is_one_of(word, {"true", "yes", "on", "1"});
  if (!yes && !is_one_of(word, {"false", "no", "off", "0"}))
    return quoted(text) + " is neither true nor false";
  target = yes;
  return std::nullopt;
}

Problem assign_count(unsigned& target, std::string_view text, unsigned lowest, unsigned highest) {
  unsigned number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc{} || read.ptr != end || number < lowest || number > highest) {
    return quoted(text) + " is not a number from " + std::to_string(lowest) + " to " +
           std::to_string(highest);
  }
  target = number;
  return std::nullopt;
}

Problem assign_duration(std::chrono::milliseconds& target, std::string_view text,
                        const DurationRange& range) {
  const auto duration = parse_duration(text, range.bare_unit);
  if (!duration) {
    return quoted(text) +
           " is not a duration such as 90s, 15m, 36h or 7d (a bare number counts in units of " +
           format_duration(range.bare_unit) + ")";
  }
  if (*duration < range.lowest) return quoted(text) + " is less than " + format_duration(range.lowest);
  target = *duration;
  return std::nullopt;
}

Problem assign_shard(Shard& target, std::string_view text) {
  const auto shard = parse_shard(text);
  if (!shard) {
    return quoted(text) + " is not a shard such as 2/3, the second of three (at most " +
           std::to_string(most_shards) + ")";
  }
  target = *shard;
  return std::nullopt;
}

Problem assign_url(std::string& target, std::string_view text) {
  const auto url = parse_base_url(text);
  if (const auto* problem = std::get_if<std::string>(&url)) return *problem;
  target = to_text(std::get<BaseUrl>(url));
  return std::nullopt;
}

Problem assign_secret_url(Secret& target, std::string_view text) {
  const auto line = without_final_newline(text);
  const auto url = parse_base_url(line);
  if (const auto* parsed = std::get_if<BaseUrl>(&url)) {
    target = Secret(to_text(*parsed));
    return std::nullopt;
  }
  if (auto problem = secret_problem(line)) return problem;
  const bool may_be_told = line.find_first_of("@?#") != std::string_view::npos;
  if (may_be_told) return std::get<std::string>(url);
  return "is not a URL of https:// or http://, a host and a path";
}

Problem assign_textfile(std::string& target, std::string_view text) {
  constexpr std::string_view ending = ".prom";
  const bool has_name = text.size() > ending.size() && text[text.size() - ending.size() - 1] != '/';
  if (!text.ends_with(ending) || !has_name) {
    return quoted(text) + " does not end with a file's name and .prom, so node_exporter would not read it";
  }
  return assign_text(target, text);
}

Problem assign_proxy(std::string& target, std::string_view text) {
  if (std::any_of(text.begin(), text.end(), is_control)) return "the proxy's URL holds control characters";
  if (auto problem = proxy_problem(text); !problem.empty()) return problem;
  target = text;
  return std::nullopt;
}

Problem assign_organization(std::string& target, std::string_view text) {
  const bool is_slug =
      !text.empty() && text.size() <= longest_slug &&
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") == std::string_view::npos;
  if (!is_slug) {
    return quoted(text) +
           " is not an organization's slug (lower-case letters, digits, - and _), which is what follows "
           "https://buildkite.com/";
  }
  target = text;
  return std::nullopt;
}

Problem assign_username(std::string& target, std::string_view text) {
  if (text.find(':') != std::string_view::npos) return "a user name must not contain a colon";
  return assign_text(target, text);
}

Problem assign_globs(std::vector<std::string>& target, const std::vector<std::string>& items) {
  std::vector<std::string> globs(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].empty()) return "holds an empty pattern, which matches nothing";
    if (auto problem = assign_text(globs[i], items[i])) return problem;
  }
  target = std::move(globs);
  return std::nullopt;
}

Problem assign_hosts(std::vector<std::string>& target, const std::vector<std::string>& items) {
  std::vector<std::string> hosts;
  for (const std::string& item : items) {
    const auto url = parse_base_url("https://" + item);
    const auto* parsed = std::get_if<BaseUrl>(&url);
    if (parsed == nullptr || !parsed->port.empty() || !parsed->path.empty() || item.ends_with('/')) {
      const bool has_login = item.find('@') != std::string::npos;
      return (has_login ? "an entry" : quoted(item)) +
             " is not a host name (without scheme, user, port and path)";
    }
    hosts.push_back(parsed->host);
  }
  target = std::move(hosts);
  return std::nullopt;
}

Problem assign_template(std::string& target, std::string_view text) {
  return assign_template_for(TemplateUse::build, target, text);
}

Problem assign_key_template(std::string& target, std::string_view text) {
  if (auto problem = changing_key_problem(text)) return problem;
  return assign_template(target, text);
}

Problem assign_step_template(std::string& target, std::string_view text) {
  return assign_template_for(TemplateUse::step, target, text);
}

Problem assign_step_key_template(std::string& target, std::string_view text) {
  if (auto problem = changing_key_problem(text)) return problem;
  const bool names_step = text.find("{step.key}") != std::string_view::npos ||
                          text.find("{step.label}") != std::string_view::npos;
  if (!names_step)
    return "names neither {step.key} nor {step.label}, so that all steps would share one status";
  return assign_step_template(target, text);
}

Problem assign_password(Secret& target, std::string_view text) {
  const auto line = without_final_newline(text);
  if (auto problem = secret_problem(line)) return problem;
  target = Secret(std::string(line));
  return std::nullopt;
}

Problem assign_token(Secret& target, std::string_view text) {
  const auto line = without_final_newline(text);
  if (auto problem = secret_problem(line)) return problem;
  if (!std::all_of(line.begin(), line.end(), is_graphic)) {
    return "holds blanks or characters that no token has";
  }
  target = Secret(std::string(line));
  return std::nullopt;
}

}  // namespace connector::config
