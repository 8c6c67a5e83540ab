// A table on standard output that reads well in a terminal and in Markdown.
#pragma once

#include <string>
#include <vector>

namespace connector::benchmark {

/// Columns as wide as their widest cell. The first row is the heading; all rows have as many cells.
void print_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace connector::benchmark
