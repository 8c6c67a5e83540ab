// Files that hold secrets: which ones are refused, and which only get a hint.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/config/config_fixture.hh"

namespace connector::config {
namespace {

TEST(SecretFile, MustBeReadable) {
  ConfigHome home;
  home.environment["BUILDKITE_TOKEN_FILE"] = home.path("gone");
  EXPECT_EQ(home.load_error(),
            "environment variable BUILDKITE_TOKEN_FILE (~/gone): cannot be read: No such file or directory");
  home.environment["BUILDKITE_TOKEN_FILE"] = home.path("");
  EXPECT_EQ(home.load_error(),
            "environment variable BUILDKITE_TOKEN_FILE (~/): cannot be read: is a directory");
  home.environment["BUILDKITE_TOKEN_FILE"] = home.write_beside("huge", std::string(2 << 20, 'x'));
  EXPECT_EQ(home.load_error(),
            "environment variable BUILDKITE_TOKEN_FILE (~/huge): cannot be read: is larger than 1 MiB");
}

/// A way in which a file with the token is named, and how messages call it.
struct FileSource {
  std::string name;
  void (*use)(ConfigHome&, const std::string& path);
  std::string origin;
};

const FileSource file_sources[] = {
    {"Variable",
     [](ConfigHome& home, const std::string& path) { home.environment["BUILDKITE_TOKEN_FILE"] = path; },
     "environment variable BUILDKITE_TOKEN_FILE (~/buildkite-token)"},
    {"Credential",
     [](ConfigHome& home, const std::string& path) {
       home.environment["CREDENTIALS_DIRECTORY"] = path.substr(0, path.rfind('/'));
     },
     "credential buildkite-token in $CREDENTIALS_DIRECTORY"},
    {"Key",
     [](ConfigHome& home, const std::string& path) {
       auto keys = required_keys();
       keys.erase("buildkite.token");
       keys["buildkite.token_file"] = '"' + path + '"';
       home.write(toml_of(keys));
     },
     "~/config.toml:5:24 (~/buildkite-token): buildkite.token"},
};

class EverySecretFile : public testing::TestWithParam<FileSource> {
 protected:
  EverySecretFile() : path_(home_.write_beside("buildkite-token", "canary")) { GetParam().use(home_, path_); }

  ConfigHome home_;
  std::string path_;
};

TEST_P(EverySecretFile, IsRefusedWhenEverybodyCanWriteToIt) {
  EXPECT_EQ(home_.load().buildkite.token.reveal(), "canary");
  ASSERT_EQ(chmod(path_.c_str(), 0602), 0);
  EXPECT_EQ(home_.load_error(), GetParam().origin +
                                    ": everybody can write to this file; make it yours alone: chmod 600 "
                                    "~/buildkite-token");
}

TEST_P(EverySecretFile, MustBeAFile) {
  ASSERT_EQ(unlink(path_.c_str()), 0);
  ASSERT_EQ(mkdir(path_.c_str(), S_IRWXU), 0);
  EXPECT_EQ(home_.load_error(), GetParam().origin + ": cannot be read: is a directory");
}

TEST_P(EverySecretFile, IsHintedAtWhenItBelongsToAnotherUser) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  EXPECT_TRUE(home_.load().hints.empty()) << "root's own";
  ASSERT_EQ(chown(path_.c_str(), 65534, 65534), 0);
  EXPECT_EQ(home_.load().hints,
            std::vector<std::string>{path_ + " holds a secret and belongs to another user"});
}

std::string name_of_case(const testing::TestParamInfo<FileSource>& source) {
  return source.param.name;
}
INSTANTIATE_TEST_SUITE_P(Secrets, EverySecretFile, testing::ValuesIn(file_sources), name_of_case);

TEST(SecretFile, IsOnlyHintedAtWhenEverybodyCanReadItAtHome) {
  ConfigHome home;
  const std::string path = home.write_beside("token", "canary");
  home.environment["BUILDKITE_TOKEN_FILE"] = path;
  ASSERT_EQ(chmod(path.c_str(), 0644), 0);
  EXPECT_EQ(home.load().hints,
            std::vector<std::string>{path + " holds a secret and everybody can read it: chmod 600 " + path});
  home.environment["HOME"] = "/somewhere/else";
  EXPECT_TRUE(home.load().hints.empty()) << "as Kubernetes mounts secrets";
}

TEST(ConfigFileWithSecrets, IsTreatedAsASecretFile) {
  ConfigHome home;
  const std::string path = home.path("config.toml");
  ASSERT_EQ(chmod(path.c_str(), 0644), 0);
  EXPECT_EQ(home.load().hints,
            (std::vector<std::string>{
                path + " holds bitbucket.password and everybody can read it: chmod 600 " + path,
                path + " holds buildkite.token and everybody can read it: chmod 600 " + path}));
  ASSERT_EQ(chmod(path.c_str(), 0606), 0);
  EXPECT_EQ(
      home.load_error(),
      "~/config.toml:1:22: bitbucket.password: everybody can write to this file; make it yours alone: chmod "
      "600 ~/config.toml\n"
      "~/config.toml:5:19: buildkite.token: everybody can write to this file; make it yours alone: chmod 600 "
      "~/config.toml");
}

}  // namespace
}  // namespace connector::config
