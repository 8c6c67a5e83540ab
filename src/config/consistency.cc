#include "config/consistency.hh"

#include <variant>

#include "config/access.hh"
#include "config/base_url.hh"
#include "config/settings.hh"
#include "core/place/host.hh"

namespace connector::config {
namespace {

bool is_set(const Config& config, std::string_view key) {
  return config.origins.contains(key);
}

/// Where somebody finds what is missing, who has never seen it.
std::string_view whereabouts(std::string_view key) {
  if (key == "buildkite.token")
    return "; make a token with the scope read_builds at https://buildkite.com/user/api-access-tokens";
  if (key == "buildkite.organization") return "; it is what follows https://buildkite.com/ in its address";
  if (key == "bitbucket.url") return "; such as https://git.example.com, with the context path if it has one";
  return {};
}

/// "bitbucket.url (environment variable BITBUCKET_SERVER_URL or BITBUCKET_URL)"
std::string with_variables(std::string_view key) {
  const Setting* setting = find_setting(key);
  std::string text = std::string(key) + " (environment variable ";
  for (const std::string& name : setting->variables) {
    if (&name != &setting->variables.front()) text += " or ";
    text += name;
  }
  if (setting->kind == Kind::secret) text += ", or " + setting->variables.front() + "_FILE";
  return text + ")";
}

std::string with_origin(const Config& config, const std::string& key) {
  return key + " (" + origin_of(config, key).text + ")";
}

/// What the network would see of plain http to this table's servers.
std::string_view shown_by_http(const std::string& table) {
  return table == "metrics" ? "the metrics" : "the credential";
}

void check_http(std::vector<std::string>& problems, const Config& config, const std::string& key,
                const std::string& text, bool allowed) {
  const auto url = parse_base_url(text);
  const auto* parsed = std::get_if<BaseUrl>(&url);
  if (parsed == nullptr || parsed->scheme != "http" || is_loopback_host(parsed->host) || allowed) return;
  const std::string table = key.substr(0, key.find('.'));
  problems.push_back(with_origin(config, key) + ": plain http would show " +
                     std::string(shown_by_http(table)) + " to the network; use https, or set " + table +
                     ".allow_http = true (environment variable " +
                     find_setting(table + ".allow_http")->variables.front() + ")");
}

void check_http(std::vector<std::string>& problems, const Config& config) {
  const auto check = [&](const std::string& key, const std::string& url, const Connection& connection) {
    check_http(problems, config, key, url, connection.allow_http);
  };
  const Heartbeat& heartbeat = config.heartbeat;
  check("buildkite.url", config.buildkite.connection.url, config.buildkite.connection);
  check("bitbucket.url", config.bitbucket.connection.url, config.bitbucket.connection);
  check("heartbeat.url", heartbeat.connection.url, heartbeat.connection);
  check("heartbeat.ping_url", heartbeat.ping_url.reveal(), heartbeat.connection);
  check("metrics.pushgateway_url", config.metrics.pushgateway.url, config.metrics.pushgateway);
}

/// Cloud has another API, and Buildkite reports to it itself.
void check_server(std::vector<std::string>& problems, const Config& config) {
  const auto url = parse_base_url(config.bitbucket.connection.url);
  const auto* parsed = std::get_if<BaseUrl>(&url);
  if (parsed == nullptr || !(is_cloud_host(parsed->host) || parsed->host.ends_with(".bitbucket.org"))) return;
  problems.push_back(
      with_origin(config, "bitbucket.url") + ": " + parsed->host +
      " is no Bitbucket Server or Data Center, which this program reports to; for a service in "
      "the cloud, turn on commit statuses in the settings of the Buildkite pipeline");
}

void check_certificate(std::vector<std::string>& problems, const Config& config, const std::string& table) {
  const std::string key = table + ".client_key";
  if (!is_set(config, key) || is_set(config, table + ".client_certificate")) return;
  problems.push_back(with_origin(config, key) + ": " + table + ".client_certificate is missing beside it");
}

bool names_pipeline(std::string_view key) {
  return key.find("{pipeline.id}") != std::string_view::npos ||
         key.find("{pipeline.slug}") != std::string_view::npos;
}

/// Shards do not know of one another, so no two may write to the same key of a commit.
void check_keys_of_shards(std::vector<std::string>& problems, const Config& config) {
  if (config.sync.shard == Shard{}) return;
  const auto check = [&](const std::string& name, std::string_view key) {
    if (names_pipeline(key)) return;
    problems.push_back(
        name + " and " + with_origin(config, "sync.shard") +
        " do not go together: pipelines of two shards could have one key, and each would replace "
        "the other's status; put {pipeline.id} or {pipeline.slug} into the key");
  };
  const auto in_override = [](const PipelineOverride& set, std::string_view key) {
    return std::string(key) + " of [[pipeline]] " + toml_text(set.slug);
  };
  check(with_origin(config, "status.key"), config.status.key);
  if (config.per_step) check(with_origin(config, "status.step_key"), config.status.step_key);
  for (const PipelineOverride& set : config.overrides) {
    if (set.slug.find('*') == std::string::npos) continue;  // a single pipeline's, which has one shard
    if (!set.texts.key.empty()) check(in_override(set, "key"), set.texts.key);
    if (config.per_step && !set.texts.step_key.empty())
      check(in_override(set, "step_key"), set.texts.step_key);
  }
}

}  // namespace

std::vector<std::string> missing_settings(const Config& config) {
  std::vector<std::string> lines;
  for (const Setting& setting : settings()) {
    if (setting.without == "required" && !is_set(config, setting.key)) {
      lines.push_back("missing setting " + with_variables(setting.key) +
                      std::string(whereabouts(setting.key)));
    }
  }
  if (is_set(config, "bitbucket.token")) return lines;
  const bool has_username = is_set(config, "bitbucket.username");
  const bool has_password = is_set(config, "bitbucket.password");
  if (!has_username) lines.push_back("missing setting " + with_variables("bitbucket.username"));
  if (!has_password) lines.push_back("missing setting " + with_variables("bitbucket.password"));
  if (!has_username && !has_password) {
    lines.back() += "; or instead of the login " + with_variables("bitbucket.token");
  }
  return lines;
}

std::vector<std::string> contradictions(const Config& config) {
  std::vector<std::string> problems;
  for (const std::string login : {"bitbucket.username", "bitbucket.password"}) {
    if (!is_set(config, "bitbucket.token") || !is_set(config, login)) continue;
    problems.push_back(with_origin(config, "bitbucket.token") + " and " + with_origin(config, login) +
                       " exclude each other; keep the token or the login");
  }
  check_server(problems, config);
  check_http(problems, config);
  check_certificate(problems, config, "buildkite");
  check_certificate(problems, config, "bitbucket");
  check_keys_of_shards(problems, config);
  return problems;
}

}  // namespace connector::config
