// Texts of a status: templates, limits, refs.
#include "core/build/status_text.hh"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "core/text/text.hh"
#include "support/a_build.hh"

namespace connector {
namespace {

using support::a_build;
using support::noon;
using namespace std::chrono_literals;

BuildStatus compose(const Build& build) {
  return compose_status(build, BitbucketState::successful, StatusTemplates{}, "acme-inc");
}

TEST(StatusText, NamesPipelineBuildAndOutcome) {
  Build build = a_build().of("web").number(12).passed().message("Fix the login page\n\nIt was broken.");
  build.pipeline.name = "Web";
  build.started_at = noon;
  build.finished_at = noon + 3min + 12s;
  const BuildStatus status = compose(build);
  EXPECT_EQ(status.name, "Web #12");
  EXPECT_EQ(status.description, "passed in 3 min 12 s - Fix the login page");
  EXPECT_EQ(status.parent, "web");
  EXPECT_EQ(status.build_number, 12U);
  EXPECT_EQ(status.duration_ms, 192000);
}

TEST(StatusText, HasNoDurationWhileABuildIsOpen) {
  Build build = a_build().running().message("A change");
  build.finished_at.reset();
  EXPECT_EQ(compose(build).description, "running - A change");
  EXPECT_FALSE(compose(build).duration_ms.has_value());
}

TEST(StatusText, SaysThatAPassedBuildWaitsForAPerson) {
  Build build = a_build().blocked().message("Release");
  build.started_at.reset();
  EXPECT_EQ(compose(build).description, "passed, waiting at a block step - Release");
}

TEST(StatusText, KeepsEveryFieldWithinBitbucketsLimits) {
  const std::string rocket = "\xF0\x9F\x9A\x80";
  std::string rockets;
  for (int i = 0; i < 1000; ++i) rockets += rocket;
  Build build = a_build().message(rockets);
  build.pipeline.name = rockets;
  build.pipeline.slug = std::string(2000, 's');
  const BuildStatus status = compose(build);
  EXPECT_LE(utf16_length(status.name), 255U);
  EXPECT_LE(utf16_length(status.description), 255U);
  EXPECT_LE(utf16_length(status.parent), 1024U);
  EXPECT_EQ(valid_utf8(status.name), status.name);
}

TEST(StatusText, NeverCutsAUrl) {
  BuildStatus status = compose(a_build().web_url("https://b/" + std::string(440, 'x')));
  EXPECT_FALSE(unsendable_reason(status).has_value());
  status = compose(a_build().web_url("https://b/" + std::string(441, 'x')));
  EXPECT_TRUE(unsendable_reason(status).has_value());
  EXPECT_EQ(status.url.size(), 451U);
}

TEST(StatusText, HasNoLinkThatDoesAnythingElseThanLeadSomewhere) {
  for (const char* url :
       {"javascript:alert(1)", "data:text/html,x", "//elsewhere.example.com", "https", "https://b/\nx"}) {
    EXPECT_TRUE(unsendable_reason(compose(a_build().web_url(url))).has_value()) << url;
  }
  EXPECT_FALSE(unsendable_reason(compose(a_build().web_url("http://b/\xC3\xA4?x=1#y"))).has_value());
}

TEST(StatusKeyText, IsThePipelinesIdAsTheSeedsWas) {
  const Build build = a_build().of("web");
  EXPECT_EQ(status_key(build, {}, "acme-inc"), build.pipeline.id);
}

TEST(StatusKeyText, OverTheLimitStaysDifferentForDifferentPipelines) {
  StatusTemplates templates;
  templates.key = "{pipeline.slug}";
  Build first = a_build();
  Build second = a_build();
  first.pipeline.slug = std::string(300, 'x') + "1";
  second.pipeline.slug = std::string(300, 'x') + "2";
  EXPECT_EQ(status_key(first, templates, "o").size(), 255U);
  EXPECT_NE(status_key(first, templates, "o"), status_key(second, templates, "o"));
  EXPECT_EQ(status_key(first, templates, "o"), status_key(first, templates, "o"));
}

TEST(StatusKeyText, HasOnlyCharactersThatEveryDatabaseStores) {
  StatusTemplates templates;
  templates.key = "{pipeline.name}";
  Build rocket = a_build();
  rocket.pipeline.name = "Deploy \xF0\x9F\x9A\x80";
  Build fire = a_build();
  fire.pipeline.name = "Deploy \xF0\x9F\x94\xA5";
  const std::string key = status_key(rocket, templates, "o");
  EXPECT_TRUE(key.starts_with("Deploy-")) << key;
  EXPECT_EQ(key.size(), std::string("Deploy-").size() + 16) << "a hash of the whole";
  EXPECT_FALSE(leaves_basic_plane(key));
  EXPECT_NE(key, status_key(fire, templates, "o"));
  EXPECT_EQ(key, status_key(rocket, templates, "o"));
  rocket.pipeline.name = "Caf\xC3\xA9";
  EXPECT_EQ(status_key(rocket, templates, "o"), "Caf\xC3\xA9");
}

TEST(StatusKeyText, KeepsToTheLimitAfterSuchCharactersWereTakenOut) {
  StatusTemplates templates;
  templates.key = "{pipeline.name}";
  Build build = a_build();
  build.pipeline.name = "\xF0\x9F\x9A\x80" + std::string(300, 'x');
  EXPECT_EQ(status_key(build, templates, "o").size(), 255U);
  EXPECT_FALSE(leaves_basic_plane(status_key(build, templates, "o")));
}

TEST(StatusWithinTheBasicPlane, KeepsAllThatSuchADatabaseStores) {
  const std::string rocket = "\xF0\x9F\x9A\x80";
  const BuildStatus plain =
      compose(a_build().of("web").number(12).passed().on("main").message("Fix \xE2\x82\xAC"));
  EXPECT_EQ(within_basic_plane(plain), plain);

  BuildStatus colourful = plain;
  colourful.name = rocket + " " + plain.name;
  colourful.description = plain.description + " " + rocket;
  colourful.parent = plain.parent + rocket;
  EXPECT_EQ(within_basic_plane(colourful), plain);
}

TEST(StatusWithinTheBasicPlane, NamesNoRefRatherThanAnother) {
  const Build build = a_build().on("feature/\xF0\x9F\x9A\x80");
  ASSERT_NE(compose(build).ref, "");
  EXPECT_EQ(within_basic_plane(compose(build)).ref, "");
}

TEST(StatusOfAnAbsentStep, IsOneLineWhateverTheKeyOfTheStepHolds) {
  const BuildStatus whole = compose(a_build().of("web").number(12));
  const BuildStatus absent = absent_step_status(whole, "te\x07sts\nand more", BitbucketState::cancelled);
  EXPECT_EQ(absent.name, whole.name + ": te sts");
  EXPECT_EQ(absent.parent, whole.parent + "/te sts");
}

TEST(Template, FillsEveryPlaceholderItNames) {
  const Build build = a_build();
  for (const auto name : placeholder_names()) {
    const std::string text = "{" + std::string(name) + "}";
    EXPECT_FALSE(find_unknown_placeholder(text).has_value()) << name;
    EXPECT_EQ(fill_template(text, build, "acme-inc").find('{'), std::string::npos) << name;
  }
}

TEST(Template, NamesAnUnknownPlaceholderWithItsPlace) {
  const auto unknown = find_unknown_placeholder("{organization}/{pipline.slug}");
  ASSERT_TRUE(unknown.has_value());
  EXPECT_EQ(unknown->name, "pipline.slug");
  EXPECT_EQ(unknown->offset, 15U);
}

TEST(Template, LeavesALoneBraceAsText) {
  EXPECT_EQ(fill_template("a{b", a_build(), "o"), "a{b");
}

TEST(Ref, IsTheFullyQualifiedBranchOrTag) {
  EXPECT_EQ(compose(a_build().on("feature/x")).ref, "refs/heads/feature/x");
  EXPECT_EQ(compose(a_build().on("v1.0").tag("v1.0")).ref, "refs/tags/v1.0");
}

TEST(Ref, IsLeftOutWhereGitWouldNotTakeIt) {
  for (const auto* branch : {"", "someone:feature", "a b", "a..b", "x~1", "/x", "x/", "a\x07", "bad\xFF"}) {
    EXPECT_EQ(compose(a_build().on(branch)).ref, "") << branch;
  }
  EXPECT_EQ(compose(a_build().on(std::string(2000, 'b'))).ref, "");
}

}  // namespace
}  // namespace connector
