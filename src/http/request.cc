#include "http/request.hh"

#include <algorithm>

#include "core/text/text.hh"

namespace connector::http {
namespace {

std::string_view without_blanks(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

}  // namespace

std::string_view name_of(PeerId peer) {
  switch (peer) {
    case PeerId::buildkite:
      return "Buildkite";
    case PeerId::bitbucket:
      return "Bitbucket";
    case PeerId::snitch:
      return "Dead Man's Snitch";
    case PeerId::ping:
      return "the ping URL";
    case PeerId::pushgateway:
      return "the Pushgateway";
  }
  return "a peer";
}

std::string_view section_of(PeerId peer) {
  switch (peer) {
    case PeerId::buildkite:
      return "buildkite";
    case PeerId::bitbucket:
      return "bitbucket";
    case PeerId::snitch:
    case PeerId::ping:
      return "heartbeat";
    case PeerId::pushgateway:
      return "metrics";
  }
  return "";
}

std::string_view url_setting_of(PeerId peer) {
  switch (peer) {
    case PeerId::buildkite:
      return "buildkite.url";
    case PeerId::bitbucket:
      return "bitbucket.url";
    case PeerId::snitch:
      return "heartbeat.url";
    case PeerId::ping:
      return "heartbeat.ping_url";
    case PeerId::pushgateway:
      return "metrics.pushgateway_url";
  }
  return "";
}

std::string answered(std::string_view server, const Response& response) {
  const std::string place = response.place.empty() ? "" : response.place + ": ";
  return place + std::string(server) + " answered " + std::to_string(response.status);
}

void Headers::set(std::string_view name, std::string_view value) {
  std::string key = ascii_lower(without_blanks(name));
  const auto field =
      std::find_if(fields_.begin(), fields_.end(), [&](const auto& known) { return known.first == key; });
  if (field == fields_.end()) {
    fields_.emplace_back(std::move(key), without_blanks(value));
  } else {
    field->second = without_blanks(value);
  }
}

std::string_view Headers::find(std::string_view name) const {
  const auto field =
      std::find_if(fields_.begin(), fields_.end(), [&](const auto& known) { return known.first == name; });
  return field == fields_.end() ? std::string_view{} : std::string_view(field->second);
}

}  // namespace connector::http
