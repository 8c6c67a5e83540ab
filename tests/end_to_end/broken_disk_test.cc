// The state on a disk that is full, read-only, broken or lying: found out before the first POST where that
// can be, told with the way out, and made good by the next pass.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

#include "end_to_end/crash_world.hh"
#include "end_to_end/tracing.hh"

namespace connector {
namespace {

using support::CrashWorld;
using testing::HasSubstr;

constexpr const char* temporary = "$CONNECTOR_STATE.tmp-$$";
constexpr const char* lock = "$CONNECTOR_STATE.lock";

constexpr std::size_t none = 0;
constexpr std::size_t all = 4;

struct Fault {
  const char* name;
  const char* injected;
  const char* path;  // empty: whatever the call is about
  int exit_status;
  std::size_t posts;
  const char* words;
};

void PrintTo(const Fault& fault, std::ostream* out) {
  *out << fault.name;
}

class BrokenDisk : public testing::TestWithParam<Fault> {};

TEST_P(BrokenDisk, IsToldAndMadeGood) {
  if (const auto why = support::why_not_traced(); !why.empty()) GTEST_SKIP() << why;
  const Fault& fault = GetParam();
  CrashWorld world;
  const auto result =
      support::run_traced(world.program, {"inject=" + std::string(fault.injected)}, fault.path);
  EXPECT_EQ(result.exit_status, fault.exit_status) << result.err;
  EXPECT_THAT(result.err, HasSubstr(fault.words));
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(world.posts(), fault.posts);
  world.expect_whole_state();
  EXPECT_EQ(world.temporaries(), 0);
  world.expect_recovery();
}

constexpr Fault faults[] = {
    {"LockFileOnReadOnlyDisk", "openat:error=EROFS", lock, 73, none, "mount it writable"},
    {"LocksUnsupported", "flock:error=ENOLCK", "", 74, none, "keeps no locks"},
    {"StateUnreadable", "read:error=EIO", "$CONNECTOR_STATE", 74, none, "disk errors"},
    {"NoTemporary", "openat:error=EROFS", temporary, 73, none, "mount it writable"},
    {"NoInode", "openat:error=ENOSPC", temporary, 73, none, "free some space"},
    {"NoRoomForTheEnd", "fallocate:error=ENOSPC", "", 74, none, "free some space"},
    {"Full", "write:error=ENOSPC", temporary, 74, none, "free some space"},
    {"WriteLies", "write:retval=5:when=1", temporary, 74, none, "write all of"},
    {"SyncBroken", "fsync:error=EIO", temporary, 74, none, "disk errors"},
    {"CloseBroken", "close:error=EIO", temporary, 74, none, "disk errors"},
    {"RenameReadOnly", "/^rename:error=EROFS", "", 74, none, "mount it writable"},
    {"DirectorySyncBroken", "fsync:error=EIO:when=2", "", 74, none, "make the disk keep"},
    {"ReadOnlyFromTheFirstPostOn", "/^rename:error=EROFS:when=2", "", 74, all, "mount it writable"},
    {"BrokenFromTheFirstPostOn", "fsync:error=EIO:when=3", "", 74, all, "disk errors"},
    {"NoReservations", "fallocate:error=EOPNOTSUPP", "", 0, all, ""},
    {"DirectorySyncUnknown", "fsync:error=EINVAL:when=2+2", "", 0, all, ""},
};

INSTANTIATE_TEST_SUITE_P(Each, BrokenDisk, testing::ValuesIn(faults),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(DamagedState, ThatCannotBeSetAsideIsLeftInPlace) {
  if (const auto why = support::why_not_traced(); !why.empty()) GTEST_SKIP() << why;
  CrashWorld world;
  const std::string state = world.program.state_file();
  const std::string whole = support::read_file(state);
  support::write_file(state, "damaged");
  const auto result = support::run_traced(world.program, {"inject=/^rename:error=EROFS"});
  EXPECT_EQ(result.exit_status, 74) << result.err;
  EXPECT_THAT(result.err, HasSubstr("set aside the state file"));
  EXPECT_EQ(support::read_file(state), "damaged");
  EXPECT_EQ(world.posts(), none);
  support::write_file(state, whole);
  world.expect_recovery();
}

class SmallDisk : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto why = support::why_no_mounts(); !why.empty()) GTEST_SKIP() << why;
  }
  // A pass with its state, which is copied there and back, on a file system of its own.
  support::ProcessResult run_on(const std::string& options, const std::string& before = "") {
    return world_.program.run_with_mounts("mkdir disk\nmount -t tmpfs -o " + options +
                                          " none disk\ncp -p state.json disk/\nstatus=0\n" + before +
                                          "\nCONNECTOR_STATE=$PWD/disk/state.json \"$0\" || status=$?\n"
                                          "cp -p disk/state.json* . && exit $status");
  }
  void expect_failure(const support::ProcessResult& result, int exit_status, const char* words) {
    EXPECT_EQ(result.exit_status, exit_status) << result.err;
    EXPECT_THAT(result.err, HasSubstr(words));
    EXPECT_EQ(world_.posts(), none);
    world_.expect_whole_state();
    EXPECT_EQ(world_.temporaries(), 0);
    world_.expect_recovery();
  }
  CrashWorld world_;
};

TEST_F(SmallDisk, WithoutRoomForTheOutcomesIsFoundOutBeforeTheFirstPost) {
  expect_failure(run_on("size=64k"), 74, "free some space");
}

TEST_F(SmallDisk, WithoutRoomForTheStateKeepsTheOldOne) {
  expect_failure(run_on("size=64k", "head -c 1m /dev/zero >disk/full || true"), 74, "free some space");
}

TEST_F(SmallDisk, WithoutInodesIsFoundOutBeforeTheFirstPost) {
  expect_failure(run_on("size=1m,nr_inodes=3"), 73, "free some space");
}

TEST_F(SmallDisk, ThatIsReadOnlyIsFoundOutBeforeTheFirstPost) {
  expect_failure(run_on("size=1m", "mount -o remount,ro disk"), 73, "mount it writable");
}

TEST_F(SmallDisk, OfASingleFileIsRefusedWithAHint) {
  expect_failure(world_.program.run_with_mounts("mount --bind state.json state.json\nexec \"$0\""), 73,
                 "mount the directory");
}

TEST(SizeLimit, IsAnErrorAndNoDeath) {
  CrashWorld world;
  const auto result = world.program.run_in_shell("ulimit -f 1; exec \"$0\"");
  EXPECT_EQ(result.exit_status, 74) << result.err << result.signal;
  EXPECT_THAT(result.err, HasSubstr("ulimit -f"));
  EXPECT_EQ(world.posts(), none);
  world.expect_recovery();
}

TEST(StatePlace, ThatIsNoFileIsRefusedBeforeTheFirstPost) {
  CrashWorld world;
  const std::string elsewhere = world.program.directory.file("elsewhere");
  const std::string kept = world.program.environment["CONNECTOR_STATE"];
  world.program.environment["CONNECTOR_STATE"] = elsewhere;
  for (const char* make : {"mkdir", "mkfifo"}) {
    ASSERT_EQ(world.program.run_in_shell(std::string(make) + " \"$CONNECTOR_STATE\"").exit_status, 0);
    const auto result = world.program.run();
    EXPECT_EQ(result.exit_status, 73) << make << ": " << result.err;
    std::filesystem::remove(elsewhere);
  }
  EXPECT_EQ(world.posts(), none);
  world.program.environment["CONNECTOR_STATE"] = kept;
  world.expect_recovery();
}

TEST(StatePlace, BehindALinkKeepsTheLink) {
  CrashWorld world;
  auto& program = world.program;
  const std::string real = program.directory.file("real.json");
  std::filesystem::rename(program.state_file(), real);
  std::filesystem::create_symlink("real.json", program.state_file());
  world.expect_recovery();
  EXPECT_TRUE(std::filesystem::is_symlink(program.state_file()));
  EXPECT_FALSE(std::filesystem::is_symlink(real));
}

TEST(StatePlace, BehindADanglingLinkIsMadeThere) {
  support::Program program;
  std::filesystem::create_directory(program.directory.file("volume"));
  std::filesystem::create_symlink("volume/real.json", program.state_file());
  const auto result = program.run();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_TRUE(std::filesystem::is_symlink(program.state_file()));
  EXPECT_TRUE(std::filesystem::is_regular_file(program.directory.file("volume/real.json")));
}

TEST(StatePlace, OpenToEverybodyStillHoldsFilesForTheOwnerAlone) {
  CrashWorld world;
  auto& program = world.program;
  std::filesystem::remove(program.state_file());
  std::filesystem::remove(program.state_file() + ".lock");
  ASSERT_EQ(::chmod(program.directory.path().c_str(), 0777), 0);
  EXPECT_EQ(program.run_in_shell("umask 000; exec \"$0\"").exit_status, 0);
  for (const std::string& path : {program.state_file(), program.state_file() + ".lock"}) {
    struct stat facts {};
    ASSERT_EQ(::stat(path.c_str(), &facts), 0) << path;
    EXPECT_EQ(facts.st_mode & 07777U, 0600U) << path;
  }
}

}  // namespace
}  // namespace connector
