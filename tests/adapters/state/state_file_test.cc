// The state file on disk: where it may live, what a load makes of it, and that a save is all or nothing.
#include "state/state_file.hh"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "core/error.hh"
#include "sample_state.hh"
#include "state/checksum.hh"
#include "state/encode.hh"
#include "state/location.hh"
#include "support/temp_dir.hh"

namespace connector::state {
namespace {

using support::read_file;
using support::write_file;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class StateFileTest : public testing::Test {
 protected:
  StateFile open() { return StateFile(path_, files_); }

  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path())) {
      found.push_back(entry.path().filename());
    }
    return found;
  }

  support::TempDir directory_;
  std::string path_ = directory_.file("acme.json");
  PosixFileSystem files_;
};

template <typename Call>
Error error_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error";
  return {ExitStatus::ok, ""};
}

mode_t mode_of(const std::string& path) {
  struct stat facts {};
  EXPECT_EQ(::stat(path.c_str(), &facts), 0) << path;
  return facts.st_mode & 07777U;
}

TEST_F(StateFileTest, MissingGivesAFreshState) {
  const LoadedState loaded = open().load({acme(), noon});
  EXPECT_EQ(loaded.state.identity, acme());
  EXPECT_EQ(loaded.state.generation, 0U);
  EXPECT_FALSE(loaded.damage);
  EXPECT_TRUE(names().empty());
}

TEST_F(StateFileTest, GivesBackWhatWasSavedWithAHigherGeneration) {
  SavedState state = full_state();
  const std::size_t size = open().save(state);
  EXPECT_EQ(size, std::filesystem::file_size(path_));
  const LoadedState loaded = open().load({acme(), noon});
  EXPECT_EQ(loaded.state.generation, 42U);
  EXPECT_EQ(encode(loaded.state), encode(state));
  EXPECT_THAT(names(), UnorderedElementsAre("acme.json"));
}

TEST_F(StateFileTest, IsForTheOwnerAloneWhateverTheUmask) {
  const mode_t umask_before = ::umask(0);
  SavedState state = full_state();
  open().save(state);
  ::umask(umask_before);
  EXPECT_EQ(mode_of(path_), 0600U);
}

TEST_F(StateFileTest, DamagedIsSetAsideUnderItsTime) {
  write_file(path_, "{\"half\":");
  const LoadedState loaded = open().load({acme(), noon});
  ASSERT_TRUE(loaded.damage);
  EXPECT_THAT(*loaded.damage, HasSubstr(path_ + " is damaged: its checksum is wrong; it was set aside as " +
                                        path_ + ".damaged-20260131T120000Z"));
  EXPECT_EQ(loaded.state.generation, 0U);
  EXPECT_EQ(loaded.state.identity, acme());
  EXPECT_EQ(read_file(path_ + ".damaged-20260131T120000Z"), "{\"half\":");
}

TEST_F(StateFileTest, DamagedIsNeverSetAsideOverAnother) {
  for (const char* contents : {"", "two", "three"}) {
    write_file(path_, contents);
    ASSERT_TRUE(open().load({acme(), noon}).damage);
  }
  EXPECT_EQ(read_file(path_ + ".damaged-20260131T120000Z"), "");
  EXPECT_EQ(read_file(path_ + ".damaged-20260131T120000Z-2"), "two");
  EXPECT_EQ(read_file(path_ + ".damaged-20260131T120000Z-3"), "three");
}

TEST_F(StateFileTest, OfAnotherIdentityIsLeftAloneWithTheWayOut) {
  SavedState state = full_state();
  open().save(state);
  const std::string before = read_file(path_);
  Identity other = acme();
  other.organization = "umbrella";
  const Error error = error_of([&] { open().load({other, noon}); });
  EXPECT_EQ(error.status(), ExitStatus::data);
  EXPECT_THAT(error.what(), HasSubstr("belongs to organization 'acme-inc'"));
  EXPECT_THAT(error.what(), HasSubstr("start anew: buildkite-bitbucket-connector --reset-state"));
  EXPECT_EQ(read_file(path_), before);
}

TEST_F(StateFileTest, OfAnotherIdentityIsSetAsideOnRequest) {
  SavedState state = full_state();
  open().save(state);
  const std::string before = read_file(path_);
  Identity other = acme();
  other.bitbucket_url = "https://git.umbrella.example";
  const LoadedState loaded = open().load({other, noon, true});
  EXPECT_EQ(loaded.state.identity, other);
  EXPECT_EQ(loaded.state.generation, 0U);
  EXPECT_FALSE(loaded.damage);
  ASSERT_TRUE(loaded.reset);
  EXPECT_THAT(*loaded.reset, HasSubstr(path_ + ".foreign-20260131T120000Z"));
  EXPECT_EQ(read_file(path_ + ".foreign-20260131T120000Z"), before);
  EXPECT_THAT(names(), UnorderedElementsAre("acme.json.foreign-20260131T120000Z"));
}

TEST_F(StateFileTest, OfAnotherShardIsLeftAloneWithTheWayOut) {
  SavedState state = full_state();
  state.identity.shard = {1, 3};
  open().save(state);
  const std::string before = read_file(path_);
  Identity beside = acme();
  beside.shard = {2, 3};
  const Error error = error_of([&] { open().load({beside, noon}); });
  EXPECT_EQ(error.status(), ExitStatus::data);
  EXPECT_THAT(error.what(), HasSubstr("belongs to shard 1/3 of organization 'acme-inc'"));
  EXPECT_THAT(error.what(), HasSubstr("not to shard 2/3 of organization 'acme-inc'"));
  EXPECT_THAT(error.what(),
              HasSubstr("; correct the settings if they are wrong, name another file with --state"));
  EXPECT_EQ(read_file(path_), before);
}

TEST_F(StateFileTest, IsKeptWhenTheNumberOfShardsChangesButLooksBackOnceMore) {
  SavedState state = full_state();
  open().save(state);
  Identity first_of_three = acme();
  first_of_three.shard = {1, 3};
  for (const LoadedState& loaded :
       {open().load({first_of_three, noon}), look_at(path_, {first_of_three, noon})}) {
    EXPECT_EQ(loaded.state.identity, first_of_three);
    EXPECT_EQ(loaded.state.ledger.size(), state.ledger.size());
    EXPECT_EQ(loaded.state.cursors, Cursors{});
    ASSERT_TRUE(loaded.resharded);
    EXPECT_THAT(*loaded.resharded, HasSubstr("was shard 1/1 and is 1/3 now"));
  }
  SavedState resharded = open().load({first_of_three, noon}).state;
  open().save(resharded);
  const LoadedState loaded = open().load({first_of_three, noon});
  EXPECT_FALSE(loaded.resharded) << "once";
  EXPECT_EQ(encode(loaded.state), encode(resharded));
}

TEST_F(StateFileTest, OfANewerFormatIsLeftAloneUnlessAReset) {
  const std::string rest = "\"format\":3,\n\"anything\":[]}\n";
  const std::string newer = checksum_line(rest) + rest;
  write_file(path_, newer);
  const Error error = error_of([&] { open().load({acme(), noon}); });
  EXPECT_EQ(error.status(), ExitStatus::data);
  EXPECT_THAT(error.what(),
              HasSubstr("newer version (format 3, this version reads 2); install that version"));
  EXPECT_EQ(read_file(path_), newer);
  EXPECT_TRUE(open().load({acme(), noon, true}).reset);
  EXPECT_EQ(read_file(path_ + ".newer-20260131T120000Z"), newer);
}

TEST_F(StateFileTest, ThatFitsIsUsedAlsoOnReset) {
  SavedState state = full_state();
  open().save(state);
  const LoadedState loaded = open().load({acme(), noon, true});
  EXPECT_EQ(loaded.state.generation, state.generation);
  EXPECT_FALSE(loaded.reset);
  EXPECT_THAT(names(), UnorderedElementsAre("acme.json"));
}

TEST_F(StateFileTest, RemovesWhatKilledPassesLeftAndNothingElse) {
  for (const char* name : {"acme.json.tmp-1", "acme.json.tmp-4194304", "acme.json.tmp-", "acme.json.tmp-1x",
                           "acme.json.tmp", "other.json.tmp-1", "acme.json.lock"}) {
    write_file(directory_.file(name), "x");
  }
  open().load({acme(), noon});
  EXPECT_THAT(names(), UnorderedElementsAre("acme.json.tmp-", "acme.json.tmp-1x", "acme.json.tmp",
                                            "other.json.tmp-1", "acme.json.lock"));
}

TEST_F(StateFileTest, ReservedRoomIsUsedByTheNextSaveAndNoMore) {
  StateFile file = open();
  file.reserve(1'000'000);
  EXPECT_EQ(names().size(), 1U);
  SavedState state = full_state();
  const std::size_t size = file.save(state);
  EXPECT_THAT(names(), UnorderedElementsAre("acme.json"));
  EXPECT_EQ(std::filesystem::file_size(path_), size);
  EXPECT_FALSE(open().load({acme(), noon}).damage);
}

TEST_F(StateFileTest, AnUnusedReservationLeavesNothing) {
  { open().reserve(1000); }
  EXPECT_TRUE(names().empty());
}

TEST(NoStateFile, LoadsFreshAndSavesNothing) {
  PosixFileSystem files;
  StateFile none(std::nullopt, files);
  SavedState state = none.load({acme(), noon}).state;
  EXPECT_EQ(state.identity, acme());
  none.reserve(1000);
  EXPECT_EQ(none.save(state), 0U);
}

class StateLocation : public StateFileTest {};

TEST_F(StateLocation, FollowsALinkAndKeepsIt) {
  const std::string real = directory_.file("real.json");
  SavedState state = full_state();
  StateFile(real, files_).save(state);
  std::filesystem::create_symlink("real.json", path_);
  const std::string located = locate(path_, MissingDirectory::refuse);
  EXPECT_EQ(located, std::filesystem::canonical(real));
  StateFile(located, files_).save(state);
  EXPECT_TRUE(std::filesystem::is_symlink(path_));
  EXPECT_EQ(StateFile(real, files_).load({acme(), noon}).state.generation, 43U);
}

TEST_F(StateLocation, FollowsADanglingLinkToItsTarget) {
  std::filesystem::create_directory(directory_.file("elsewhere"));
  std::filesystem::create_symlink("elsewhere/new.json", path_);
  SavedState state = full_state();
  StateFile(locate(path_, MissingDirectory::refuse), files_).save(state);
  EXPECT_TRUE(std::filesystem::is_symlink(path_));
  EXPECT_TRUE(std::filesystem::exists(directory_.file("elsewhere/new.json")));
}

TEST_F(StateLocation, MustBeAFile) {
  const std::string fifo = directory_.file("fifo");
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  for (const std::string& path :
       {directory_.path(), directory_.path() + "/", fifo, std::string("/dev/null")}) {
    const Error error = error_of([&] { locate(path, MissingDirectory::refuse); });
    EXPECT_EQ(error.status(), ExitStatus::cant_create) << path;
  }
}

TEST_F(StateLocation, MissingDirectoryIsMadeForTheOwnerAloneOnlyIfWanted) {
  const std::string path = directory_.file("a/b/acme.json");
  const Error error = error_of([&] { locate(path, MissingDirectory::refuse); });
  EXPECT_EQ(error.status(), ExitStatus::cant_create);
  EXPECT_THAT(error.what(), HasSubstr("create its directory"));
  EXPECT_EQ(locate(path, MissingDirectory::create),
            std::filesystem::canonical(directory_.path()) / "a/b/acme.json");
  EXPECT_EQ(mode_of(directory_.file("a")), 0700U);
  EXPECT_EQ(mode_of(directory_.file("a/b")), 0700U);
}

// Runs in a child, which gets mounts of its own. 0: refused with the hint, 1: not refused, 77: no right to
// mount.
int locate_bind_mounted(const std::string& path) {
  if (::unshare(CLONE_NEWNS) != 0) return 77;
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return 77;
  if (::mount(path.c_str(), path.c_str(), nullptr, MS_BIND, nullptr) != 0) return 77;
  try {
    locate(path, MissingDirectory::refuse);
  } catch (const Error& error) {
    const bool helps = std::string(error.what()).find("mount the directory") != std::string::npos;
    return error.status() == ExitStatus::cant_create && helps ? 0 : 1;
  }
  return 1;
}

TEST_F(StateLocation, OfASingleMountedFileIsRefusedWithAHint) {
  write_file(path_, "");
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) ::_exit(locate_bind_mounted(path_));
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  if (WEXITSTATUS(status) == 77) GTEST_SKIP() << "needs the right to mount";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace connector::state
