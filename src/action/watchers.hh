// Those outside who notice when passes stop or fail: Dead Man's Snitch, a ping URL, Prometheus. Every ending
// of a pass goes through here.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "action/actions.hh"
#include "http/curl_wire.hh"
#include "http/engine.hh"
#include "report/log.hh"
#include "report/pass_record.hh"

namespace connector::action {

/// To be made when a pass begins. Nobody is told of a dry run or of a pass by hand, whose user sees it, and
/// which would hide that the scheduled ones have stopped.
class Watchers {
 public:
  Watchers(const Setting& setting, const report::Log& log);

  /// Adds those who are told during the pass to the servers of its wire.
  void join(http::CurlWireSettings& wire);
  /// The pass begins its work on this engine. Nothing waits for who is told of that.
  void tell_of_start(http::Engine& engine) const;

  /// The pass is not to be told of: another one is at work.
  void dismiss() { dismissed_ = true; }

  /// Takes note of how the pass ended and writes the file of metrics. `reason` is what ended it early.
  /// Returns the status that the program is to end with: a file that cannot be written is a cause, too.
  ExitStatus note(ExitStatus status, std::optional<report::PassFigures> figures, const std::string& reason);
  /// Tells what was noted, within 10 seconds. What fails is a warning and no reason for another exit status.
  void tell(const std::function<bool()>& stop_requested) const;

  /// An exception ended the pass: note() and tell().
  ExitStatus tell_of_failure(ExitStatus status, const std::string& reason);

 private:
  [[nodiscard]] bool has_metrics() const;
  [[nodiscard]] bool is_usable(http::PeerId id, const http::PeerSettings& peer) const;
  void write_textfile();
  [[nodiscard]] std::vector<http::Request> requests() const;
  void send(const std::function<bool()>& stop_requested) const;
  void take_answer(http::PeerId peer, const http::Outcome& outcome) const;

  const Setting& setting_;
  const report::Log& log_;
  bool dismissed_;
  bool joined_ = false;
  std::string run_id_;
  std::chrono::steady_clock::time_point began_;
  report::PassRecord record_;
};

}  // namespace connector::action
