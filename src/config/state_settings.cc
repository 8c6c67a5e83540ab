// The rows of [states]: the user's choice of a Bitbucket state for each state of a build.
#include <string>
#include <vector>

#include "config/access.hh"
#include "config/rows.hh"
#include "core/build/bitbucket_state.hh"
#include "core/build/build.hh"

namespace connector::config {
namespace {

constexpr std::string_view ignore = "ignore";

std::vector<std::string> words() {
  std::vector<std::string> words;
  for (const auto state : {BitbucketState::in_progress, BitbucketState::successful, BitbucketState::failed,
                           BitbucketState::cancelled, BitbucketState::unknown}) {
    words.emplace_back(word_of(state));
  }
  words.emplace_back(ignore);
  return words;
}

/// `choose` stores what the user wrote, `chosen` finds it again.
template <typename Choose, typename Chosen>
Access choice_of_state(Choose choose, Chosen chosen) {
  auto assign = [=](Config& config, const Value& value) -> Problem {
    const auto state = parse_bitbucket_state(value.text);
    if (!state && value.text != ignore) return not_one_of(value.text, words());
    choose(config.states, state);
    return std::nullopt;
  };
  auto show = [=](const Config& config) {
    const std::optional<StateChoice> choice = chosen(config.states);
    if (!choice) return std::string();
    return toml_text(*choice ? word_of(**choice) : ignore);
  };
  return {assign, show};
}

void add_build_state(Rows& rows, BuildState state) {
  const auto choose = [=](StatePolicy& policy, StateChoice choice) { policy.chosen[state] = choice; };
  const auto chosen = [=](const StatePolicy& policy) {
    const auto found = policy.chosen.find(state);
    return found == policy.chosen.end() ? std::nullopt : std::optional<StateChoice>(found->second);
  };
  Build build;
  build.state = state;
  const auto usual = bitbucket_state(build, StatePolicy{});
  rows.add("states." + std::string(word_of(state)), Kind::choice, choice_of_state(choose, chosen))
      .without(usual ? std::string(word_of(*usual)) : "no status of its own");
}

}  // namespace

void add_states(Rows& rows) {
  for (const auto state :
       {BuildState::creating, BuildState::scheduled, BuildState::waiting, BuildState::running,
        BuildState::failing, BuildState::canceling, BuildState::passed, BuildState::failed,
        BuildState::waiting_failed, BuildState::canceled, BuildState::skipped, BuildState::not_run}) {
    add_build_state(rows, state);
  }
  const auto choose_blocked = [](StatePolicy& policy, StateChoice choice) { policy.blocked = choice; };
  const auto blocked = [](const StatePolicy& policy) { return policy.blocked; };
  rows.add("states.blocked", Kind::choice, choice_of_state(choose_blocked, blocked))
      .without("the build's own state");
  const auto choose_gone = [](StatePolicy& policy, StateChoice choice) { policy.gone = choice; };
  const auto gone = [](const StatePolicy& policy) { return policy.gone; };
  rows.add("states.gone", Kind::choice, choice_of_state(choose_gone, gone)).without("as canceled");
}

}  // namespace connector::config
