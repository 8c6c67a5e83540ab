// Saving the state on a disk that is full, broken or loses power: the old state or the new one, nothing
// between.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <string>

#include "core/error.hh"
#include "power_cut.hh"
#include "sample_state.hh"
#include "state/state_file.hh"
#include "support/temp_dir.hh"

namespace connector::state {
namespace {

using testing::HasSubstr;

enum class Call { none, create, write, reserve, truncate, sync, close, rename, sync_directory };

// Fails one kind of call, always, with one errno.
class FaultyFileSystem : public PosixFileSystem {
 public:
  FaultyFileSystem(Call call, int reason) : call_(call), reason_(reason) {}

  int create(const std::string& path) override {
    return fails(Call::create) ? -1 : PosixFileSystem::create(path);
  }
  ssize_t write(int fd, const char* bytes, std::size_t size) override {
    return fails(Call::write) ? -1 : PosixFileSystem::write(fd, bytes, size);
  }
  int reserve(int fd, off_t size) override {
    return fails(Call::reserve) ? -1 : PosixFileSystem::reserve(fd, size);
  }
  int truncate(int fd, off_t size) override {
    return fails(Call::truncate) ? -1 : PosixFileSystem::truncate(fd, size);
  }
  int sync(int fd) override { return fails(Call::sync) ? -1 : PosixFileSystem::sync(fd); }
  int close(int fd) override {
    const int result = PosixFileSystem::close(fd);
    return fails(Call::close) ? -1 : result;
  }
  int rename(const std::string& from, const std::string& to) override {
    return fails(Call::rename) ? -1 : PosixFileSystem::rename(from, to);
  }
  int sync_directory(const std::string& path) override {
    return fails(Call::sync_directory) ? -1 : PosixFileSystem::sync_directory(path);
  }

 private:
  bool fails(Call call) const {
    if (call == call_) errno = reason_;
    return call == call_;
  }

  Call call_;
  int reason_;
};

class SavingTest : public testing::Test {
 protected:
  SavingTest() {
    SavedState state = full_state();
    StateFile(path_, disk_).save(state);
  }

  std::uint64_t generation() {
    const LoadedState loaded = StateFile(path_, disk_).load({acme(), noon});
    EXPECT_FALSE(loaded.damage) << *loaded.damage;
    return loaded.state.generation;
  }

  std::size_t file_count() const {
    const std::filesystem::directory_iterator listing(directory_.path());
    return static_cast<std::size_t>(std::distance(begin(listing), end(listing)));
  }

  static constexpr std::uint64_t old_generation = 42;
  static constexpr std::uint64_t new_generation = 43;
  support::TempDir directory_;
  std::string path_ = directory_.file("acme.json");
  PosixFileSystem disk_;
};

struct Fault {
  const char* name;
  Call call;
  int reason;
  ExitStatus status;
  const char* words;
};

void PrintTo(const Fault& fault, std::ostream* out) {
  *out << fault.name;
}

class SaveFault : public SavingTest, public testing::WithParamInterface<Fault> {};

TEST_P(SaveFault, IsToldAndLeavesAStateAndNoLitter) {
  FaultyFileSystem faulty(GetParam().call, GetParam().reason);
  SavedState state = full_state();
  state.generation = old_generation;
  StateFile file(path_, faulty);
  try {
    file.reserve(10'000);
    file.save(state);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), GetParam().status);
    EXPECT_THAT(error.what(), HasSubstr(path_));
    EXPECT_THAT(error.what(), HasSubstr(GetParam().words));
  }
  const bool already_replaced = GetParam().call == Call::sync_directory;
  EXPECT_EQ(generation(), already_replaced ? new_generation : old_generation);
}

constexpr Fault faults[] = {
    {"CreateReadOnly", Call::create, EROFS, ExitStatus::cant_create, "mount it writable"},
    {"CreateForbidden", Call::create, EACCES, ExitStatus::cant_create, "the right to read and write"},
    {"CreateNoInode", Call::create, ENOSPC, ExitStatus::cant_create, "free some space"},
    {"ReserveFull", Call::reserve, ENOSPC, ExitStatus::io_error, "free some space"},
    {"ReserveOverLimit", Call::reserve, EFBIG, ExitStatus::io_error, "ulimit -f"},
    {"WriteFull", Call::write, ENOSPC, ExitStatus::io_error, "free some space"},
    {"WriteBroken", Call::write, EIO, ExitStatus::io_error, "disk errors"},
    {"WriteOverLimit", Call::write, EFBIG, ExitStatus::io_error, "ulimit -f"},
    {"WriteOverQuota", Call::write, EDQUOT, ExitStatus::io_error, "quota"},
    {"TruncateBroken", Call::truncate, EIO, ExitStatus::io_error, "disk errors"},
    {"SyncBroken", Call::sync, EIO, ExitStatus::io_error, "disk errors"},
    {"CloseBroken", Call::close, EIO, ExitStatus::io_error, "disk errors"},
    {"RenameReadOnly", Call::rename, EROFS, ExitStatus::io_error, "mount it writable"},
    {"RenameAcrossDisks", Call::rename, EXDEV, ExitStatus::io_error, "--state"},
    {"RenameForbidden", Call::rename, EACCES, ExitStatus::io_error, "the right to read and write"},
    {"RenameOverQuota", Call::rename, EDQUOT, ExitStatus::io_error, "quota"},
    {"SyncDirectoryBroken", Call::sync_directory, EIO, ExitStatus::io_error, "disk errors"},
};

INSTANTIATE_TEST_SUITE_P(Each, SaveFault, testing::ValuesIn(faults),
                         [](const auto& row) { return std::string(row.param.name); });

class Saving : public SavingTest {
 protected:
  void save_on(FileSystem& files) {
    SavedState state = full_state();
    state.generation = old_generation;
    StateFile file(path_, files);
    file.reserve(100);
    file.save(state);
  }
};

TEST_F(Saving, GoesOnWhereDirectoriesCannotBeSynced) {
  FaultyFileSystem odd(Call::sync_directory, EINVAL);
  save_on(odd);
  EXPECT_EQ(generation(), new_generation);
}

TEST_F(Saving, GoesOnWhereSpaceCannotBeReserved) {
  FaultyFileSystem odd(Call::reserve, EOPNOTSUPP);
  save_on(odd);
  EXPECT_EQ(generation(), new_generation);
}

TEST_F(Saving, LeavesNoTemporaryAfterAFailure) {
  FaultyFileSystem full(Call::write, ENOSPC);
  EXPECT_THROW(save_on(full), Error);
  EXPECT_EQ(file_count(), 1U);
}

// Takes seven bytes at a time and is interrupted every other time.
class HaltingFileSystem : public PosixFileSystem {
 public:
  ssize_t write(int fd, const char* bytes, std::size_t size) override {
    interrupted_ = !interrupted_;
    if (!interrupted_) return PosixFileSystem::write(fd, bytes, std::min<std::size_t>(size, 7));
    errno = EINTR;
    return -1;
  }

 private:
  bool interrupted_ = false;
};

TEST_F(Saving, WritesOnAfterShortAndInterruptedWrites) {
  HaltingFileSystem halting;
  save_on(halting);
  EXPECT_EQ(generation(), new_generation);
}

// Says that everything was written and drops the first bytes of it; the size is right in the end.
class LyingFileSystem : public PosixFileSystem {
 public:
  ssize_t write(int fd, const char* bytes, std::size_t size) override {
    constexpr std::size_t dropped = 5;
    PosixFileSystem::write(fd, bytes + dropped, size - dropped);
    return static_cast<ssize_t>(size);
  }
};

TEST_F(Saving, NoticesADiskThatKeptSomethingElse) {
  LyingFileSystem lying;
  SavedState state = full_state();
  EXPECT_THROW(StateFile(path_, lying).save(state), Error);
  EXPECT_EQ(generation(), old_generation);
}

// Renames, then reports that it could not: NFS after a lost reply.
class ForgetfulFileSystem : public PosixFileSystem {
 public:
  int rename(const std::string& from, const std::string& to) override {
    PosixFileSystem::rename(from, to);
    errno = ENOENT;
    return -1;
  }
};

TEST_F(Saving, BelievesTheFileMoreThanTheAnswerOfRename) {
  ForgetfulFileSystem forgetful;
  save_on(forgetful);
  EXPECT_EQ(generation(), new_generation);
}

TEST_F(Saving, SurvivesALossOfPowerAtEveryCall) {
  for (const bool harsh : {false, true}) {
    bool finished = false;
    for (unsigned calls = 0; !finished; ++calls) {
      SavedState before = full_state();
      StateFile(path_, disk_).save(before);
      PowerCutFileSystem failing(calls, harsh);
      try {
        save_on(failing);
        finished = !failing.cut();
      } catch (const Error&) {
        EXPECT_TRUE(failing.cut());
      }
      failing.lose_unsynced();
      const std::uint64_t found = generation();
      EXPECT_TRUE(found == new_generation || (found == old_generation && !finished))
          << found << " after " << calls;
      EXPECT_EQ(file_count(), 1U) << "after " << calls << " calls";
      ASSERT_LT(calls, 50U);
    }
  }
}

}  // namespace
}  // namespace connector::state
