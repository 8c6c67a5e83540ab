// The version of a Bitbucket server and what follows from it.
#include "core/peer/server_version.hh"

#include <gtest/gtest.h>

#include <string>

namespace connector {
namespace {

TEST(AServerVersion, IsReadFromItsFirstTwoNumbers) {
  EXPECT_EQ(parse_server_version("8.19.12"), (ServerVersion{8, 19}));
  EXPECT_EQ(parse_server_version("10.2"), (ServerVersion{10, 2}));
  EXPECT_EQ(parse_server_version("9.0.0-rc1"), (ServerVersion{9, 0}));
  EXPECT_EQ(parse_server_version("7.14-m1"), (ServerVersion{7, 14}));
}

TEST(AServerVersion, IsNotReadFromAnythingElse) {
  for (const auto* text : {"", "8", "8.", ".1", "v8.1", "8.x", "8,1", "-8.1", "8.-1", " 8.1", "8.1x", "8.1 ",
                           "99999999999.1", "8.99999999999", "\xD9\xA8.1"}) {
    EXPECT_FALSE(parse_server_version(text).has_value()) << text;
  }
  EXPECT_FALSE(parse_server_version(std::string(1000, '8') + ".1").has_value());
}

TEST(AServerVersion, IsComparedByNumbers) {
  EXPECT_LT((ServerVersion{7, 4}), (ServerVersion{7, 14}));
  EXPECT_LT((ServerVersion{9, 4}), (ServerVersion{10, 0}));
  EXPECT_LT((ServerVersion{7, 21}), (ServerVersion{8, 0}));
}

TEST(AServerVersion, TellsWhatTheServerCanDo) {
  struct Row {
    ServerVersion version;
    bool repository_builds;
    bool reading_by_key;
    bool cancelled_state;
  };
  for (const Row& row : {Row{{5, 16}, false, false, false},
                         {{7, 3}, false, false, false},
                         {{7, 4}, true, false, false},
                         {{7, 13}, true, false, false},
                         {{7, 14}, true, true, false},
                         {{7, 21}, true, true, false},
                         {{8, 0}, true, true, true},
                         {{10, 2}, true, true, true}}) {
    const Capabilities capabilities = capabilities_of(row.version);
    const std::string version = std::to_string(row.version.major) + "." + std::to_string(row.version.minor);
    EXPECT_EQ(capabilities.repository_builds, row.repository_builds) << version;
    EXPECT_EQ(capabilities.reading_by_key, row.reading_by_key) << version;
    EXPECT_EQ(capabilities.cancelled_state, row.cancelled_state) << version;
    EXPECT_FALSE(capabilities.basic_plane_only) << version << ": the database's matter";
  }
}

}  // namespace
}  // namespace connector
