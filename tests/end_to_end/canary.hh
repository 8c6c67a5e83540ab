// Secrets made to be found again: in which ways others may write them, and whether a text gives one away.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace connector::support {

/// A made-up secret with characters that change wherever a text is encoded, escaped or quoted.
struct Canary {
  std::string name;   ///< for people: "Buildkite's token"
  std::string value;  ///< every six bytes of it are found nowhere else
  std::string user;   ///< who logs in with it; empty for none
};

/// What somebody says that holds a secret.
struct Utterance {
  std::string form;  ///< for people: "percent-encoded"
  std::string text;
};

/// The secret in all the ways in which a server, a proxy or a library may say it.
std::vector<Utterance> utterances_of(const Canary& canary);

/// Looks for secrets in what a program leaves behind. Knows nothing of how the program hides them: undoes
/// every encoding that there is, three deep, and looks for any six bytes of a secret in a row.
class Search {
 public:
  explicit Search(const std::vector<Canary>& canaries);

  /// For each secret that a text gives away its name and what was found; empty when there is none.
  [[nodiscard]] std::string found_in(std::string_view text) const;

 private:
  void note_found(std::string_view reading, std::map<std::string, std::string>& found) const;

  std::map<std::uint64_t, std::string> pieces_;  ///< six bytes as a number, and whose they are
};

}  // namespace connector::support
