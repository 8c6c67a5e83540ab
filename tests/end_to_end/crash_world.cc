#include "end_to_end/crash_world.hh"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <mutex>
#include <sstream>
#include <variant>

#include "end_to_end/tracing.hh"
#include "state/decode.hh"

namespace connector::support {
namespace {

using namespace std::chrono_literals;

struct Expected {
  const char* slug;
  const char* commit;
  const char* state;
};

// After the change.
constexpr Expected expected[] = {{"web", "one", "SUCCESSFUL"},
                                 {"web", "two", "FAILED"},
                                 {"web", "three", "INPROGRESS"},
                                 {"api", "one", "SUCCESSFUL"},
                                 {"api", "two", "CANCELLED"}};
constexpr std::size_t posts_due = 4;  // api's build of commit one had passed before

/// The state without the lines that every pass may change.
std::string lasting_part(const std::string& state) {
  std::istringstream lines(state);
  std::string kept;
  for (std::string line; std::getline(lines, line);) {
    const bool of_the_pass = line.starts_with("{\"checksum\"") || line.starts_with("\"generation\"") ||
                             line.starts_with("\"last_run\"") || line.starts_with("\"turns\"");
    if (!of_the_pass) kept += line + "\n";
  }
  return kept;
}

}  // namespace

CrashWorld::CrashWorld() {
  Organization& organization = program.peers.organization;
  organization.add(program.a_build_of("web").number(1).commit(commit_named("one")).running());
  organization.add(program.a_build_of("web").number(2).commit(commit_named("two")).passed());
  organization.add(program.a_build_of("api").number(1).commit(commit_named("one")).passed());
  const auto first = program.run();
  EXPECT_EQ(first.exit_status, 0) << first.err;
  posts_before_ = program.posts();
  change_the_world();
}

void CrashWorld::change_the_world() {
  const std::lock_guard lock(program.http.models());
  Organization& organization = program.peers.organization;
  organization.advance(2min);
  organization.pass("web", 1);
  const auto rebuilt = organization.rebuild("web", 2);
  organization.start("web", rebuilt);
  organization.fail("web", rebuilt);
  organization.start("web", organization.create("web", commit_named("three")));
  organization.cancel("api", organization.create("api", commit_named("two")));
}

CrashWorld::Posts CrashWorld::posts_since_change() {
  const std::lock_guard lock(program.http.models());
  Posts posts;
  std::size_t seen = 0;
  for (const LoggedRequest& request : program.peers.bitbucket_log.requests()) {
    if (request.method == "POST" && ++seen > posts_before_) ++posts[{request.target, request.body}];
  }
  return posts;
}

int CrashWorld::temporaries() const {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(program.directory.path())) {
    if (entry.path().string().find(".tmp-") != std::string::npos) ++count;
  }
  return count;
}

void CrashWorld::expect_whole_state() {
  const auto decoded = state::decode(read_file(program.state_file()));
  EXPECT_TRUE(std::holds_alternative<SavedState>(decoded)) << "the state file is damaged";
  EXPECT_LE(temporaries(), 1);
}

void CrashWorld::expect_recovery() {
  const auto recovered = program.run();
  EXPECT_EQ(recovered.exit_status, 0) << recovered.err;
  EXPECT_EQ(recovered.out + recovered.err, "");
  expect_whole_state();
  EXPECT_EQ(temporaries(), 0);
  expect_statuses();
  expect_idle_pass();
}

void CrashWorld::expect_statuses() {
  for (const auto& [slug, commit, state] : expected) {
    EXPECT_EQ(program.shown(slug, commit_named(commit)), state) << slug << ' ' << commit;
  }
  const Posts posts = posts_since_change();
  EXPECT_EQ(posts.size(), posts_due);
  for (const auto& [post, times] : posts) EXPECT_LE(times, 2) << post.first << ' ' << post.second;
}

void CrashWorld::expect_idle_pass() {
  const std::string before = read_file(program.state_file());
  const std::size_t posts = program.posts();
  const auto again = program.run();
  EXPECT_EQ(again.exit_status, 0) << again.err;
  EXPECT_EQ(program.posts(), posts) << "an unchanged world was told again";
  EXPECT_EQ(lasting_part(read_file(program.state_file())), lasting_part(before));
}

int crash_at_each(const std::string& call, int first) {
  constexpr int most = 500;
  for (int number = first; number < first + most; ++number) {
    const testing::ScopedTrace trace(__FILE__, __LINE__, call + " number " + std::to_string(number));
    CrashWorld world;
    const auto result =
        run_traced(world.program,
                   {"trace=" + call, "inject=" + call + ":signal=SIGKILL:when=" + std::to_string(number)});
    if (result.signal == 0) {
      EXPECT_EQ(result.exit_status, 0) << result.err;
      return number - first;
    }
    EXPECT_EQ(result.signal, SIGKILL);
    world.expect_whole_state();
    world.expect_recovery();
    if (testing::Test::HasFailure()) return number - first;
  }
  ADD_FAILURE() << "a pass makes more than " << most << " calls of " << call;
  return most;
}

}  // namespace connector::support
