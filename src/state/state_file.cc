#include "state/state_file.hh"

#include <dirent.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>
#include <variant>
#include <vector>

#include "core/text/text.hh"
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

constexpr std::string_view starts_anew = ", and this pass starts from the initial search time";

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

constexpr std::string_view other_version = "install that version";
constexpr std::string_view other_file =
    "correct the settings if they are wrong, name another file with --state";

std::string named(const std::string& path) {
  return "the state file " + printable(path);
}

std::string newer_text(const std::string& name, const NewerFormat& newer) {
  return name + " was written by a newer version (format " + std::to_string(newer.format) +
         ", this version reads " + std::to_string(format_version) + ")";
}

std::string foreign_text(const std::string& name, const Identity& owner, const Identity& reader) {
  return name + " belongs to " + in_words(owner) + ", not to " + in_words(reader);
}

Error refusal(const LoadRequest& request, const std::string& finding, std::string_view other_way_out) {
  return {ExitStatus::data, finding + "; " + std::string(other_way_out) +
                                ", or set it aside and start anew: " + request.reset_command};
}

LoadedState of_own(SavedState state, const Identity& reader) {
  LoadedState loaded{std::move(state), std::nullopt, std::nullopt};
  if (kinship(loaded.state.identity, reader) == Kinship::resharded) {
    loaded.resharded = "this was shard " + text_of(loaded.state.identity.shard) + " and is " +
                       text_of(reader.shard) + " now, so that passes look back the initial search time once";
    reshard(loaded.state, reader.shard);
  }
  return loaded;
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

LoadedState look_at(const std::string& path, const LoadRequest& request) {
  auto text = read_file(path);
  if (!text) return {fresh(request.identity), std::nullopt, std::nullopt};
  Decoded decoded = decode(*std::move(text));
  const std::string name = named(path);
  if (const auto* newer = std::get_if<NewerFormat>(&decoded))
    throw refusal(request, newer_text(name, *newer), other_version);
  if (const auto* damaged = std::get_if<Damaged>(&decoded))
    return {fresh(request.identity),
            name + " is damaged: " + damaged->reason +
                "; the next pass sets it aside and starts from the initial search time",
            std::nullopt};
  auto& state = std::get<SavedState>(decoded);
  if (kinship(state.identity, request.identity) == Kinship::foreign)
    throw refusal(request, foreign_text(name, state.identity, request.identity), other_file);
  return of_own(std::move(state), request.identity);
}

StateFile::StateFile(std::optional<std::string> path, FileSystem& files)
    : path_(std::move(path)), files_(files) {}

LoadedState StateFile::load(const LoadRequest& request) {
  if (!path_) return {fresh(request.identity), std::nullopt, std::nullopt};
  remove_leftovers();
  auto text = read_file(*path_);
  if (!text) return {fresh(request.identity), std::nullopt, std::nullopt};
  Decoded decoded = decode(*std::move(text));
  const std::string name = named(*path_);
  if (const auto* newer = std::get_if<NewerFormat>(&decoded))
    return set_aside_or_refuse(request, "newer", newer_text(name, *newer), other_version);
  if (const auto* damaged = std::get_if<Damaged>(&decoded)) {
    const std::string aside = set_aside("damaged", request.now);
    return {fresh(request.identity),
            name + " is damaged: " + damaged->reason + "; it was set aside as " + printable(aside) +
                std::string(starts_anew),
            std::nullopt};
  }
  auto& state = std::get<SavedState>(decoded);
  if (kinship(state.identity, request.identity) == Kinship::foreign) {
    return set_aside_or_refuse(request, "foreign", foreign_text(name, state.identity, request.identity),
                               other_file);
  }
  return of_own(std::move(state), request.identity);
}

LoadedState StateFile::set_aside_or_refuse(const LoadRequest& request, std::string_view why,
                                           const std::string& finding, std::string_view other_way_out) {
  if (!request.reset) throw refusal(request, finding, other_way_out);
  const std::string aside = set_aside(why, request.now);
  return {fresh(request.identity), std::nullopt,
          finding + "; it was set aside as " + printable(aside) + std::string(starts_anew)};
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

std::string StateFile::set_aside(std::string_view why, Timestamp now) {
  const std::string wanted = *path_ + "." + std::string(why) + "-" + compact_time(now);
  std::string aside = wanted;
  for (unsigned more = 2; exists(aside); ++more) aside = wanted + "-" + std::to_string(more);
  if (files_.rename(*path_, aside) != 0) {
    throw trouble(ExitStatus::io_error, "set aside the state file", *path_, errno);
  }
  return aside;
}

}  // namespace connector::state
