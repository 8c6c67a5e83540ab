#include "support/bitbucket_body.hh"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "core/text/text.hh"
#include "support/bitbucket_answers.hh"

namespace connector::support {

namespace {

constexpr std::size_t size_limit = std::size_t{1} << 20U;

struct ContentType {
  std::string media;    // in lower case, as the charset
  std::string charset;  // empty when it was not sent
};

ContentType content_type(const FakeRequest& request) {
  std::string text = ascii_lower(request.header("content-type"));
  text.erase(std::remove_if(text.begin(), text.end(), [](char c) { return c == ' ' || c == '"'; }),
             text.end());
  const std::size_t end = text.find(';');
  ContentType type{text.substr(0, end), ""};
  constexpr std::string_view name = ";charset=";
  const std::size_t charset = text.find(name);
  if (charset == std::string::npos) return type;
  const std::size_t from = charset + name.size();
  type.charset = text.substr(from, text.find(';', from) - from);
  return type;
}

}  // namespace

std::optional<FakeAnswer> refuse_size(const FakeRequest& request) {
  if (request.body.size() <= size_limit) return std::nullopt;
  return html_answer(413, "413 Request Entity Too Large");
}

std::optional<FakeAnswer> refuse_content_type(const FakeRequest& request) {
  const auto [media, charset] = content_type(request);
  if (media != "application/json") {
    // Atlassian's check against forged requests: what a form on any page can send needs the header.
    const bool simple = media.empty() || media == "text/plain" || media == "multipart/form-data" ||
                        media == "application/x-www-form-urlencoded";
    if (simple && request.header("x-atlassian-token") != "no-check")
      return html_answer(403, "XSRF check failed");
    return errors_answer(415, {{"", "Unsupported Media Type", ""}});
  }
  if (!charset.empty() && charset != "utf-8")
    return errors_answer(400, {{"", "The charset '" + charset + "' is not that of JSON, utf-8", ""}});
  return std::nullopt;
}

}  // namespace connector::support
