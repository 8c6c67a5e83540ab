// The manual page's source taken apart, as far as the mdoc(7) it is written in.
#pragma once

#include <string>
#include <vector>

namespace connector {

/// An item of a list: what follows .It, and what is said of it.
struct ManItem {
  std::string head;
  std::string body;  ///< plain text; items in a row with one text between them share it
};

class ManPage {
 public:
  explicit ManPage(const std::string& mdoc);

  /// The lines of a section, sub-sections included.
  [[nodiscard]] ManPage section(const std::string& name) const;
  [[nodiscard]] std::vector<ManItem> items() const;
  /// The first argument of each use of a macro, such as "Ev", in the order of the page.
  [[nodiscard]] std::vector<std::string> marked(const std::string& macro) const;
  /// Everything without macros, in one line.
  [[nodiscard]] std::string text() const;

 private:
  explicit ManPage(std::vector<std::string> lines) : lines_(std::move(lines)) {}

  std::vector<std::string> lines_;
};

/// The arguments of a macro's uses in one line.
std::vector<std::string> marked(const std::string& line, const std::string& macro);

}  // namespace connector
