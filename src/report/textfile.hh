// The file of metrics for the textfile collector of Prometheus' node_exporter.
#pragma once

#include <string>
#include <string_view>

namespace connector::report {

/// The text of the file; empty when there is none or it cannot be read, as all in it can be told anew.
std::string read_textfile(const std::string& path);

/// Replaces the file in one step by one that everybody may read: node_exporter is another user. While it is
/// written its name does not end with .prom, so that nobody reads half of it. Throws Error (cant_create,
/// io_error).
void write_textfile(const std::string& path, std::string_view text);

}  // namespace connector::report
