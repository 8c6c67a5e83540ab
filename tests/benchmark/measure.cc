#include "benchmark/measure.hh"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>

namespace connector::benchmark {
namespace {

Microseconds thread_cpu() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return std::chrono::duration_cast<Microseconds>(std::chrono::seconds{used.tv_sec} +
                                                  std::chrono::nanoseconds{used.tv_nsec});
}

std::string with_digits(double value, int digits) {
  std::array<char, 32> text{};
  const int length = std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace

Sample measure(const std::function<void()>& work) {
  const auto begun = std::chrono::steady_clock::now();
  const Microseconds cpu_before = thread_cpu();
  work();
  return {std::chrono::duration_cast<Microseconds>(std::chrono::steady_clock::now() - begun),
          thread_cpu() - cpu_before,
          {},
          0};
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values.at(middle) : (values.at(middle - 1) + values.at(middle)) / 2;
}

std::string median_ms(const std::vector<Sample>& samples, Microseconds Sample::*figure) {
  std::vector<double> values;
  for (const Sample& sample : samples) values.push_back(static_cast<double>((sample.*figure).count()) / 1000);
  return with_digits(median(std::move(values)), 1);
}

std::string peak_mib(const std::vector<Sample>& samples) {
  long most = 0;
  for (const Sample& sample : samples) most = std::max(most, sample.peak_kib);
  return with_digits(static_cast<double>(most) / 1024, 1);
}

std::string ratio(const Pairs& pairs, Microseconds Sample::*figure) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < pairs.first.size(); ++i) {
    ratios.push_back(static_cast<double>((pairs.first.at(i).*figure).count()) /
                     static_cast<double>((pairs.second.at(i).*figure).count()));
  }
  const auto [least, most] = std::minmax_element(ratios.begin(), ratios.end());
  return with_digits(median(ratios), 2) + " (" + with_digits(*least, 2) + " to " + with_digits(*most, 2) +
         ')';
}

std::size_t number_in(std::string_view text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? number : 0;
}

}  // namespace connector::benchmark
