// Histories as in tests/properties, with everything that happens in them decided by the input: in the end
// Bitbucket shows the newest build of every commit.
#include <cstdint>
#include <string>
#include <vector>

#include "fuzz/input.hh"
#include "fuzz/target.hh"
#include "properties/generator.hh"
#include "properties/memory_passes.hh"
#include "properties/plan.hh"
#include "properties/profile.hh"

namespace connector::fuzz {
namespace {

/// Spread over the 64 bits that the generator asks for. When the input is used up, nothing more happens by
/// chance.
std::uint64_t number_of(Choices& choices) {
  if (choices.ended()) return ~std::uint64_t{0};
  const std::uint64_t high = choices.of(256);
  return (high << 8U | choices.of(256)) * 0x0001000100010001U;
}

std::string told(const properties::Plan& plan, const properties::Failure& failure) {
  std::string text = failure.rule + ": " + failure.text + "\n" + properties::text_of(plan.settings);
  for (const properties::Event& event : plan.events)
    text += "\n" + properties::text_of(event.at) + "  " + properties::text_of(event);
  return text;
}

const Target histories("histories", [](std::string_view input) {
  Choices choices(input);
  const auto& profiles = properties::profiles();
  const auto& profile = profiles.at(choices.of(static_cast<unsigned>(profiles.size())));
  const std::uint64_t seed = choices.of(6);
  const auto plan = properties::make_plan(profile, seed, [&] { return number_of(choices); });
  constexpr std::size_t most_events = 120;
  if (plan.events.size() > most_events) return;
  if (const auto failure = properties::play_in_memory(plan)) throw Broken(told(plan, *failure));
});

}  // namespace
}  // namespace connector::fuzz
