// Secrets on the wire and in the process: each goes to the server that it is for and to no other, and who
// looks at the process from outside finds none.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/text/text.hh"
#include "end_to_end/canary_world.hh"
#include "support/sanitized.hh"

namespace connector {
namespace {

using namespace std::chrono_literals;
using support::CanaryWorld;
using support::commit_named;
using support::FakeRequest;
using support::Hiding;
using support::Login;
using support::Process;
using testing::HasSubstr;

std::string text_of(const FakeRequest& request) {
  std::string text = request.method + ' ' + request.target + '\n';
  for (const auto& [name, value] : request.headers) text.append(name).append(": ").append(value).append("\n");
  return text + request.body;
}

/// What Bitbucket is to be sent.
std::string login_of(const support::Canary& login) {
  const bool is_token = login.user.empty();
  return is_token ? "Bearer " + login.value : "Basic " + support::base64(login.user + ':' + login.value);
}

/// Takes out of a request what belongs into it; what is left may give nothing away.
FakeRequest without_its_own(const CanaryWorld& world, const support::Sent& sent) {
  FakeRequest request = sent.request;
  const auto take = [&](const char* header) {
    const auto field = request.headers.extract(header);
    return field.empty() ? std::string() : field.mapped();
  };
  const std::map<std::string, std::string> logins = {{"proxy", "Bearer " + world.canaries[0].value},
                                                     {"bitbucket", login_of(world.canaries[1])},
                                                     {"snitch", ""}};
  EXPECT_EQ(take("authorization"), logins.at(sent.to));
  EXPECT_EQ(take("proxy-authorization"), sent.to == "proxy" ? login_of(world.canaries[3]) : "");
  const std::string path = '/' + percent_encode(world.canaries[2].value);
  if (sent.to == "snitch" && request.target.starts_with(path + "?m=")) request.target.erase(0, path.size());
  return request;
}

class Wire : public testing::TestWithParam<Login> {};

TEST_P(Wire, CarriesEachSecretToItsOwnServerAlone) {
  CanaryWorld world(Hiding::variables, GetParam());
  world.program.add_passed_builds(3);
  world.program.peers.bitbucket_faults.always([&](const FakeRequest& request, const support::Handler& peer) {
    world.sent.push_back({"bitbucket", request});
    return peer(request);
  });
  const std::string commit = commit_named("1");
  for (const std::vector<std::string>& options : {std::vector<std::string>{},
                                                  {"--check"},
                                                  {"--explain", commit},
                                                  {"--commit", commit},
                                                  {"--adopt"},
                                                  {"-n"}})
    EXPECT_EQ(world.run(options).exit_status, 0);
  std::map<std::string, int> asked;
  for (const support::Sent& sent : world.sent) {
    SCOPED_TRACE(sent.to + ": " + text_of(sent.request));
    ++asked[sent.to];
    EXPECT_EQ(world.given_away(text_of(without_its_own(world, sent))), "");
  }
  EXPECT_GE(std::min(asked["proxy"], asked["bitbucket"]), 10);
  EXPECT_EQ(asked["snitch"], 1) << "of the pass that nobody asked for by hand";
}

INSTANTIATE_TEST_SUITE_P(Each, Wire, testing::Values(Login::password, Login::token), [](const auto& login) {
  return std::string(login.param == Login::password ? "Password" : "Token");
});

/// A pass that waits for its first answer until this object goes away.
class WaitingPass {
 public:
  explicit WaitingPass(CanaryWorld& world, const std::vector<std::string>& argv) {
    std::promise<void> asked;
    world.program.peers.buildkite_faults.next(
        [&, until = go_on_.get_future().share()](const FakeRequest& request, const support::Handler& peer) {
          asked.set_value();
          until.wait();
          return peer(request);
        });
    process_ = std::make_unique<Process>(argv, world.program.environment);
    was_asked_ = asked.get_future().wait_for(30s) == std::future_status::ready;
  }
  WaitingPass(const WaitingPass&) = delete;
  WaitingPass& operator=(const WaitingPass&) = delete;
  ~WaitingPass() { go_on(); }

  [[nodiscard]] bool was_asked() const { return was_asked_; }
  [[nodiscard]] Process& process() { return *process_; }
  void go_on() {
    if (!std::exchange(goes_on_, true)) go_on_.set_value();
  }
  /// Nothing when it cannot be read.
  [[nodiscard]] std::string shown_by(const std::string& name) const {
    std::ifstream file("/proc/" + std::to_string(process_->pid()) + '/' + name);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  std::promise<void> go_on_;
  bool goes_on_ = false;
  bool was_asked_ = false;
  std::unique_ptr<Process> process_;
};

/// The environment of a process shows what it was started with, however much the process has unset since.
class Proc : public testing::TestWithParam<Login> {};

TEST_P(Proc, ShowsNoSecretOfAPass) {
  CanaryWorld world(Hiding::variables, GetParam());
  const std::string proxy = world.program.environment.at("BUILDKITE_PROXY");
  for (const char* name : {"https_proxy", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"})
    world.program.environment[name] = proxy;
  WaitingPass pass(world, {support::program_path(), "-vv", "--json"});
  ASSERT_TRUE(pass.was_asked());
  EXPECT_EQ(world.given_away(pass.shown_by("cmdline")), "");
  EXPECT_THAT(pass.shown_by("cmdline"), HasSubstr("--json"));
  const std::string environment = pass.shown_by("environ");
  EXPECT_EQ(world.given_away(environment), "");
  // As the process is not dumpable, only root may read it at all.
  EXPECT_THAT(environment, testing::AnyOf("", HasSubstr("BUILDKITE_ORGANIZATION=acme-inc")));
  pass.go_on();
  EXPECT_EQ(pass.process().wait(30s).exit_status, 0);
}

INSTANTIATE_TEST_SUITE_P(Each, Proc, testing::Values(Login::password, Login::token), [](const auto& login) {
  return std::string(login.param == Login::password ? "Password" : "Token");
});

/// Runs a shell command in this directory, with core dumps as large as they like.
std::vector<std::string> dumping_in(const support::TempDir& directory, const std::string& command,
                                    const std::string& argument = "sh") {
  return {"/bin/sh", "-c", "cd " + directory.path() + " && ulimit -c unlimited && " + command, argument};
}

bool is_empty(const support::TempDir& directory) {
  return std::filesystem::is_empty(directory.path());
}

TEST(Core, OfAnAbortedPassIsNotWritten) {
  if (support::sanitized) GTEST_SKIP() << "AddressSanitizer has its own end for a signal";
  const support::TempDir elsewhere;
  support::run_process(dumping_in(elsewhere, "kill -ABRT $$"), {});
  if (is_empty(elsewhere)) GTEST_SKIP() << "this machine writes no core dump into the working directory";
  CanaryWorld world;
  const support::TempDir here;
  WaitingPass pass(world, dumping_in(here, "exec \"$0\"", support::program_path()));
  ASSERT_TRUE(pass.was_asked());
  pass.process().send_signal(SIGABRT);
  pass.go_on();
  const auto result = pass.process().wait(30s);
  EXPECT_EQ(result.signal, SIGABRT);
  EXPECT_FALSE(result.dumped_core);
  EXPECT_TRUE(is_empty(here));
}

}  // namespace
}  // namespace connector
