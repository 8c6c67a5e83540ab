// What a pass costs, from the start of the program to its end, beside a bare libcurl loop that makes the same
// requests: both in turn, against the same servers. Fails only when either asks for more or less than the
// design says or a status does not arrive, never for being slow.
#include <algorithm>
#include <csignal>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "benchmark/launcher.hh"
#include "benchmark/measure.hh"
#include "benchmark/recording.hh"
#include "benchmark/stage.hh"
#include "benchmark/table.hh"

namespace connector::benchmark {
namespace {

using namespace std::chrono_literals;

/// A row for each way of reaching the servers.
struct Case {
  std::string name;
  SceneWish wish;
  /// Of ten pairs so many are measured at no latency, and at 20 ms: what takes long is measured less often.
  std::size_t of_ten = 10;
  std::size_t of_ten_far = 10;
};

std::vector<Case> cases() {
  return {{"idle", {}},
          {"100 changed", {.changed = 100, .pause = 10min}},
          {"1,000 changed", {.changed = 1'000, .pause = 50min}},
          {"10,000 changed", {.changed = 10'000, .pause = 50min}, 5, 2},
          {"20,000 in the window", {.before = 20'000, .past = 22h, .overlap = 24h}, 5, 2},
          {"idle, 50,000 in the ledger", {.more_entries = 50'000}}};
}

class Comparison {
 public:
  explicit Comparison(const Programs& programs)
      : plain_(launcher_, programs), tls_(launcher_, programs, &authority_) {}

  /// A row for each way to the servers, of those whose label begins with `only`.
  void add_rows(const Case& wanted, std::size_t pairs, std::string_view only) {
    std::optional<Scene> scene;
    for (const auto latency : {0ms, 20ms}) {
      const std::size_t of_ten = latency == 0ms ? wanted.of_ten : wanted.of_ten_far;
      for (Stage* stage : {&plain_, &tls_}) {
        std::vector<std::string> row = {wanted.name, std::to_string(latency.count()) + " ms",
                                        stage == &tls_ ? "TLS" : "plain"};
        const std::string label = row[0] + ", " + row[1] + ", " + row[2];
        if (!label.starts_with(only)) continue;
        if (!scene) scene = record(plain_, wanted.wish);
        stage->set_latency(latency);
        add_figures(row, *scene, *stage, std::max<std::size_t>(1, pairs * of_ten / 10));
        stage->set_latency(0ms);
        std::cerr << label << ": " << row[4] << '\n';
        rows_.push_back(std::move(row));
      }
    }
  }

  [[nodiscard]] const std::vector<std::vector<std::string>>& rows() const { return rows_; }

 private:
  static void add_figures(std::vector<std::string>& row, const Scene& scene, Stage& stage,
                          std::size_t pair_count) {
    if (pair_count > 2) {  // both once in vain, to warm up
      stage.by_connector(scene);
      stage.by_bare_loop(scene);
    }
    Pairs pairs;
    std::vector<Sample> by_disk;
    Performance connector, bare;
    for (std::size_t i = 0; i < pair_count; ++i) {
      connector = stage.by_connector(scene);
      bare = stage.by_bare_loop(scene);
      pairs.first.push_back(connector.sample);
      pairs.second.push_back(bare.sample);
      by_disk.push_back(stage.by_disk(scene));
    }
    const auto both = [](const std::string& a, const std::string& b) { return a + ", " + b; };
    const auto requests = [](const Performance& performance) {
      std::size_t sum = 0;
      for (const std::size_t count : performance.tally) sum += count;
      return std::to_string(sum);
    };
    row.insert(
        row.end(),
        {both(median_ms(pairs.first, &Sample::wall), median_ms(pairs.second, &Sample::wall)),
         ratio(pairs, &Sample::wall), median_ms(by_disk, &Sample::wall),
         both(median_ms(pairs.first, &Sample::cpu), median_ms(pairs.second, &Sample::cpu)),
         both(median_ms(pairs.first, &Sample::first_byte), median_ms(pairs.second, &Sample::first_byte)),
         both(peak_mib(pairs.first), peak_mib(pairs.second)), both(requests(connector), requests(bare)),
         both(std::to_string(connector.connections), std::to_string(bare.connections)),
         std::to_string(pair_count)});
  }

  Launcher launcher_;  // first, while the process is small
  const support::TestAuthority authority_;
  Stage plain_;
  Stage tls_;
  std::vector<std::vector<std::string>> rows_ = {
      {"pass", "latency", "HTTP", "wall ms", "ratio, median (min to max)", "disk ms", "CPU ms",
       "first byte ms", "peak MiB", "requests", "connections", "pairs"}};
};

void compare(const Programs& programs, std::size_t pairs, std::string_view only) {
  Comparison comparison(programs);
  for (const Case& wanted : cases()) comparison.add_rows(wanted, pairs, only);
  std::cout
      << "Whole passes, by the connector and by a bare libcurl loop with the same requests, in turn "
         "(two figures in a cell: connector, bare loop; disk: what saving such a state once takes):\n\n";
  print_table(comparison.rows());
}

}  // namespace
}  // namespace connector::benchmark

int main(int count, char** arguments) {
  std::signal(SIGPIPE, SIG_IGN);
  const std::size_t pairs = count >= 4 ? connector::benchmark::number_in(arguments[3]) : 0;
  if (pairs == 0 || count > 5) {
    std::cerr << "usage: pass-benchmark CONNECTOR BARE_PASS PAIRS [BEGINNING_OF_A_ROW]\n";
    return 64;
  }
  try {
    connector::benchmark::compare({arguments[1], arguments[2]}, pairs, count == 5 ? arguments[4] : "");
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "pass-benchmark: " << error.what() << '\n';
    return 1;
  }
}
