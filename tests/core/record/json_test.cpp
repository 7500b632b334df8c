// What any JSON may do to the reader, and any text to the writer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <random>

#include "core/record/item.hpp"
#include "core/utf8.hpp"
#include "tests/core/record/samples.hpp"

namespace feedwatch {
namespace {

using testing::HasSubstr;

item with_title(std::string title) {
    item i;
    i.id = item_id("a");
    i.title = std::move(title);
    return i;
}

result<std::string> title_of(std::string_view value) {
    const auto read = item_from_json(R"({"id":"a","title":)" + std::string(value) + "}");
    if (!read) return read.error();
    return read->title;
}

TEST(record_json, is_clean_whatever_the_fields_hold) {
    for (const auto& [topic, json] : samples::all_as_written()) {
        EXPECT_TRUE(is_valid_utf8(json)) << topic;
        EXPECT_EQ(json.find('\0'), std::string::npos) << topic;
        EXPECT_THAT(json, testing::Not(HasSubstr("\\u0000"))) << topic;
        boost::system::error_code ec;
        (void)boost::json::parse(json, ec);
        EXPECT_FALSE(ec) << topic << ": " << json;
    }
}

TEST(record_json, reads_as_another_parser_does) {
    std::mt19937 random(11);
    const std::string alphabet = "ab \"\\/\n\t\r\b\f\x01\x1f\x7f\xC3\xA9";
    for (int round = 0; round < 3000; ++round) {
        std::string title(random() % 40, '\0');
        for (char& c : title) c = alphabet[random() % alphabet.size()];
        const std::string json = to_json(with_title(title));
        make_valid_utf8(title);
        EXPECT_EQ(boost::json::parse(json).at("title").as_string(), title);
        EXPECT_EQ(item_from_json(json)->title, title);
    }
}

TEST(record_json, replaces_lone_surrogates_and_keeps_pairs) {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {R"("\ud83d\ude00")", "\xF0\x9F\x98\x80"},
        {R"("\uD83D\uDE00")", "\xF0\x9F\x98\x80"},
        {R"("\ud83d")", "\xEF\xBF\xBD"},
        {R"("\ude00x")", "\xEF\xBF\xBDx"},
        {R"("\ud83d\ud83d\ude00")", "\xEF\xBF\xBD\xF0\x9F\x98\x80"},
        {R"("\ud83d\\ude00")", "\xEF\xBF\xBD\\ude00"},
        {R"("\\ud83d")", "\\ud83d"},
        {R"("\\\ud83d")", "\\\xEF\xBF\xBD"},
        {R"("\ud83dA")", "\xEF\xBF\xBD\x41"},
        {R"("\ud83d\u0041")", "\xEF\xBF\xBD\x41"},
        {R"("a\u0000b")", "ab"},
    };
    for (const auto& [json, text] : cases) {
        const auto title = title_of(json);
        ASSERT_TRUE(title) << json << ": " << title.error().message();
        EXPECT_EQ(*title, text) << json;
    }
}

TEST(record_json, repairs_bytes_that_are_not_utf8) {
    const auto title = title_of("\"caf\xE9 \xED\xA0\x80\"");
    ASSERT_TRUE(title) << title.error().message();
    EXPECT_EQ(*title, to_valid_utf8("caf\xE9 \xED\xA0\x80"));
}

TEST(record_json, refuses_what_is_not_one_object) {
    for (const std::string_view json : {"",
                                        " ",
                                        "null",
                                        "1",
                                        "-",
                                        "1e999999",
                                        "\"a\"",
                                        "[]",
                                        "{",
                                        "}",
                                        "{}{}",
                                        "{\"id\":\"a\"} x",
                                        "{\"id\":\"a\"",
                                        "{\"id\":\"a}",
                                        "{id:1}",
                                        "{\"id\":\"a\",}",
                                        "\xEF\xBB\xBF{\"id\":\"a\"}",
                                        "{\"id\":\"\\u12\"}",
                                        "{\"id\":\"a\\",
                                        "{\"id\":\"\\ud8",
                                        "{\"id\":\"a\nb\"}"}) {
        const auto read = item_from_json(json);
        ASSERT_FALSE(read) << json;
        EXPECT_EQ(read.error().code, make_error_code(errc::malformed)) << json;
    }
}

TEST(record_json, refuses_numbers_past_every_range) {
    for (const std::string_view number :
         {"1e400", "-1e400", "18446744073709551616", "-9223372036854775809", "01", "+1", "0x1", "NaN"})
        EXPECT_FALSE(item_from_json(R"({"id":"a","x":)" + std::string(number) + "}")) << number;
    const auto most = item_from_json(R"({"id":"a","enclosures":[{"length":18446744073709551615}]})");
    ASSERT_TRUE(most);
    EXPECT_EQ(most->enclosures[0].length, 18446744073709551615ULL);
    EXPECT_FALSE(item_from_json(R"({"id":"a","enclosures":[{"length":1e19}]})"));
    EXPECT_TRUE(item_from_json(R"({"id":"a","enclosures":[{"length":1e3}]})"));
}

TEST(record_json, holds_the_limit_of_depth) {
    const auto nested = [](std::size_t depth) {
        return R"({"id":"a","x":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
    };
    EXPECT_TRUE(item_from_json(nested(62)));
    for (const std::size_t depth : {64U, 65U, 100000U}) EXPECT_FALSE(item_from_json(nested(depth))) << depth;
}

TEST(record_json, reads_a_large_record_and_small_ones_after_it) {
    const std::string large(6UL * 1024 * 1024, 'x');
    const auto read = item_from_json(to_json(with_title(large)));
    ASSERT_TRUE(read) << read.error().message();
    EXPECT_EQ(read->title, large);
    EXPECT_TRUE(item_from_json(to_json(with_title("small"))));
}

TEST(record_json, survives_every_cut_and_flip_of_a_record) {
    const std::string json = to_json(samples::plain_flagged_item());
    for (std::size_t size = 0; size < json.size(); ++size) EXPECT_FALSE(flagged_item_from_json(json.substr(0, size)));
    std::mt19937 random(3);
    for (int round = 0; round < 20000; ++round) {
        std::string broken = json;
        for (int i = 0; i < 3; ++i) broken[random() % broken.size()] = static_cast<char>(random());
        const auto read = flagged_item_from_json(broken);
        if (!read) continue;
        EXPECT_TRUE(flagged_item_from_json(to_json(*read)));
    }
}

}  // namespace
}  // namespace feedwatch
