#include "check/local_check.hh"

#include <sys/stat.h>
#include <unistd.h>

#include "core/error.hh"
#include "core/text/text.hh"
#include "state/trouble.hh"

namespace connector::check {
namespace {

constexpr const char* subject = "state";

std::string this_user() {
  return "user " + std::to_string(::geteuid());
}

std::string other_place() {
  return ", or name another file with --state, CONNECTOR_STATE or state.file";
}

std::string directory_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

bool exists(const std::string& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0;
}

bool may_make_files_in(const std::string& directory) {
  return ::access(directory.c_str(), W_OK | X_OK) == 0;
}

Finding failed(const std::string& text, ExitStatus cause) {
  return {Grade::failed, subject, text, cause};
}

Finding look_at_missing(const std::string& path, const std::string& directory,
                        state::MissingDirectory missing_directory) {
  const std::string begin = "the directory " + printable(directory) + " does not exist";
  if (missing_directory == state::MissingDirectory::refuse) {
    return failed(begin + "; make it for " + this_user() + ": " +
                      state::shell_command({"mkdir", "-p", directory}) + other_place(),
                  ExitStatus::cant_create);
  }
  std::string parent = directory_of(directory);
  while (!exists(parent) && parent != "/" && parent != ".") parent = directory_of(parent);
  if (may_make_files_in(parent))
    return {Grade::ok, subject, printable(path) + "; the first pass makes the directory"};
  return failed(begin + ", and " + this_user() + " cannot make it in " + printable(parent) +
                    "; make it for the connector's user" + other_place(),
                ExitStatus::cant_create);
}

/// What keeps a pass from using a file that is there; empty when nothing does, or it is not there.
std::string why_unusable(const std::string& path) {
  if (!exists(path) || ::access(path.c_str(), R_OK | W_OK) == 0) return {};
  return this_user() + " cannot read and write " + printable(path) + "; give it to the connector's user" +
         other_place();
}

Finding look_at_files(const std::string& path, const std::string& directory) {
  const std::string real_path = state::locate(path, state::MissingDirectory::refuse);
  for (const std::string& file : {real_path, real_path + ".lock"}) {
    if (const std::string why = why_unusable(file); !why.empty()) return failed(why, ExitStatus::io_error);
  }
  struct stat facts {};
  const bool open_to_others = ::stat(directory.c_str(), &facts) == 0 &&
                              (facts.st_mode & (S_IWGRP | S_IWOTH)) != 0 && (facts.st_mode & S_ISVTX) == 0;
  if (!open_to_others) return {Grade::ok, subject, printable(path)};
  return {Grade::warning, subject,
          "others may write to the directory " + printable(directory) +
              "; close it: " + state::shell_command({"chmod", "go-w", directory})};
}

}  // namespace

Finding look_at_state_place(const std::string& path, state::MissingDirectory missing_directory) {
  if (path == "none")
    return {Grade::ok, subject, "none is kept; each pass looks back sync.initial_search_time"};
  const std::string directory = directory_of(path);
  if (!exists(directory)) return look_at_missing(path, directory, missing_directory);
  if (!may_make_files_in(directory)) {
    return failed("the directory " + printable(directory) + " cannot be written by " + this_user() +
                      "; give it to the connector's user" + other_place(),
                  ExitStatus::cant_create);
  }
  try {
    return look_at_files(path, directory);
  } catch (const Error& error) {
    return failed(error.what(), error.status());
  }
}

Finding look_at_textfile_place(const std::string& path) {
  const std::string directory = directory_of(path);
  if (may_make_files_in(directory)) return {Grade::ok, "metrics", printable(path)};
  return {Grade::failed, "metrics",
          "the directory " + printable(directory) + " is not there or cannot be written by " + this_user() +
              "; give it to the connector's user, or choose another place (metrics.textfile)",
          ExitStatus::cant_create};
}

}  // namespace connector::check
