// The mask: no text that went through it holds a secret, in whichever form it was put in. The first line is
// the secret, the second who logs in with it, the rest the text around.
#include <string>
#include <utility>
#include <vector>

#include "core/text/json_text.hh"
#include "core/text/mask.hh"
#include "core/text/text.hh"
#include "fuzz/input.hh"
#include "fuzz/target.hh"

namespace connector::fuzz {
namespace {

std::string in_base64(std::string_view bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&](std::size_t at) {
      return at < bytes.size() ? unsigned{static_cast<unsigned char>(bytes[at])} : 0U;
    };
    const unsigned three = byte(i) << 16U | byte(i + 1) << 8U | byte(i + 2);
    for (unsigned k = 0; k < 4; ++k)
      out += i + k <= bytes.size() ? alphabet[three >> (18 - 6 * k) & 63U] : '=';
  }
  return out;
}

std::string in_json(std::string_view text) {
  std::string out;
  JsonWriter(out).value(text);
  return out.substr(1, out.size() - 2);
}

const Target masks("masks", [](std::string_view input) {
  const auto lines = lines_of(input);
  if (lines.size() < 2) return;
  const std::string secret(lines[0]);
  const std::string user(lines[1]);
  // What replaces a secret may say one, and so may what stands on both sides of it, put together.
  constexpr std::size_t longest = 200;
  if (secret.size() < 4 || secret.size() > longest || secret.find('*') != std::string::npos) return;
  const std::string_view around = input.substr(static_cast<std::size_t>(lines[1].data() - input.data()));
  Mask mask;
  mask.add(Secret(secret), user);
  const std::vector<std::pair<std::string_view, std::string>> forms = {
      {"as it is", secret},
      {"percent-encoded", percent_encode(secret)},
      {"encoded twice", percent_encode(percent_encode(secret))},
      {"in JSON", in_json(secret)},
      {"printable", printable(secret, std::string::npos)},
      {"in base64", in_base64(secret)},
      {"as a login", in_base64(user + ":" + secret)},
  };
  for (const auto& [name, form] : forms) {
    const std::string masked = mask.hide(std::string(around.substr(0, around.size() / 2)) + form +
                                         std::string(around.substr(around.size() / 2)));
    expect(masked.find(form) == std::string::npos, std::string("no secret shows ") + std::string(name),
           masked);
    expect(masked.find(secret) == std::string::npos, "no secret shows beside another form of it", masked);
  }
});

}  // namespace
}  // namespace connector::fuzz
