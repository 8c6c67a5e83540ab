// The requests of a pass, counted one by one at the servers: three where nothing happened, for changed builds
// their pages and statuses, and nothing else. The bare loop of the benchmark makes the same. No time is
// looked at here.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

#include "benchmark/recording.hh"
#include "benchmark/stage.hh"

namespace connector::benchmark {
namespace {

using namespace std::chrono_literals;

std::string program(const char* variable) {
  const char* path = std::getenv(variable);
  if (path == nullptr) throw std::runtime_error(std::string(variable) + " must name the program to test");
  return path;
}

class PassRequests : public testing::TestWithParam<const char*> {
 protected:
  PassRequests()
      : stage_(launcher_, {program("CONNECTOR"), program("BARE_PASS")},
               GetParam() == std::string_view("https") ? &authority_ : nullptr) {}

  Scene recorded(const SceneWish& wish) { return record(stage_, wish); }

  /// Throw when other requests are made than the scene's, also other statuses, or more connections than may
  /// be.
  void perform_by_connector(const Scene& scene) { stage_.by_connector(scene); }
  void perform_by_both(const Scene& scene) {
    perform_by_connector(scene);
    stage_.by_bare_loop(scene);
  }

 private:
  Launcher launcher_;
  const support::TestAuthority authority_;
  Stage stage_;
};

// In all of these the overlap shows 40 builds that the last pass has seen. A page holds 100; the second of
// its oldest build is read again by the next page, which costs one of them.

TEST_P(PassRequests, AreThreeListingsWhenNothingHappened) {
  const Scene scene = recorded({});
  EXPECT_EQ(scene.expected, (Tally{1, 1, 1, 0, 0})) << in_words(scene.expected);
  perform_by_both(scene);
}

TEST_P(PassRequests, OfAHundredBuildsAreTwoPagesAndTheirStatuses) {
  const Scene scene = recorded({.changed = 100, .pause = 10min});
  EXPECT_EQ(scene.expected, (Tally{2, 1, 1, 100, 0})) << in_words(scene.expected);
  perform_by_both(scene);
}

TEST_P(PassRequests, OfAThousandBuildsAreElevenPagesAndTheirStatuses) {
  const Scene scene = recorded({.changed = 1000, .pause = 50min});
  EXPECT_EQ(scene.expected, (Tally{11, 1, 1, 1000, 0})) << in_words(scene.expected);
  perform_by_both(scene);
}

TEST_P(PassRequests, AreOneMoreWhereItIsNotKnownWhatBitbucketCanDo) {
  Scene scene = recorded({.changed = 1});
  scene.state.capabilities.reset();
  scene.expected = Tally{1, 1, 1, 1, 1};
  perform_by_connector(scene);
}

INSTANTIATE_TEST_SUITE_P(Scheme, PassRequests, testing::Values("http", "https"));

}  // namespace
}  // namespace connector::benchmark
