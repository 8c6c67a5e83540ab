#include "bitbucket/decode.hh"

#include <simdjson.h>

#include <cstdint>
#include <limits>
#include <utility>

#include "core/text/json_check.hh"
#include "core/text/text.hh"

namespace connector::bitbucket {
namespace {

namespace ondemand = simdjson::ondemand;

/// The text of a field that may be absent, null or of another kind.
std::string optional_text(ondemand::object object, std::string_view name) {
  std::string_view text;
  return object[name].get_string().get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

Record record_row(ondemand::object object) {
  return {.state = optional_text(object, "state"),
          .url = optional_text(object, "url"),
          .key = optional_text(object, "key"),
          .repository = {optional_text(object, "projectKey"), optional_text(object, "repositorySlug")}};
}

/// Where the next page begins (Bitbucket REST: paged APIs); nothing on the last one.
std::optional<unsigned> next_page_start(ondemand::object page) {
  bool last = false;
  if (page["isLastPage"].get_bool().get(last) == simdjson::SUCCESS && last) return std::nullopt;
  std::uint64_t next = 0;
  if (page["nextPageStart"].get_uint64().get(next) != simdjson::SUCCESS) return std::nullopt;
  return next <= std::numeric_limits<unsigned>::max() ? std::optional(static_cast<unsigned>(next))
                                                      : std::nullopt;
}

}  // namespace

std::optional<std::vector<Record>> decode_records(std::string_view body) {
  if (!is_json(body)) return std::nullopt;
  const simdjson::padded_string padded(valid_utf8(body));
  ondemand::parser parser;
  std::vector<Record> rows;
  try {
    ondemand::document document = parser.iterate(padded);
    ondemand::object object = document.get_object();
    ondemand::array values;
    if (object["values"].get_array().get(values) == simdjson::SUCCESS) {
      for (ondemand::object value : values) rows.push_back(record_row(value));
    } else {
      rows.push_back(record_row(object));
    }
  } catch (const simdjson::simdjson_error&) {  // the caller says what that means
    return std::nullopt;
  }
  return rows;
}

ErrorEnvelope decode_error(std::string_view body) {
  if (!is_json(body)) return {};
  const simdjson::padded_string padded(valid_utf8(body));
  ondemand::parser parser;
  ErrorEnvelope envelope;
  try {
    ondemand::document document = parser.iterate(padded);
    ondemand::array errors;
    if (document["errors"].get_array().get(errors) != simdjson::SUCCESS) return envelope;
    for (ondemand::object error : errors) {
      envelope.message = optional_text(error, "message");
      envelope.exception = optional_text(error, "exceptionName");
      break;
    }
  } catch (const simdjson::simdjson_error&) {  // no envelope; the status of the answer says enough
    return ErrorEnvelope{};
  }
  return envelope;
}

std::optional<std::vector<std::string>> decode_clone_links(std::string_view body) {
  if (!is_json(body)) return std::nullopt;
  const simdjson::padded_string padded(valid_utf8(body));
  ondemand::parser parser;
  std::vector<std::string> links;
  try {
    ondemand::document document = parser.iterate(padded);
    ondemand::object repository = document.get_object();
    if (optional_text(repository, "slug").empty()) return std::nullopt;
    ondemand::array clone;
    if (repository["links"]["clone"].get_array().get(clone) != simdjson::SUCCESS) return links;
    for (ondemand::object link : clone) {
      if (std::string href = optional_text(link, "href"); !href.empty()) links.push_back(std::move(href));
    }
  } catch (const simdjson::simdjson_error&) {  // the caller says what that means
    return std::nullopt;
  }
  return links;
}

std::optional<std::string> decode_version(std::string_view body) {
  if (!is_json(body)) return std::nullopt;
  const simdjson::padded_string padded(valid_utf8(body));
  ondemand::parser parser;
  try {
    ondemand::document document = parser.iterate(padded);
    ondemand::object properties = document.get_object();
    if (std::string version = optional_text(properties, "version"); !version.empty()) return version;
  } catch (const simdjson::simdjson_error&) {  // the caller says what that means
    return std::nullopt;
  }
  return std::nullopt;
}

std::optional<RequiredBuilds> decode_conditions(std::string_view body) {
  if (!is_json(body)) return std::nullopt;
  const simdjson::padded_string padded(valid_utf8(body));
  ondemand::parser parser;
  RequiredBuilds page;
  try {
    ondemand::document document = parser.iterate(padded);
    ondemand::object object = document.get_object();
    for (ondemand::object condition : object["values"].get_array()) {
      for (const std::string_view key : condition["buildParentKeys"].get_array()) {
        page.parent_keys.emplace_back(key);
      }
    }
    page.next_start = next_page_start(object);
  } catch (const simdjson::simdjson_error&) {  // the caller says what that means
    return std::nullopt;
  }
  return page;
}

std::optional<Capabilities> decode_capabilities(std::string_view body) {
  if (!is_json(body)) return std::nullopt;
  const simdjson::padded_string padded(body);
  ondemand::parser parser;
  Capabilities capabilities;
  try {
    ondemand::document document = parser.iterate(padded);
    ondemand::object object = document.get_object();
    ondemand::array words;
    if (object["buildStatus"].get_array().get(words) != simdjson::SUCCESS) return capabilities;
    for (const std::string_view word : words) {
      if (word == "richBuildStatus") capabilities.repository_builds = capabilities.reading_by_key = true;
      if (word == "cancelledStatus") capabilities.cancelled_state = true;
    }
  } catch (const simdjson::simdjson_error&) {
    return std::nullopt;
  }
  return capabilities;
}

}  // namespace connector::bitbucket
