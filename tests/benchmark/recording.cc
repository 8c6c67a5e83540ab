#include "benchmark/recording.hh"

#include <deque>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "benchmark/gzip.hh"
#include "benchmark/made_up_builds.hh"
#include "core/listing/cursor.hh"
#include "support/a_build.hh"
#include "support/fake_bitbucket.hh"
#include "support/fake_buildkite.hh"

namespace connector::benchmark {
namespace {

using namespace std::chrono_literals;

std::string as_sent(const support::FakeAnswer& answer) {
  std::string headers = "HTTP/1.1 " + std::to_string(answer.status) + " OK\r\n";
  for (const auto& [name, value] : answer.headers) headers.append(name).append(": ").append(value) += "\r\n";
  const std::string body = gzip_of(answer.body);
  return headers + "Content-Encoding: gzip\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

support::BuildkiteSettings without_limits() {
  support::BuildkiteSettings settings;
  settings.user_limit = settings.organization_limit = 1'000'000;
  settings.token_lasts = std::chrono::days{300};
  return settings;
}

/// The made-up organization behind the servers of a stage, and what it was asked in the last pass.
class Original {
 public:
  explicit Original(const SceneWish& wish) : wish_(wish) {
    const Timestamp newest = organization_.now() - 1min;
    for (std::size_t i = 0; i < wish.before; ++i) {
      add(newest - wish.past + (wish.past * static_cast<int>(i + 1)) / static_cast<int>(wish.before));
    }
    for (std::size_t i = 0; i < 5; ++i) add_running(organization_.now() - 40min - i * 1s);
  }

  std::string_view answer(std::string_view request) {
    const std::lock_guard lock(mutex_);
    const std::string line(line_of(request));
    ++tally_[static_cast<std::size_t>(kind_of(request))];
    if (kind_of(request) == Kind::status) {
      const std::size_t body = request.find("\r\n\r\n") + 4;
      scene_.statuses.push_back({line.substr(line.find(' ') + 1), std::string(request.substr(body))});
      return no_content;
    }
    const std::string target = line.substr(line.find(' ') + 1);
    const auto listing = static_cast<std::size_t>(kind_of(request));
    if (listing < scene_.listings.size()) scene_.listings[listing].push_back(target);
    // A pass asks for nothing twice.
    return scene_.answers[line] = as_sent(model_answer(line.substr(0, line.find(' ')), target));
  }

  /// As at the beginning of a pass, in which nothing has been asked yet. What Bitbucket said about itself is
  /// kept, since it would say it again.
  void forget_requests() {
    auto answers = std::exchange(scene_, {}).answers;
    std::erase_if(answers, [](const auto& answer) { return !answer.first.starts_with("GET /rest/"); });
    scene_.answers = std::move(answers);
    scene_.listings.resize(parallel_listings);
    tally_ = {};
  }

  /// Time goes by until the pass that is wanted, and builds come.
  void go_on() {
    const Timestamp last = organization_.now();
    organization_.advance(wish_.pause);
    const auto count = static_cast<int>(wish_.changed);
    for (int i = 1; i <= count; ++i) add(last + ((wish_.pause - 30s) * i) / count);
  }

  /// What a pass on this state has to ask for.
  [[nodiscard]] Tally expected(const SavedState& state, std::size_t changed) const {
    const Timestamp floor =
        std::chrono::floor<std::chrono::seconds>(*created_floor(state.cursors, wish_.overlap));
    std::vector<Timestamp> window;
    for (const support::ModelBuild* model : organization_.listed()) {
      if (model->build.created_at >= floor) window.push_back(model->build.created_at);
    }
    return {pages_by_key_set(window), 1, 1, changed, 0};
  }

  [[nodiscard]] const Tally& tally() const { return tally_; }
  Scene take_scene() { return std::exchange(scene_, {}); }

 private:
  void add(Timestamp created) { organization_.add(made_up_build(builds_++, created)); }
  void add_running(Timestamp created) {
    Build build = made_up_build(builds_++, created);
    build.state = BuildState::running;
    build.state_word = word_of(build.state);
    build.finished_at.reset();
    organization_.add(std::move(build));
  }

  support::FakeAnswer model_answer(const std::string& method, const std::string& target) {
    support::FakeRequest request{method, target, {}, {}};
    if (target.starts_with("/v2/")) {
      request.headers["authorization"] = "Bearer " + buildkite_.settings().token;
      return buildkite_.handle(request);
    }
    const support::Credentials& login = bitbucket_.settings().credentials;
    request.headers["authorization"] = "Basic " + support::base64(login.username + ':' + login.password);
    return bitbucket_.handle(request);
  }

  SceneWish wish_;
  support::Organization organization_{"acme-inc", support::noon};
  support::FakeBuildkite buildkite_{organization_, without_limits()};
  support::FakeBitbucket bitbucket_{[this] { return organization_.now(); }};
  std::size_t builds_ = 0;
  std::mutex mutex_;
  Scene scene_;
  Tally tally_{};
};

/// Passes until one of them finds nothing left to read or to post.
void bring_up_to_date(Stage& stage, Original& original, std::chrono::milliseconds overlap) {
  constexpr int most_passes = 20;
  const auto pass = [&] {
    original.forget_requests();
    stage.rehearse(overlap, [&](std::string_view request) { return original.answer(request); });
  };
  pass();
  for (int i = 1; i < most_passes; ++i) {
    const Tally idle = original.expected(stage.saved_state(), 0);
    pass();
    if (original.tally() == idle) return;
  }
  throw std::runtime_error("passes go on to ask for " + in_words(original.tally()));
}

}  // namespace

Scene record(Stage& stage, const SceneWish& wish) {
  Original original(wish);
  stage.forget_state();
  bring_up_to_date(stage, original, wish.overlap);
  original.go_on();
  const SavedState before = stage.saved_state();
  const Tally expected = original.expected(before, wish.changed);
  original.forget_requests();
  stage.rehearse(wish.overlap, [&](std::string_view request) { return original.answer(request); });
  if (original.tally() != expected) {
    throw std::runtime_error("the connector asked for " + in_words(original.tally()) + " instead of " +
                             in_words(expected));
  }
  Scene scene = original.take_scene();
  scene.overlap = wish.overlap;
  scene.state = before;
  scene.expected = expected;
  for (const Status& status : scene.statuses) scene.digest += digest_of(status.target, status.body);
  add_told_entries(scene.state.ledger, wish.before + wish.changed + 5, wish.more_entries,
                   support::noon - std::chrono::days{6});
  return scene;
}

}  // namespace connector::benchmark
