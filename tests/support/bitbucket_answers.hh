// Bitbucket's envelope for errors, and those that several resources answer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/fake_message.hh"

namespace connector::support {

struct BitbucketError {
  std::string context;  ///< the field that is wrong; empty is shown as null
  std::string message;
  std::string exception_name;  ///< Java class; empty is shown as null
};

/// {"errors":[{"context":...,"message":...,"exceptionName":...}]}
FakeAnswer errors_answer(int status, const std::vector<BitbucketError>& errors);

/// 404 for a project, a repository or a commit; `exception` is what follows "com.atlassian.bitbucket.".
FakeAnswer no_such(std::string_view exception, const std::string& message);
/// 404 for a path that this server does not know, or not yet.
FakeAnswer unknown_resource();
/// 405
FakeAnswer method_not_allowed();
/// 401 for a right that the account, which is logged in, does not have.
FakeAnswer not_permitted();

}  // namespace connector::support
