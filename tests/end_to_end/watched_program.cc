#include "end_to_end/watched_program.hh"

#include <filesystem>
#include <sstream>

namespace connector::support {

FakeAnswer FakePushgateway::answer(const FakeRequest& request) {
  if (!request.body.ends_with("\n")) return {400, {}, "unexpected end of input stream"};
  Metrics& group = groups_[request.target];
  if (request.method == "PUT") group.clear();
  Metrics pushed;
  std::istringstream lines(request.body);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with('#')) pushed[line.substr(0, line.find('{'))].push_back(line);
  }
  for (auto& [name, series] : pushed) group[name] = std::move(series);
  return {200, {}, ""};
}

std::string FakePushgateway::line(const std::string& group, const std::string& beginning) const {
  const auto found = groups_.find(group);
  if (found == groups_.end()) return "";
  for (const auto& [name, series] : found->second) {
    for (const std::string& line : series) {
      if (line.starts_with(beginning)) return line;
    }
  }
  return "";
}

WatchedProgram::WatchedProgram()
    : snitch_front_(taking(to_snitch), guard_),
      ping_front_(taking(to_ping_url), guard_),
      push_front_(
          [this](const FakeRequest& request) {
            to_pushgateway.push_back(request);
            return pushgateway.answer(request);
          },
          guard_) {
  program.environment["DMS_SNITCH_ID"] = snitch_id;
  program.environment["HEARTBEAT_URL"] = snitch_front_.url();
  program.environment["HEARTBEAT_PING_URL"] = ping_front_.url() + ping_path;
  program.environment["METRICS_PUSHGATEWAY_URL"] = push_front_.url();
  program.environment["METRICS_TEXTFILE"] = textfile();
}

Handler WatchedProgram::taking(std::vector<FakeRequest>& requests) {
  return [&](const FakeRequest& request) {
    requests.push_back(request);
    return FakeAnswer{answer_status, {}, "OK"};
  };
}

void WatchedProgram::forget() {
  for (auto* requests : {&to_snitch, &to_ping_url, &to_pushgateway}) requests->clear();
  std::filesystem::remove_all(textfile());
}

std::string WatchedProgram::everything_told() const {
  std::string text;
  for (const auto* requests : {&to_snitch, &to_ping_url, &to_pushgateway}) {
    for (const FakeRequest& request : *requests) {
      text += request.target + "\n" + request.body + "\n";
      for (const auto& [name, value] : request.headers) text += name + ": " + value + "\n";
    }
  }
  std::error_code missing;
  if (std::filesystem::is_regular_file(textfile(), missing)) text += read_file(textfile());
  return text;
}

}  // namespace connector::support
