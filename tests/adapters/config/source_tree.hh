// Files of the source tree that are promises to users; tests read them to see that they keep up with the
// code.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <string_view>

#include "support/temp_dir.hh"

namespace connector {

/// The text of a file, by its path in the source tree; the build files say where that is.
inline std::string source_file(std::string_view path) {
  const char* root = std::getenv("SOURCE_ROOT");
  if (root == nullptr) {
    ADD_FAILURE() << "SOURCE_ROOT does not say where the source tree is";
    return {};
  }
  return support::read_file(std::string(root) + "/" + std::string(path));
}

}  // namespace connector
