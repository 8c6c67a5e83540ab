// README's tables are promises to users; they must not fall behind the code.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "config/settings.hh"
#include "core/exit_status.hh"
#include "support/temp_dir.hh"

namespace connector {
namespace {

std::string readme() {
  const char* root = std::getenv("SOURCE_ROOT");
  return root == nullptr ? std::string() : support::read_file(std::string(root) + "/README.md");
}

bool mentions(const std::string& text, const std::string& code) {
  return text.find('`' + code + '`') != std::string::npos;
}

TEST(Readme, NamesEverySettingAndItsVariables) {
  const std::string text = readme();
  for (const auto& setting : config::settings()) {
    const std::string leaf = setting.key.substr(setting.key.find('.') + 1);
    const bool of_every_server = mentions(text, "*." + leaf);
    const bool of_every_state = setting.key.starts_with("states.") && mentions(text, "states.<state>");
    EXPECT_TRUE(mentions(text, setting.key) || mentions(text, leaf) || of_every_server || of_every_state)
        << setting.key;
    for (const auto& variable : setting.variables) {
      EXPECT_TRUE(of_every_server || mentions(text, variable)) << variable;
    }
  }
}

TEST(Readme, NamesEveryExitStatus) {
  const std::string text = readme();
  for (const auto status :
       {ExitStatus::ok, ExitStatus::incomplete, ExitStatus::usage, ExitStatus::data, ExitStatus::unavailable,
        ExitStatus::software, ExitStatus::cant_create, ExitStatus::io_error, ExitStatus::temp_fail,
        ExitStatus::protocol, ExitStatus::no_permission, ExitStatus::config, ExitStatus::interrupted,
        ExitStatus::terminated}) {
    EXPECT_NE(text.find(std::to_string(static_cast<int>(status))), std::string::npos);
    EXPECT_NE(text.find(std::string(name_of(status))), std::string::npos) << name_of(status);
  }
}

}  // namespace
}  // namespace connector
