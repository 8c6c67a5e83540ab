#include "end_to_end/canary_answers.hh"

#include <utility>

#include "core/text/json_text.hh"
#include "core/text/text.hh"
#include "support/bitbucket_answers.hh"

namespace connector::support {
namespace {

using Make = std::function<FakeAnswer(const std::string&, FakeAnswer)>;

std::string json_text(std::string_view text) {
  std::string out;
  JsonWriter(out).value(text);
  return out;
}

/// Bitbucket's own way to refuse; `exception` is the end of a class name.
Make refuse(int status, const std::string& exception) {
  return [=](const std::string& said, const FakeAnswer&) {
    return errors_answer(status, {{said, said, said + ' ' + exception}});
  };
}

Make message(int status) {
  return [=](const std::string& said, const FakeAnswer&) { return message_answer(status, said); };
}

Make page(int status) {
  return [=](const std::string& said, const FakeAnswer&) { return html_answer(status, said); };
}

/// The answer to a request that nobody understands, with a header of this name.
Make header(int status, const std::string& name, const std::string& before = {},
            const std::string& behind = {}) {
  return [=](const std::string& said, const FakeAnswer&) {
    FakeAnswer answer = message_answer(status, said);
    answer.headers.emplace_back(name, before + said + behind);
    return answer;
  };
}

Make redirect(const std::string& before, const std::string& behind, bool encoded) {
  return [=](const std::string& said, const FakeAnswer&) {
    FakeAnswer answer;
    answer.status = 302;
    answer.headers.emplace_back("Location", before + (encoded ? percent_encode(said) : said) + behind);
    return answer;
  };
}

/// The right answer with headers about times, limits and pages that say something else.
FakeAnswer odd_headers(const std::string& said, FakeAnswer right) {
  std::erase_if(right.headers, [](const auto& field) { return ascii_lower(field.first) != "content-type"; });
  for (const char* name :
       {"Date", "Link", "Server", "RateLimit-Remaining", "RateLimit-Reset", "X-AREQUESTID"})
    right.headers.emplace_back(name, said);
  return right;
}

/// The right answer, but its texts say something else.
FakeAnswer odd_texts(const std::string& said, FakeAnswer right) {
  std::string body;
  std::string_view rest = right.body;
  for (auto begin = rest.find(":\""); begin != std::string_view::npos; begin = rest.find(":\"")) {
    const auto end = rest.find('"', begin + 2);
    if (end == std::string_view::npos) break;
    body.append(rest.substr(0, begin + 1)).append(json_text(said));
    rest.remove_prefix(end + 1);
  }
  right.body = body.append(rest);
  return right;
}

FakeAnswer patience(const std::string& said, const FakeAnswer& /*right*/) {
  FakeAnswer answer = message_answer(429, said);
  answer.headers.emplace_back("Retry-After", "86400");
  answer.headers.emplace_back("RateLimit-Scope", said);
  return answer;
}

FakeAnswer broken_json(const std::string& said, const FakeAnswer& /*right*/) {
  return json_answer(200, R"([{"errors":[{"message":)" + json_text(said) + "," + said);
}

FakeAnswer plain_text(const std::string& said, const FakeAnswer& /*right*/) {
  FakeAnswer answer;
  answer.status = 400;
  answer.headers.emplace_back("Content-Type", "text/plain; " + said);
  answer.body = said;
  return answer;
}

}  // namespace

std::vector<SayingAnswer> saying_answers() {
  return {{"Refused400", refuse(400, "")},
          {"Refused401", refuse(401, "IncorrectPasswordAuthenticationException")},
          {"Captcha401", refuse(401, "CaptchaRequiredAuthenticationException")},
          {"NotPermitted401", refuse(401, "AuthorisationException")},
          {"Refused403", refuse(403, "")},
          {"NoRepository404", refuse(404, "NoSuchRepositoryException")},
          {"Refused409", refuse(409, "")},
          {"Refused500", refuse(500, ""), true},
          {"Message401", message(401)},
          {"Message403", message(403)},
          {"Message404", message(404)},
          {"Message422", message(422)},
          {"Challenge401", header(401, "WWW-Authenticate", "Basic realm=\"", "\"")},
          {"Patience429", patience},
          {"Page200", page(200)},
          {"Page401", page(401)},
          {"Page403", page(403)},
          {"BrokenJson", broken_json},
          {"PlainText", plain_text},
          {"RedirectToAnotherHost", redirect("https://elsewhere.example.com/", "/", false)},
          {"RedirectToAHostOfThatName", redirect("https://", ".example.com/", false)},
          {"RedirectWithALogin", redirect("https://me:", "@elsewhere.example.com/", true)},
          {"RedirectToAPath", redirect("/", "", true)},
          {"RedirectToALogin", redirect("/login?next=", "#", true)},
          {"RedirectToARepository", redirect("/projects/ACME/repos/", "/browse", true)},
          {"RedirectToAProject", redirect("/rest/api/1.0/projects/", "/repos/web", true)},
          {"OddHeaders", odd_headers},
          {"OddTexts", odd_texts}};
}

}  // namespace connector::support
