// Who hears of a pass, and what: README's table, read from README, for each way in which a pass can end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <functional>
#include <future>
#include <sstream>
#include <string>
#include <vector>

#include "adapters/config/source_tree.hh"
#include "end_to_end/tracing.hh"
#include "end_to_end/watched_program.hh"
#include "state/decode.hh"
#include "state/encode.hh"
#include "support/pattern.hh"
#include "support/raw_server.hh"

namespace connector {
namespace {

using support::commit_named;
using support::FakeRequest;
using support::ProcessResult;
using support::WatchedProgram;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using namespace std::chrono_literals;

/// A row of README's table: what each of them gets.
struct Told {
  std::string snitch, ping_url, textfile, pushgateway;
};

constexpr const char* another_at_work = "another pass is at work";

/// The row whose first cell has this word.
Told told_by_readme(const std::string& word) {
  const std::string text = source_file("README.md");
  const auto begin = text.find("\n| exit status | Dead Man's Snitch |");
  if (begin == std::string::npos) {
    ADD_FAILURE() << "README has no such table";
    return {};
  }
  std::istringstream lines(text.substr(begin + 1));
  for (std::string line; std::getline(lines, line) && line.starts_with('|');) {
    std::vector<std::string> cells;
    std::istringstream parts(line.substr(2));
    for (std::string cell; std::getline(parts, cell, '|');) {
      while (cell.ends_with(' ')) cell.pop_back();
      cells.push_back(cell.substr(cell.starts_with(' ') ? 1 : 0));
    }
    const bool ours = !support::matches_in(cells.at(0), "\\b" + word + "\\b").empty();
    const bool of_a_pass = cells.at(0).find(another_at_work) == std::string::npos || word == another_at_work;
    if (ours && of_a_pass) return {cells.at(1), cells.at(2), cells.at(3), cells.at(4)};
  }
  ADD_FAILURE() << "README's table does not tell of " << word;
  return {};
}

/// "GET /snitch?m=...&s=77" as the table says it.
std::string cell_of_snitch(const std::vector<FakeRequest>& requests, const std::string& status) {
  if (requests.empty()) return "-";
  const FakeRequest& request = requests.front();
  const std::string begin = std::string("/") + WatchedProgram::snitch_id + "?m=";
  const bool is_right = requests.size() == 1 && request.method == "GET" && request.target.starts_with(begin);
  if (!is_right) return "wrong: " + request.method + " " + request.target;
  if (request.target.ends_with("&s=" + status)) return "`s=` the exit status";
  return request.target.find("&s=") == std::string::npos ? "success" : request.target;
}

std::string cell_of_ping_url(const std::vector<FakeRequest>& requests, const std::string& status) {
  if (requests.empty()) return "-";
  const FakeRequest& request = requests.front();
  const std::string uuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
  const auto match =
      support::match_of(request.target, std::string(WatchedProgram::ping_path) + R"((/\d+)?\?rid=)" + uuid);
  const bool is_right = requests.size() == 1 && request.method == "POST" && match &&
                        request.body.starts_with("exit status: " + status + " (");
  if (!is_right) return "wrong: " + request.method + " " + request.target + "\n" + request.body;
  if (match->at(1) == "/" + status) return "`/` the exit status";
  return match->at(1).empty() ? "success" : request.target;
}

std::string cell_of_textfile(const std::string& path, const std::string& status) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return "-";
  const std::string line =
      "\nbuildkite_bitbucket_connector_last_run_exit_status{organization=\"acme-inc\"} " + status + "\n";
  const bool is_right =
      (facts.st_mode & 0777U) == 0644 && support::read_file(path).find(line) != std::string::npos;
  return is_right ? "written" : "wrong: " + support::read_file(path);
}

std::string cell_of_pushgateway(const std::vector<FakeRequest>& requests) {
  if (requests.empty()) return "-";
  const FakeRequest& request = requests.front();
  const bool is_right =
      requests.size() == 1 &&
      request.target == "/metrics/job/buildkite-bitbucket-connector/organization/acme-inc" &&
      request.header("content-type") == "text/plain; version=0.0.4";
  return is_right ? "`" + request.method + "`" : "wrong: " + request.target;
}

void expect_told(const WatchedProgram& watched, const std::string& word, const std::string& status) {
  const Told expected = told_by_readme(word);
  EXPECT_EQ(cell_of_snitch(watched.to_snitch, status), expected.snitch);
  EXPECT_EQ(cell_of_ping_url(watched.to_ping_url, status), expected.ping_url);
  EXPECT_EQ(cell_of_textfile(watched.textfile(), status), expected.textfile);
  EXPECT_EQ(cell_of_pushgateway(watched.to_pushgateway), expected.pushgateway);
}

void expect_silence(const WatchedProgram& watched) {
  EXPECT_THAT(watched.everything_told(), IsEmpty());
}

/// A way in which a pass ends: makes the world for it and runs it.
struct Ending {
  std::string name;
  int status;
  std::function<ProcessResult(WatchedProgram&)> run;
};

void PrintTo(const Ending& ending, std::ostream* out) {
  *out << ending.name;
}

ProcessResult after_a_pass(WatchedProgram& watched, const std::string& variable, const std::string& value) {
  EXPECT_EQ(watched.program.run().exit_status, 0);
  watched.forget();
  watched.program.environment[variable] = value;
  return watched.program.run();
}

ProcessResult with_variable(WatchedProgram& watched, const std::string& variable, const std::string& value) {
  watched.program.environment[variable] = value;
  return watched.program.run();
}

ProcessResult with_buildkite(WatchedProgram& watched, const support::Fault& fault) {
  watched.program.peers.buildkite_faults.always(fault);
  return watched.program.run();
}

ProcessResult with_damaged_state(WatchedProgram& watched) {
  support::write_file(watched.program.state_file(), "{\"checksum\":");
  return watched.program.run();
}

ProcessResult after_an_hour_of_failures(WatchedProgram& watched) {
  EXPECT_EQ(with_buildkite(watched, support::answer_status(500)).exit_status, 75);
  watched.forget();
  auto state = std::get<SavedState>(state::decode(support::read_file(watched.program.state_file())));
  state.failing_since = state.failing_since.value() - 1h;
  support::write_file(watched.program.state_file(), state::encode(state));
  return watched.program.run();
}

ProcessResult stopped_by(WatchedProgram& watched, int signal) {
  std::unique_lock lock(watched.program.http.models());  // no request is answered before the process is known
  const support::Process* running = nullptr;
  watched.program.peers.buildkite_faults.next([&](const FakeRequest& request, const support::Handler& peer) {
    running->send_signal(signal);
    return peer(request);
  });
  const auto process = watched.program.start();
  running = process.get();
  lock.unlock();
  return watched.program.finish(*process);
}

const Ending endings[] = {
    {"Ok", 0, [](auto& watched) { return watched.program.run(); }},
    {"Incomplete", 1, with_damaged_state},
    {"Data", 65, [](auto& w) { return after_a_pass(w, "BITBUCKET_URL", "http://127.0.0.1:1"); }},
    {"Unavailable", 69, after_an_hour_of_failures},
    {"CantCreate", 73,
     [](auto& w) { return with_variable(w, "CONNECTOR_STATE", "/nonexistent/state.json"); }},
    {"TempFail", 75, [](auto& w) { return with_buildkite(w, support::answer_status(500)); }},
    {"Protocol", 76, [](auto& w) { return with_buildkite(w, support::answer_html(200)); }},
    {"NoPermission", 77, [](auto& w) { return with_buildkite(w, support::answer_status(401)); }},
    {"ConfigThatIsWrong", 78, [](auto& w) { return with_variable(w, "MONITOR_LOG_LEVEL", "LOUD"); }},
    {"ConfigThatIsMissing", 78, [](auto& w) { return with_variable(w, "BUILDKITE_API_TOKEN", ""); }},
    {"ConfigFoundWrongByThePass", 78,
     [](auto& w) { return with_variable(w, "BUILDKITE_CA_FILE", "/nonexistent/ca.pem"); }},
    {"Interrupted", 130, [](auto& w) { return stopped_by(w, SIGINT); }},
    {"Terminated", 143, [](auto& w) { return stopped_by(w, SIGTERM); }},
};

class EveryEnding : public testing::TestWithParam<Ending> {};

TEST_P(EveryEnding, IsToldAsReadmeSays) {
  WatchedProgram watched;
  const auto result = GetParam().run(watched);
  ASSERT_EQ(result.exit_status, GetParam().status) << result.err;
  const std::string status = std::to_string(GetParam().status);
  expect_told(watched, status, status);
}

INSTANTIATE_TEST_SUITE_P(Watchers, EveryEnding, testing::ValuesIn(endings),
                         [](const auto& ending) { return ending.param.name; });

/// A pass of which this system call fails once.
void expect_told_after(const std::string& failure, int status) {
  if (const auto reason = support::why_not_traced(); !reason.empty()) GTEST_SKIP() << reason;
  WatchedProgram watched;
  const auto result = support::run_traced(watched.program, {"inject=" + failure + ":when=1"});
  ASSERT_EQ(result.exit_status, status) << result.err;
  expect_told(watched, std::to_string(status), std::to_string(status));
}

TEST(Watchers, HearOfABugAsReadmeSays) {
  expect_told_after("pipe2:error=EMFILE", 70);
}

TEST(Watchers, HearOfAStateThatCannotBeWrittenAsReadmeSays) {
  expect_told_after("fsync:error=EIO", 74);
}

TEST(Watchers, HearNothingOfAWrongOption) {
  WatchedProgram watched;
  for (const auto* option : {"--nonsense", "--deadline=never"}) {
    ASSERT_EQ(watched.program.run({option}).exit_status, 64);
    expect_told(watched, another_at_work, "64");
  }
}

/// Runs `second` while a pass without watchers holds the lock.
void while_another_is_at_work(WatchedProgram& watched, const std::function<void()>& second) {
  std::promise<void> asked;
  std::promise<void> go_on;
  watched.program.peers.buildkite_faults.next([&](const FakeRequest& request, const support::Handler& peer) {
    asked.set_value();
    go_on.get_future().wait();
    return peer(request);
  });
  const auto environment = watched.program.environment;
  for (const auto* variable :
       {"DMS_SNITCH_ID", "HEARTBEAT_PING_URL", "METRICS_TEXTFILE", "METRICS_PUSHGATEWAY_URL"})
    watched.program.environment.erase(variable);
  const auto first = watched.program.start();
  watched.program.environment = environment;
  asked.get_future().wait();
  second();
  go_on.set_value();
  EXPECT_EQ(watched.program.finish(*first).exit_status, 0);
}

TEST(Watchers, HearNothingOfAPassThatFindsAnotherAtWork) {
  WatchedProgram watched;
  while_another_is_at_work(watched, [&] {
    ASSERT_EQ(watched.program.run().exit_status, 0);
    expect_told(watched, another_at_work, "0");
  });
}

TEST(Watchers, HearNothingOfAPassThatFindsAnotherHanging) {
  WatchedProgram watched;
  while_another_is_at_work(watched, [&] {
    const std::string lock = watched.program.state_file() + ".lock";
    const std::string record = support::read_file(lock);
    support::write_file(lock, support::replaced(record, R"("started":"20\d)", R"("started":"201)"));
    ASSERT_EQ(watched.program.run().exit_status, 75);
    expect_told(watched, another_at_work, "75");
  });
}

TEST(Watchers, HearNothingOfADryRunAndOfWhatOnlyLooks) {
  WatchedProgram watched;
  watched.program.add_passed_builds(1);
  const std::vector<std::vector<std::string>> calls = {
      {"--dry-run"}, {"--check"}, {"--explain", commit_named("1")}, {"--print-config"}, {"--version"}};
  for (const auto& options : calls) {
    watched.program.run(options);
    watched.program.environment["BUILDKITE_ORGANIZATION"] = "Wrong!";
    watched.program.run(options);
    watched.program.environment["BUILDKITE_ORGANIZATION"] = "acme-inc";
  }
  expect_silence(watched);
}

TEST(WatchersCheck, TellsWhetherWatchersCanBeToldWithoutTheirSecrets) {
  WatchedProgram watched;
  const auto good = watched.program.run({"--check=offline"});
  EXPECT_EQ(good.exit_status, 0) << good.out;
  for (const auto* who : {"metrics", "Dead Man's Snitch", "the ping URL", "the Pushgateway"})
    EXPECT_THAT(good.out, HasSubstr("\nok       " + std::string(who) + ": "));
  EXPECT_THAT(good.out, Not(HasSubstr(WatchedProgram::ping_path)));
  watched.program.environment["METRICS_TEXTFILE"] = "/nonexistent/connector.prom";
  const auto bad = watched.program.run({"--check=offline"});
  EXPECT_EQ(bad.exit_status, 73);
  EXPECT_THAT(bad.out, HasSubstr("\nfailed   metrics: the directory /nonexistent "));
  expect_silence(watched);
}

TEST(Watchers, HearNothingOfAPassByHand) {
  WatchedProgram watched;
  watched.program.add_passed_builds(1);
  const std::vector<std::vector<std::string>> calls = {
      {"--commit", commit_named("1")}, {"--since=1h"}, {"--adopt"}, {"--reset-state"}};
  for (const auto& options : calls) EXPECT_EQ(watched.program.run(options).exit_status, 0);
  watched.program.peers.buildkite_faults.always(support::answer_status(401));
  for (const auto& options : calls) EXPECT_EQ(watched.program.run(options).exit_status, 77);
  expect_silence(watched);
}

TEST(Watchers, HearOfNoCredentialAndOfNoTextOfABuild) {
  WatchedProgram watched;
  watched.program.peers.organization.add(
      watched.program.a_build_of("web").commit(commit_named("1")).message("Unreleased product").passed());
  EXPECT_EQ(watched.program.run().exit_status, 0);
  const std::string told = watched.everything_told();
  for (const auto* variable : {"BUILDKITE_API_TOKEN", "BITBUCKET_PASSWORD"})
    EXPECT_THAT(told, Not(HasSubstr(watched.program.environment.at(variable))));
  for (const auto* text : {"Unreleased", "authorization", "web", "1111"})
    EXPECT_THAT(told, Not(HasSubstr(text)));
}

TEST(Watchers, ThatDoNotTakeItAreAWarningWithoutTheirSecrets) {
  for (const int answer : {404, 500}) {
    WatchedProgram watched;
    watched.answer_status = answer;
    const auto result = watched.program.run({"-vv"});
    EXPECT_EQ(result.exit_status, 0);
    EXPECT_THAT(result.err, HasSubstr("level=warn msg=\"Dead Man's Snitch did not take"));
    EXPECT_THAT(result.err, HasSubstr("level=warn msg=\"the ping URL did not take"));
    for (const auto* secret : {WatchedProgram::snitch_id, WatchedProgram::ping_path, "eb095278"}) {
      EXPECT_THAT(result.err, Not(HasSubstr(secret)));
      EXPECT_THAT(support::read_file(watched.program.state_file()), Not(HasSubstr(secret)));
    }
  }
}

TEST(Watchers, ThatAreNotThereAreAWarningWithoutTheirSecrets) {
  WatchedProgram watched;
  for (const auto* variable : {"HEARTBEAT_URL", "METRICS_PUSHGATEWAY_URL"})
    watched.program.environment[variable] = "http://127.0.0.1:1";
  watched.program.environment["HEARTBEAT_PING_URL"] =
      std::string("http://127.0.0.1:1") + WatchedProgram::ping_path;
  const auto result = watched.program.run();
  EXPECT_EQ(result.exit_status, 0);
  for (const auto* who : {"Dead Man's Snitch", "the ping URL", "the Pushgateway"})
    EXPECT_THAT(result.err, HasSubstr(std::string("level=warn msg=\"") + who));
  for (const auto* secret : {WatchedProgram::snitch_id, WatchedProgram::ping_path})
    EXPECT_THAT(result.err, Not(HasSubstr(secret)));
}

TEST(PingUrl, HearsOfTheStartOfTheSameRunWhereAskedTo) {
  WatchedProgram watched;
  EXPECT_EQ(with_variable(watched, "HEARTBEAT_PING_START", "true").exit_status, 0);
  ASSERT_EQ(watched.to_ping_url.size(), 2U);
  const std::string start = std::string(WatchedProgram::ping_path) + "/start";
  EXPECT_EQ(watched.to_ping_url[0].method, "GET");
  EXPECT_THAT(watched.to_ping_url[0].target, testing::StartsWith(start + "?rid="));
  EXPECT_EQ(watched.to_ping_url[0].target.substr(start.size()),
            watched.to_ping_url[1].target.substr(std::string(WatchedProgram::ping_path).size()));
}

TEST(PingUrl, ThatDoesNotAnswerTheStartDelaysNoPass) {
  std::string end;
  support::RawServer service([&](support::RawConnection& connection) {
    const std::string request = connection.read_request();
    if (request.find("/start?") != std::string::npos) return connection.stay_silent();
    end = request;
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK");
  });
  support::Program program;
  program.environment["HEARTBEAT_PING_URL"] = service.url() + "/x";
  program.environment["HEARTBEAT_PING_START"] = "true";
  const auto result = program.run();
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(result.err, "") << "somebody waited until the request was given up";
  EXPECT_THAT(end, testing::StartsWith("POST /x?rid="));
}

std::string last_success(const std::string& text) {
  const auto found = support::matches_in(text, R"(last_success_timestamp_seconds\{[^}]*\} (\S+))");
  return found.empty() ? std::string() : found.front().at(1);
}

TEST(Metrics, RememberTheLastSuccessThroughFailuresOfAllKinds) {
  for (const auto* state : {"a file", "none"}) {
    WatchedProgram watched;
    if (state == std::string("none")) watched.program.environment["CONNECTOR_STATE"] = "none";
    ASSERT_EQ(watched.program.run().exit_status, 0);
    const std::string success = last_success(support::read_file(watched.textfile()));
    ASSERT_NE(success, "");
    ASSERT_EQ(with_buildkite(watched, support::answer_status(401)).exit_status, 77);
    ASSERT_EQ(with_variable(watched, "MONITOR_LOG_LEVEL", "LOUD").exit_status, 78);
    EXPECT_EQ(last_success(support::read_file(watched.textfile())), success) << state;
    const std::string pushed =
        watched.pushgateway.line("/metrics/job/buildkite-bitbucket-connector/organization/acme-inc",
                                 "buildkite_bitbucket_connector_last_success");
    EXPECT_EQ(last_success(pushed), success) << state;
  }
}

TEST(Metrics, TellWhenTheTokenEndsInPassesThatDoNotAskToo) {
  WatchedProgram watched;
  for (int pass = 0; pass < 2; ++pass) {
    watched.forget();
    ASSERT_EQ(watched.program.run().exit_status, 0);
    EXPECT_THAT(support::read_file(watched.textfile()),
                HasSubstr("\nbuildkite_bitbucket_connector_token_expiry"));
  }
}

TEST(Metrics, CountWhatThePassDidAndLeft) {
  WatchedProgram watched;
  watched.program.add_passed_builds(3);
  watched.program.peers.organization.add(
      watched.program.a_build_of("api").commit(commit_named("9")).running());
  ASSERT_EQ(watched.program.run().exit_status, 0);
  const std::string text = support::read_file(watched.textfile());
  for (const auto* line :
       {"last_run_builds{organization=\"acme-inc\",result=\"in_scope\"} 4\n",
        "last_run_requests{organization=\"acme-inc\",peer=\"bitbucket\",code=\"204\"} 4\n",
        "open_builds{organization=\"acme-inc\"} 1\n", "ledger_entries{organization=\"acme-inc\"} 4\n",
        "gap_seconds{organization=\"acme-inc\"} 0.000\n"})
    EXPECT_THAT(text, HasSubstr(std::string("\nbuildkite_bitbucket_connector_") + line));
}

TEST(Textfile, ThatCannotBeWrittenEndsThePassWith73Or74AfterItsWork) {
  for (const int status : {73, 74}) {
    WatchedProgram watched;
    watched.program.add_passed_builds(1);
    if (status == 73) {
      watched.program.environment["METRICS_TEXTFILE"] = watched.program.directory.file("missing/c.prom");
    } else {
      ASSERT_EQ(::mkdir(watched.textfile().c_str(), 0755), 0);
    }
    const auto result = watched.program.run({"--json"});
    EXPECT_EQ(result.exit_status, status);
    EXPECT_THAT(result.err, HasSubstr("metrics.textfile"));
    EXPECT_THAT(result.out, HasSubstr("\"exit_status\":" + std::to_string(status)));
    EXPECT_EQ(watched.program.shown("web", commit_named("1")), "SUCCESSFUL");
    EXPECT_EQ(cell_of_snitch(watched.to_snitch, std::to_string(status)), "`s=` the exit status");
  }
}

}  // namespace
}  // namespace connector
