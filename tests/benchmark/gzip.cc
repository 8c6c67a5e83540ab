#include "benchmark/gzip.hh"

#include <zlib.h>

#include <stdexcept>

namespace connector::benchmark {

std::string gzip_of(std::string_view text) {
  constexpr int window_of_gzip = 15 + 16;
  constexpr int usual_memory = 8;
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_of_gzip, usual_memory,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("no memory for gzip");
  }
  std::string packed(deflateBound(&stream, text.size()), '\0');
  std::string source(text);
  stream.next_in = reinterpret_cast<Bytef*>(source.data());
  stream.avail_in = static_cast<uInt>(source.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  if (!done) throw std::runtime_error("gzip did not end");
  return packed;
}

}  // namespace connector::benchmark
