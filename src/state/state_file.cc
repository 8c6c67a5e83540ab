#include "state/state_file.hh"

#include <dirent.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>
#include <variant>
#include <vector>

#include "core/text.hh"
#include "state/decode.hh"
#include "state/encode.hh"
#include "state/identity.hh"
#include "state/read_file.hh"
#include "state/trouble.hh"

namespace connector::state {
namespace {

SavedState fresh(const Identity& identity) {
  SavedState state;
  state.identity = identity;
  return state;
}

std::string move_command(const std::string& path, const std::string& suffix) {
  return "mv -n " + shell_quoted(path) + " " + shell_quoted(path + suffix);
}

Error newer(const std::string& path, std::uint64_t format) {
  return {ExitStatus::data, "the state file " + printable(path) + " was written by a newer version (format " +
                                std::to_string(format) + ", this version reads " +
                                std::to_string(format_version) +
                                "); install that version, or start anew: " + move_command(path, ".newer")};
}

Error foreign(const std::string& path, const Identity& found, const Identity& wanted) {
  return {ExitStatus::data,
          "the state file " + printable(path) + " belongs to " + in_words(found) + ", not to " +
              in_words(wanted) +
              "; name another file with --state, or start anew: " + move_command(path, ".foreign")};
}

// 20260131T235959Z: no colons, which some file systems refuse.
std::string compact_time(Timestamp time) {
  std::string text = format_seconds(time);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

bool exists(const std::string& path) {
  struct stat facts {};
  return ::lstat(path.c_str(), &facts) == 0;
}

std::vector<std::string> names_in(const std::string& directory) {
  const std::unique_ptr<DIR, decltype([](DIR* open) { ::closedir(open); })> listing(
      ::opendir(directory.c_str()));
  if (!listing) throw trouble(ExitStatus::io_error, "list the directory", directory, errno);
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(listing.get())) names.emplace_back(entry->d_name);
  return names;
}

}  // namespace

StateFile::StateFile(std::optional<std::string> path, FileSystem& files)
    : path_(std::move(path)), files_(files) {}

LoadedState StateFile::load(const Identity& identity, Timestamp now) {
  if (!path_) return {fresh(identity), std::nullopt};
  remove_leftovers();
  const auto text = read_file(*path_);
  if (!text) return {fresh(identity), std::nullopt};
  Decoded decoded = decode(*text);
  if (const auto* format = std::get_if<NewerFormat>(&decoded)) throw newer(*path_, format->format);
  if (const auto* damaged = std::get_if<Damaged>(&decoded)) {
    return {fresh(identity), "the state file " + printable(*path_) + " is damaged: " + damaged->reason +
                                 "; it was set aside as " + printable(set_aside(now)) +
                                 ", and this pass starts from the initial search time"};
  }
  auto& state = std::get<SavedState>(decoded);
  if (state.identity != identity) throw foreign(*path_, state.identity, identity);
  return {std::move(state), std::nullopt};
}

void StateFile::reserve(std::size_t bytes) {
  if (!path_) return;
  if (!reserved_) reserved_ = std::make_unique<TemporaryFile>(files_, *path_);
  reserved_->reserve(bytes);
}

std::size_t StateFile::save(SavedState& state) {
  if (!path_) return 0;
  ++state.generation;
  const std::string text = encode(state);
  auto temporary = reserved_ ? std::move(reserved_) : std::make_unique<TemporaryFile>(files_, *path_);
  temporary->replace_target(text);
  return text.size();
}

void StateFile::remove_leftovers() {
  const auto slash = path_->rfind('/');
  const std::string directory = path_->substr(0, slash + 1);
  const std::string name = path_->substr(slash + 1);
  for (const std::string& other : names_in(directory)) {
    if (!is_temporary_name(other, name)) continue;
    if (files_.remove(directory + other) != 0 && errno != ENOENT) {
      throw trouble(ExitStatus::io_error, "remove the leftover", directory + other, errno);
    }
  }
}

std::string StateFile::set_aside(Timestamp now) {
  const std::string wanted = *path_ + ".damaged-" + compact_time(now);
  std::string aside = wanted;
  for (unsigned more = 2; exists(aside); ++more) aside = wanted + "-" + std::to_string(more);
  if (files_.rename(*path_, aside) != 0) {
    throw trouble(ExitStatus::io_error, "set aside the damaged state file", *path_, errno);
  }
  return aside;
}

}  // namespace connector::state
