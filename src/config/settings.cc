#include "config/settings.hh"

#include <algorithm>

#include "config/access.hh"
#include "config/rows.hh"

namespace connector::config {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds second = std::chrono::seconds{1};
constexpr milliseconds hour = std::chrono::hours{1};

/// What both servers have in common, under "buildkite." or "bitbucket.".
template <typename Peer>
void add_connection(Rows& rows, const std::string& table, const std::string& variables, Peer Config::*peer) {
  const auto of_connection = [=](auto member) { return at(peer, &Peer::connection, member); };
  rows.add(table + ".ca_file", Kind::path, text_access(of_connection(&Connection::ca_file), assign_text))
      .from({variables + "_CA_FILE"})
      .without("the system's certificate authorities");
  rows.add(table + ".proxy", Kind::proxy, proxy_access(of_connection(&Connection::proxy)))
      .from({variables + "_PROXY"})
      .without("HTTPS_PROXY and NO_PROXY as usual");
  rows.add(table + ".client_certificate", Kind::path,
           text_access(of_connection(&Connection::client_certificate), assign_text))
      .from({variables + "_CLIENT_CERTIFICATE"})
      .without("none");
  rows.add(table + ".client_key", Kind::path,
           text_access(of_connection(&Connection::client_key), assign_text))
      .from({variables + "_CLIENT_KEY"})
      .without("the key is in the file of the certificate");
  rows.add(table + ".allow_http", Kind::boolean, boolean_access(of_connection(&Connection::allow_http)))
      .from({variables + "_ALLOW_HTTP"})
      .by_default("false");
}

void add_buildkite(Rows& rows) {
  const auto of = [](auto... members) { return at(&Config::buildkite, members...); };
  rows.add("buildkite.token", Kind::secret, secret_access(of(&Buildkite::token), assign_token))
      .from({"BUILDKITE_API_TOKEN", "BUILDKITE_TOKEN"})
      .without("required");
  rows.add("buildkite.organization", Kind::text,
           text_access(of(&Buildkite::organization), assign_organization))
      .from({"BUILDKITE_ORGANIZATION", "BUILDKITE_ORGANIZATION_SLUG"})
      .without("required");
  rows.add("buildkite.url", Kind::url, text_access(of(&Buildkite::connection, &Connection::url), assign_url))
      .from({"BUILDKITE_API_URL"})
      .by_default("https://api.buildkite.com");
  const auto add_globs = [&](const char* key, auto member, const char* without) {
    rows.add(key, Kind::list, list_access(of(member), assign_globs)).without(without);
  };
  add_globs("buildkite.pipelines", &Buildkite::pipelines, "all");
  add_globs("buildkite.exclude_pipelines", &Buildkite::exclude_pipelines, "none");
  add_globs("buildkite.branches", &Buildkite::branches, "all");
  add_globs("buildkite.exclude_branches", &Buildkite::exclude_branches, "none");
  add_globs("buildkite.sources", &Buildkite::sources, "all");
  add_globs("buildkite.exclude_sources", &Buildkite::exclude_sources, "none");
  add_connection(rows, "buildkite", "BUILDKITE", &Config::buildkite);
}

void add_bitbucket_login(Rows& rows) {
  const auto of = [](auto member) { return at(&Config::bitbucket, member); };
  rows.add("bitbucket.username", Kind::text, text_access(of(&Bitbucket::username), assign_username))
      .from({"BITBUCKET_SERVER_USERNAME", "BITBUCKET_USERNAME"})
      .without("required unless there is a token");
  rows.add("bitbucket.password", Kind::secret, secret_access(of(&Bitbucket::password), assign_password))
      .from({"BITBUCKET_SERVER_PASSWORD", "BITBUCKET_PASSWORD"})
      .without("required unless there is a token");
  rows.add("bitbucket.token", Kind::secret, secret_access(of(&Bitbucket::token), assign_token))
      .from({"BITBUCKET_TOKEN"})
      .without("required unless there is a login");
}

void add_bitbucket(Rows& rows) {
  const auto of = [](auto... members) { return at(&Config::bitbucket, members...); };
  rows.add("bitbucket.url", Kind::url, text_access(of(&Bitbucket::connection, &Connection::url), assign_url))
      .from({"BITBUCKET_SERVER_URL", "BITBUCKET_URL"})
      .without("required");
  add_bitbucket_login(rows);
  const Choices<BitbucketApi> apis = {{"auto", BitbucketApi::automatic},
                                      {"builds", BitbucketApi::builds},
                                      {"build-status", BitbucketApi::build_status}};
  rows.add("bitbucket.api", Kind::choice, choice_access(of(&Bitbucket::api), apis))
      .from({"BITBUCKET_API"})
      .by_default("auto");
  rows.add("bitbucket.repository_hosts", Kind::list,
           list_access(of(&Bitbucket::repository_hosts), assign_hosts))
      .without("that of bitbucket.url; Bitbucket is asked about others");
  const Choices<bool> unmatched = {{"ignore", false}, {"build-status", true}};
  rows.add("bitbucket.unmatched", Kind::choice, choice_access(of(&Bitbucket::report_unmatched), unmatched))
      .by_default("ignore");
  rows.add("bitbucket.connections", Kind::count, count_access(of(&Bitbucket::connections), 1, 100))
      .from({"BITBUCKET_CONNECTIONS"})
      .by_default("8");
  add_connection(rows, "bitbucket", "BITBUCKET", &Config::bitbucket);
}

void add_status(Rows& rows) {
  const StatusTemplates defaults;
  const auto add = [&](const char* key, std::string StatusTemplates::*member,
                       Problem (*assign)(std::string&, std::string_view)) {
    return rows.add(key, Kind::status_template, text_access(at(&Config::status, member), assign))
        .by_default(defaults.*member);
  };
  add("status.key", &StatusTemplates::key, assign_key_template);
  add("status.name", &StatusTemplates::name, assign_template);
  add("status.description", &StatusTemplates::description, assign_template)
      .without("outcome, duration and first line of the message");
  add("status.parent", &StatusTemplates::parent, assign_template);
  rows.add("status.per_step", Kind::boolean, boolean_access(at(&Config::per_step))).by_default("false");
  add("status.step_key", &StatusTemplates::step_key, assign_step_key_template);
  add("status.step_name", &StatusTemplates::step_name, assign_step_template);
  rows.add("status.separate_pull_requests", Kind::boolean,
           boolean_access(at(&Config::separate_pull_requests)))
      .by_default("false");
}

void add_sync(Rows& rows) {
  const auto add = [&](const char* key, milliseconds Sync::*member, DurationRange range) {
    return rows.add(key, Kind::duration, duration_access(at(&Config::sync, member), range));
  };
  add("sync.initial_search_time", &Sync::initial_search_time, {hour, second})
      .from({"MONITOR_INITIAL_SEARCH_TIME"})
      .by_default("168");
  add("sync.overlap", &Sync::overlap, {second, second}).by_default("15m");
  add("sync.polling_interval", &Sync::polling_interval, {second, second})
      .from({"MONITOR_POLLING_INTERVAL"})
      .by_default("60");
  add("sync.deadline", &Sync::deadline, {second, milliseconds{0}})
      .from({"CONNECTOR_DEADLINE"})
      .without("the larger of 50 s and polling_interval - 10 s")
      .option("--deadline", &Options::deadline);
  rows.add("sync.shard", Kind::text, shard_access(at(&Config::sync, &Sync::shard)))
      .from({"CONNECTOR_SHARD"})
      .by_default("1/1");
}

void add_rest(Rows& rows) {
  rows.add("state.file", Kind::path, text_access(at(&Config::state_file), assign_text))
      .from({"CONNECTOR_STATE"})
      .without("<organization>.json in the state directory, or <organization>.i-of-n.json of shard i/n")
      .option("--state", &Options::state);
  // FATAL and UNKNOWN are levels of the Ruby logger this variable was made for.
  const Choices<LogLevel> levels = {{"ERROR", LogLevel::error}, {"WARN", LogLevel::warn},
                                    {"INFO", LogLevel::info},   {"DEBUG", LogLevel::debug},
                                    {"FATAL", LogLevel::error}, {"UNKNOWN", LogLevel::error}};
  rows.add("log.level", Kind::choice, choice_access(at(&Config::log, &Log::level), levels))
      .from({"MONITOR_LOG_LEVEL"})
      .by_default("WARN")
      .option("--log-level", &Options::log_level);
  const Choices<LogFormat> formats = {{"text", LogFormat::text}, {"json", LogFormat::json}};
  rows.add("log.format", Kind::choice, choice_access(at(&Config::log, &Log::format), formats))
      .from({"MONITOR_LOG_FORMAT"})
      .by_default("text")
      .option("--log-format", &Options::log_format);
}

void add_heartbeat(Rows& rows) {
  const auto of = [](auto... members) { return at(&Config::heartbeat, members...); };
  rows.add("heartbeat.dms_snitch_id", Kind::secret,
           secret_access(of(&Heartbeat::dms_snitch_id), assign_token))
      .from({"DMS_SNITCH_ID"})
      .without("no snitch");
  rows.add("heartbeat.url", Kind::url, text_access(of(&Heartbeat::connection, &Connection::url), assign_url))
      .from({"HEARTBEAT_URL"})
      .by_default("https://nosnch.in");
  rows.add("heartbeat.ping_url", Kind::secret, secret_access(of(&Heartbeat::ping_url), assign_secret_url))
      .from({"HEARTBEAT_PING_URL"})
      .without("no ping");
  rows.add("heartbeat.ping_start", Kind::boolean, boolean_access(of(&Heartbeat::ping_start)))
      .from({"HEARTBEAT_PING_START"})
      .by_default("false");
  rows.add("heartbeat.allow_http", Kind::boolean,
           boolean_access(of(&Heartbeat::connection, &Connection::allow_http)))
      .from({"HEARTBEAT_ALLOW_HTTP"})
      .by_default("false");
}

void add_metrics(Rows& rows) {
  const auto of = [](auto... members) { return at(&Config::metrics, members...); };
  rows.add("metrics.textfile", Kind::path, text_access(of(&Metrics::textfile), assign_textfile))
      .from({"METRICS_TEXTFILE"})
      .without("no file");
  rows.add("metrics.pushgateway_url", Kind::url,
           text_access(of(&Metrics::pushgateway, &Connection::url), assign_url))
      .from({"METRICS_PUSHGATEWAY_URL"})
      .without("no Pushgateway");
  rows.add("metrics.allow_http", Kind::boolean,
           boolean_access(of(&Metrics::pushgateway, &Connection::allow_http)))
      .from({"METRICS_ALLOW_HTTP"})
      .by_default("false");
}

std::vector<Setting> make_settings() {
  Rows rows;
  add_buildkite(rows);
  add_bitbucket(rows);
  add_status(rows);
  add_states(rows);
  add_sync(rows);
  add_rest(rows);
  add_heartbeat(rows);
  add_metrics(rows);
  return std::move(rows).finish();
}

}  // namespace

std::span<const Setting> settings() {
  static const std::vector<Setting> rows = make_settings();
  return rows;
}

const Setting* find_setting(std::string_view key) {
  const auto all = settings();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Setting& row) { return row.key == key; });
  return found == all.end() ? nullptr : &*found;
}

std::string file_key(const Setting& secret) {
  return secret.key + "_file";
}

std::string credential_name(const Setting& secret) {
  std::string name = secret.key;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '.' || c == '_'; }, '-');
  return name;
}

}  // namespace connector::config
