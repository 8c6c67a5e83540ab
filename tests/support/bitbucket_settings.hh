// How a fake Bitbucket is set up and which of the possible ways it takes where none is published.
#pragma once

#include <string>

#include "support/bitbucket_login.hh"
#include "support/bitbucket_profile.hh"

namespace connector::support {

/// How the server takes a status for a commit the repository does not have; which of them holds is not
/// published.
enum class UnknownCommit { accepted, bad_request, not_found };

struct BitbucketSettings {
  BitbucketProfile profile = bitbucket_8();
  Credentials credentials;
  std::string base_url = "https://bitbucket.example.com";       ///< in clone links, with the context path
  std::string ssh_base_url = "ssh://git@git.example.com:7999";  ///< in clone links
  std::string context_path;                                     ///< such as "/bitbucket"; empty for none
  UnknownCommit unknown_commit = UnknownCommit::accepted;
  bool refuses_four_byte_characters = false;  ///< 500, as on MySQL
  bool maintenance = false;                   ///< 503 for all of REST; /status says so with 200
  bool unlicensed = false;                    ///< the account may not report on the old endpoint
  /// One record per commit and key for both endpoints: a post on either replaces what came by the other. Else
  /// each endpoint keeps its own. Which of them holds is not published.
  bool shares_records = false;
};

}  // namespace connector::support
