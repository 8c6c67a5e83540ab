// gzip, as servers send it.
#pragma once

#include <string>
#include <string_view>

namespace connector::benchmark {

/// Throws std::runtime_error when there is no memory.
std::string gzip_of(std::string_view text);

}  // namespace connector::benchmark
