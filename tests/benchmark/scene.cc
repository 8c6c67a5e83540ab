#include "benchmark/scene.hh"

#include <chrono>
#include <functional>

namespace connector::benchmark {

std::string_view line_of(std::string_view request) {
  return request.substr(0, request.find(" HTTP/1."));
}

Kind kind_of(std::string_view request) {
  const std::string_view line = line_of(request);
  const auto asks_for = [&](std::string_view part) { return line.find(part) != std::string_view::npos; };
  if (line.starts_with("POST ")) return line.ends_with("/builds") ? Kind::status : Kind::other;
  if (!asks_for("/builds?") || asks_for("&commit") || asks_for("/pipelines/")) return Kind::other;
  if (asks_for("&state")) return Kind::open;
  return asks_for("&finished_from=") ? Kind::finished : Kind::created;
}

std::string in_words(const Tally& tally) {
  constexpr std::array<std::string_view, kind_count> words = {"created", "open", "finished", "statuses",
                                                              "others"};
  std::string text;
  for (std::size_t kind = 0; kind < kind_count; ++kind) {
    if (kind == static_cast<std::size_t>(Kind::other) && tally[kind] == 0) continue;
    text += (text.empty() ? "" : ", ") + std::to_string(tally[kind]) + ' ' + std::string(words[kind]);
  }
  return text;
}

std::size_t digest_of(std::string_view target, std::string_view body) {
  const std::hash<std::string_view> hash;
  return hash(target) * 31 + hash(body);
}

std::size_t pages_by_key_set(const std::vector<Timestamp>& times) {
  constexpr std::size_t page = 100;
  std::size_t pages = 1;
  for (std::size_t begin = 0; times.size() - begin >= page; ++pages) {
    const auto oldest = std::chrono::floor<std::chrono::seconds>(times[begin + page - 1]);
    const std::size_t before = begin;
    while (times[begin] >= oldest + std::chrono::seconds{1}) ++begin;
    if (begin == before) begin += page;  // all of one second: the next page goes by its number
  }
  return pages;
}

}  // namespace connector::benchmark
