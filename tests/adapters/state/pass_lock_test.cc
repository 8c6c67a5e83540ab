// The lock of a pass against other processes: who gets it, and what the others are told.
#include "state/pass_lock.hh"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "core/error.hh"
#include "sample_state.hh"
#include "state/lock_record.hh"
#include "support/pattern.hh"
#include "support/temp_dir.hh"

namespace connector::state {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

constexpr std::chrono::seconds stuck_after{100};

// A process that takes the lock, or fails to, and lives until destroyed.
class Holder {
 public:
  explicit Holder(const LockRequest& request) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
    child_ = ::fork();
    if (child_ == 0) hold(request, ends[1]);
    ::close(ends[1]);
    answer_ = Descriptor(ends[0]);
  }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  ~Holder() { kill(); }

  // Waits until the process has tried.
  [[nodiscard]] bool has_lock() {
    char word = 'n';
    return ::read(answer_.get(), &word, 1) == 1 && word == 'y';
  }
  [[nodiscard]] pid_t pid() const { return child_; }
  void kill() {
    if (child_ <= 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    child_ = -1;
  }

 private:
  [[noreturn]] static void hold(const LockRequest& request, int answer) {
    const auto attempt = acquire_lock(request);
    const char word = std::holds_alternative<PassLock>(attempt) ? 'y' : 'n';
    if (::write(answer, &word, 1) != 1) ::_exit(1);
    for (;;) ::pause();
  }

  pid_t child_ = -1;
  Descriptor answer_;
};

class PassLockTest : public testing::Test {
 protected:
  LockRequest request(std::chrono::milliseconds later = {}) const {
    return {path_, acme(), noon + later, stuck_after};
  }
  std::string lock_path() const { return path_ + ".lock"; }

  support::TempDir directory_;
  std::string path_ = directory_.file("acme.json");
};

LockRefusal refusal_of(const LockRequest& request) {
  auto attempt = acquire_lock(request);
  EXPECT_TRUE(std::holds_alternative<LockRefusal>(attempt)) << "got the lock";
  const auto* refusal = std::get_if<LockRefusal>(&attempt);
  return refusal != nullptr ? *refusal : LockRefusal{ExitStatus::software, "got the lock"};
}

bool gets_lock(const LockRequest& request) {
  return std::holds_alternative<PassLock>(acquire_lock(request));
}

TEST_F(PassLockTest, SaysInTheLockFileWhoHoldsIt) {
  const auto attempt = acquire_lock(request());
  ASSERT_TRUE(std::holds_alternative<PassLock>(attempt));
  const LockRecord ours{static_cast<std::uint64_t>(::getpid()), noon, acme(), stuck_after};
  EXPECT_EQ(decode_lock_record(support::read_file(lock_path())), ours);
}

TEST_F(PassLockTest, KeepsItsFileForTheOwnerAlone) {
  const mode_t umask_before = ::umask(0);
  EXPECT_TRUE(gets_lock(request()));
  ::umask(umask_before);
  struct stat facts {};
  ASSERT_EQ(::stat(lock_path().c_str(), &facts), 0) << "the file stays after the lock is released";
  EXPECT_EQ(facts.st_mode & 07777U, 0600U);
}

TEST_F(PassLockTest, HeldByAYoungPassEndsQuietly) {
  Holder holder(request());
  ASSERT_TRUE(holder.has_lock());
  const LockRefusal refusal = refusal_of(request(stuck_after));
  EXPECT_EQ(refusal.status, ExitStatus::ok);
  EXPECT_EQ(refusal.text, "");
}

TEST_F(PassLockTest, HeldForTooLongNamesProcessAndAge) {
  Holder holder(request());
  ASSERT_TRUE(holder.has_lock());
  const LockRefusal refusal = refusal_of(request(std::chrono::minutes(5)));
  EXPECT_EQ(refusal.status, ExitStatus::temp_fail);
  EXPECT_THAT(refusal.text, HasSubstr("process " + std::to_string(holder.pid())));
  EXPECT_THAT(refusal.text, HasSubstr("5 min"));
  EXPECT_THAT(refusal.text, HasSubstr(path_));
}

TEST_F(PassLockTest, IsNeverHeldForTooLongByPassesWithoutDeadline) {
  LockRequest without_deadline = request();
  without_deadline.stuck_after.reset();
  Holder holder(without_deadline);
  ASSERT_TRUE(holder.has_lock());
  LockRequest late = request(std::chrono::hours(1000));
  late.stuck_after.reset();
  EXPECT_EQ(refusal_of(late).status, ExitStatus::ok);
}

TEST_F(PassLockTest, IsNotStuckWhenTheClockWasSetBack) {
  Holder holder(request());
  ASSERT_TRUE(holder.has_lock());
  EXPECT_EQ(refusal_of(request(std::chrono::hours(-1000))).status, ExitStatus::ok);
}

TEST_F(PassLockTest, HeldForAnotherIdentityNamesBothProcessAndOrganization) {
  Holder holder(request());
  ASSERT_TRUE(holder.has_lock());
  LockRequest other = request();
  other.identity.organization = "umbrella";
  const LockRefusal refusal = refusal_of(other);
  EXPECT_EQ(refusal.status, ExitStatus::data);
  EXPECT_THAT(refusal.text, HasSubstr("acme-inc"));
  EXPECT_THAT(refusal.text, HasSubstr("--state"));
}

TEST_F(PassLockTest, IsFreeAsSoonAsItsHolderIsKilled) {
  Holder holder(request());
  ASSERT_TRUE(holder.has_lock());
  holder.kill();
  EXPECT_TRUE(gets_lock(request(std::chrono::hours(10))));
}

TEST_F(PassLockTest, IsReleasedAtTheEndOfItsScope) {
  EXPECT_TRUE(gets_lock(request()));
  EXPECT_TRUE(gets_lock(request()));
}

TEST_F(PassLockTest, TakesAnythingInTheFileOfALockedPassForAYoungOne) {
  const std::string bad_records[] = {"",
                                     "junk",
                                     "{\"pid\":-1}",
                                     std::string(10'000, '['),
                                     std::string(64, '\0'),
                                     "{\"pid\":1,\"started\":\"yesterday\"}"};
  Holder holder(request());
  ASSERT_TRUE(holder.has_lock());
  for (const std::string& record : bad_records) {
    support::write_file(lock_path(), record);
    EXPECT_EQ(refusal_of(request(std::chrono::hours(10))).status, ExitStatus::ok) << record.substr(0, 40);
  }
}

TEST_F(PassLockTest, GoesToExactlyOneOfTwentyAtOnce) {
  std::vector<std::unique_ptr<Holder>> holders;
  for (int i = 0; i < 20; ++i) holders.push_back(std::make_unique<Holder>(request()));
  const auto count =
      std::count_if(holders.begin(), holders.end(), [](const auto& h) { return h->has_lock(); });
  EXPECT_EQ(count, 1);
}

TEST_F(PassLockTest, NeedsARegularFileOfItsOwn) {
  std::filesystem::create_symlink("victim", lock_path());
  EXPECT_THROW(acquire_lock(request()), Error);
  EXPECT_FALSE(std::filesystem::exists(directory_.file("victim")));
  std::filesystem::remove(lock_path());
  ASSERT_EQ(::mkfifo(lock_path().c_str(), 0600), 0);
  EXPECT_THROW(acquire_lock(request()), Error);
}

TEST_F(PassLockTest, InAMissingDirectoryIsAnError) {
  LockRequest lost = request();
  lost.state_path = directory_.file("missing/acme.json");
  try {
    acquire_lock(lost);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), ExitStatus::cant_create);
  }
}

TEST_F(PassLockTest, LetsTheHolderSayWhenItHangs) {
  LockRequest by_hand = request();
  by_hand.stuck_after = 6h;
  Holder holder(by_hand);
  ASSERT_TRUE(holder.has_lock());
  EXPECT_EQ(refusal_of(request(5h)).status, ExitStatus::ok)
      << "it was given more time than passes of a schedule";
  EXPECT_EQ(refusal_of(request(7h)).status, ExitStatus::temp_fail);
}

TEST_F(PassLockTest, IsWaitedForWhileItsHolderIsYoung) {
  auto holder = std::make_unique<Holder>(request());
  ASSERT_TRUE(holder->has_lock());
  int asked = 0;
  const auto lock = wait_for_lock(
      request(),
      [&] {
        if (++asked == 2) holder.reset();
        return true;
      },
      [](const std::string& who) { ADD_FAILURE() << "told after no time: " << who; });
  EXPECT_TRUE(std::holds_alternative<PassLock>(lock));
}

TEST_F(PassLockTest, SaysOnceForWhomItWaits) {
  auto holder = std::make_unique<Holder>(request());
  ASSERT_TRUE(holder->has_lock());
  int asked = 0;
  std::vector<std::string> told;
  const auto lock = wait_for_lock(
      request(),
      [&] {
        if (++asked == 6) holder.reset();
        return true;
      },
      [&](const std::string& who) { told.push_back(who); });
  EXPECT_TRUE(std::holds_alternative<PassLock>(lock));
  ASSERT_EQ(told.size(), 1U);
  EXPECT_TRUE(support::match_of(told.front(), "process [0-9]+, at work since 20.*Z")) << told.front();
}

TEST_F(PassLockTest, IsNotWaitedForWhenItsHolderHangsOrSomebodyStopsUs) {
  Holder holder(request());
  ASSERT_TRUE(holder.has_lock());
  const auto nobody = [](const std::string& who) { ADD_FAILURE() << who; };
  const auto hung = wait_for_lock(
      request(stuck_after + 1s), [] { return true; }, nobody);
  EXPECT_EQ(std::get<LockRefusal>(hung).status, ExitStatus::temp_fail);
  const auto stopped = wait_for_lock(
      request(), [] { return false; }, nobody);
  EXPECT_EQ(std::get<LockRefusal>(stopped).status, ExitStatus::ok);
}

}  // namespace
}  // namespace connector::state
