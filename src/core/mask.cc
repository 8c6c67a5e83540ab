#include "core/mask.hh"

#include <algorithm>
#include <cstddef>

#include "core/json_text.hh"
#include "core/text.hh"

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

std::string with_quotes_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"') out += '\\';
    out += c;
  }
  return out;
}

/// How much of the beginning of `text` is `form` with none, some or all of its bytes as %XX; 0 when it is
/// not.
std::size_t length_of(std::string_view form, std::string_view text) {
  if (text.starts_with(form)) return form.size();  // also when the form itself has a %
  std::size_t length = 0;
  for (const char c : form) {
    const auto rest = text.substr(length);
    if (rest.starts_with('%') && percent_decode(rest.substr(0, 3)) == std::string_view(&c, 1)) {
      length += 3;
    } else if (rest.starts_with(c)) {
      ++length;
    } else {
      return 0;
    }
  }
  return length;
}

}  // namespace

void Mask::add(const Secret& secret, std::string_view user) {
  const std::string& text = secret.reveal();
  if (text.size() < shortest) return;
  const std::string shown = printable(text, std::string::npos);
  for (std::string form :
       {text, shown, with_quotes_escaped(shown), json_escaped(text), json_escaped(shown)}) {
    forms_.push_back(std::move(form));
  }
  for (const std::string& bytes : {text, std::string(user) + ":" + text}) {
    const std::string padding((3 - bytes.size() % 3) % 3, '=');
    for (const std::string_view alphabet : {standard_alphabet, url_alphabet}) {
      const std::string encoded = base64(bytes, alphabet);
      forms_.push_back(encoded);
      forms_.push_back(encoded + padding);
    }
  }
  std::sort(forms_.begin(), forms_.end(), [](const std::string& one, const std::string& other) {
    return one.size() != other.size() ? one.size() > other.size() : one < other;
  });
  forms_.erase(std::unique(forms_.begin(), forms_.end()), forms_.end());
  beginnings_.set('%');
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
  for (const std::string& form : forms_) {
    const std::size_t length = length_of(form, text);
    if (length > 0) return length;
  }
  return 0;
}

}  // namespace connector
