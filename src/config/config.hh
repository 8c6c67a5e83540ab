// The settings of a pass after defaults, file, environment and options have been laid over one another.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/origin.hh"
#include "core/build/presentation.hh"
#include "core/build/shard.hh"
#include "core/text/secret.hh"

namespace connector::config {

/// How to reach one server.
struct Connection {
  std::string url;      ///< http(s) base URL, context path allowed, without trailing slash
  std::string ca_file;  ///< PEM; empty: the system's
  std::string proxy;    ///< URL; may hold a login, so it is never printed as it is
  std::string client_certificate;
  std::string client_key;
  bool allow_http = false;  ///< plain http also to hosts other than loopback
};

struct Buildkite {
  Connection connection;
  Secret token;
  std::string organization;                                                           ///< slug
  std::vector<std::string> pipelines, exclude_pipelines, branches, exclude_branches;  ///< globs
  std::vector<std::string> sources, exclude_sources;  ///< globs over Buildkite's words: schedule, api
  std::string own_pipeline;  ///< slug of the pipeline whose job runs this pass; empty outside Buildkite
};

enum class BitbucketApi { automatic, builds, build_status };

struct Bitbucket {
  Connection connection;
  std::string username;
  Secret password;
  Secret token;  ///< HTTP access token; either this or the login
  BitbucketApi api = BitbucketApi::automatic;
  std::vector<std::string> repository_hosts;  ///< lower case
  bool report_unmatched = false;
  unsigned connections = 8;
};

struct Sync {
  std::chrono::milliseconds initial_search_time{};
  std::chrono::milliseconds overlap{};           ///< never below polling_interval
  std::chrono::milliseconds polling_interval{};  ///< how often the scheduler runs us
  std::chrono::milliseconds deadline{};          ///< of the pass; zero = none
  Shard shard{};                                 ///< whose pipelines are reported
};

enum class LogLevel { error, warn, info, debug };
enum class LogFormat { text, json };

struct Log {
  LogLevel level = LogLevel::warn;
  LogFormat format = LogFormat::text;
};

/// Services that are told after each pass, so that silence is noticed.
struct Heartbeat {
  Connection connection;  ///< to Dead Man's Snitch; allow_http is for both
  Secret dms_snitch_id;   ///< empty: no snitch
  Secret ping_url;        ///< in healthchecks.io's dialect, without trailing slash; empty: none
  bool ping_start = false;
};

/// What Prometheus is to know of passes.
struct Metrics {
  std::string textfile;    ///< path of a file that node_exporter reads; empty: none
  Connection pushgateway;  ///< without URL: none
};

struct Config {
  Buildkite buildkite;
  Bitbucket bitbucket;
  StatusTemplates status;
  StatePolicy states;
  bool separate_pull_requests = false;
  bool per_step = false;
  std::vector<PipelineOverride> overrides;  ///< [[pipeline]], in the order of the file
  Sync sync;
  Log log;
  std::string state_file;  ///< path, or "none"
  Heartbeat heartbeat;
  Metrics metrics;
  std::vector<std::string>
      hints;  ///< findings that do not stop a pass, such as a secret file others can read
  std::map<std::string, Origin, std::less<>> origins;  ///< by TOML key; what is not in it has its default
};

/// Where the value of a setting, named by its TOML key, comes from.
Origin origin_of(const Config& config, std::string_view key);

}  // namespace connector::config
