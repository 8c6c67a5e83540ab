// What Prometheus is told of a pass: the text format, and how the last success survives failures.
#include "report/metrics.hh"

#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <vector>

#include "adapters/config/source_tree.hh"

namespace connector::report {
namespace {

using namespace std::chrono_literals;

const Timestamp noon = std::chrono::sys_days{std::chrono::year{2026} / 1 / 15} + 12h + 250ms;

PassRecord a_pass(ExitStatus status) {
  PassRecord pass;
  pass.organization = "acme-inc";
  pass.status = status;
  pass.ended = noon;
  pass.duration = 1250ms;
  return pass;
}

PassRecord a_whole_pass() {
  PassRecord pass = a_pass(ExitStatus::ok);
  PassFigures figures;
  figures.builds = 12;
  figures.posted = 3;
  figures.peers = {{"buildkite", {{200, 4}, {429, 1}}, 0}, {"bitbucket", {{204, 3}}, 2}};
  figures.organization_requests_left = 190;
  figures.user_requests_left = 45;
  figures.sync_lag = 90s;
  figures.listing_lag = 1500ms;
  figures.gap = 48h;
  figures.outbox = 7;
  figures.dead_letters = 1;
  figures.ledger_entries = 40;
  figures.open_builds = 2;
  figures.token_expires_at = noon + 48h;
  pass.figures = figures;
  return pass;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// The value of a series, named without its prefix and the organization; empty when there is none.
std::string value_of(const std::string& text, const std::string& name, const std::string& labels = "") {
  const std::string begin =
      "buildkite_bitbucket_connector_" + name + "{organization=\"acme-inc\"" + labels + "} ";
  for (const std::string& line : lines_of(text)) {
    if (line.starts_with(begin)) return line.substr(begin.size());
  }
  return "";
}

TEST(Metrics, TellOfThePassInBaseUnits) {
  const std::string text = metrics_text(a_whole_pass(), "1.2.3", noon);
  EXPECT_EQ(value_of(text, "build_info", R"(,version="1.2.3")"), "1");
  EXPECT_EQ(value_of(text, "last_run_timestamp_seconds"), "1768478400.250");
  EXPECT_EQ(value_of(text, "last_success_timestamp_seconds"), "1768478400.250");
  EXPECT_EQ(value_of(text, "last_run_duration_seconds"), "1.250");
  EXPECT_EQ(value_of(text, "last_run_exit_status"), "0");
  EXPECT_EQ(value_of(text, "last_run_builds", R"(,result="in_scope")"), "12");
  EXPECT_EQ(value_of(text, "last_run_builds", R"(,result="unreadable")"), "0");
  EXPECT_EQ(value_of(text, "last_run_statuses", R"(,result="posted")"), "3");
  EXPECT_EQ(value_of(text, "last_run_requests", R"(,peer="buildkite",code="429")"), "1");
  EXPECT_EQ(value_of(text, "last_run_requests", R"(,peer="bitbucket",code="none")"), "2");
  EXPECT_EQ(value_of(text, "rate_limit_remaining", R"(,scope="organization")"), "190");
  EXPECT_EQ(value_of(text, "rate_limit_remaining", R"(,scope="user")"), "45");
}

TEST(Metrics, TellWhatIsLeftToDo) {
  const std::string text = metrics_text(a_whole_pass(), "1.2.3", noon);
  EXPECT_EQ(value_of(text, "sync_lag_seconds"), "90.000");
  EXPECT_EQ(value_of(text, "listing_lag_seconds"), "1.500");
  EXPECT_EQ(value_of(text, "gap_seconds"), "172800.000");
  EXPECT_EQ(value_of(text, "outbox_statuses"), "7");
  EXPECT_EQ(value_of(text, "dead_letters"), "1");
  EXPECT_EQ(value_of(text, "ledger_entries"), "40");
  EXPECT_EQ(value_of(text, "open_builds"), "2");
  EXPECT_EQ(value_of(text, "token_expiry_timestamp_seconds"), "1768651200.250");
}

TEST(Metrics, HaveHelpAndTypeBeforeTheirSeriesAndNoTimeStamps) {
  const std::string text = metrics_text(a_whole_pass(), "1.2.3", noon);
  EXPECT_TRUE(text.ends_with("\n"));
  std::set<std::string> seen;
  std::string name;
  for (const std::string& line : lines_of(text)) {
    std::istringstream words(line);
    std::string first;
    words >> first;
    if (first != "#") {
      EXPECT_EQ(line.substr(0, line.find('{')), name) << line;
      EXPECT_EQ(line.find(' ', line.find("} ") + 2), std::string::npos) << line;
      continue;
    }
    std::string kind;
    std::string of;
    words >> kind >> of;
    if (kind == "TYPE") {
      EXPECT_EQ(line, "# TYPE " + of + " gauge");
    } else {
      EXPECT_TRUE(seen.insert(of).second) << "twice: " << of;
    }
    name = of;
  }
  EXPECT_EQ(seen.size(), 17U);
}

TEST(Metrics, AreAllNamedInReadme) {
  const std::string readme = source_file("README.md");
  const std::string begin = "# TYPE buildkite_bitbucket_connector_";
  for (const std::string& line : lines_of(metrics_text(a_whole_pass(), "1.2.3", noon))) {
    if (!line.starts_with(begin)) continue;
    const std::string name = line.substr(begin.size(), line.rfind(' ') - begin.size());
    EXPECT_NE(readme.find("`" + name + "`"), std::string::npos) << name;
  }
}

TEST(Metrics, LeaveOutWhatIsNotKnown) {
  PassRecord pass = a_whole_pass();
  pass.figures->organization_requests_left.reset();
  pass.figures->user_requests_left.reset();
  pass.figures->token_expires_at.reset();
  const std::string text = metrics_text(pass, "1.2.3", std::nullopt);
  for (const auto* name : {"rate_limit", "token_expiry", "last_success"})
    EXPECT_EQ(text.find(name), std::string::npos) << name;
  const std::string short_text = metrics_text(a_pass(ExitStatus::data), "1.2.3", std::nullopt);
  EXPECT_EQ(value_of(short_text, "last_run_exit_status"), "65");
  EXPECT_EQ(short_text.find("outbox"), std::string::npos);
}

TEST(LastSuccess, IsThatOfThisPass) {
  for (const ExitStatus status : {ExitStatus::ok, ExitStatus::incomplete})
    EXPECT_EQ(last_success_of(a_pass(status), ""), noon);
}

TEST(LastSuccess, SurvivesFailingPasses) {
  PassRecord failing = a_pass(ExitStatus::no_permission);
  failing.ended = noon + 1h;
  std::string text = metrics_text(a_whole_pass(), "1.2.3", noon);
  for (int pass = 0; pass < 3; ++pass) {
    const auto last = last_success_of(failing, text);
    EXPECT_EQ(last, noon);
    text = metrics_text(failing, "1.2.3", last);
  }
}

TEST(LastSuccess, IsTakenFromNoDamagedFileAndFromNoOtherOrganization) {
  const PassRecord failing = a_pass(ExitStatus::no_permission);
  const std::string name = "\nbuildkite_bitbucket_connector_last_success_timestamp_seconds";
  for (const std::string& text :
       {std::string(), name + "{organization=\"other\"} 1.000\n", name + "{organization=\"acme-inc\"} 12\n",
        name + "{organization=\"acme-inc\"} -5.000\n", name + "{organization=\"acme-inc\"} 1.0x0\n",
        name + "{organization=\"acme-inc\"} 99999999999999999999.000\n",
        name + "{organization=\"acme-inc\"} "}) {
    EXPECT_EQ(last_success_of(failing, text), std::nullopt) << text;
  }
}

TEST(Push, ReplacesTheGroupAfterASuccessAndKeepsItsRestAfterAFailure) {
  const auto good = push_request(a_pass(ExitStatus::incomplete), "text\n");
  ASSERT_TRUE(good);
  EXPECT_EQ(good->method, http::Method::put);
  EXPECT_EQ(good->target, "/metrics/job/buildkite-bitbucket-connector/organization/acme-inc");
  EXPECT_EQ(good->body, "text\n");
  for (const ExitStatus status : {ExitStatus::temp_fail, ExitStatus::config, ExitStatus::unavailable})
    EXPECT_EQ(push_request(a_pass(status), "")->method, http::Method::post);
}

TEST(Push, DelaysNoEndThatASignalAsksFor) {
  EXPECT_FALSE(push_request(a_pass(ExitStatus::interrupted), ""));
  EXPECT_FALSE(push_request(a_pass(ExitStatus::terminated), ""));
}

}  // namespace
}  // namespace connector::report
