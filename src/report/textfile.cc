#include "report/textfile.hh"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <system_error>

#include "core/error.hh"
#include "core/text/text.hh"

namespace connector::report {
namespace {

constexpr mode_t for_everybody = S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH;

Error trouble(ExitStatus status, std::string_view doing, const std::string& path, int reason) {
  return {status, "cannot " + std::string(doing) + " the metrics file " + printable(path) + ": " +
                      std::generic_category().message(reason) + "; let user id " +
                      std::to_string(::geteuid()) +
                      " write in its directory, or choose another place (metrics.textfile)"};
}

/// A file on its way; removes itself unless it was put in place.
class Draft {
 public:
  explicit Draft(const std::string& target)
      : target_(target), path_(target + ".tmp-" + std::to_string(::getpid())) {
    ::unlink(path_.c_str());  // of a killed process that had this id
    fd_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, for_everybody);
    if (fd_ < 0) throw trouble(ExitStatus::cant_create, "create", target_, errno);
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft() {
    if (fd_ >= 0) ::close(fd_);
    if (!in_place_) ::unlink(path_.c_str());
  }

  void write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t count = ::write(fd_, text.data(), text.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) fail("write", count < 0 ? errno : ENOSPC);
      text.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  void put_in_place() {
    if (::fchmod(fd_, for_everybody) != 0) fail("open to everybody", errno);  // whatever the umask is
    if (::fsync(fd_) != 0) fail("write", errno);
    const int fd = fd_;
    fd_ = -1;
    if (::close(fd) != 0 && errno != EINTR) fail("write", errno);
    if (std::rename(path_.c_str(), target_.c_str()) != 0) fail("replace", errno);
    in_place_ = true;
  }

 private:
  [[noreturn]] void fail(std::string_view doing, int reason) const {
    throw trouble(ExitStatus::io_error, doing, target_, reason);
  }

  std::string target_;
  std::string path_;
  int fd_ = -1;
  bool in_place_ = false;
};

}  // namespace

std::string read_textfile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void write_textfile(const std::string& path, std::string_view text) {
  Draft draft(path);
  draft.write(text);
  draft.put_in_place();
}

}  // namespace connector::report
