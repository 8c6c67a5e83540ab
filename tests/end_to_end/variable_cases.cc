#include "end_to_end/variable_cases.hh"

namespace connector::support {
namespace {

Given text(const std::string& value) {
  return {value, '"' + value + '"'};
}

Given toml_text(const std::string& value) {
  return {'"' + value + '"', '"' + value + '"'};
}

/// The same in a variable and in TOML.
Given bare(const std::string& value) {
  return {value, value};
}

VariableCase text_case(const std::string& variable, const std::string& key, const std::string& one,
                       const std::string& other) {
  return {variable, key, text(one), toml_text(other), {}, {}};
}

VariableCase secret_case(const std::string& variable, const std::string& key) {
  return {variable, key, {"one-secret", "\"***\""}, {"\"another-secret\"", "\"***\""}, {}, {}};
}

VariableCase secret_url_case(const std::string& variable, const std::string& key) {
  return {
      variable, key, {"https://one.example.com/a", "\"***\""}, {"\"https://other.example.com/b\"", "\"***\""},
      {},       {}};
}

VariableCase yes_case(const std::string& variable, const std::string& key) {
  return {variable, key, bare("true"), bare("false"), {}, {}};
}

void add_connection(std::vector<VariableCase>& cases, const std::string& name, const std::string& table) {
  cases.push_back(text_case(name + "_CA_FILE", table + ".ca_file", "/one/ca.pem", "/other/ca.pem"));
  cases.push_back(text_case(name + "_PROXY", table + ".proxy", "http://one:3128", "http://other:3128"));
  cases.push_back(
      text_case(name + "_CLIENT_CERTIFICATE", table + ".client_certificate", "/one/c.pem", "/other/c.pem"));
  cases.push_back(text_case(name + "_CLIENT_KEY", table + ".client_key", "/one/key.pem", "/other/key.pem"));
  cases.push_back(yes_case(name + "_ALLOW_HTTP", table + ".allow_http"));
}

}  // namespace

std::vector<VariableCase> variable_cases() {
  std::vector<VariableCase> cases = {
      secret_case("BUILDKITE_API_TOKEN", "buildkite.token"),
      secret_case("BUILDKITE_TOKEN", "buildkite.token"),
      text_case("BUILDKITE_ORGANIZATION", "buildkite.organization", "one", "other"),
      text_case("BUILDKITE_ORGANIZATION_SLUG", "buildkite.organization", "one", "other"),
      text_case("BUILDKITE_API_URL", "buildkite.url", "https://one.example.com", "https://other.example.com"),
      text_case("BITBUCKET_SERVER_URL", "bitbucket.url", "https://one.example.com",
                "https://other.example.com"),
      text_case("BITBUCKET_URL", "bitbucket.url", "https://one.example.com", "https://other.example.com"),
      text_case("BITBUCKET_SERVER_USERNAME", "bitbucket.username", "one", "other"),
      text_case("BITBUCKET_USERNAME", "bitbucket.username", "one", "other"),
      secret_case("BITBUCKET_SERVER_PASSWORD", "bitbucket.password"),
      secret_case("BITBUCKET_PASSWORD", "bitbucket.password"),
      secret_case("BITBUCKET_TOKEN", "bitbucket.token"),
      text_case("BITBUCKET_API", "bitbucket.api", "builds", "build-status"),
      {"BITBUCKET_CONNECTIONS", "bitbucket.connections", bare("3"), bare("4"), {}, {}},
      {"MONITOR_INITIAL_SEARCH_TIME", "sync.initial_search_time", {"2", "\"2h\""}, {"3", "\"3h\""}, {}, {}},
      {"MONITOR_POLLING_INTERVAL", "sync.polling_interval", {"120", "\"2m\""}, {"180", "\"3m\""}, {}, {}},
      {"CONNECTOR_DEADLINE",
       "sync.deadline",
       {"20", "\"20s\""},
       {"30", "\"30s\""},
       "--deadline",
       {"10", "\"10s\""}},
      {"CONNECTOR_STATE", "state.file", text("/one/state"), toml_text("/other/state"), "--state",
       text("/third/state")},
      {"MONITOR_LOG_LEVEL", "log.level", text("INFO"), toml_text("DEBUG"), "--log-level", text("ERROR")},
      {"MONITOR_LOG_FORMAT", "log.format", text("json"), toml_text("text"), "--log-format", text("text")},
      secret_case("DMS_SNITCH_ID", "heartbeat.dms_snitch_id"),
      text_case("HEARTBEAT_URL", "heartbeat.url", "https://one.example.com", "https://other.example.com"),
      secret_url_case("HEARTBEAT_PING_URL", "heartbeat.ping_url"),
      yes_case("HEARTBEAT_PING_START", "heartbeat.ping_start"),
      yes_case("HEARTBEAT_ALLOW_HTTP", "heartbeat.allow_http"),
      text_case("METRICS_TEXTFILE", "metrics.textfile", "/one/metrics.prom", "/other/metrics.prom"),
      text_case("METRICS_PUSHGATEWAY_URL", "metrics.pushgateway_url", "https://one.example.com",
                "https://other.example.com"),
      yes_case("METRICS_ALLOW_HTTP", "metrics.allow_http"),
      text_case("CONNECTOR_SHARD", "sync.shard", "1/2", "2/3")};
  add_connection(cases, "BUILDKITE", "buildkite");
  add_connection(cases, "BITBUCKET", "bitbucket");
  return cases;
}

}  // namespace connector::support
