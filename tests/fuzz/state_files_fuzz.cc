// The state file below a checksum that holds: what can be read is written and read again as the same.
#include <string>
#include <variant>

#include "fuzz/rules.hh"
#include "fuzz/target.hh"
#include "state/checksum.hh"
#include "state/decode.hh"
#include "state/encode.hh"

namespace connector::fuzz {
namespace {

const Target state_files("state_files", [](std::string_view input) {
  const std::string rest(input);
  const auto decoded = state::decode(state::checksum_line(rest) + rest);
  if (const auto* damaged = std::get_if<state::Damaged>(&decoded))
    return expect_line(damaged->reason, "a reason");
  const auto* state = std::get_if<SavedState>(&decoded);
  if (state == nullptr) return;
  const std::string text = state::encode(*state);
  const auto again = state::decode(text);
  const auto* same = std::get_if<SavedState>(&again);
  expect(same != nullptr, "what was saved can be loaded", text);
  expect(state::encode(*same) == text, "what was loaded is what was saved", text);
});

}  // namespace
}  // namespace connector::fuzz
