#include "benchmark/table.hh"

#include <algorithm>
#include <iostream>

namespace connector::benchmark {

void print_table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths(rows.at(0).size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths.at(i) = std::max(widths.at(i), row.at(i).size());
  }
  const auto print = [&](const std::vector<std::string>& cells, char filler) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      std::cout << "| " << cells[i] << std::string(widths[i] - cells[i].size(), filler) << ' ';
    }
    std::cout << "|\n";
  };
  print(rows.front(), ' ');
  print(std::vector<std::string>(widths.size()), '-');
  for (std::size_t i = 1; i < rows.size(); ++i) print(rows[i], ' ');
}

}  // namespace connector::benchmark
