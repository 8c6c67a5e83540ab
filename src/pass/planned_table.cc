#include "pass/planned_table.hh"

#include <algorithm>
#include <array>
#include <iterator>

#include "core/build/status_names.hh"
#include "core/text/text.hh"

namespace connector::pass {
namespace {

constexpr std::size_t columns = 6;
using Row = std::array<std::string, columns>;

Row row_of(const ReportedStatus& post) {
  const Repository& repository = post.key.repository;
  const std::string place =
      repository == Repository{} ? "(by commit)" : repository.project + "/" + repository.slug;
  return {std::string(word_of(post.state)),
          printable(post.pipeline + " #" + std::to_string(post.status.build_number)),
          short_commit(post.key),
          place,
          std::string(word_of(post.reason)),
          printable(post.status.name + " - " + post.status.description)};
}

}  // namespace

std::string table_of(const std::vector<ReportedStatus>& planned) {
  if (planned.empty()) return "nothing would be posted\n";
  std::vector<Row> rows = {{"STATE", "BUILD", "COMMIT", "REPOSITORY", "REASON", "TEXT"}};
  std::transform(planned.begin(), planned.end(), std::back_inserter(rows), row_of);
  std::array<std::size_t, columns> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i + 1 < columns; ++i)
      widths.at(i) = std::max(widths.at(i), utf16_length(row.at(i)));
  }
  std::string table;
  for (const Row& row : rows) {
    for (std::size_t i = 0; i + 1 < columns; ++i) {
      table += row.at(i);
      table.append(widths.at(i) - utf16_length(row.at(i)) + 2, ' ');
    }
    table += row.back() + "\n";
  }
  return table;
}

}  // namespace connector::pass
