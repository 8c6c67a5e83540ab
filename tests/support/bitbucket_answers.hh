// Bitbucket's envelope for errors.
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

}  // namespace connector::support
