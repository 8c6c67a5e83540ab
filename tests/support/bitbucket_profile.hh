// What distinguishes the versions of Bitbucket for us.
#pragma once

#include <string>

namespace connector::support {

struct BitbucketProfile {
  std::string version;
  bool repository_builds = false;  ///< the repository-scoped endpoint
  bool capabilities = false;       ///< build/capabilities, reading and deleting by key, required builds
  bool cancelled_state = false;    ///< CANCELLED and UNKNOWN
};

BitbucketProfile bitbucket_5();
BitbucketProfile bitbucket_7_4();
BitbucketProfile bitbucket_7();
BitbucketProfile bitbucket_8();
BitbucketProfile bitbucket_10();

}  // namespace connector::support
