// What most tests of single rooms read, compiled once: reading it is half of what compiling a test takes.
// Each file still includes what it uses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>
