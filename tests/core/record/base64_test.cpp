#include "core/record/base64.hpp"

#include <gtest/gtest.h>

#include <random>

namespace feedwatch::record {
namespace {

std::string written(const std::vector<std::uint16_t>& values) {
    std::string out;
    append_base64(out, values);
    return out;
}

TEST(base64, is_that_of_little_endian_bytes) {
    EXPECT_EQ(written({}), "");
    EXPECT_EQ(written({0x4D61}), "YU0=");
    EXPECT_EQ(written({0x0201, 0x0403, 0x0605}), "AQIDBAUG");
}

TEST(base64, reads_back_any_list) {
    std::mt19937 random(7);
    for (std::size_t size = 0; size < 40; ++size) {
        std::vector<std::uint32_t> wide(size);
        for (auto& v : wide) v = static_cast<std::uint32_t>(random());
        std::string text;
        append_base64(text, wide);
        std::vector<std::uint32_t> read;
        ASSERT_TRUE(read_base64(text, read));
        EXPECT_EQ(read, wide);
    }
}

TEST(base64, refuses_what_is_not_of_whole_integers) {
    std::vector<std::uint16_t> out;
    for (const std::string_view text :
         {"A", "AQ", "AQ==", "AQI", "AQIDBAU", "A*ID", "=QID", "AQ=D", "AQID\xFF\x41\x41\x41", "===="})
        EXPECT_FALSE(read_base64(text, out)) << text;
}

}  // namespace
}  // namespace feedwatch::record
