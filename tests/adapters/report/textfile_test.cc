// The file that node_exporter reads while it is replaced.
#include "report/textfile.hh"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "core/error.hh"
#include "support/temp_dir.hh"

namespace connector::report {
namespace {

struct Textfile : testing::Test {
  ExitStatus failure() {
    try {
      write_textfile(path, "new 1\n");
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find("metrics.textfile"), std::string::npos) << error.what();
      return error.status();
    }
    return ExitStatus::ok;
  }

  support::TempDir directory;
  std::string path = directory.file("connector.prom");
};

TEST_F(Textfile, IsReadableForAllWhateverTheUmaskIs) {
  const mode_t before = ::umask(0077);
  write_textfile(path, "new 1\n");
  ::umask(before);
  struct stat facts {};
  ASSERT_EQ(::stat(path.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0644U);
  EXPECT_EQ(read_textfile(path), "new 1\n");
}

TEST_F(Textfile, IsReplacedAndLeavesNothingElse) {
  write_textfile(path, "old 1\n");
  support::write_file(path + ".tmp-" + std::to_string(::getpid()), "half of a killed one");
  write_textfile(path, "new 1\n");
  EXPECT_EQ(read_textfile(path), "new 1\n");
  const std::filesystem::directory_iterator all(directory.path());
  EXPECT_EQ(std::distance(begin(all), end(all)), 1);
}

TEST_F(Textfile, ThatCannotBeCreatedIsOfStatus73) {
  path = directory.file("missing/connector.prom");
  EXPECT_EQ(failure(), ExitStatus::cant_create);
}

TEST_F(Textfile, ThatCannotBeReplacedIsOfStatus74AndLeavesNothing) {
  ASSERT_EQ(::mkdir(path.c_str(), 0755), 0);
  EXPECT_EQ(failure(), ExitStatus::io_error);
  const std::filesystem::directory_iterator all(directory.path());
  EXPECT_EQ(std::distance(begin(all), end(all)), 1);
}

TEST_F(Textfile, ThatIsNotThereIsEmpty) {
  EXPECT_EQ(read_textfile(path), "");
}

}  // namespace
}  // namespace connector::report
