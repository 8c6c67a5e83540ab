// Plays every input of tests/fuzz/corpus, among them what once broke something, without a fuzzer.
#include <gtest/gtest.h>

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <set>
#include <string>

#include "fuzz/target.hh"

namespace connector::fuzz {

void PrintTo(const Target* target, std::ostream* out) {
  *out << target->name();
}

namespace {

namespace fs = std::filesystem;

fs::path corpus() {
  const char* root = std::getenv("SOURCE_ROOT");
  return fs::path(root == nullptr ? "." : root) / "tests/fuzz/corpus";
}

std::set<fs::path> inputs_of(const Target& target) {
  const fs::directory_iterator files(corpus() / target.name());
  return {fs::begin(files), fs::end(files)};
}

std::string contents_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class Corpus : public testing::TestWithParam<const Target*> {};

TEST_P(Corpus, BreaksNothing) {
  const auto inputs = inputs_of(*GetParam());
  EXPECT_FALSE(inputs.empty());
  for (const fs::path& path : inputs) {
    const testing::ScopedTrace trace(__FILE__, __LINE__, path.string());
    EXPECT_NO_THROW(GetParam()->check(contents_of(path)));
  }
  EXPECT_NO_THROW(GetParam()->check(""));
}

INSTANTIATE_TEST_SUITE_P(Fuzz, Corpus, testing::ValuesIn(targets()),
                         [](const auto& target) { return target.param->name(); });

TEST(Corpora, AreEachOfOneTarget) {
  std::set<std::string> names;
  for (const Target* target : targets()) names.insert(target->name());
  for (const auto& directory : fs::directory_iterator(corpus()))
    EXPECT_TRUE(names.contains(directory.path().filename())) << directory.path();
}

}  // namespace
}  // namespace connector::fuzz
