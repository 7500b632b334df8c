#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/hash.hpp"
#include "tests/core/record/samples.hpp"

namespace feedwatch {
namespace {

using namespace std::chrono_literals;

poll packed_and_back(const poll& p) {
    std::string bytes;
    append_packed(p, bytes);
    std::string_view rest = bytes;
    poll out = poll_from_packed(rest);
    EXPECT_TRUE(rest.empty());
    return out;
}

TEST(packed, holds_every_field) {
    EXPECT_EQ(packed_and_back(samples::plain_poll()), samples::plain_poll());
    EXPECT_EQ(packed_and_back(poll{}), poll{});
    std::string bytes;
    append_packed(samples::plain_feed(), bytes);
    append_packed(samples::plain_poll(), bytes);
    std::string_view rest = bytes;
    EXPECT_EQ(feed_from_packed(rest), samples::plain_feed());
    EXPECT_EQ(poll_from_packed(rest), samples::plain_poll());
    EXPECT_TRUE(rest.empty());
}
TEST(packed, holds_any_text_and_any_number) {
    const std::vector<std::string> texts{"",
                                         "a",
                                         "00ff",
                                         "0123456",
                                         "01234567",
                                         "012345678",
                                         "ABCDEF0123",
                                         "1:0123456789abcdef",
                                         "x0123456789abcdef",
                                         "deadbeef\xFF",
                                         std::string("\0\0", 2),
                                         std::string(300, 'f'),
                                         std::string(301, '0')};
    for (const std::string& text : texts) {
        poll p;
        p.detail = text;
        p.status = 4'294'967'295U;
        p.interval = -5s;
        p.next_due = timestamp{-253'402'300'799s};
        p.at = timestamp{253'402'300'799s};
        EXPECT_EQ(packed_and_back(p), p) << text;
    }
}
TEST(packed, an_item_of_the_window_takes_fifty_five_bytes) {
    poll p;
    std::string without, with;
    append_packed(p, without);
    for (int i = 0; i < 100; ++i) {
        const std::string n = std::to_string(i);
        p.window.push_back({"1:" + hash128_hex(n), hash128_hex(n + "content"), timestamp{1'795'000'000s}});
        p.window.back().link = p.window.back().title = p.window.back().text = 4'000'000'000U;
    }
    append_packed(p, with);
    EXPECT_LE(with.size() - without.size(), 100U * 55U + 8U);
}

}  // namespace
}  // namespace feedwatch
