#include "report/progress.hh"

#include <utility>

namespace connector::report {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds silence{3000};
constexpr milliseconds interval{200};
constexpr std::string_view line_start = "\r";
constexpr std::string_view erase_to_the_end = "\x1b[K";

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
  return std::to_string(count).append(" ").append(count == 1 ? one : many);
}

}  // namespace

std::string line_of(const Standing& standing, unsigned columns) {
  constexpr unsigned usual_columns = 80;
  std::string line = counted(standing.builds, "build", "builds") + " listed, " +
                     counted(standing.posted, "status", "statuses") + " posted, " +
                     std::to_string(standing.left) + " left";
  if (standing.wait) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(standing.wait->left).count();
    line.append("; waiting " + std::to_string(seconds) + " s for ").append(standing.wait->server);
  }
  return line.substr(0, (columns == 0 ? usual_columns : columns) - 1);
}

bool Progress::due(milliseconds now) const {
  return now - start_ >= silence && (!drawn_at_ || now - *drawn_at_ >= interval);
}

std::string Progress::draw(const Standing& standing, unsigned columns, milliseconds now) {
  drawn_at_ = now;
  std::string line = line_of(standing, columns);
  if (line == shown_) return {};
  shown_ = std::move(line);
  return std::string(line_start).append(shown_).append(erase_to_the_end);
}

std::string Progress::erase() {
  if (std::exchange(shown_, {}).empty()) return {};
  return std::string(line_start).append(erase_to_the_end);
}

}  // namespace connector::report
