#include "support/bitbucket_answers.hh"

#include <utility>

#include "core/text/json_text.hh"

namespace connector::support {

namespace {

void write_text_or_null(JsonWriter& out, std::string_view key, const std::string& text) {
  out.key(key);
  if (text.empty()) {
    out.null();
  } else {
    out.value(text);
  }
}

}  // namespace

FakeAnswer errors_answer(int status, const std::vector<BitbucketError>& errors) {
  std::string body;
  JsonWriter out(body);
  out.begin_object().key("errors").begin_array();
  for (const BitbucketError& error : errors) {
    out.begin_object();
    write_text_or_null(out, "context", error.context);
    out.key("message").value(error.message);
    write_text_or_null(out, "exceptionName", error.exception_name);
    out.end_object();
  }
  out.end_array().end_object();
  return json_answer(status, std::move(body));
}

FakeAnswer no_such(std::string_view exception, const std::string& message) {
  return errors_answer(404, {{"", message, "com.atlassian.bitbucket." + std::string(exception)}});
}

FakeAnswer unknown_resource() {
  return errors_answer(404, {{"", "The requested resource does not exist.", ""}});
}

FakeAnswer method_not_allowed() {
  return errors_answer(405, {{"", "Method Not Allowed", ""}});
}

FakeAnswer not_permitted() {
  return errors_answer(401, {{"", "You are not permitted to access this resource",
                              "com.atlassian.bitbucket.AuthorisationException"}});
}

}  // namespace connector::support
