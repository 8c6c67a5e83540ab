#include "report/metrics.hh"

#include <charconv>
#include <chrono>
#include <initializer_list>
#include <utility>

#include "core/text/duration.hh"
#include "core/text/text.hh"

namespace connector::report {
namespace {

constexpr std::string_view prefix = "buildkite_bitbucket_connector_";
constexpr std::string_view last_success = "last_success_timestamp_seconds";

struct Label {
  std::string_view name;
  std::string value;
};

std::string escaped(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return out;
}

/// Names the organization in every line: files of several connectors may lie in one directory.
class Text {
 public:
  explicit Text(std::string organization) : organization_(std::move(organization)) {}

  /// Begins a metric; its values follow.
  void begin(std::string_view name, std::string_view help) {
    name_ = std::string(prefix).append(name);
    text_.append("# HELP ").append(name_).append(" ").append(help).append("\n");
    text_.append("# TYPE ").append(name_).append(" gauge\n");
  }
  void value(std::string_view value, std::initializer_list<Label> labels = {}) {
    text_.append(name_).append("{organization=\"").append(escaped(organization_)).append("\"");
    for (const auto& [name, text] : labels)
      text_.append(",").append(name).append("=\"").append(escaped(text)).append("\"");
    text_.append("} ").append(value).append("\n");
  }
  void value(std::uint64_t count, std::initializer_list<Label> labels = {}) {
    value(std::string_view(std::to_string(count)), labels);
  }
  void value(std::chrono::milliseconds duration) { value(std::string_view(seconds_text(duration))); }
  void value(Timestamp time) { value(time.time_since_epoch()); }

  std::string finish() && { return std::move(text_); }

 private:
  std::string organization_;
  std::string name_;
  std::string text_;
};

void add_run(Text& text, const PassRecord& pass, std::string_view version,
             std::optional<Timestamp> succeeded) {
  text.begin("build_info", "The version of the connector; always 1.");
  text.value(1, {{"version", std::string(version)}});
  text.begin("last_run_timestamp_seconds", "When the last pass ended.");
  text.value(pass.ended);
  if (succeeded) {
    text.begin(last_success, "When the last pass ended that did all that can be done (exit status 0 or 1).");
    text.value(*succeeded);
  }
  text.begin("last_run_duration_seconds", "How long the last pass took.");
  text.value(pass.duration);
  text.begin("last_run_exit_status", "Exit status of the last pass.");
  text.value(static_cast<std::uint64_t>(pass.status));
}

void add_work(Text& text, const PassFigures& figures) {
  text.begin("last_run_builds", "Builds that Buildkite showed the last pass, by what they were to it.");
  text.value(figures.builds, {{"result", "in_scope"}});
  text.value(figures.filtered_out, {{"result", "filtered_out"}});
  text.value(figures.other_repository, {{"result", "other_repository"}});
  text.value(figures.unreportable, {{"result", "unreportable"}});
  text.value(figures.unreadable, {{"result", "unreadable"}});
  text.begin("last_run_statuses", "Build statuses that were due in the last pass, by what became of them.");
  text.value(figures.posted, {{"result", "posted"}});
  text.value(figures.refused, {{"result", "refused"}});
  text.value(figures.given_up, {{"result", "given_up"}});
  text.begin("last_run_requests", "Requests of the last pass, by server and HTTP status; none: no answer.");
  for (const PeerFigures& peer : figures.peers) {
    for (const auto& [status, count] : peer.answers)
      text.value(count, {{"peer", peer.name}, {"code", std::to_string(status)}});
    text.value(peer.failures, {{"peer", peer.name}, {"code", "none"}});
  }
}

void add_quota(Text& text, const PassFigures& figures) {
  const auto& organization = figures.organization_requests_left;
  const auto& user = figures.user_requests_left;
  if (!organization && !user) return;
  text.begin("rate_limit_remaining",
             "Requests that Buildkite still takes in its current window, by whose quota it is.");
  if (organization) text.value(std::string_view(std::to_string(*organization)), {{"scope", "organization"}});
  if (user) text.value(std::string_view(std::to_string(*user)), {{"scope", "user"}});
}

void add_state(Text& text, const PassFigures& figures) {
  text.begin("sync_lag_seconds",
             "Age of the oldest build whose status is to be posted and can be; 0 when there is none.");
  text.value(figures.sync_lag);
  text.begin("listing_lag_seconds", "The longest by which Buildkite showed the last pass a build late.");
  text.value(figures.listing_lag);
  text.begin("gap_seconds", "How much creation time of builds is still to be read.");
  text.value(figures.gap);
  text.begin("outbox_statuses", "Build statuses that wait for delivery.");
  text.value(figures.outbox);
  text.begin("dead_letters", "Build statuses that were given up in the last 30 days.");
  text.value(figures.dead_letters);
  text.begin("ledger_entries", "Build statuses that are remembered.");
  text.value(figures.ledger_entries);
  text.begin("open_builds", "Builds known that have not ended.");
  text.value(figures.open_builds);
  if (!figures.token_expires_at) return;
  text.begin("token_expiry_timestamp_seconds", "When the Buildkite API token ends.");
  text.value(*figures.token_expires_at);
}

/// Reads "1769904000.250", as it was written.
std::optional<Timestamp> time_of(std::string_view text) {
  constexpr std::int64_t per_second = 1000;
  constexpr std::int64_t latest = std::int64_t{1} << 40U;
  const std::size_t point = text.find('.');
  if (point == std::string_view::npos || text.size() != point + 4) return std::nullopt;
  std::int64_t seconds = 0;
  std::int64_t thousandths = 0;
  const char* const dot = text.data() + point;
  const char* const end = text.data() + text.size();
  const auto whole = std::from_chars(text.data(), dot, seconds);
  const auto part = std::from_chars(dot + 1, end, thousandths);
  const bool read = whole.ec == std::errc{} && whole.ptr == dot && part.ec == std::errc{} && part.ptr == end;
  if (!read || seconds < 0 || thousandths < 0 || seconds > latest) return std::nullopt;
  return Timestamp(std::chrono::milliseconds(seconds * per_second + thousandths));
}

}  // namespace

std::string metrics_text(const PassRecord& pass, std::string_view version,
                         std::optional<Timestamp> succeeded) {
  Text text(pass.organization);
  add_run(text, pass, version, succeeded);
  if (pass.figures) {
    add_work(text, *pass.figures);
    add_quota(text, *pass.figures);
    add_state(text, *pass.figures);
  }
  return std::move(text).finish();
}

std::optional<Timestamp> last_success_of(const PassRecord& pass, std::string_view earlier_metrics) {
  if (is_success(pass.status)) return pass.ended;
  const std::string beginning = "\n" + std::string(prefix).append(last_success) + "{organization=\"" +
                                escaped(pass.organization) + "\"} ";
  const std::size_t found = earlier_metrics.find(beginning);
  if (found == std::string_view::npos) return std::nullopt;
  const auto rest = earlier_metrics.substr(found + beginning.size());
  return time_of(rest.substr(0, rest.find('\n')));
}

std::optional<http::Request> push_request(const PassRecord& pass, std::string text) {
  if (pass.status == ExitStatus::interrupted || pass.status == ExitStatus::terminated) return std::nullopt;
  http::Request request;
  request.peer = http::PeerId::pushgateway;
  request.method = is_success(pass.status) ? http::Method::put : http::Method::post;
  request.target =
      "/metrics/job/buildkite-bitbucket-connector/organization/" + percent_encode(pass.organization);
  request.body = std::move(text);
  return request;
}

}  // namespace connector::report
