#include "core/text/mask.hh"

#include <algorithm>
#include <cstddef>

#include "core/text/disguise.hh"
#include "core/text/json_text.hh"
#include "core/text/text.hh"

namespace connector {
namespace {

constexpr std::size_t shortest = 4;
constexpr std::string_view standard_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base64 without padding (RFC 4648).
std::string base64(std::string_view bytes, std::string_view alphabet) {
  std::string out;
  unsigned kept = 0;  // bits not written yet, at the low end
  unsigned count = 0;
  for (const char c : bytes) {
    kept = (kept << 8U | static_cast<unsigned char>(c)) & 0xFFFFU;
    for (count += 8; count >= 6;) {
      count -= 6;
      out += alphabet[kept >> count & 0x3FU];
    }
  }
  if (count > 0) out += alphabet[kept << (6 - count) & 0x3FU];
  return out;
}

/// What stands between the quotes of a JSON string.
std::string json_escaped(std::string_view text) {
  std::string out;
  JsonWriter(out).value(text);
  return out.substr(1, out.size() - 2);
}

/// What all base64 texts have in common in which these bytes stand behind `before` other ones, counted in
/// threes.
std::string base64_core(std::string_view bytes, std::size_t before, std::string_view alphabet) {
  const std::string encoded = base64(std::string(before, '\0') + std::string(bytes), alphabet);
  const std::size_t begin = (before * 8 + 5) / 6;
  return encoded.substr(begin, (before + bytes.size()) * 8 / 6 - begin);
}

/// Where a text may have got to, in bytes, having said the first so many characters of a form.
struct Progress {
  std::vector<std::size_t> ends = {0};
  std::size_t characters = 0;
};

/// The longest of `ends` behind which the text was cut; 0 for none. A cut in the middle of an encoded
/// character leaves the beginning of that.
std::size_t cut_length(const Progress& progress, std::string_view text) {
  constexpr std::string_view ellipsis = "\xE2\x80\xA6";
  constexpr std::size_t longest_rest = 12;
  std::size_t longest = 0;
  for (const std::size_t end : progress.ends) {
    const auto rest = text.substr(end, longest_rest + ellipsis.size());
    const std::size_t cut = rest.find(ellipsis);
    const bool begins_encoded = rest.find_first_of("%\\&") == 0 && cut != std::string_view::npos;
    if (cut == 0 || begins_encoded) longest = std::max(longest, end + cut);
  }
  return longest;
}

/// How much of the beginning of `text` says `form`, however that is written, or says it up to where the text
/// was cut; 0 when it does not.
std::size_t length_of(std::string_view form, std::string_view text) {
  Progress progress;
  std::size_t cut = 0;
  while (!form.empty()) {
    const auto character = form.substr(0, length_of_character(form));
    std::vector<std::size_t> next;
    for (const std::size_t end : progress.ends) {
      for (const std::size_t length : disguised_lengths(character, text.substr(end)))
        next.push_back(end + length);
    }
    if (next.empty()) break;
    std::sort(next.begin(), next.end());
    next.erase(std::unique(next.begin(), next.end()), next.end());
    progress = {std::move(next), progress.characters + 1};
    form.remove_prefix(character.size());
    if (progress.characters >= shortest) cut = std::max(cut, cut_length(progress, text));
  }
  return form.empty() ? progress.ends.back() : cut;
}

/// A text without its percent-encoding, and how far in the text each of its bytes begins; the end is one
/// more.
struct Decoded {
  std::string text;
  std::vector<std::size_t> begins;
};

Decoded percent_decoded(std::string_view text) {
  Decoded decoded;
  for (std::size_t at = 0; at < text.size();) {
    const std::string byte = percent_decode(text.substr(at, 3));
    const bool is_encoded = text[at] == '%' && byte.size() == 1;
    decoded.begins.push_back(at);
    decoded.text += is_encoded ? byte.front() : text[at];
    at += is_encoded ? 3 : 1;
  }
  decoded.begins.push_back(text.size());
  return decoded;
}

}  // namespace

void Mask::add(const Secret& secret, std::string_view user) {
  const std::string& text = secret.reveal();
  if (text.size() < shortest) return;
  const std::string shown = printable(text, std::string::npos);
  // What is written anew letter by letter is found out by disguised_lengths; these are written otherwise.
  for (std::string form : {text, shown, json_escaped(text), ascii_lower(text)})
    forms_.push_back(std::move(form));
  for (const std::string_view alphabet : {standard_alphabet, url_alphabet}) {
    for (const std::string& bytes : {text, std::string(user) + ":" + text}) {
      const std::string padding((3 - bytes.size() % 3) % 3, '=');
      const std::string encoded = base64(bytes, alphabet);
      forms_.push_back(encoded);
      forms_.push_back(encoded + padding);
      for (const std::size_t before : {0U, 1U, 2U}) forms_.push_back(base64_core(bytes, before, alphabet));
    }
  }
  std::sort(forms_.begin(), forms_.end());
  forms_.erase(std::unique(forms_.begin(), forms_.end()), forms_.end());
  for (const char c : std::string_view("%\\&\xEF")) beginnings_.set(static_cast<unsigned char>(c));
  for (const std::string& form : forms_) beginnings_.set(static_cast<unsigned char>(form.front()));
}

std::string Mask::hide(std::string_view text) const {
  std::string out;
  while (!text.empty()) {
    const std::size_t hidden = length_of_occurrence(text);
    out += hidden > 0 ? std::string_view("***") : text.substr(0, 1);
    text.remove_prefix(std::max<std::size_t>(hidden, 1));
  }
  return out;
}

std::size_t Mask::length_of_occurrence(std::string_view text) const {
  if (!beginnings_.test(static_cast<unsigned char>(text.front()))) return 0;
  std::size_t longest = 0;
  for (const std::string& form : forms_) longest = std::max(longest, length_of(form, text));
  // Escaped or quoted first, then percent-encoded.
  constexpr std::size_t farthest = 1000;
  const std::string_view near = text.substr(0, farthest);
  if (longest > 0 || near.find('%') == std::string_view::npos) return longest;
  const Decoded decoded = percent_decoded(near);
  for (const std::string& form : forms_)
    longest = std::max(longest, decoded.begins[length_of(form, decoded.text)]);
  return longest;
}

}  // namespace connector
