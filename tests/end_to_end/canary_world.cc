#include "end_to_end/canary_world.hh"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <mutex>
#include <utility>

#include "core/text/text.hh"

namespace connector::support {
namespace {

enum Which : std::size_t { buildkite_token, bitbucket_login, snitch, proxy_login };

// Tokens are printable ASCII; a password may hold anything but line ends.
std::vector<Canary> make_canaries(Login login) {
  const Canary password = {"the password", "x\xC3\x9CV\" 8\\n%2F+/'Yd4&>:\xC2\xA7#?@Hm6", "buildkite-bot"};
  const Canary token = {"Bitbucket's token", R"(BBDC-Rv5"\t%q7+/='Lc8&<>Gx2#)", {}};
  return {{"Buildkite's token", R"(bkua_"Zq7\%k1+/='Kw9&<Tj3#)", {}},
          login == Login::password ? password : token,
          {"the snitch", R"(sn"Wp4\%74+/'Bk6&?#=Xf1)", {}},
          {"the proxy's password", "\xC3\x96Nz3\"\\%2B+/' &@:#Fg7<Qr9", "proxy-user"}};
}

BuildkiteSettings buildkite_of(const std::vector<Canary>& canaries) {
  BuildkiteSettings settings;
  settings.token = canaries[buildkite_token].value;
  settings.user_limit = 10'000;
  return settings;
}

BitbucketSettings bitbucket_of(const std::vector<Canary>& canaries) {
  BitbucketSettings settings;
  const Canary& login = canaries[bitbucket_login];
  Credentials& taken = settings.credentials;
  taken = login.user.empty() ? Credentials{"nobody", "another password", login.value}
                             : Credentials{login.user, login.value, "another-token"};
  return settings;
}

std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"\n";
}

/// The text of a state file without what is posted of a build.
std::string without_words_of_builds(std::string text) {
  for (const std::string name : {"name", "description", "ref"}) {
    const std::string member = '"' + name + "\":\"";
    for (auto at = text.find(member); at != std::string::npos; at = text.find(member, at)) {
      at += member.size();
      std::size_t end = at;
      while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
      text.erase(at, end - at);
    }
  }
  return text;
}

/// A secret with the names under which it is looked for.
struct Named {
  const Canary& canary;
  std::string variable;
  std::string table;
  std::string key;
  [[nodiscard]] std::string credential() const {
    std::string name = table + '-' + key;
    for (char& c : name) c = c == '_' ? '-' : c;
    return name;
  }
};

}  // namespace

std::string name_of(Hiding hiding) {
  constexpr std::array names = {"Variables", "SecretFiles", "CredentialsDirectory", "FileKeys",
                                "Configuration"};
  return names.at(static_cast<std::size_t>(hiding));
}

CanaryWorld::CanaryWorld(Hiding hiding, Login login)
    : canaries(make_canaries(login)),
      program(buildkite_of(canaries), bitbucket_of(canaries)),
      search_(canaries),
      proxy_([this](const FakeRequest& request) { return proxied(request); }, program.http.models()),
      snitch_(
          [this](const FakeRequest& request) {
            sent.push_back({"snitch", request});
            return FakeAnswer{202, {}, {}};
          },
          program.http.models()) {
  for (const Canary& canary : canaries) {
    const auto more = utterances_of(canary);
    utterances_.insert(utterances_.end(), more.begin(), more.end());
  }
  program.environment["HEARTBEAT_URL"] = snitch_.url();
  hide(hiding, login);
}

void CanaryWorld::hide(Hiding hiding, Login login) {
  const bool by_password = login == Login::password;
  const std::array<Named, 3> all = {
      Named{canaries[buildkite_token], "BUILDKITE_API_TOKEN", "buildkite", "token"},
      by_password ? Named{canaries[bitbucket_login], "BITBUCKET_PASSWORD", "bitbucket", "password"}
                  : Named{canaries[bitbucket_login], "BITBUCKET_TOKEN", "bitbucket", "token"},
      Named{canaries[snitch], "DMS_SNITCH_ID", "heartbeat", "dms_snitch_id"}};
  Environment& environment = program.environment;
  if (!by_password) environment.erase("BITBUCKET_USERNAME");
  environment.erase("BITBUCKET_PASSWORD");
  environment.erase("BUILDKITE_API_TOKEN");
  std::string toml;
  for (const auto& [canary, variable, table, key] : all) {
    const Named named{canary, variable, table, key};
    const std::string file = planted_.file(named.credential());
    write_file(file, canary.value + "\n");
    switch (hiding) {
      case Hiding::variables:
        environment[variable] = canary.value;
        break;
      case Hiding::secret_files:
        environment[variable + "_FILE"] = file;
        break;
      case Hiding::credentials_directory:
        environment["CREDENTIALS_DIRECTORY"] = planted_.path();
        break;
      case Hiding::file_keys:
        toml.append(table).append(".").append(key).append("_file = ").append(toml_text(file));
        break;
      case Hiding::configuration:
        toml.append(table).append(".").append(key).append(" = ").append(toml_text(canary.value));
        break;
    }
  }
  if (toml.empty()) {
    environment["BUILDKITE_PROXY"] = proxy_url();
  } else {
    configure(toml + "buildkite.proxy = " + toml_text(proxy_url()));
  }
}

void CanaryWorld::configure(const std::string& toml) {
  program.environment["CONNECTOR_CONFIG"] = planted_.file("config.toml");
  write_file(planted_.file("config.toml"), toml);
}

std::string CanaryWorld::proxy_url() const {
  const Canary& login = canaries[proxy_login];
  return "http://" + login.user + ':' + percent_encode(login.value) + '@' + proxy_.url().substr(7);
}

FakeAnswer CanaryWorld::proxied(const FakeRequest& request) {
  sent.push_back({"proxy", request});
  if (proxy_answer.status != 0) return proxy_answer;
  FakeRequest inner = request;
  inner.headers.erase("proxy-authorization");
  if (const auto path = inner.target.find('/', sizeof "http://"); inner.target.starts_with("http://"))
    inner.target.erase(0, path);
  return program.peers.buildkite_handler()(inner);
}

const Utterance& CanaryWorld::next_utterance() {
  return utterances_[said_++ % utterances_.size()];
}

ProcessResult CanaryWorld::run(const std::vector<std::string>& options) {
  ProcessResult result = program.run(options);
  EXPECT_EQ(result.signal, 0);
  EXPECT_EQ(given_away(result.out), "") << "on standard output";
  EXPECT_EQ(given_away(result.err), "") << "on standard error";
  search_files();
  return result;
}

void CanaryWorld::search_files() const {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(program.directory.path())) {
    const std::string name = entry.path().filename();
    EXPECT_EQ(given_away(name), "");
    if (!entry.is_regular_file() ||
        (state_holds_secrets && name.starts_with("state.json") && !name.ends_with(".lock")))
      continue;
    const std::string text = read_file(entry.path());
    EXPECT_EQ(given_away(builds_say_secrets ? without_words_of_builds(text) : text), "") << "in " << name;
  }
}

std::string CanaryWorld::given_away(const std::string& text) const {
  return search_.found_in(text);
}

}  // namespace connector::support
