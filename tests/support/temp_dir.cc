#include "support/temp_dir.hh"

#include <stdlib.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>

namespace connector::support {

TempDir::TempDir() {
  const char* parent = std::getenv("TMPDIR");
  path_ = (parent != nullptr && *parent != '\0' ? std::string(parent) : "/tmp") + "/connector-test-XXXXXX";
  if (mkdtemp(path_.data()) == nullptr) throw std::system_error(errno, std::generic_category(), path_);
}

TempDir::~TempDir() {
  std::error_code ignored;  // a destructor cannot report, and a leftover under /tmp does no harm
  std::filesystem::remove_all(path_, ignored);
}

std::string TempDir::file(std::string_view name) const {
  return path_ + '/' + std::string(name);
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream contents;
  contents << in.rdbuf();
  if (!in) throw std::runtime_error(path + ": cannot be read");
  return contents.str();
}

void write_file(const std::string& path, std::string_view contents) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(contents.data(), static_cast<std::streamsize>(contents.size()));
  out.close();
  if (!out) throw std::runtime_error(path + ": cannot be written");
}

}  // namespace connector::support
