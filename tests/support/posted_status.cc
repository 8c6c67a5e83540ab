#include "support/posted_status.hh"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace connector::support {

namespace {

using simdjson::dom::element_type;

struct Field {
  std::string_view name;
  std::string PostedStatus::*text;
  std::size_t limit;
  bool legacy;  // known to the old endpoint too
};

constexpr std::array<Field, 8> fields = {{
    {"key", &PostedStatus::key, 255, true},
    {"state", &PostedStatus::state, 255, true},
    {"url", &PostedStatus::url, 450, true},
    {"name", &PostedStatus::name, 255, true},
    {"description", &PostedStatus::description, 255, true},
    {"buildNumber", &PostedStatus::build_number, 255, false},
    {"parent", &PostedStatus::parent, 1024, false},
    {"ref", &PostedStatus::ref, 1024, false},
}};

// Counted here on its own, not by the program's function: a mistake there must not hide itself.
std::size_t utf16_units(std::string_view utf8) {
  std::size_t units = 0;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0xF0) {
      units += 2;
    } else if ((byte & 0xC0U) != 0x80U) {
      units += 1;
    }
  }
  return units;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

class StatusReader {
 public:
  explicit StatusReader(StatusRules rules) : rules_(rules) {}

  // Throws simdjson::simdjson_error when the body is no JSON object.
  void read(std::string_view body) {
    const simdjson::padded_string json(body);
    simdjson::dom::parser
        parser;  // unlike On-Demand it checks the whole text, what follows the object included
    const simdjson::dom::object object = parser.parse(json).get_object();
    for (const simdjson::dom::key_value_pair member : object)
      read_member(std::string(member.key), member.value);
  }

  void check() {
    for (const Field& field : fields) check_length(field);
    check_required("key", status_.key);
    check_required("state", status_.state);
    check_required("url", status_.url);
    if (!status_.state.empty() && !state_known())
      complain("state", "'" + status_.state + "' is not a valid build state");
    if (!status_.ref.empty() && !status_.ref.starts_with("refs/"))
      complain("ref", "must match \"^refs\\/.*\"");
  }

  [[nodiscard]] const PostedStatus& status() const { return status_; }
  [[nodiscard]] const std::vector<BitbucketError>& errors() const { return errors_; }

 private:
  static const Field* find(std::string_view name) {
    const auto* const found =
        std::find_if(fields.begin(), fields.end(), [&](const Field& field) { return field.name == name; });
    return found == fields.end() ? nullptr : found;
  }

  void complain(const std::string& context, const std::string& message) {
    errors_.push_back({context, message, ""});
  }

  void read_member(const std::string& name, simdjson::dom::element value) {
    if (name == "duration" && !rules_.legacy) {
      if (value.type() != element_type::INT64) return complain(name, "must be a whole number");
      status_.duration_ms = value.get_int64();
      return;
    }
    const Field* const field = find(name);
    if (field == nullptr || (rules_.legacy && !field->legacy)) return;
    if (value.type() == element_type::NULL_VALUE) return;
    if (value.type() != element_type::STRING) return complain(name, "must be a string");
    status_.*(field->text) = std::string(value.get_string().value());
  }

  void check_length(const Field& field) {
    if (utf16_units(status_.*(field.text)) > field.limit) {
      complain(std::string(field.name), "size must be between 0 and " + std::to_string(field.limit));
    }
  }

  void check_required(const std::string& name, const std::string& text) {
    if (is_blank(text)) complain(name, "A non-blank " + name + " is required");
  }

  [[nodiscard]] bool state_known() const {
    const std::string& state = status_.state;
    if (state == "SUCCESSFUL" || state == "FAILED" || state == "INPROGRESS") return true;
    return !rules_.legacy && rules_.cancelled_known && (state == "CANCELLED" || state == "UNKNOWN");
  }

  StatusRules rules_;
  PostedStatus status_;
  std::vector<BitbucketError> errors_;
};

}  // namespace

std::variant<PostedStatus, std::vector<BitbucketError>> read_posted_status(std::string_view body,
                                                                           StatusRules rules) {
  StatusReader reader(rules);
  try {
    reader.read(body);
  } catch (const simdjson::simdjson_error& error) {
    return std::vector<BitbucketError>{
        {"", std::string("The body is not the JSON expected: ") + error.what(), ""}};
  }
  reader.check();
  if (!reader.errors().empty()) return reader.errors();
  return reader.status();
}

bool has_four_byte_characters(const PostedStatus& status) {
  return std::any_of(fields.begin(), fields.end(), [&](const Field& field) {
    const std::string& text = status.*(field.text);
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) >= 0xF0; });
  });
}

}  // namespace connector::support
