// The pure parts of a pass, piece by piece: a page decoded, builds judged and planned, the state written and
// read, the texts of a status. Google Benchmark chooses how often.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <vector>

#include "benchmark/desk.hh"
#include "benchmark/made_up_builds.hh"
#include "buildkite/builds_answer.hh"
#include "core/build/status_text.hh"
#include "core/text/json_text.hh"
#include "core/text/mask.hh"
#include "support/a_build.hh"
#include "support/build_json.hh"

namespace connector::benchmark {
namespace {

using ::benchmark::State;

std::string page_json(std::size_t jobs_a_build) {
  support::BuildJsonOptions options;
  options.jobs = jobs_a_build > 0;
  std::string body;
  JsonWriter out(body);
  out.begin_array();
  for (std::size_t serial = 0; serial < 100; ++serial) {
    support::ModelBuild model;
    model.build = made_up_build(serial, support::noon);
    Job job;
    job.type = "script";
    job.name = ":test_tube: Tests";
    job.command = "make test";
    job.state = "passed";
    job.web_url = model.build.web_url + "#job";
    model.build.jobs.emplace(jobs_a_build, job);
    support::write_build(out, model, "acme-inc", options);
  }
  out.end_array();
  return body;
}

void decode_page(State& state) {
  const std::string page = page_json(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) ::benchmark::DoNotOptimize(buildkite::decode_builds(page));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(page.size()));
}
BENCHMARK(decode_page)->ArgName("jobs")->Arg(0)->Arg(20)->Unit(::benchmark::kMicrosecond);

/// So many of them, of which each should cost the same.
void sizes(::benchmark::internal::Benchmark* of, const char* what, std::int64_t most) {
  of->ArgName(what)->Arg(1'000)->Arg(10'000)->Arg(most);
  of->Unit(::benchmark::kMillisecond)->Complexity(::benchmark::oN);
}

void for_builds(::benchmark::internal::Benchmark* of) {
  sizes(of, "builds", 100'000);
}

void for_ledgers(::benchmark::internal::Benchmark* of) {
  sizes(of, "entries", 50'000);
}

std::size_t builds_of(const State& state) {
  return static_cast<std::size_t>(state.range(0));
}

void take_builds(State& state) {
  const Pages pages = made_up_pages(builds_of(state));
  for (auto _ : state) {
    SavedState saved;
    desk::take_builds(saved, pages);
    ::benchmark::DoNotOptimize(saved.ledger.size());
  }
  state.SetComplexityN(state.range(0));
}
BENCHMARK(take_builds)->Apply(for_builds);

void plan_statuses(State& state) {
  SavedState saved;
  desk::take_builds(saved, made_up_pages(builds_of(state)));
  for (auto _ : state) ::benchmark::DoNotOptimize(desk::plan_statuses(saved));
  state.SetComplexityN(state.range(0));
}
BENCHMARK(plan_statuses)->Apply(for_builds);

SavedState state_of(std::size_t entries) {
  SavedState saved;
  add_told_entries(saved.ledger, 0, entries, support::noon - std::chrono::days{6});
  return saved;
}

void write_state(State& state) {
  const SavedState saved = state_of(builds_of(state));
  for (auto _ : state) ::benchmark::DoNotOptimize(desk::write_state(saved));
  state.SetComplexityN(state.range(0));
}
BENCHMARK(write_state)->Apply(for_ledgers);

void read_state(State& state) {
  const std::string text = desk::write_state(state_of(builds_of(state)));
  for (auto _ : state) ::benchmark::DoNotOptimize(desk::read_state(text));
  state.SetComplexityN(state.range(0));
}
BENCHMARK(read_state)->Apply(for_ledgers);

void compose_status(State& state) {
  const Build build = made_up_build(1, support::noon);
  const StatusTemplates templates;
  for (auto _ : state) {
    ::benchmark::DoNotOptimize(
        connector::compose_status(build, BitbucketState::successful, templates, "acme-inc"));
  }
}
BENCHMARK(compose_status);

void mask_message(State& state) {
  Mask mask;
  mask.add(Secret("bkua_0123456789abcdef0123456789abcdef01234567"));
  mask.add(Secret("benchmark-password"), "buildkite-bot");
  const std::string line = "posted state=SUCCESSFUL pipeline=web build=7 repository=SHOP/web: " +
                           made_up_build(1, support::noon).message;
  for (auto _ : state) ::benchmark::DoNotOptimize(mask.hide(line));
}
BENCHMARK(mask_message);

}  // namespace
}  // namespace connector::benchmark

BENCHMARK_MAIN();
