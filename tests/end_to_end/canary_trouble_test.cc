// Secrets where they do not belong, and trouble that makes the program speak of the places where they do:
// words of builds, configuration files with mistakes, proxies, names, certificates, damaged states.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>

#include <string>
#include <tuple>
#include <vector>

#include "end_to_end/canary_world.hh"
#include "support/local_server.hh"
#include "support/own_namespace.hh"
#include "support/raw_server.hh"
#include "support/test_certificates.hh"

namespace connector {
namespace {

using support::CanaryWorld;
using support::commit_named;
using testing::HasSubstr;
using Options = std::vector<std::string>;

/// What speaks of servers and of builds.
std::vector<Options> options() {
  return {{"-vv"},       {"-vv", "--log-format=json"},     {"--json"},
          {"--dry-run"}, {"--explain", commit_named("1")}, {"--check"}};
}

void run_all(CanaryWorld& world, int exit_status) {
  for (const Options& each : options()) {
    SCOPED_TRACE(testing::PrintToString(each));
    const auto result = world.run(each);
    if (each.front() != "--explain") {
      EXPECT_EQ(result.exit_status, exit_status) << result.out << result.err;
    }
  }
}

// What a build says is posted as it is, and kept in the state for that: who wrote a secret into a commit
// message has told it to everybody who may read the repository. What we say of the build shows none of it.
TEST(WordsOfBuilds, AreShownWithoutSecrets) {
  CanaryWorld world;
  world.builds_say_secrets = true;
  auto& organization = world.program.peers.organization;
  std::uint64_t number = 0;
  for (const auto& [form, text] : world.utterances()) {
    auto pipeline = support::a_pipeline("web");
    pipeline.name = text;
    auto build = world.program.a_build_of("web");
    build.of(pipeline).in_repository(world.program.http.clone_url("acme", "web"));
    ++number;
    build.number(number).commit(commit_named(number % 8 == 0 ? "1" : std::to_string(number)));
    organization.add(build.on(text).tag(text).message(std::string(number % 255, 'x') + text).passed());
  }
  auto odd = world.program.a_build_of("api").commit(commit_named("1"));
  organization.add(odd.in_state(std::string_view(world.next_utterance().text)));
  for (const Options& each : {Options{"--dry-run"},
                              {"--dry-run", "--json"},
                              {"--explain", commit_named("1")},
                              {"-vv", "--json"},
                              {"--check"},
                              {"--explain", commit_named("1")}}) {
    SCOPED_TRACE(testing::PrintToString(each));
    const auto result = world.run(each);
    EXPECT_NE(result.exit_status, 70) << result.err;
    const bool names_builds = each.front() != "--check";
    if (names_builds) {
      EXPECT_THAT(result.out, HasSubstr("***"));
    }
  }
}

/// Mistakes on the line of a secret, and on the lines around it.
std::vector<std::string> configurations_with_mistakes(const std::string& token, const std::string& password) {
  const std::string raw = '"' + password + '"';  // its quotes and backslashes make this no TOML
  const std::string literal = "'''" + password + "'''";
  const std::string token_literal = "'''" + token + "'''";
  return {"[bitbucket]\npassword = " + raw + "\n",
          "[bitbucket]\npassword = " + literal + " x\n",
          "[bitbucket]\npasswrod = " + literal + "\n",
          "[bitbucket]\npassword " + literal + "\n",
          "[bitbucket]\npassword = [" + literal + "]\n",
          "[bitbucket\npassword = " + literal + "\n",
          "[buildkite]\ntoken = " + token_literal + "\ntoken = " + token_literal + "\n",
          "buildkite = { token = " + token_literal + ", organisation = \"x\" }\n",
          "buildkite.token = " + token_literal + "\nbuildkite.organization = " + token_literal + "\n",
          "[buildkite]\nurl = '''https://me:" + token + "@example.com'''\n",
          "[buildkite]\nproxy = '''http://me:" + token + "@example.com:x'''\n",
          "[bitbucket]\npassword = \"\"\"" + password + "\nnonsense = 1\n",
          "[heartbeat]\ndms_snitch_id = " + token_literal + "\nurl = \"nonsense\"\n",
          "# " + token + "\n[buildkite]\nnonsense = 1  # " + token + "\n"};
}

TEST(ConfigurationWithAMistake, IsShownWithoutItsSecrets) {
  const auto canaries = CanaryWorld().canaries;
  for (const std::string& toml : configurations_with_mistakes(canaries[0].value, canaries[1].value)) {
    for (const Options& each : {Options{}, {"--check=offline"}, {"--print-config"}, {"--log-format=json"}}) {
      SCOPED_TRACE(toml);
      CanaryWorld world;
      world.program.environment.erase("BITBUCKET_PASSWORD");
      world.program.environment.erase("BUILDKITE_API_TOKEN");
      world.configure(toml);
      EXPECT_EQ(world.run(each).exit_status, 78);
    }
  }
}

TEST(SecretInAWrongVariable, IsNotShown) {
  std::size_t turn = 0;
  for (const char* name : {"BUILDKITE_ORGANIZATION", "BUILDKITE_API_URL", "BITBUCKET_URL", "BITBUCKET_API",
                           "BITBUCKET_CONNECTIONS", "BITBUCKET_CA_FILE", "BITBUCKET_PROXY",
                           "CONNECTOR_DEADLINE", "MONITOR_LOG_LEVEL", "MONITOR_LOG_FORMAT", "HEARTBEAT_URL",
                           "BUILDKITE_ALLOW_HTTP", "MONITOR_POLLING_INTERVAL", "BITBUCKET_CLIENT_KEY"}) {
    CanaryWorld world;
    const auto& canary = world.canaries[turn++ % world.canaries.size()];
    world.program.environment[name] = canary.value;
    SCOPED_TRACE(name + ('=' + canary.value));
    EXPECT_EQ(world.run({"-vv"}).exit_status, 78);
    world.run({"--print-config"});
    world.run({"--check"});
  }
}

TEST(Proxy, ThatSaysTheLoginIsNotRepeated) {
  for (const auto& [status, expected] : {std::pair(407, 77), {502, 75}, {403, 77}}) {
    CanaryWorld world;
    world.program.add_passed_builds(1);
    for (int i = 0; i < 3; ++i) {
      const auto& said = world.next_utterance().text;
      world.proxy_answer = support::html_answer(status, said);
      world.proxy_answer.headers.emplace_back("Proxy-Authenticate", "Basic realm=\"" + said + '"');
      const auto result = world.run({"-vv", "--deadline=1s"});
      EXPECT_EQ(result.exit_status, expected) << result.err;
    }
  }
}

std::string tunnel_refused(const std::string& said) {
  return "HTTP/1.1 407 " + said + "\r\nProxy-Authenticate: Basic realm=\"" + said +
         "\"\r\nContent-Length: " + std::to_string(said.size()) + "\r\n\r\n" + said;
}

TEST(ProxyOfTheEnvironment, ThatSaysTheLoginIsNotRepeated) {
  for (const char* variable : {"https_proxy", "HTTPS_PROXY", "ALL_PROXY"}) {
    CanaryWorld world;
    support::RawServer proxy([&](support::RawConnection& connection) {
      const auto& said = world.canaries[3].value;
      const std::string asked = connection.read_request();
      EXPECT_THAT(asked, HasSubstr("Proxy-Authorization: Basic"));
      connection.send(tunnel_refused(said));
    });
    const std::string url = world.program.environment.at("BUILDKITE_PROXY");
    world.program.environment.erase("BUILDKITE_PROXY");
    world.program.environment[variable] = url.substr(0, url.rfind('@') + 1) + proxy.url().substr(7);
    world.program.environment["BUILDKITE_API_URL"] = "https://buildkite.example.com";
    for (const Options& each : {Options{"-vv"}, {"--check"}, {"--print-config"}}) world.run(each);
    EXPECT_GT(proxy.connections(), 0);
  }
}

TEST(NameThatIsNotFound, IsToldWithoutSecrets) {
  const std::string reason = support::in_own_namespace(CLONE_NEWNET, [] {
    CanaryWorld world;
    world.program.add_passed_builds(1);
    world.program.environment["BITBUCKET_URL"] = "https://bitbucket.example.com";
    world.program.environment["HEARTBEAT_URL"] = "https://snitch.example.com";
    for (const Options& each : {Options{"-vv", "--state=none", "--deadline=2s"}, {"--check"}})
      world.run(each);
    std::string& proxy = world.program.environment["BUILDKITE_PROXY"];
    proxy = proxy.substr(0, proxy.rfind('@') + 1) + "proxy.example.com:3128";
    const auto result = world.run({"-vv", "--deadline=2s"});
    EXPECT_THAT(result.err, HasSubstr("proxy"));
  });
  if (!reason.empty()) GTEST_SKIP() << reason;
}

TEST(CertificateThatIsRefused, IsToldWithoutSecrets) {
  const support::TestAuthority authority;
  const support::Identity identity = authority.issue();
  support::LocalServer server([](const auto&, auto&) {}, {.identity = &identity});
  CanaryWorld world;
  world.program.environment["BITBUCKET_URL"] = server.url();
  world.program.environment["BUILDKITE_API_URL"] = server.url();
  world.program.environment["HEARTBEAT_URL"] = server.url();
  world.program.environment.erase("BUILDKITE_PROXY");
  run_all(world, 76);
}

/// A key that is none, with a secret where people keep notes.
TEST(ClientKey, IsNotShownWhateverIsWrongWithIt) {
  const support::TestAuthority authority;
  const support::Identity identity = authority.issue();
  support::LocalServer server([](const auto&, auto&) {}, {.identity = &identity});
  const support::TempDir keys;
  support::write_file(keys.file("ca.pem"), authority.certificate_pem());
  support::write_file(keys.file("certificate.pem"), identity.certificate_pem());
  CanaryWorld world;
  const std::string note = world.canaries[1].value;
  for (const std::string& key :
       {note, "-----BEGIN PRIVATE KEY-----\n" + note + "\n-----END PRIVATE KEY-----\n",
        identity.key_pem() + note}) {
    support::write_file(keys.file("key.pem"), key);
    world.program.environment["BITBUCKET_URL"] = server.url();
    world.program.environment["BITBUCKET_CA_FILE"] = keys.file("ca.pem");
    world.program.environment["BITBUCKET_CLIENT_CERTIFICATE"] = keys.file("certificate.pem");
    world.program.environment["BITBUCKET_CLIENT_KEY"] = keys.file("key.pem");
    for (const Options& each : options()) world.run(each);
  }
}

/// Whatever a state file holds: it is named, not quoted.
TEST(DamagedState, IsToldWithoutSecrets) {
  for (const char* before :
       {R"({"checksum":")", R"({"format":99,"x":")", "", R"({"identity":{"organization":")"}) {
    for (const Options& each : {Options{"-vv"}, {"--check"}, {"--explain", commit_named("1")}}) {
      SCOPED_TRACE(before + testing::PrintToString(each));
      CanaryWorld world;
      world.state_holds_secrets = true;
      support::write_file(world.program.state_file(), before + world.next_utterance().text);
      world.run(each);
      world.run({"--reset-state", "-vv"});
    }
  }
}

}  // namespace
}  // namespace connector
