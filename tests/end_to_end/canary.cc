#include "end_to_end/canary.hh"

#include <array>
#include <cstddef>
#include <functional>
#include <set>
#include <utility>

#include "core/text/text.hh"
#include "support/fake_message.hh"

namespace connector::support {
namespace {

constexpr std::size_t piece = 6;

bool is_between(char c, char first, char last) {
  return c >= first && c <= last;
}

bool is_alphanumeric(char c) {
  return is_between(c, 'a', 'z') || is_between(c, 'A', 'Z') || is_between(c, '0', '9');
}

int hex_digit(char c) {
  if (is_between(c, '0', '9')) return c - '0';
  if (is_between(c, 'a', 'f')) return c - 'a' + 10;
  return is_between(c, 'A', 'F') ? c - 'A' + 10 : -1;
}

std::string percent_encoded(char c, bool upper) {
  const std::string_view digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  return {'%', digits[byte >> 4U], digits[byte & 0xFU]};
}

std::string utf8(unsigned long c) {
  const auto rest = [&](unsigned shift) { return static_cast<char>(0x80U | (c >> shift & 0x3FU)); };
  if (c < 0x80) return {static_cast<char>(c)};
  if (c < 0x800) return {static_cast<char>(0xC0U | c >> 6U), rest(0)};
  return {static_cast<char>(0xE0U | c >> 12U), rest(6), rest(0)};
}

/// Each byte as `write` says, but a character of two bytes (U+0080 to U+07FF) as `write_wide` does.
std::string each(std::string_view text, const std::function<std::string(char)>& write,
                 const std::function<std::string(unsigned)>& write_wide = {}) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (write_wide && byte >= 0xC2 && byte < 0xE0 && i + 1 < text.size()) {
      out += write_wide((byte & 0x1FU) << 6U | (static_cast<unsigned char>(text[++i]) & 0x3FU));
    } else {
      out += write(text[i]);
    }
  }
  return out;
}

std::string in_hex(unsigned number) {
  std::string text;
  for (int shift = 12; shift >= 0; shift -= 4) text += "0123456789abcdef"[number >> shift & 0xFU];
  return text;
}

/// A backslash before each of these.
std::string escaped(std::string_view text, std::string_view which) {
  return each(text, [&](char c) {
    return (which.find(c) == std::string_view::npos ? "" : "\\") + std::string(1, c);
  });
}

std::string as_html(std::string_view text, bool by_number) {
  return each(text, [&](char c) -> std::string {
    if (by_number && !is_alphanumeric(c)) return "&#" + std::to_string(static_cast<unsigned char>(c)) + ';';
    switch (c) {
      case '&':
        return "&amp;";
      case '<':
        return "&lt;";
      case '>':
        return "&gt;";
      case '"':
        return "&quot;";
      case '\'':
        return "&#x27;";
      default:
        return {c};
    }
  });
}

std::string as_json(std::string_view text, std::string_view escapes) {
  const auto wide = [](unsigned c) { return "\\u" + in_hex(c); };
  return each(
      text,
      [&](char c) -> std::string {
        if (c == '"' || c == '\\') return {'\\', c};
        if (escapes.find(c) == std::string_view::npos) return {c};
        return c == '/' ? "\\/" : wide(static_cast<unsigned char>(c));
      },
      wide);
}

std::string in_shell_quotes(std::string_view text) {
  return '\'' + each(text, [](char c) { return c == '\'' ? std::string("'\\''") : std::string(1, c); }) +
         '\'';
}

std::string base64_for_urls(std::string_view bytes) {
  return each(base64(bytes), [](char c) -> std::string {
    if (c == '=') return {};
    return {c == '+' ? '-' : c == '/' ? '_' : c};
  });
}

std::string percent_decoded(std::string_view text) {
  return percent_decode(text);
}

/// Without the backslashes of JSON, logfmt, C and the shell.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    ++i;
    if (text[i] != 'u') {
      out += text[i];
      continue;
    }
    unsigned long number = 0;
    std::size_t digits = i + 1 < text.size() && text[i + 1] == '{' ? i + 2 : i + 1;
    const std::size_t most = digits + (digits == i + 2 ? 6 : 4);
    for (; digits < most && digits < text.size() && hex_digit(text[digits]) >= 0; ++digits)
      number = number * 16 + static_cast<unsigned long>(hex_digit(text[digits]));
    out += utf8(number);
    i = digits < text.size() && text[digits] == '}' ? digits : digits - 1;
  }
  return out;
}

std::string without_entities(std::string_view text) {
  static const std::map<std::string, std::string, std::less<>> names = {
      {"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}};
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t end = text[i] == '&' ? text.find(';', i) : std::string_view::npos;
    const std::string_view name = end == std::string_view::npos ? "" : text.substr(i + 1, end - i - 1);
    const auto named = names.find(name);
    const bool numbered = name.size() > 1 && name.size() < 8 && name.front() == '#';
    if (named != names.end()) {
      out += named->second;
    } else if (numbered) {
      const bool hex = name[1] == 'x';
      const auto code = std::strtoul(std::string(name.substr(hex ? 2 : 1)).c_str(), nullptr, hex ? 16 : 10);
      out += code < 0x100 ? std::string(1, static_cast<char>(code)) : utf8(code);
    } else {
      out += text[i];
      continue;
    }
    i = end;
  }
  return out;
}

std::string without_shell_quotes(std::string_view text) {
  std::string out(text);
  for (std::size_t at = 0; (at = out.find("'\\''", at)) != std::string::npos; ++at) out.replace(at, 4, "'");
  return out;
}

/// Everything that may be base64, decoded from its `skipped`-th character on.
std::string base64_decoded(std::string_view text, std::size_t skipped) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::size_t run = 0;
  unsigned bits = 0;
  unsigned count = 0;
  for (char c : text) {
    if (c == '-') c = '+';
    if (c == '_') c = '/';
    const auto value = alphabet.find(c);
    if (value == std::string_view::npos) {
      run = 0;
      count = 0;
      continue;
    }
    if (run++ < skipped) continue;
    bits = (bits << 6U | static_cast<unsigned>(value)) & 0xFFFFU;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xFFU);
  }
  return out;
}

/// The text and whatever it may have been before somebody encoded it.
std::set<std::string> readings_of(std::string_view text) {
  constexpr std::array decoders = {percent_decoded, unescaped, without_entities, without_shell_quotes};
  std::set<std::string> all = {std::string(text)};
  std::set<std::string> newest = all;
  for (int depth = 0; depth < 3; ++depth) {
    std::set<std::string> next;
    for (const std::string& reading : newest) {
      for (const auto decode : decoders) {
        std::string decoded = decode(reading);
        if (all.insert(decoded).second) next.insert(std::move(decoded));
      }
    }
    newest = std::move(next);
  }
  return all;
}

}  // namespace

std::vector<Utterance> utterances_of(const Canary& canary) {
  const std::string& secret = canary.value;
  std::size_t count = 0;
  std::vector<Utterance> all = {
      {"as it is", secret},
      {"percent-encoded", percent_encode(secret)},
      {"percent-encoded in lower case",
       each(secret,
            [](char c) { return is_alphanumeric(c) ? std::string(1, c) : percent_encoded(c, false); })},
      {"percent-encoded to the last letter", each(secret, [](char c) { return percent_encoded(c, true); })},
      {"percent-encoded here and there", each(secret,
                                              [&](char c) {
                                                return c == '%' || ++count % 3 == 0
                                                           ? percent_encoded(c, count % 2 == 0)
                                                           : std::string(1, c);
                                              })},
      {"percent-encoded twice", percent_encode(percent_encode(secret))},
      {"in JSON", as_json(secret, "")},
      {"in JSON as PHP writes it", as_json(secret, "/")},
      {"in JSON as Go writes it", as_json(secret, "<>&'+")},
      {"in logfmt", '"' + escaped(secret, "\"\\") + '"'},
      {"in shell quotes", in_shell_quotes(secret)},
      {"with the shell's backslashes", escaped(secret, " \"\\'&<>#?+/%:;")},
      {"in HTML", as_html(secret, false)},
      {"in HTML by numbers", as_html(secret, true)},
      {"in a JSON string in JSON", escaped(as_json(secret, ""), "\"\\")},
  };
  for (const std::string& bytes : {secret, canary.user + ':' + secret}) {
    for (const char* before : {"", "a", "bc", "Basic "}) {
      const std::string framed = before + bytes + (*before == '\0' ? "" : " zz");
      all.push_back({"in base64", base64(framed)});
      all.push_back({"in base64 for URLs", base64_for_urls(framed)});
    }
  }
  return all;
}

Search::Search(const std::vector<Canary>& canaries) {
  for (const Canary& canary : canaries) {
    std::uint64_t last = 0;
    for (std::size_t i = 0; i < canary.value.size(); ++i) {
      last = (last << 8U | static_cast<unsigned char>(canary.value[i])) & 0xFFFFFFFFFFFFU;
      if (i + 1 >= piece) pieces_.emplace(last, canary.name);
    }
  }
}

void Search::note_found(std::string_view reading, std::map<std::string, std::string>& found) const {
  std::uint64_t last = 0;
  for (std::size_t i = 0; i < reading.size(); ++i) {
    last = (last << 8U | static_cast<unsigned char>(reading[i])) & 0xFFFFFFFFFFFFU;
    const auto known = pieces_.find(last);
    if (known == pieces_.end()) continue;
    const std::size_t begin = i + 1 - piece;
    found.emplace(known->second, reading.substr(begin < 40 ? 0 : begin - 40, 100));
  }
}

std::string Search::found_in(std::string_view text) const {
  std::map<std::string, std::string> found;
  for (const std::string& reading : readings_of(text)) {
    note_found(reading, found);
    for (std::size_t skipped = 0; skipped < 4; ++skipped) note_found(base64_decoded(reading, skipped), found);
  }
  std::string told;
  for (const auto& [name, place] : found) told.append(name).append(": ...").append(place).append("...\n");
  return told;
}

}  // namespace connector::support
