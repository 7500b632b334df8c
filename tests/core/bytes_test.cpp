#include "core/bytes.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <string>

namespace feedwatch::bytes {
namespace {

template <class Block>
class block_test : public testing::Test {};
#if defined(__SSE2__)
using blocks = testing::Types<word_block, register_block>;
#else
using blocks = testing::Types<word_block>;
#endif
TYPED_TEST_SUITE(block_test, blocks);

template <class Block>
std::size_t first_of(typename Block::set s) {
    return s == 0 ? Block::size : Block::first(s);
}

// The obvious way.
std::size_t first_where(std::size_t size, const std::function<bool(std::size_t)>& is) {
    for (std::size_t i = 0; i < size; ++i)
        if (is(i)) return i;
    return size;
}

TYPED_TEST(block_test, finds_the_first_byte_of_each_kind) {
    std::mt19937 random(11);
    const std::string common = " aZ09\n\x7F\x80\xFF@[`{/:";
    for (int n = 0; n < 200000; ++n) {
        std::string text(TypeParam::size, '\0');
        for (char& c : text)
            c = random() % 2 == 0 ? common[random() % common.size()] : static_cast<char>(random() % 256);
        const TypeParam b(text.data());
        const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
        const auto expect = [&](typename TypeParam::set found, const std::function<bool(std::size_t)>& is) {
            ASSERT_EQ(first_of<TypeParam>(found), first_where(TypeParam::size, is)) << testing::PrintToString(text);
        };
        expect(b.equal('a'), [&](std::size_t i) { return text[i] == 'a'; });
        expect(b.equal('\x80'), [&](std::size_t i) { return text[i] == '\x80'; });
        expect(b.up_to(0x1F), [&](std::size_t i) { return byte(i) <= 0x1F; });
        expect(b.beyond_ascii(), [&](std::size_t i) { return byte(i) >= 0x80; });
        expect(b.between('0', '9'), [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; });
        expect(b.repeated(' '),
               [&](std::size_t i) { return text[i] == ' ' && (i + 1 == TypeParam::size || text[i + 1] == ' '); });
        std::string stored(TypeParam::size, '\0');
        b.store(stored.data());
        ASSERT_EQ(stored, text);
        b.lower().store(stored.data());
        for (std::size_t i = 0; i < text.size(); ++i)
            ASSERT_EQ(stored[i], text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + 32) : text[i]);
    }
}

TEST(find_any, finds_at_every_offset_and_length) {
    for (std::size_t size = 0; size < 70; ++size) {
        for (std::size_t at = 0; at <= size; ++at) {
            std::string text(size, 'x');
            if (at < size) text[at] = at % 2 == 0 ? '<' : '&';
            for (std::size_t from = 0; from <= size; ++from)
                ASSERT_EQ((find_any<'<', '&'>(text, from)), from <= at && at < size ? at : std::string::npos);
        }
    }
}

TEST(buffer, holds_what_was_appended_and_stored) {
    buffer out;
    std::string expected;
    for (int n = 0; n < 500; ++n) {
        const std::string piece(static_cast<std::size_t>(n % 37), static_cast<char>('a' + n % 26));
        std::memcpy(out.room(64), piece.data(), piece.size());
        out.used(piece.size());
        out.append(piece);
        out.append('.');
        expected += piece + piece + ".";
    }
    ASSERT_EQ(out.view(), expected);
    out.cut(10);
    EXPECT_EQ(std::move(out).take(), expected.substr(0, 10));
}

}  // namespace
}  // namespace feedwatch::bytes
