// Values of single settings: text in, typed and checked value out.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/build/shard.hh"
#include "core/text/secret.hh"

namespace connector::config {

/// What is wrong with a value, in words that follow the name of its place: "'many' is not a number from 1 to
/// 100". Nothing when it is right. A secret is never part of it.
using Problem = std::optional<std::string>;

/// The text in quotes for a message, bounded to `limit` bytes and without control characters.
std::string quoted(std::string_view text, std::size_t limit = 100);

/// What is wrong with text that is none of the words: what they are, and which one may be meant.
std::string not_one_of(std::string_view text, const std::vector<std::string>& words);

/// The functions below set `target` when the value is right and leave it alone otherwise.

/// Text that is not empty and holds no control characters.
[[nodiscard]] Problem assign_text(std::string& target, std::string_view text);
/// true, yes, on, 1, false, no, off or 0, in any case.
[[nodiscard]] Problem assign_boolean(bool& target, std::string_view text);
[[nodiscard]] Problem assign_count(unsigned& target, std::string_view text, unsigned lowest,
                                   unsigned highest);

struct DurationRange {
  std::chrono::milliseconds bare_unit;  ///< what a number without unit counts
  std::chrono::milliseconds lowest;
};
[[nodiscard]] Problem assign_duration(std::chrono::milliseconds& target, std::string_view text,
                                      const DurationRange& range);

/// "2/3": the second of three.
[[nodiscard]] Problem assign_shard(Shard& target, std::string_view text);

/// An http(s) base URL, brought to one form.
[[nodiscard]] Problem assign_url(std::string& target, std::string_view text);
/// An http(s) URL without login and query that is a credential itself: no problem shows it.
[[nodiscard]] Problem assign_secret_url(Secret& target, std::string_view text);
/// The path of a file for node_exporter, which reads only names that end with .prom.
[[nodiscard]] Problem assign_textfile(std::string& target, std::string_view text);
[[nodiscard]] Problem assign_proxy(std::string& target, std::string_view text);
/// An organization's slug: letters, digits, - and _, so that it can name a file and stand in a path.
[[nodiscard]] Problem assign_organization(std::string& target, std::string_view text);
/// A user name for HTTP Basic, in which a colon would end the name (RFC 7617, section 2).
[[nodiscard]] Problem assign_username(std::string& target, std::string_view text);
[[nodiscard]] Problem assign_globs(std::vector<std::string>& target, const std::vector<std::string>& items);
/// Host names without scheme, port and path; kept in lower case.
[[nodiscard]] Problem assign_hosts(std::vector<std::string>& target, const std::vector<std::string>& items);

/// A template of a status text; see core/build/status_text.hh.
[[nodiscard]] Problem assign_template(std::string& target, std::string_view text);
/// The template of the key, which must be the same for every build of a pipeline: otherwise a failed build's
/// status would stay on the commit beside that of its successful re-run, and block merging.
[[nodiscard]] Problem assign_key_template(std::string& target, std::string_view text);

/// The same for the statuses of single steps, which may name the step; the key has to.
[[nodiscard]] Problem assign_step_template(std::string& target, std::string_view text);
[[nodiscard]] Problem assign_step_key_template(std::string& target, std::string_view text);

/// A password: anything but nothing, blanks only, or a line end or NUL in it. One final line end, as files
/// have it, is dropped.
[[nodiscard]] Problem assign_password(Secret& target, std::string_view text);
/// A token, which moreover holds printable ASCII without blanks only, as it goes into a header field as it
/// is.
[[nodiscard]] Problem assign_token(Secret& target, std::string_view text);

}  // namespace connector::config
