#include "properties/program_passes.hh"

#include <signal.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <mutex>
#include <random>
#include <sstream>
#include <utility>
#include <variant>

#include "end_to_end/program.hh"
#include "properties/passes.hh"
#include "properties/player.hh"
#include "properties/world.hh"
#include "state/decode.hh"

namespace connector::properties {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;
using support::FakeAnswer;
using support::FakeRequest;

/// Too short for the waits that peers ask for, so that passes end instead; the next one is a minute later on
/// the model's clock.
constexpr const char* deadline = "--deadline=2s";

/// After these the program waits for a moment and tries again.
bool makes_wait(const Event& event) {
  constexpr std::array kinds = {Trouble::server_error, Trouble::cut_body, Trouble::lost_answer,
                                Trouble::lost_request, Trouble::held_post};
  return event.what == What::trouble && std::find(kinds.begin(), kinds.end(), event.trouble) != kinds.end();
}

std::string config_file(const PlanSettings& settings) {
  return "[bitbucket]\nrepository_hosts = [\"bitbucket.example.com\"]\n[sync]\noverlap = \"" +
         std::to_string(settings.overlap / 1s) + "s\"\n";
}

class ProgramPasses : public Passes {
 public:
  ProgramPasses(const Plan& plan, World& world, support::Program& program);
  PassResult run(std::uint64_t number) override;
  void add_shard() override {}  // left out by for_program()

 private:
  FakeAnswer meet(const FakeRequest& request, FakeAnswer (World::*peer)(const FakeRequest&));
  void let_time_pass();
  bool look_for_save();
  void put_state_back();
  void kill_program();
  support::ProcessResult run_program();
  PassResult end_of(const support::ProcessResult& process);

  World& world_;
  support::Program& program_;
  std::mt19937_64 random_;
  std::unique_ptr<support::Process> process_;
  bool killed_ = false;
  std::chrono::steady_clock::time_point last_request_;
};

ProgramPasses::ProgramPasses(const Plan& plan, World& world, support::Program& program)
    : world_(world), program_(program), random_(plan.seed) {
  const std::string config = program_.directory.file("config.toml");
  support::write_file(config, config_file(plan.settings));
  program_.environment["CONNECTOR_CONFIG"] = config;
  program_.peers.buildkite_faults.always([this](const FakeRequest& request, const support::Handler&) {
    return meet(request, &World::buildkite);
  });
  program_.peers.bitbucket_faults.always([this](const FakeRequest& request, const support::Handler&) {
    return meet(request, &World::bitbucket);
  });
}

/// A request arrives. All that is touched here is touched by others only while no pass runs or with the lock
/// held that the front holds now.
FakeAnswer ProgramPasses::meet(const FakeRequest& request, FakeAnswer (World::*peer)(const FakeRequest&)) {
  try {
    let_time_pass();
    if (look_for_save()) world_.after_save();
    return (world_.*peer)(request);
  } catch (const Crash&) {
    kill_program();
    return support::lose_the_request()(request, {});
  }
}

/// The model's clock goes on with every request, as long as one takes in a network, and with the waits of the
/// program; not with the few milliseconds that it needs, which differ from machine to machine.
void ProgramPasses::let_time_pass() {
  using std::chrono::steady_clock;
  using tenths = std::chrono::duration<milliseconds::rep, std::deci>;
  const auto now = steady_clock::now();
  const auto waited = std::chrono::floor<tenths>(now - std::exchange(last_request_, now));
  constexpr unsigned spread = 71;
  world_.advance(10ms + milliseconds(random_() % spread) + waited);
}

/// Whether the program has replaced its state file.
bool ProgramPasses::look_for_save() {
  if (!std::filesystem::exists(program_.state_file())) return false;
  std::string text = support::read_file(program_.state_file());
  if (!saves().empty() && text == saves().newest()) return false;
  saves().add(world_.now(), std::move(text));
  return true;
}

/// The newest save is what the program left, unless the player went back to an older one.
void ProgramPasses::put_state_back() {
  if (saves().empty() || support::read_file(program_.state_file()) == saves().newest()) return;
  support::write_file(program_.state_file(), saves().newest());
}

void ProgramPasses::kill_program() {
  killed_ = true;
  ::kill(process_->pid(), SIGKILL);
  world_.crashed();
  world_.spare_requests(true);
}

support::ProcessResult ProgramPasses::run_program() {
  {
    const std::lock_guard lock(program_.http.models());
    last_request_ = std::chrono::steady_clock::now();
    process_ = program_.start({deadline, "--log-level=info"});
  }
  auto result = program_.finish(*process_);
  {
    const std::lock_guard lock(program_.http.models());
    world_.spare_requests(true);
  }
  program_.http.wait_until_idle();
  world_.spare_requests(false);
  return result;
}

PassResult ProgramPasses::run(std::uint64_t /*number*/) {
  put_state_back();
  killed_ = false;
  const auto process = run_program();
  look_for_save();
  std::istringstream lines(process.out + process.err);
  for (std::string line; std::getline(lines, line);) world_.note("  says: " + line);
  if (killed_) return Crashed{};
  return end_of(process);
}

PassResult ProgramPasses::end_of(const support::ProcessResult& process) {
  if (process.exit_status < 0) return Failure{"ended", "the program did not end by itself"};
  const auto status = static_cast<ExitStatus>(process.exit_status);
  constexpr std::array expected = {ExitStatus::ok, ExitStatus::incomplete, ExitStatus::temp_fail,
                                   ExitStatus::no_permission, ExitStatus::protocol};
  if (std::find(expected.begin(), expected.end(), status) == expected.end())
    return Failure{"ended", "the program ended with " + std::to_string(process.exit_status)};
  if (saves().empty()) return PassEnd{status, 0, 0};
  const auto decoded = state::decode(saves().newest());
  if (const auto* damaged = std::get_if<state::Damaged>(&decoded)) return unreadable_state(damaged->reason);
  const auto* state = std::get_if<SavedState>(&decoded);
  if (state == nullptr) return unreadable_state("newer format");
  return PassEnd{status, state->ledger.outbox_size(), state->cursors.gaps.size()};
}

}  // namespace

Plan for_program(Plan plan) {
  std::erase_if(plan.events, [](const Event& event) {
    return event.trouble == Trouble::crash_before_save || event.what == What::add_shard;
  });
  plan.settings.shards = 1;
  constexpr std::ptrdiff_t most_waits = 6;
  const auto waits = std::count_if(plan.events.begin(), plan.events.end(), makes_wait);
  const auto step = (waits + most_waits - 1) / most_waits;
  std::ptrdiff_t met = 0;
  std::erase_if(plan.events, [&](const Event& event) { return makes_wait(event) && met++ % step != 0; });
  for (Event& event : plan.events) {
    if (event.trouble == Trouble::late_answer) event.span /= 1000;
  }
  return plan;
}

std::optional<Failure> play_with_program(const Plan& plan, std::vector<std::string>& trace) {
  support::Program program;
  World world(plan, program.peers, &trace);
  ProgramPasses passes(plan, world, program);
  return play(plan, world, passes, &trace);
}

}  // namespace connector::properties
