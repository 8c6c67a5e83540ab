#include "properties/choice.hh"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <sstream>

namespace connector::properties {
namespace {

bool is_chosen(const Profile& profile) {
  const std::string names = variable("PROPERTY_PROFILES", "");
  if (names.empty()) return true;
  std::istringstream list(names);
  for (std::string name; std::getline(list, name, ',');) {
    if (name == profile.name) return true;
  }
  return false;
}

}  // namespace

std::string variable(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets one
  return value == nullptr || *value == '\0' ? otherwise : value;
}

std::vector<Profile> chosen_profiles() {
  std::vector<Profile> chosen;
  std::copy_if(profiles().begin(), profiles().end(), std::back_inserter(chosen), is_chosen);
  return chosen;
}

Seeds chosen_seeds(std::uint64_t count) {
  const std::uint64_t first = std::stoull(variable("PROPERTY_SEED", "1"));
  return {first, first + std::stoull(variable("PROPERTY_COUNT", std::to_string(count).c_str()))};
}

std::string dump(const Plan& plan, const std::string& failure, const std::vector<std::string>& trace) {
  std::ostringstream text;
  text << "PROPERTY_PROFILES=" << plan.profile << " PROPERTY_SEED=" << plan.seed << " PROPERTY_COUNT=1\n"
       << failure << "\n"
       << text_of(plan.settings) << "\n"
       << plan.events.size() << " events:\n";
  for (const Event& event : plan.events) text << "  " << text_of(event.at) << "  " << text_of(event) << "\n";
  text << "what happened:\n";
  constexpr std::size_t enough = 150;
  for (std::size_t i = 0; i < trace.size(); ++i) {
    if (i < enough || i + enough / 2 > trace.size()) text << "  " << trace[i] << "\n";
    if (i == enough && i + enough / 2 <= trace.size()) text << "  ...\n";
  }
  return text.str();
}

}  // namespace connector::properties
