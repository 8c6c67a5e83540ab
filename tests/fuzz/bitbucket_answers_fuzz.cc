// Answers of Bitbucket, or of something in its place, to each of our questions.
#include <optional>
#include <string>
#include <variant>

#include "bitbucket/answers.hh"
#include "bitbucket/properties.hh"
#include "bitbucket/repository.hh"
#include "bitbucket/required_builds.hh"
#include "core/place/repository_path.hh"
#include "fuzz/input.hh"
#include "fuzz/rules.hh"
#include "fuzz/target.hh"

namespace connector::fuzz {
namespace {

const Repository asked{"WEB", "web"};

void expect_sane(const Delivery& delivery) {
  expect_line(delivery.text, "a reason");
  expect(delivery.text.empty() == (delivery.result == DeliveryResult::delivered), "a failure has a reason",
         delivery.text);
  if (delivery.result != DeliveryResult::moved) return;
  expect(!same_repository(delivery.moved_to, asked), "what moved is elsewhere");
  expect(repository_named(delivery.moved_to.project, delivery.moved_to.slug) == delivery.moved_to,
         "it moved to a repository", delivery.moved_to.slug);
}

/// What was read; nothing, if there is a sane reason for that.
template <typename Value, typename... Rest>
std::optional<Value> read(const std::variant<Value, Rest...>& answer) {
  if (const auto* delivery = std::get_if<Delivery>(&answer)) {
    expect(delivery->result != DeliveryResult::delivered, "what cannot be read is no success");
    expect_sane(*delivery);
  }
  const Value* value = std::get_if<Value>(&answer);
  return value == nullptr ? std::nullopt : std::optional(*value);
}

void expect_sane(const bitbucket::Record& record) {
  for (const std::string* text :
       {&record.state, &record.url, &record.key, &record.repository.project, &record.repository.slug})
    expect(is_utf8(*text), "what is read is UTF-8", *text);
}

const Target bitbucket_answers("bitbucket_answers", [](std::string_view input) {
  const http::Response response = response_of(input);
  expect_sane(bitbucket::read_delivery(response, asked));
  read(bitbucket::read_capabilities(response));
  read(bitbucket::read_properties(response));
  const StatusKey key{asked, std::string(40, 'a'), "web"};
  if (const auto record = read(bitbucket::read_record(response, key)); record && *record)
    expect_sane(**record);
  if (const auto records = read(bitbucket::read_records(response))) {
    for (const auto& record : *records) expect_sane(record);
  }
  if (const auto links = read(bitbucket::read_repository(response, asked))) {
    for (const std::string& link : *links) expect(is_utf8(link), "a link is UTF-8", link);
  }
  for (const unsigned start : {0U, 100U, 4'294'967'295U}) {
    const auto page = read(bitbucket::read_conditions(response, asked, start));
    if (page && page->next_start) expect(*page->next_start > start, "reading pages ends");
  }
});

}  // namespace
}  // namespace connector::fuzz
