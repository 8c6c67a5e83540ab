#include "state/checksum.hh"

#include "core/text/hex.hh"
#include "core/text/text.hh"

namespace connector::state {

std::string checksum_line(std::string_view rest) {
  return R"({"checksum":"fnv1a64:)" + hex64(fnv1a64(rest)) + "\",\n";
}

}  // namespace connector::state
