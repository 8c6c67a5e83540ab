#include "support/gzip_bomb.hh"

#include <cstdint>

namespace connector::support {

// By hand: after one literal only "258 bytes from distance 1", in fixed Huffman codes.
std::string gzip_of_zeros(std::size_t megabytes) {
  std::string out("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
  std::uint32_t bits = 0;
  unsigned count = 0;
  const auto put = [&](unsigned bit) {
    bits |= bit << count;
    if (++count < 8) return;
    out.push_back(static_cast<char>(bits));
    bits = 0;
    count = 0;
  };
  const auto put_code = [&](unsigned code, unsigned length) {
    while (length > 0) put((code >> --length) & 1U);
  };
  put(1);  // last block
  put(1);  // of fixed codes
  put(0);
  put_code(0x30, 8);  // literal 0
  for (std::size_t made = 0; made < megabytes << 20U; made += 258) {
    put_code(0xC5, 8);  // length 258
    put_code(0, 5);     // distance 1
  }
  put_code(0, 7);
  put_code(0, 7);
  return out;
}

}  // namespace connector::support
