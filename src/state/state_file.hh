// The state file: loaded with every doubt checked, replaced atomically.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/saved_state.hh"
#include "state/file_system.hh"
#include "state/temporary_file.hh"

namespace connector::state {

struct LoadRequest {
  Identity identity;
  Timestamp now{};  ///< local clock; names what is set aside
  /// A file of a newer format or of another identity is set aside, too, instead of refused.
  bool reset = false;
  /// What the refusal tells people to run for that.
  std::string reset_command = "buildkite-bitbucket-connector --reset-state";
};

struct LoadedState {
  SavedState state;
  /// What was wrong with the file and where it was set aside. The state is then fresh, and the pass ends as
  /// incomplete.
  std::optional<std::string> damage;
  /// Why the reset that was asked for set the file aside, and where. The state is then fresh.
  std::optional<std::string> reset;
  /// Told where the number of shards has changed: the state is kept, and the pass looks back once more.
  std::optional<std::string> resharded{};
};

/// What a state file holds, for those who change nothing: no lock is needed, since the file is replaced
/// whole. A damaged one is told of and left in place. Throws Error as load() does.
LoadedState look_at(const std::string& path, const LoadRequest& request);

/// All calls but the constructor need the pass lock. "none" is a StateFile without a path: it loads a fresh
/// state and saves nothing.
class StateFile {
 public:
  /// `path` as locate() returned it. `files` outlives this object.
  StateFile(std::optional<std::string> path, FileSystem& files);

  /// Removes what killed passes left, reads the file and verifies it. No file: a fresh state. A damaged one
  /// is renamed to <name>.damaged-<now>, over nothing that exists; on request so is one of a newer format or
  /// another identity, to <name>.newer-<now> or <name>.foreign-<now>. Throws Error: data for such a file
  /// without the request, with the command that makes it; io_error when a file cannot be read or set aside.
  LoadedState load(const LoadRequest& request);

  /// Creates the temporary of the next save and reserves room for `bytes`, so that what cannot be written is
  /// found out before the first POST. Throws Error: cant_create, io_error.
  void reserve(std::size_t bytes);

  /// Raises the generation and replaces the file. Returns the size in bytes, from which the next reservation
  /// can be estimated. Throws Error(cant_create, io_error); the file then holds the state saved before or,
  /// where only the last fsync failed, this one.
  std::size_t save(SavedState& state);

 private:
  void remove_leftovers();
  [[nodiscard]] std::string set_aside(std::string_view why, Timestamp now);
  /// Refuses the file or, if that is asked for, sets it aside.
  LoadedState set_aside_or_refuse(const LoadRequest& request, std::string_view why,
                                  const std::string& finding, std::string_view other_way_out);

  std::optional<std::string> path_;
  FileSystem& files_;
  std::unique_ptr<TemporaryFile> reserved_;
};

}  // namespace connector::state
