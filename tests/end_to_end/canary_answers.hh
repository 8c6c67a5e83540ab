// Where servers put what they say: bodies of every kind, headers, redirects.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "support/fake_message.hh"

namespace connector::support {

struct SayingAnswer {
  std::string name;  ///< for test names: letters and digits
  /// An answer that says this in place of the right one.
  std::function<FakeAnswer(const std::string& said, FakeAnswer right)> make;
  bool is_retried = false;  ///< so that a pass takes longer
};

std::vector<SayingAnswer> saying_answers();

}  // namespace connector::support
