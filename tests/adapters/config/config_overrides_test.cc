// [[pipeline]]: choices for some pipelines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/config/config_fixture.hh"
#include "config/print.hh"

namespace connector::config {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

std::string with(const std::string& overrides) {
  return toml_of(required_keys()) + overrides;
}

TEST(PipelineOverrides, HoldWhatTheyNameAndNothingElse) {
  ConfigHome home;
  home.write(
      with("[[pipeline]]\nslug = \"deploy-*\"\nname = \"Deployment {build.number}\"\n"
           "states.blocked = \"INPROGRESS\"\n"
           "[[pipeline]]\nslug = \"docs\"\n[pipeline.states]\nfailed = \"ignore\"\n"));
  const Config config = home.load();
  ASSERT_EQ(config.overrides.size(), 2U);
  const PipelineOverride& deploy = config.overrides.at(0);
  EXPECT_EQ(deploy.slug, "deploy-*");
  EXPECT_EQ(deploy.texts.name, "Deployment {build.number}");
  EXPECT_EQ(deploy.texts.key, "");
  EXPECT_EQ(deploy.states.blocked, StateChoice(BitbucketState::in_progress));
  EXPECT_TRUE(deploy.states.chosen.empty());
  const PipelineOverride& docs = config.overrides.at(1);
  ASSERT_EQ(docs.states.chosen.size(), 1U);
  EXPECT_EQ(docs.states.chosen.at(BuildState::failed), std::nullopt);
}

TEST(PipelineOverrides, AreShownByPrintConfig) {
  ConfigHome home;
  home.write(with("[[pipeline]]\nslug = \"deploy-*\"\nparent = \"deploy\"\nstates.canceled = \"ignore\"\n"));
  EXPECT_THAT(print_config(home.load()), EndsWith("\n[[pipeline]]\nslug = \"deploy-*\"\nparent = \"deploy\"\n"
                                                  "states.canceled = \"ignore\"\n"));
}

struct Slip {
  std::string toml;
  std::string message;
};

void PrintTo(const Slip& slip, std::ostream* out) {
  *out << slip.message;
}

class PipelineOverrideErrors : public testing::TestWithParam<Slip> {};

TEST_P(PipelineOverrideErrors, NameThePlaceAndTheWayOut) {
  ConfigHome home;
  home.write(with(GetParam().toml));
  EXPECT_THAT(home.load_error(), HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Slips, PipelineOverrideErrors,
    testing::Values(Slip{"[pipeline]\nslug = \"a\"\n", "'pipeline' is a list of tables; write [[pipeline]]"},
                    Slip{"[[pipeline]]\nname = \"a\"\n", "[[pipeline]] needs a slug"},
                    Slip{"[[pipeline]]\nslug = \"a\"\nnmae = \"a\"\n",
                         "[[pipeline]] knows no key 'nmae'; did you mean 'name'?"},
                    Slip{"[[pipeline]]\nslug = \"a\"\nstates.pased = \"FAILED\"\n",
                         "[[pipeline]] knows no key 'states.pased'; did you mean 'states.passed'?"},
                    Slip{"[[pipeline]]\nslug = 1\n",
                         "pipeline.slug: expected text in quotes, found a whole number"},
                    Slip{"[[pipeline]]\nslug = \"a\"\nparent = true\n",
                         "pipeline.parent: expected text in quotes, found true or false"},
                    Slip{"[[pipeline]]\nslug = \"a\"\nname = \"{build.numbr}\"\n",
                         "pipeline.name: unknown placeholder '{build.numbr}'"},
                    Slip{"[[pipeline]]\nslug = \"a\"\nkey = \"{build.number}\"\n",
                         "pipeline.key: {build.number} must not be part of the key"},
                    Slip{"[[pipeline]]\nslug = \"a\"\nname = \"{step.key}\"\n",
                         "pipeline.name: unknown placeholder '{step.key}'"},
                    Slip{"[[pipeline]]\nslug = \"a\"\nstep_key = \"{pipeline.id}\"\n",
                         "pipeline.step_key: names neither {step.key} nor {step.label}"},
                    Slip{"[[pipeline]]\nslug = \"a\"\nstates.passed = \"GREEN\"\n",
                         "pipeline.states.passed: 'GREEN' is not one of"}));

}  // namespace
}  // namespace connector::config
