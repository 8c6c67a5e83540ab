// Measuring two ways of doing the same, in turn, so that whatever else the machine does meets both.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace connector::benchmark {

using Microseconds = std::chrono::microseconds;

struct Sample {
  Microseconds wall{0};
  Microseconds cpu{0};         ///< of the thread or process that did it
  Microseconds first_byte{0};  ///< of a program: from its start to the first byte of a request at a server
  long peak_kib = 0;           ///< of a program: the most memory that was resident
};

/// What doing this once takes of this thread.
Sample measure(const std::function<void()>& work);

/// Samples of two ways; those with the same index were taken one after the other.
struct Pairs {
  std::vector<Sample> first;
  std::vector<Sample> second;
};

/// The middle of the values, of which there must be some.
double median(std::vector<double> values);

/// The most memory of any sample, in MiB: "13.4".
std::string peak_mib(const std::vector<Sample>& samples);

/// Median of a figure over the samples, in milliseconds: "135.2".
std::string median_ms(const std::vector<Sample>& samples, Microseconds Sample::*figure);

/// How the first way's figure compares to the second's, pair by pair: "1.04 (0.98 to 1.13)".
std::string ratio(const Pairs& pairs, Microseconds Sample::*figure);

/// How many pairs an argument asks for; 0 when it is no number.
std::size_t number_in(std::string_view text);

}  // namespace connector::benchmark
