// What most tests of decisions read, compiled once (see adapters.hh).
#include <gtest/gtest.h>

#include <vector>

#include "support/a_build.hh"
