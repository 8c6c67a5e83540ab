// Does at the desk what a pass does with so many builds, once, for callgrind to count the instructions.
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

#include "benchmark/desk.hh"

namespace connector::benchmark {
namespace {

bool work(std::size_t builds) {
  const Pages pages = made_up_pages(builds);
  SavedState state;
  desk::take_builds(state, pages);
  const auto planned = desk::plan_statuses(state);
  const std::string ahead = desk::write_state(state);
  desk::settle_statuses(state, planned);
  const SavedState next = desk::read_state(desk::write_state(state));
  return planned.size() == builds && next.ledger.size() == builds && next.ledger.outbox_size() == 0;
}

}  // namespace
}  // namespace connector::benchmark

int main(int count, char** arguments) {
  try {
    const std::size_t builds = count == 2 ? std::stoul(arguments[1]) : 0;
    return builds > 0 && connector::benchmark::work(builds) ? EXIT_SUCCESS : EXIT_FAILURE;
  } catch (const std::exception& error) {
    std::cerr << "desk-work: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
