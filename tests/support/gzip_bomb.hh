// A small answer that becomes a large one when it is decoded.
#pragma once

#include <cstddef>
#include <string>

namespace connector::support {

/// A gzip stream that unpacks to this many megabytes of zeros; about a thousandth of that.
std::string gzip_of_zeros(std::size_t megabytes);

}  // namespace connector::support
