// How a player makes passes: in memory (memory_passes.hh) or with the program (program_passes.hh).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/exit_status.hh"
#include "core/text/timestamp.hh"
#include "properties/watch.hh"

namespace connector::properties {

/// The states that were saved so far.
class Saves {
 public:
  void add(Timestamp at, std::string text) { saves_.push_back({at, std::move(text)}); }
  /// The newest state saved until `time` becomes the newest of all. Returns when it was saved; nothing when
  /// there is none or it is the newest already.
  std::optional<Timestamp> go_back_to(Timestamp time);

  [[nodiscard]] bool empty() const noexcept { return saves_.empty(); }
  [[nodiscard]] Timestamp first_at() const { return saves_.front().at; }
  [[nodiscard]] const std::string& newest() const { return saves_.back().text; }

 private:
  struct Save {
    Timestamp at;
    std::string text;
  };

  std::vector<Save> saves_;
};

/// What a pass came to.
struct PassEnd {
  ExitStatus status = ExitStatus::ok;
  std::size_t waiting = 0;  ///< statuses left in the outbox
  std::size_t gaps = 0;     ///< left unread
};

struct Crashed {};

using PassResult = std::variant<PassEnd, Crashed, Failure>;

/// Of a pass that found a state it cannot go on from.
Failure unreadable_state(const std::string& reason);

class Passes {
 public:
  Passes() = default;
  Passes(const Passes&) = delete;
  Passes& operator=(const Passes&) = delete;
  virtual ~Passes() = default;

  /// Makes one pass, or one of each shard, which goes on from the newest of saves() and adds its own there.
  /// When it returns, no request is on its way any more.
  virtual PassResult run(std::uint64_t number) = 0;

  /// From now on the pipelines are divided among one connector more.
  virtual void add_shard() = 0;

  [[nodiscard]] Saves& saves() noexcept { return saves_; }

 private:
  Saves saves_;
};

}  // namespace connector::properties
