// What tests of the program read, compiled once (see adapters.hh).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "end_to_end/program.hh"
