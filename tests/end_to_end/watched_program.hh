// The program with everybody who can watch over its passes: a snitch, a ping URL, a Pushgateway, over HTTP,
// and a file for node_exporter.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "end_to_end/program.hh"
#include "support/http_front.hh"

namespace connector::support {

/// Keeps metrics as a Pushgateway does: PUT replaces a group, POST only the metrics that come with it.
class FakePushgateway {
 public:
  FakeAnswer answer(const FakeRequest& request);
  /// The line of a series, which begins with this; empty when there is none.
  [[nodiscard]] std::string line(const std::string& group, const std::string& beginning) const;

 private:
  using Metrics = std::map<std::string, std::vector<std::string>>;  // lines by name
  std::map<std::string, Metrics> groups_;                           // by path
};

struct WatchedProgram {
  static constexpr const char* snitch_id = "c2354d53d2";
  static constexpr const char* ping_path = "/ping/eb095278-f28d-448d-87fb-7b75c171a6aa";

  WatchedProgram();

  /// Forgets what anybody was told.
  void forget();
  [[nodiscard]] std::string textfile() const { return program.directory.file("connector.prom"); }
  /// All that left the program in any way, for a search of what must not.
  [[nodiscard]] std::string everything_told() const;

  Program program;
  std::vector<FakeRequest> to_snitch;
  std::vector<FakeRequest> to_ping_url;
  std::vector<FakeRequest> to_pushgateway;
  FakePushgateway pushgateway;
  int answer_status = 200;  ///< of the snitch and the ping URL

 private:
  Handler taking(std::vector<FakeRequest>& requests);

  std::mutex guard_;
  HttpFront snitch_front_;
  HttpFront ping_front_;
  HttpFront push_front_;
};

}  // namespace connector::support
