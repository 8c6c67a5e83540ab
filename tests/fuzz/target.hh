// What a fuzz target is: a name, and a check that holds for any bytes. libFuzzer makes the bytes up
// (fuzzer_main.cc), or a test plays those of the corpus (corpus_test.cc).
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace connector::fuzz {

/// Something that was to hold does not.
class Broken : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws Broken unless `holds`: what was to hold, and the text for which it does not.
void expect(bool holds, std::string_view rule, std::string_view text = {});

/// Registers itself; a target file has one, for as long as the program runs.
class Target {
 public:
  using Check = void (*)(std::string_view input);

  /// `name` is that of its corpus.
  Target(std::string name, Check does);

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// Throws Broken, or what the code under test should not have thrown.
  void check(std::string_view input) const { check_(input); }

 private:
  std::string name_;
  Check check_;
};

/// All of this program.
const std::vector<const Target*>& targets();

}  // namespace connector::fuzz
