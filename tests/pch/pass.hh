// What tests of passes in memory read, compiled once (see adapters.hh).
#include <gtest/gtest.h>

#include "pass/history.hh"
