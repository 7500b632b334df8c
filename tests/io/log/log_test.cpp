#include "io/log/log.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <sstream>

#include "io/log/escape.hpp"
#include "io/log/limiter.hpp"
#include "tests/support/counting_meter.hpp"

namespace feedwatch::log {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;
using namespace std::chrono_literals;

TEST(text_value, a_plain_word_stays_as_it_is) {
    EXPECT_EQ(text_value("dedup"), "dedup");
}
TEST(text_value, words_with_spaces_or_equals_signs_are_quoted) {
    EXPECT_EQ(text_value("a b"), "\"a b\"");
    EXPECT_EQ(text_value("a=b"), "\"a=b\"");
    EXPECT_EQ(text_value(""), "\"\"");
}
TEST(text_value, what_moves_the_cursor_or_breaks_the_line_is_escaped) {
    EXPECT_EQ(text_value("a\nb\rc\td"), R"("a\nb\rc\td")");
    EXPECT_EQ(text_value("\x1b[31mred"), R"("\u001b[31mred")");
    EXPECT_EQ(text_value("\xC2\x85"), R"("\u0085")");      // NEL
    EXPECT_EQ(text_value("\xE2\x80\xA8"), R"("\u2028")");  // line separator
    EXPECT_EQ(text_value("a\xE2\x80\xAE"
                         "b"),
              R"("a\u202eb")");  // right-to-left override
}
TEST(text_value, letters_of_all_scripts_stay_readable) {
    EXPECT_EQ(text_value("žluťoučký・記事"), "žluťoučký・記事");
}
TEST(text_value, invalid_utf8_is_replaced) {
    EXPECT_EQ(text_value("a\xFF"
                         "b"),
              "a\xEF\xBF\xBD"
              "b");
}
TEST(text_value, a_long_value_is_cut_and_says_by_how_much) {
    const std::string value(value_bytes_max + 5, 'x');
    EXPECT_THAT(text_value(value), HasSubstr("… (5 bytes more)"));
    EXPECT_EQ(text_value(std::string(value_bytes_max, 'x')).size(), value_bytes_max);
}
TEST(printable, keeps_quotes_and_length_but_no_escape_sequence) {
    EXPECT_EQ(printable("a \"b\" \x1b[2J"), "a \"b\" \\u001b[2J");
    EXPECT_EQ(printable(std::string(9000, 'x')).size(), 9000U);
}
TEST(json_string, is_json) {
    const std::string nasty = "quote\" back\\ nl\n esc\x1b rtl\xE2\x80\xAE";
    EXPECT_EQ(boost::json::parse(json_string(nasty)).as_string(), nasty);
}

TEST(limiter, prints_a_burst_then_counts_until_the_window_ends) {
    limiter limits(2, 60s);
    const limiter::clock::time_point start{};
    EXPECT_EQ(limits.admit("a", start), 0U);
    EXPECT_EQ(limits.admit("a", start + 1s), 0U);
    EXPECT_EQ(limits.admit("a", start + 2s), std::nullopt);
    EXPECT_EQ(limits.admit("a", start + 59s), std::nullopt);
    EXPECT_EQ(limits.admit("a", start + 60s), 2U);
    EXPECT_EQ(limits.admit("a", start + 61s), 0U);
}
TEST(limiter, keeps_messages_apart) {
    limiter limits(1, 60s);
    EXPECT_EQ(limits.admit("a", {}), 0U);
    EXPECT_EQ(limits.admit("b", {}), 0U);
    EXPECT_EQ(limits.admit("a", {}), std::nullopt);
}

class log_lines : public testing::Test {
  protected:
    void TearDown() override { configure({}, null_meter()); }

    template <class Action>
    std::vector<std::string> printed(const log_config& config, Action act) {
        configure(config, meter_);
        testing::internal::CaptureStderr();
        act();
        std::istringstream all(testing::internal::GetCapturedStderr());
        std::vector<std::string> lines;
        for (std::string line; std::getline(all, line);) lines.push_back(line);
        return lines;
    }
    test::counting_meter meter_;
};

TEST_F(log_lines, an_event_is_one_line_with_time_level_message_and_fields) {
    const auto lines = printed({}, [] { info("feed polled", {{"feed", "a\nb"}, {"items", 3}}); });
    EXPECT_THAT(lines, ElementsAre(MatchesRegex(R"(20..-..-..T..:..:..\....Z info feed polled feed="a\\nb" items=3)")));
}
TEST_F(log_lines, json_lines_parse_and_hold_the_same) {
    const auto lines = printed({"info", "json"}, [] {
        error("delivery failed",
              {{"channel", "ops"}, {"message", "x"}, {"error", feedwatch::error(errc::timeout, "20s")}});
    });
    ASSERT_EQ(lines.size(), 1U);
    const auto parsed = boost::json::parse(lines[0]);
    EXPECT_EQ(parsed.at("level").as_string(), "error");
    EXPECT_EQ(parsed.at("message").as_string(), "delivery failed");
    EXPECT_EQ(parsed.at("message_").as_string(), "x");
    EXPECT_EQ(parsed.at("channel").as_string(), "ops");
    EXPECT_THAT(std::string(parsed.at("error").as_string()), HasSubstr("20s"));
    EXPECT_EQ(parsed.at("time").as_string().size(), 24U);
}
TEST_F(log_lines, lines_below_the_level_are_counted_but_not_printed) {
    const auto lines = printed({"warning", "text"}, [] {
        info("quiet");
        warning("loud");
    });
    EXPECT_THAT(lines, ElementsAre(HasSubstr("warning loud")));
    EXPECT_EQ(meter_.value("feedwatch_log_messages_total", {{"level", "info"}}), 1);
    EXPECT_EQ(meter_.value("feedwatch_log_messages_total", {{"level", "warning"}}), 1);
}
TEST_F(log_lines, a_flood_of_one_error_is_limited_and_counted) {
    const auto lines = printed({}, [] {
        for (int i = 0; i < 50; ++i) error("broker is away (flood test)");
        error("another (flood test)");
    });
    EXPECT_EQ(lines.size(), 11U);
    EXPECT_EQ(meter_.value("feedwatch_log_messages_total", {{"level", "error"}}), 51);
    EXPECT_EQ(meter_.value("feedwatch_log_suppressed_total"), 40);
}
TEST_F(log_lines, braces_in_a_value_are_not_a_format) {
    EXPECT_THAT(printed({}, [] { info("m", {{"v", "{} {0} %v %l"}}); }), ElementsAre(HasSubstr("v=\"{} {0} %v %l\"")));
}

}  // namespace
}  // namespace feedwatch::log
