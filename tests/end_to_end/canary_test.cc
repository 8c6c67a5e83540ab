// No secret leaves the program but to the server that it is for, whatever people ask and whatever servers,
// builds and files say. A secret of fewer than four bytes is not hidden, as it would be found in innocent
// words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <tuple>
#include <vector>

#include "end_to_end/canary_answers.hh"
#include "end_to_end/canary_world.hh"
#include "support/bitbucket_answers.hh"

namespace connector {
namespace {

using namespace std::chrono_literals;
using support::CanaryWorld;
using support::commit_named;
using support::Hiding;
using support::Login;
using support::SayingAnswer;
using Options = std::vector<std::string>;

/// Else a few of each kind: `CANARY_COMBINATIONS=all` plays all of them.
bool all_combinations() {
  const char* wanted = std::getenv("CANARY_COMBINATIONS");
  return wanted != nullptr && std::string_view(wanted) == "all";
}

/// All that may be asked of the program.
std::vector<Options> all_options() {
  const std::string commit = commit_named("1");
  return {{"-vv"},
          {},
          {"-q"},
          {"-vv", "--log-format=json"},
          {"--json"},
          {"--check"},
          {"--check=offline"},
          {"--dry-run", "-vv"},
          {"--dry-run", "--json"},
          {"--explain", commit},
          {"--commit", commit, "-vv"},
          {"--since", "7d", "-vv"},
          {"--adopt", "-vv"},
          {"--reset-state", "-vv"},
          {"--print-config"},
          {"--help"},
          {"--no-such-option"}};
}

/// Those that make the program speak of what a server answered.
std::vector<Options> talkative_options() {
  return {{"-vv"}, {"--check"}, {"--explain", commit_named("1")}, {"--json", "-vv", "--log-format=json"}};
}

Options with(Options options, const std::string& more) {
  options.push_back(more);
  return options;
}

std::string told(const Options& options) {
  return testing::PrintToString(options);
}

/// Whatever a peer is asked, it says the next secret in the next form.
support::Fault saying(CanaryWorld& world, const SayingAnswer& answer) {
  return [&world, answer](const support::FakeRequest& request, const support::Handler& peer) {
    return answer.make(world.next_utterance().text, peer(request));
  };
}

using Place = std::tuple<Hiding, Login>;
class HiddenIn : public testing::TestWithParam<Place> {};

TEST_P(HiddenIn, IsTakenFromThereAndToldByNoOption) {
  const auto [hiding, login] = GetParam();
  CanaryWorld world(hiding, login);
  world.program.add_passed_builds(2);
  for (const Options& options : all_options()) {
    SCOPED_TRACE(told(options));
    const auto result = world.run(options);
    EXPECT_EQ(result.exit_status, options == Options{"--no-such-option"} ? 64 : 0)
        << result.out << result.err;
  }
  EXPECT_EQ(world.program.peers.bitbucket.record_count(), 2U)
      << "both servers and the proxy took the secrets";
}

TEST_P(HiddenIn, IsToldByNoOptionWhenServersSayIt) {
  const auto [hiding, login] = GetParam();
  const auto answers = support::saying_answers();
  CanaryWorld world(hiding, login);
  world.program.add_passed_builds(2);
  for (const Options& options : all_combinations() ? all_options() : talkative_options()) {
    SCOPED_TRACE(told(options));
    world.program.peers.bitbucket_faults.always(saying(world, answers.front()));
    world.run(options);
    world.program.peers.bitbucket_faults.clear();
    world.program.peers.buildkite_faults.always(saying(world, answers.front()));
    world.run(options);
    world.program.peers.buildkite_faults.clear();
    world.program.peers.organization.advance(3h);
  }
}

std::string name_of_place(const testing::TestParamInfo<Place>& place) {
  const auto [hiding, login] = place.param;
  return name_of(hiding) + (login == Login::password ? "Password" : "Token");
}

INSTANTIATE_TEST_SUITE_P(Each, HiddenIn,
                         testing::Combine(testing::ValuesIn(support::hidings),
                                          testing::Values(Login::password, Login::token)),
                         name_of_place);

class SaidBy : public testing::TestWithParam<SayingAnswer> {};

TEST_P(SaidBy, EitherServerIsToldToNobody) {
  const auto& [name, make, is_retried] = GetParam();
  std::size_t turn = 0;
  for (const Options& options : all_combinations() && !is_retried ? all_options() : talkative_options()) {
    const Options brief = is_retried ? with(options, "--deadline=1s") : options;
    SCOPED_TRACE(told(brief));
    CanaryWorld world;
    world.begin_with_utterance(5 * turn++);
    world.program.add_passed_builds(3);
    world.program.peers.bitbucket_faults.always(saying(world, GetParam()));
    world.run(brief);
    world.program.peers.bitbucket_faults.clear();
    world.program.peers.buildkite_faults.always(saying(world, GetParam()));
    world.run(brief);
    if (is_retried && !all_combinations()) break;
  }
}

INSTANTIATE_TEST_SUITE_P(Each, SaidBy, testing::ValuesIn(support::saying_answers()),
                         [](const auto& answer) { return answer.param.name; });

/// A server that refuses each status with words of its own.
struct Refusals : testing::Test {
  void refuse_with(const std::vector<std::string>& words) {
    world.program.add_passed_builds(words.size());
    world.program.peers.bitbucket_faults.whenever(
        [](const support::FakeRequest& request) { return request.method == "POST"; },
        [this, words](const auto&, const auto&) {
          return support::errors_answer(400, {{"", words[refused++ % words.size()], ""}});
        });
  }

  CanaryWorld world;
  std::size_t refused = 0;
};

TEST_F(Refusals, AreToldWithoutSecretsInWhateverForm) {
  std::vector<std::string> words;
  for (const auto& utterance : world.utterances()) words.push_back("no " + utterance.text + " here");
  refuse_with(words);
  for (const Options& options : {Options{"-vv"}, {"-vv", "--log-format=json"}, {"-vv", "--json"}}) {
    SCOPED_TRACE(told(options));
    EXPECT_NE(world.run(options).exit_status, 70);
    world.program.peers.organization.advance(1h);
  }
  EXPECT_GE(refused, 3 * words.size());
  world.program.peers.organization.advance(24h * 8);
  EXPECT_EQ(world.run({"-vv", "--json"}).exit_status, 1) << "given up, with the reason in the state";
  EXPECT_NE(support::read_file(world.program.state_file()).find("\"reason\":\""), std::string::npos);
}

TEST_F(Refusals, ThatAreTooLongAreNotCutInTheMiddleOfASecret) {
  std::vector<std::string> words;
  for (const auto& canary : world.canaries) {
    for (std::size_t shown = 6; shown <= canary.value.size(); ++shown)
      words.push_back(std::string(300 - shown, 'x') + canary.value);
  }
  refuse_with(words);
  world.run({"-vv"});
  EXPECT_EQ(refused, words.size());
}

}  // namespace
}  // namespace connector
