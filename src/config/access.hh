// Ways from a setting's value to a member of Config and back. `member` is a function from a Config, const or
// not, to a reference to the member.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/base_url.hh"
#include "config/settings.hh"
#include "config/values.hh"
#include "core/text/duration.hh"
#include "core/text/text.hh"

namespace connector::config {

/// The way to a member of a Config: at(&Config::log, &Log::level) is a function from a Config, const or not,
/// to a reference to its log.level.
template <typename... Steps>
auto at(Steps... steps) {
  return [=](auto& config) -> auto& {
    return (config.*....*steps);
  };
}

/// A TOML string; empty for empty text.
std::string toml_text(std::string_view text);
/// A TOML array of strings; empty for an empty list.
std::string toml_list(const std::vector<std::string>& items);

/// Text that `assign` checks and stores.
template <typename Member>
Access text_access(Member member, Problem (*assign)(std::string&, std::string_view)) {
  return {[=](Config& config, const Value& value) { return assign(member(config), value.text); },
          [=](const Config& config) { return toml_text(member(config)); }};
}

template <typename Member>
Access proxy_access(Member member) {
  return {[=](Config& config, const Value& value) { return assign_proxy(member(config), value.text); },
          [=](const Config& config) { return toml_text(without_login(member(config))); }};
}

template <typename Member>
Access secret_access(Member member, Problem (*assign)(Secret&, std::string_view)) {
  return {[=](Config& config, const Value& value) { return assign(member(config), value.text); },
          [=](const Config& config) { return toml_text(member(config).empty() ? "" : "***"); }};
}

template <typename Member>
Access list_access(Member member,
                   Problem (*assign)(std::vector<std::string>&, const std::vector<std::string>&)) {
  return {[=](Config& config, const Value& value) { return assign(member(config), value.items); },
          [=](const Config& config) { return toml_list(member(config)); }};
}

template <typename Member>
Access boolean_access(Member member) {
  return {[=](Config& config, const Value& value) { return assign_boolean(member(config), value.text); },
          [=](const Config& config) { return std::string(member(config) ? "true" : "false"); }};
}

template <typename Member>
Access count_access(Member member, unsigned lowest, unsigned highest) {
  return {[=](Config& config, const Value& value) {
            return assign_count(member(config), value.text, lowest, highest);
          },
          [=](const Config& config) { return std::to_string(member(config)); }};
}

template <typename Member>
Access duration_access(Member member, DurationRange range) {
  return {
      [=](Config& config, const Value& value) { return assign_duration(member(config), value.text, range); },
      [=](const Config& config) { return toml_text(format_duration(member(config))); }};
}

template <typename Member>
Access shard_access(Member member) {
  return {[=](Config& config, const Value& value) { return assign_shard(member(config), value.text); },
          [=](const Config& config) { return toml_text(text_of(member(config))); }};
}

/// Words and what they stand for.
template <typename Choice>
using Choices = std::vector<std::pair<std::string, Choice>>;

/// One of a few words, in any case. The first word of a value is the one that is shown.
template <typename Member, typename Choice>
Access choice_access(Member member, const Choices<Choice>& choices) {
  auto assign = [=](Config& config, const Value& value) -> Problem {
    std::vector<std::string> words;
    for (const auto& [word, choice] : choices) {
      if (ascii_lower(word) == ascii_lower(value.text)) {
        member(config) = choice;
        return std::nullopt;
      }
      words.push_back(word);
    }
    return not_one_of(value.text, words);
  };
  auto show = [=](const Config& config) {
    for (const auto& [word, choice] : choices) {
      if (choice == member(config)) return toml_text(word);
    }
    return std::string();
  };
  return {assign, show};
}

}  // namespace connector::config
