// A disk whose power fails at one call. What was not synced is then lost: contents of files always, names if
// `harsh`.
#pragma once

#include <cerrno>
#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "state/file_system.hh"
#include "support/temp_dir.hh"

namespace connector::state {

class PowerCutFileSystem : public PosixFileSystem {
 public:
  PowerCutFileSystem(unsigned calls_before_cut, bool harsh) : calls_left_(calls_before_cut), harsh_(harsh) {}

  [[nodiscard]] bool cut() const { return cut_; }

  int create(const std::string& path) override {
    if (!powered()) return -1;
    const int fd = PosixFileSystem::create(path);
    paths_[fd] = path;
    unsynced_.insert(path);
    return fd;
  }
  ssize_t write(int fd, const char* bytes, std::size_t size) override {
    // Half of it arrives before the power fails.
    if (!powered()) return -1;
    const std::size_t arrived = calls_left_ == 0 ? size / 2 : size;
    return PosixFileSystem::write(fd, bytes, arrived);
  }
  int reserve(int fd, off_t size) override { return powered() ? PosixFileSystem::reserve(fd, size) : -1; }
  int truncate(int fd, off_t size) override { return powered() ? PosixFileSystem::truncate(fd, size) : -1; }
  int sync(int fd) override {
    if (!powered()) return -1;
    unsynced_.erase(paths_[fd]);
    return PosixFileSystem::sync(fd);
  }
  int close(int fd) override {
    PosixFileSystem::close(fd);
    return powered() ? 0 : -1;
  }
  int rename(const std::string& from, const std::string& to) override {
    if (!powered()) return -1;
    before_rename_ = support::read_file(to);
    renamed_to_ = to;
    if (unsynced_.erase(from) > 0) unsynced_.insert(to);
    return PosixFileSystem::rename(from, to);
  }
  int remove(const std::string& path) override { return powered() ? PosixFileSystem::remove(path) : -1; }
  int sync_directory(const std::string& path) override {
    if (!powered()) return -1;
    renamed_to_.clear();
    return PosixFileSystem::sync_directory(path);
  }

  // What the disk holds when the power comes back.
  void lose_unsynced() {
    for (const std::string& path : unsynced_) {
      if (std::filesystem::exists(path)) std::filesystem::resize_file(path, 0);
    }
    if (harsh_ && !renamed_to_.empty()) support::write_file(renamed_to_, before_rename_);
  }

 private:
  bool powered() {
    errno = EIO;
    if (calls_left_ == 0) cut_ = true;
    if (!cut_) --calls_left_;
    return !cut_;
  }

  unsigned calls_left_;
  bool harsh_;
  bool cut_ = false;
  std::map<int, std::string> paths_;
  std::set<std::string> unsynced_;
  std::string before_rename_;
  std::string renamed_to_;
};

}  // namespace connector::state
