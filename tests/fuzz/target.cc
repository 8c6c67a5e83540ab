#include "fuzz/target.hh"

#include <utility>

#include "core/text/text.hh"

namespace connector::fuzz {
namespace {

std::vector<const Target*>& registered() {
  static std::vector<const Target*> all;
  return all;
}

}  // namespace

void expect(bool holds, std::string_view rule, std::string_view text) {
  if (holds) return;
  constexpr std::size_t enough = 2000;
  throw Broken("broken: " + std::string(rule) + (text.empty() ? "" : ": " + printable(text, enough)));
}

Target::Target(std::string name, Check does) : name_(std::move(name)), check_(does) {
  registered().push_back(this);
}

const std::vector<const Target*>& targets() {
  return registered();
}

}  // namespace connector::fuzz
