#include "state/trouble.hh"

#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "core/text/text.hh"

namespace connector::state {
namespace {

std::string way_out(int errno_value) {
  switch (errno_value) {
    case ENOSPC:
      return "free some space there, or choose another place with --state";
    case EDQUOT:
      return "the disk quota is used up: raise it, or choose another place with --state";
    case EFBIG:
      return "raise the limit of file sizes (ulimit -f)";
    case EROFS:
      return "mount it writable, or choose another place with --state";
    case EACCES:
    case EPERM:
      return "give user id " + std::to_string(::geteuid()) +
             " the right to read and write in its directory, or choose another place with --state";
    case ENOENT:
    case ENOTDIR:
      return "create its directory, or choose another place with --state";
    case ENOLCK:
      return "its file system keeps no locks: choose another place with --state";
    case EIO:
      return "look for disk errors in the system's log";
    default:
      return "mend that, or choose another place with --state";
  }
}

std::string shell_quoted(const std::string& word) {
  constexpr std::string_view plain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./=:,@%+";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

}  // namespace

Error trouble(ExitStatus status, std::string_view doing, const std::string& path, int errno_value) {
  return {status, "cannot " + std::string(doing) + " " + printable(path) + ": " +
                      std::generic_category().message(errno_value) + "; " + way_out(errno_value)};
}

std::string shell_command(const std::vector<std::string>& words) {
  std::string command;
  for (const std::string& word : words) command += (command.empty() ? "" : " ") + shell_quoted(word);
  return command;
}

}  // namespace connector::state
