// libFuzzer's way into the one target that this program is linked with.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>

#include "fuzz/target.hh"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(data, data + size);
  try {
    connector::fuzz::targets().at(0)->check(input);
  } catch (const connector::fuzz::Broken& broken) {
    std::cerr << broken.what() << std::endl;
    std::abort();
  }
  return 0;
}
