// The real program with made-up secrets in every place it may take them from, before servers that say them
// aloud.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "end_to_end/canary.hh"
#include "end_to_end/program.hh"

namespace connector::support {

/// Where the program finds its secrets. The login of a proxy has no file of its own: it comes by variable, or
/// with the last two in the configuration.
enum class Hiding { variables, secret_files, credentials_directory, file_keys, configuration };
inline constexpr std::array<Hiding, 5> hidings = {Hiding::variables, Hiding::secret_files,
                                                  Hiding::credentials_directory, Hiding::file_keys,
                                                  Hiding::configuration};
std::string name_of(Hiding hiding);

enum class Login { password, token };

/// What the program sent besides what the RequestLogs of the peers have.
struct Sent {
  std::string to;  ///< "buildkite", "bitbucket", "snitch", "proxy"
  FakeRequest request;
};

/// Bitbucket is asked directly, Buildkite through a proxy that wants a login, a snitch is told of each pass.
class CanaryWorld {
 public:
  explicit CanaryWorld(Hiding hiding = Hiding::variables, Login login = Login::password);
  CanaryWorld(const CanaryWorld&) = delete;
  CanaryWorld& operator=(const CanaryWorld&) = delete;

  /// Runs the program and looks for the secrets in all that it leaves behind.
  ProcessResult run(const std::vector<std::string>& options);
  /// The secrets that this text or a file in the state's directory gives away; empty for none.
  [[nodiscard]] std::string given_away(const std::string& text) const;
  /// The next of all utterances of all secrets; after the last one the first.
  const Utterance& next_utterance();
  void begin_with_utterance(std::size_t number) { said_ = number; }
  [[nodiscard]] const std::vector<Utterance>& utterances() const { return utterances_; }
  /// A TOML file beside the secrets, which the program is to read.
  void configure(const std::string& toml);

  std::vector<Canary> canaries;
  Program program;
  std::vector<Sent> sent;
  /// What a build says is what is posted, and kept for that in its members of the state.
  bool builds_say_secrets = false;
  /// A state file that is set aside keeps what was in it.
  bool state_holds_secrets = false;
  FakeAnswer proxy_answer{
      0, {}, {}};  ///< what the proxy says instead of asking the server; status 0 for nothing

 private:
  void search_files() const;
  void hide(Hiding hiding, Login login);
  [[nodiscard]] std::string proxy_url() const;
  FakeAnswer proxied(const FakeRequest& request);

  TempDir planted_;  // what is in here holds secrets rightly
  Search search_;
  std::vector<Utterance> utterances_;
  std::size_t said_ = 0;
  HttpFront proxy_;
  HttpFront snitch_;
};

}  // namespace connector::support
