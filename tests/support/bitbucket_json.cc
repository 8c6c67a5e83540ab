#include "support/bitbucket_json.hh"

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/text/json_text.hh"
#include "core/text/text.hh"

namespace connector::support {

namespace {

void write_record(JsonWriter& out, const KeyedRecord& keyed) {
  const auto& [key, record] = keyed;
  const PostedStatus& status = record.status;
  const std::string nowhere;
  out.begin_object();
  out.key("state").value(status.state);
  out.key("key").value(status.key);
  out.key("url").value(status.url);
  const std::array<std::pair<const char*, const std::string*>, 7> texts = {{
      {"name", &status.name},
      {"description", &status.description},
      {"buildNumber", &status.build_number},
      {"parent", &status.parent},
      {"ref", &status.ref},
      {"projectKey", record.legacy ? &nowhere : &key.repository.project},
      {"repositorySlug", record.legacy ? &nowhere : &key.repository.slug},
  }};
  for (const auto& [name, text] : texts) {
    if (!text->empty()) out.key(name).value(*text);
  }
  if (status.duration_ms) out.key("duration").value(*status.duration_ms);
  out.key("createdDate").value(std::int64_t{record.created.time_since_epoch().count()});
  out.key("updatedDate").value(std::int64_t{record.updated.time_since_epoch().count()});
  out.end_object();
}

// The items from `start` on, at most `limit`, in Bitbucket's page object.
template <typename WriteItem>
FakeAnswer page(std::size_t items, const Target& target, WriteItem write_item) {
  const std::size_t limit = std::clamp(target.number("limit", 25), 1U, 100U);
  const std::size_t start = std::min<std::size_t>(target.number("start", 0), items);
  const std::size_t end = std::min(items, start + limit);
  std::string body;
  JsonWriter out(body);
  out.begin_object();
  out.key("size").value(std::uint64_t{end - start});
  out.key("limit").value(std::uint64_t{limit});
  out.key("isLastPage").value(end == items);
  out.key("values").begin_array();
  for (std::size_t i = start; i < end; ++i) write_item(out, i);
  out.end_array();
  out.key("start").value(std::uint64_t{start});
  if (end < items) out.key("nextPageStart").value(std::uint64_t{end});
  out.end_object();
  return json_answer(200, std::move(body));
}

}  // namespace

FakeAnswer record_answer(const KeyedRecord& record) {
  std::string body;
  JsonWriter out(body);
  write_record(out, record);
  return json_answer(200, std::move(body));
}

FakeAnswer records_page(const std::vector<KeyedRecord>& records, const Target& target) {
  return page(records.size(), target, [&](JsonWriter& out, std::size_t i) { write_record(out, records[i]); });
}

FakeAnswer conditions_page(const std::vector<std::vector<std::string>>& parents, const Target& target) {
  return page(parents.size(), target, [&](JsonWriter& out, std::size_t i) {
    out.begin_object().key("id").value(std::uint64_t{i + 1});
    out.key("buildParentKeys").begin_array();
    for (const std::string& parent : parents[i]) out.value(parent);
    out.end_array();
    out.key("refMatcher").begin_object().key("id").value("ANY_REF_MATCHER_ID");
    out.key("type").begin_object().key("id").value("ANY_REF").key("name").value("Any branch");
    out.end_object().end_object().end_object();
  });
}

FakeAnswer repository_answer(const Repository& repository, const std::string& base_url,
                             const std::string& ssh_base_url) {
  const std::string place = ascii_lower(repository.project) + '/' + repository.slug + ".git";
  std::string body;
  JsonWriter out(body);
  out.begin_object();
  out.key("slug").value(repository.slug);
  out.key("id").value(1);
  out.key("name").value(repository.slug);
  out.key("scmId").value("git");
  out.key("state").value("AVAILABLE");
  out.key("project").begin_object().key("key").value(repository.project).end_object();
  out.key("links").begin_object().key("clone").begin_array();
  out.begin_object();
  out.key("href").value(base_url + "/scm/" + place);
  out.key("name").value("http");
  out.end_object().begin_object();
  out.key("href").value(ssh_base_url + '/' + place);
  out.key("name").value("ssh");
  out.end_object().end_array().end_object().end_object();
  return json_answer(200, std::move(body));
}

FakeAnswer properties_answer(const std::string& version) {
  std::string body;
  JsonWriter out(body);
  out.begin_object();
  out.key("version").value(version);
  out.key("buildNumber").value("8019012");
  out.key("buildDate").value("1735689600000");
  out.key("displayName").value("Bitbucket");
  out.end_object();
  return json_answer(200, std::move(body));
}

FakeAnswer capabilities_answer(bool cancelled_state) {
  std::string body;
  JsonWriter out(body);
  out.begin_object().key("buildStatus").begin_array().value("richBuildStatus");
  if (cancelled_state) out.value("cancelledStatus");
  out.end_array().end_object();
  return json_answer(200, std::move(body));
}

}  // namespace connector::support
