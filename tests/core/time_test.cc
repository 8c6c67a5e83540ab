// Timestamps and durations.
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/text/duration.hh"
#include "core/text/timestamp.hh"

namespace connector {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

struct ReadTime {
  std::string_view text;
  std::string_view as;  // in the form of format_timestamp; empty = refused
};

class Timestamps : public testing::TestWithParam<ReadTime> {};

TEST_P(Timestamps, AreReadInEveryFormBuildkiteSends) {
  const auto read = parse_timestamp(GetParam().text);
  EXPECT_EQ(read ? format_timestamp(*read) : "", GetParam().as) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    All, Timestamps,
    testing::Values(ReadTime{"2026-01-31T23:59:59.123Z", "2026-01-31T23:59:59.123Z"},
                    ReadTime{"2026-01-31T23:59:59Z", "2026-01-31T23:59:59.000Z"},
                    ReadTime{"2013-09-03 13:24:38 UTC", "2013-09-03T13:24:38.000Z"},
                    ReadTime{"2026-02-01T01:30:00+02:00", "2026-01-31T23:30:00.000Z"},
                    ReadTime{"2026-01-31T20:30:00-0330", "2026-02-01T00:00:00.000Z"},
                    ReadTime{"2026-01-01T00:00:00.1234567Z", "2026-01-01T00:00:00.123Z"},
                    ReadTime{"2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00.500Z"},
                    ReadTime{"2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"},
                    ReadTime{"2016-12-31T23:59:60Z", "2016-12-31T23:59:59.000Z"},
                    ReadTime{"2038-01-19T03:14:08Z", "2038-01-19T03:14:08.000Z"},
                    ReadTime{"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
                    ReadTime{"2026-02-30T00:00:00Z", ""}, ReadTime{"2026-13-01T00:00:00Z", ""},
                    ReadTime{"2026-01-01T24:00:00Z", ""}, ReadTime{"2026-01-01T00:00:00", ""},
                    ReadTime{"2026-01-01T00:00:00.Z", ""}, ReadTime{"2026-01-01", ""},
                    ReadTime{"2026-01-01T00:00:00Zjunk", ""}, ReadTime{"", ""},
                    ReadTime{"+026-01-01T00:00:00Z", ""},
                    ReadTime{"9999-12-31T23:59:59-00:00", "9999-12-31T23:59:59.000Z"},
                    ReadTime{"9999-12-31T23:59:59-00:01", ""}, ReadTime{"0000-01-01T00:00:00+00:01", ""}));

TEST(Timestamp, IsSentToBuildkiteInWholeSecondsRoundedDown) {
  EXPECT_EQ(format_seconds(*parse_timestamp("2026-01-31T23:59:59.999Z")), "2026-01-31T23:59:59Z");
  EXPECT_EQ(format_seconds(*parse_timestamp("1969-12-31T23:59:59.999Z")), "1969-12-31T23:59:59Z");
}

TEST(Timestamp, IsConceivableSinceBuildkiteExistsAndForSomeCenturies) {
  EXPECT_TRUE(is_conceivable(*parse_timestamp("2013-01-01T00:00:00Z")));
  EXPECT_TRUE(is_conceivable(*parse_timestamp("2999-12-31T23:59:59.999Z")));
  EXPECT_FALSE(is_conceivable(*parse_timestamp("2012-12-31T23:59:59.999Z")));
  EXPECT_FALSE(is_conceivable(*parse_timestamp("3000-01-01T00:00:00Z")));
  EXPECT_FALSE(is_conceivable(Timestamp{}));
}

TEST(HttpDate, IsReadInTheFormServersMustSend) {
  const auto read = parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(format_timestamp(*read), "1994-11-06T08:49:37.000Z");
}

TEST(HttpDate, IsRefusedInAnyOtherForm) {
  for (const auto* text : {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37",
                           "Sun, 31 Feb 2026 00:00:00 GMT", "Sun, 06 nov 1994 08:49:37 GMT", "120"}) {
    EXPECT_FALSE(parse_http_date(text).has_value()) << text;
  }
}

struct ReadDuration {
  std::string_view text;
  std::optional<milliseconds> as;
};

class Durations : public testing::TestWithParam<ReadDuration> {};

TEST_P(Durations, AreReadWithUnitsOrInTheBareUnit) {
  EXPECT_EQ(parse_duration(GetParam().text, 1h), GetParam().as) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    All, Durations,
    testing::Values(ReadDuration{"168", 168h}, ReadDuration{"0", 0ms}, ReadDuration{"90s", 90s},
                    ReadDuration{"15m", 15min}, ReadDuration{"36h", 36h}, ReadDuration{"7d", 168h},
                    ReadDuration{"1h30m", 90min}, ReadDuration{"500ms", 500ms},
                    ReadDuration{"", std::nullopt}, ReadDuration{"1h30", std::nullopt},
                    ReadDuration{"-1h", std::nullopt}, ReadDuration{"1.5h", std::nullopt},
                    ReadDuration{"1 h", std::nullopt}, ReadDuration{"1w", std::nullopt},
                    ReadDuration{"h", std::nullopt}, ReadDuration{"99999999999999999999", std::nullopt},
                    ReadDuration{"9223372036854775807d", std::nullopt}, ReadDuration{"3661d", std::nullopt}));

TEST(Duration, IsWrittenSoThatItReadsBack) {
  for (const milliseconds duration : {milliseconds{0ms}, milliseconds{15min}, milliseconds{168h},
                                      milliseconds{90min}, milliseconds{1500ms}, milliseconds{86399999ms}}) {
    EXPECT_EQ(parse_duration(format_duration(duration), 1ms), duration) << format_duration(duration);
  }
  EXPECT_EQ(format_duration(168h), "7d");
}

TEST(Duration, IsPutInWordsOfAtMostTwoUnits) {
  EXPECT_EQ(duration_in_words(192s), "3 min 12 s");
  EXPECT_EQ(duration_in_words(2h + 5min + 59s), "2 h 5 min");
  EXPECT_EQ(duration_in_words(41s), "41 s");
  EXPECT_EQ(duration_in_words(0s), "0 s");
  EXPECT_EQ(duration_in_words(1h + 5s), "1 h");
}

}  // namespace
}  // namespace connector
