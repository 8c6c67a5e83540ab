// Trouble on the way to a fake peer, told in advance by a test: the next requests, or all that a rule picks,
// meet it.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "support/fake_message.hh"

namespace connector::support {

/// What happens to one request: a rule that may ask the peer or answer in its place.
using Fault = std::function<FakeAnswer(const FakeRequest&, const Handler& peer)>;

/// The peer is not asked; this is the answer.
Fault answer_instead(FakeAnswer answer);
/// An error status with a JSON body, the peer not asked.
Fault answer_status(int status);
/// A page as proxies and login forms send it, the peer not asked.
Fault answer_html(int status);
/// 429 with Retry-After in seconds (as text, so that dates and junk can be sent; empty = without the header).
Fault answer_too_many(const std::string& retry_after);
/// The peer acts, then half of its answer is lost. A body is made up for answers that have none.
Fault cut_the_body();
/// The peer acts, its answer is lost.
Fault lose_the_answer();
/// The request is lost: the peer does not act, nobody answers.
Fault lose_the_request();
/// The peer acts at once and answers late.
Fault answer_late(std::chrono::milliseconds delay);

/// Stands in front of a peer. Faults for the next requests come first, then the rules in the order they were
/// made.
class Faults {
 public:
  using Picks = std::function<bool(const FakeRequest&)>;

  /// The next `times` requests meet this fault.
  void next(const Fault& fault, std::size_t times = 1);
  /// Every request that `picks` chooses meets this fault, until clear().
  void whenever(Picks picks, Fault fault);
  /// Every request meets this fault, until clear().
  void always(Fault fault);
  void clear();

  /// The next `times` requests reach the peer only when release() is called; nobody answers them. So a reply
  /// is lost and the request lands later, after newer ones.
  void hold_back(std::size_t times = 1);
  /// Lets the peer act on what was held back, in the order it was sent.
  void release();

  /// The peer with the faults in front. This object must outlive it.
  [[nodiscard]] Handler before(Handler peer);

 private:
  struct Rule {
    Picks picks;
    Fault fault;
  };
  struct Held {
    FakeRequest request;
    Handler peer;
  };

  std::deque<Fault> next_;
  std::vector<Rule> rules_;
  std::vector<Held> held_;
};

}  // namespace connector::support
