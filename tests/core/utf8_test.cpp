#include "core/utf8.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace feedwatch {
namespace {

const std::string fffd = "\xEF\xBF\xBD";

// A slow reading of Unicode 15, table 3-7: which byte ranges may follow each other.
struct range {
    unsigned low, high;
};
const std::vector<std::vector<range>> well_formed{
    {{0x00, 0x7F}},
    {{0xC2, 0xDF}, {0x80, 0xBF}},
    {{0xE0, 0xE0}, {0xA0, 0xBF}, {0x80, 0xBF}},
    {{0xE1, 0xEC}, {0x80, 0xBF}, {0x80, 0xBF}},
    {{0xED, 0xED}, {0x80, 0x9F}, {0x80, 0xBF}},
    {{0xEE, 0xEF}, {0x80, 0xBF}, {0x80, 0xBF}},
    {{0xF0, 0xF0}, {0x90, 0xBF}, {0x80, 0xBF}, {0x80, 0xBF}},
    {{0xF1, 0xF3}, {0x80, 0xBF}, {0x80, 0xBF}, {0x80, 0xBF}},
    {{0xF4, 0xF4}, {0x80, 0x8F}, {0x80, 0xBF}, {0x80, 0xBF}},
};

std::string oracle(std::string_view bytes) {
    std::string out;
    for (std::size_t at = 0; at < bytes.size();) {
        std::size_t longest = 0;  // how many bytes are the start of something well-formed
        bool whole = false;
        for (const auto& row : well_formed) {
            std::size_t fits = 0;
            while (fits < row.size() && at + fits < bytes.size()) {
                const unsigned byte = static_cast<unsigned char>(bytes[at + fits]);
                if (byte < row[fits].low || byte > row[fits].high) break;
                ++fits;
            }
            if (fits > longest) {
                longest = fits;
                whole = fits == row.size();
            }
        }
        if (whole) {
            if (bytes[at] != '\0') out += bytes.substr(at, longest);
            at += longest;
        } else {
            out += fffd;
            at += std::max<std::size_t>(longest, 1);
        }
    }
    return out;
}

TEST(utf8, replaces_maximal_subparts_as_unicode_shows) {
    // Unicode 15, tables 3-8 to 3-11.
    EXPECT_EQ(to_valid_utf8("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"),
              fffd + fffd + fffd + fffd + fffd + fffd + fffd + fffd + "A");
    EXPECT_EQ(to_valid_utf8("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41"),
              fffd + fffd + fffd + fffd + fffd + fffd + fffd + fffd + "A");
    EXPECT_EQ(to_valid_utf8("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"),
              fffd + fffd + fffd + fffd + fffd + "A" + fffd + fffd + "B");
    EXPECT_EQ(to_valid_utf8("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"), fffd + fffd + fffd + fffd + "A");
}

TEST(utf8, does_as_the_slow_reading_does_with_any_bytes) {
    std::mt19937 random(1);
    const std::string likely("\0a\x7F\x80\x9F\xA0\xBF\xC1\xC2\xE0\xED\xEF\xF0\xF4\xF5\xFF", 16);
    for (int round = 0; round < 50000; ++round) {
        std::string bytes(random() % 24, 'x');
        for (char& c : bytes)
            if (random() % 3 != 0)
                c = random() % 2 == 0 ? likely[random() % likely.size()] : static_cast<char>(random());
        const std::string clean = to_valid_utf8(bytes);
        ASSERT_EQ(clean, oracle(bytes));
        ASSERT_TRUE(is_valid_utf8(clean));
        ASSERT_EQ(to_valid_utf8(clean), clean);
        std::string without_nul = bytes;
        std::erase(without_nul, '\0');
        ASSERT_EQ(is_valid_utf8(bytes), oracle(bytes) == without_nul);
        std::string in_place = bytes;
        make_valid_utf8(in_place);
        ASSERT_EQ(in_place, clean);
    }
}

TEST(utf8, cuts_at_a_code_points_boundary) {
    const std::string_view text = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x92\xA9";
    const std::size_t kept[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};
    for (std::size_t max = 0; max < std::size(kept); ++max)
        EXPECT_EQ(truncate_utf8(text, max).size(), kept[max]) << max;
}

TEST(utf8, appends_every_code_point_as_valid_text) {
    for (char32_t c = 1; c <= 0x110000; c += c < 0x10000 ? 1 : 97) {
        std::string out;
        append_utf8(out, c);
        ASSERT_TRUE(is_valid_utf8(out));
        ASSERT_EQ(out == fffd, c == 0xFFFD || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) << static_cast<unsigned>(c);
    }
}

}  // namespace
}  // namespace feedwatch
