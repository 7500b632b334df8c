// What works on blocks of bytes, against the obvious way, on random text of what matters to it.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "core/hash.hpp"
#include "core/utf8.hpp"
#include "producers/extract/entities.hpp"
#include "producers/extract/main_text.hpp"
#include "producers/extract/text.hpp"
#include "producers/extract/text_writer.hpp"

namespace feedwatch {
namespace {

std::string random_text(std::mt19937& random, const std::vector<std::string>& pieces) {
    std::string text;
    for (std::size_t n = random() % 40; n > 0; --n) text += pieces[random() % pieces.size()];
    return text;
}

TEST(escape_text, equals_decoding_and_escaping) {
    const std::vector<std::string> pieces{"word ",  "a longer run of ordinary text ",
                                          "&amp;",  "&lt;",
                                          "&quot;", "&",
                                          "<",      ">",
                                          "\"",     "&nbsp;",
                                          "&copy",  "&#0;",
                                          "&#60;",  "\x01",
                                          "\n",     "\t",
                                          "é",      "漢字",
                                          "&amp",   "&ampamp;",
                                          "'"};
    std::mt19937 random(3);
    for (int n = 0; n < 20000; ++n) {
        const std::string text = random_text(random, pieces);
        for (const bool literal : {false, true}) {
            std::string decoded;
            if (literal) {
                decoded = text;
            } else {
                decode_entities(text, entity_rules::text, decoded);
            }
            std::string expected;
            for (const char c : decoded) {
                if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') continue;
                escape_html(std::string_view(&c, 1), expected);
            }
            bytes::buffer out;
            escape_text(text, literal, out);
            ASSERT_EQ(out.view(), expected) << testing::PrintToString(text);
        }
    }
}

TEST(decode_xml_text, equals_decoding_piece_by_piece) {
    const std::vector<std::string> pieces{
        "word ", "a longer run of ordinary text ", "&amp;", "&lt;p&gt;", "&",     "&apos;", "\r\n", "\r", "\n",
        "&#13;", "&nGt;&nLt;&nGt;&nLt;",           "é",     "&eacute;",  "&nope;"};
    std::mt19937 random(4);
    for (int n = 0; n < 20000; ++n) {
        const std::string text = random_text(random, pieces);
        std::string expected;
        for (std::size_t at = 0; at < text.size();) {
            if (text[at] == '\r') {
                expected += '\n';
                at += text.compare(at, 2, "\r\n") == 0 ? 2 : 1;
                continue;
            }
            const std::size_t taken =
                text[at] == '&' ? decode_entity(std::string_view(text).substr(at), entity_rules::xml, expected) : 0;
            if (taken == 0) expected += text[at];
            at += std::max<std::size_t>(taken, 1);
        }
        std::string out = "before ";
        decode_xml_text(text, out);
        ASSERT_EQ(out, "before " + expected) << testing::PrintToString(text);
    }
}

// No reference gives more than 6 bytes for 5: the room that decoding makes is a quarter more than its input.
TEST(decode_entities, has_room_for_every_name) {
    struct entry {
        std::string_view name, utf8;
        bool legacy;
    };
    const entry all[] = {
#include "producers/extract/entity_table.inc"
    };
    for (const entry& e : all) {
        EXPECT_LE(e.utf8.size() * 4, (e.name.size() + 2) * 5) << e.name;
        EXPECT_TRUE(!e.legacy || e.utf8.size() <= e.name.size() + 1) << e.name;
        std::string out;
        decode_entities("&" + std::string(e.name) + ";", entity_rules::text, out);
        EXPECT_EQ(out, e.utf8) << e.name;
    }
}

TEST(text_writer, equals_collapsing_blank_by_blank) {
    const std::vector<std::string> pieces{"word",   "some more words of text",
                                          " ",      "  ",
                                          "\n",     "\t",
                                          "\u00A0", "\u00AD",
                                          "\u200B", "\u3000",
                                          "かな",   "é",
                                          "漢字",   "x y",
                                          "\u2028", "\x7F",
                                          "\u00C5", "\uFEFF"};
    std::mt19937 random(5);
    for (int n = 0; n < 20000; ++n) {
        const std::string text = random_text(random, pieces);
        std::string expected;
        bool due = false;
        for (std::size_t at = 0; at < text.size();) {
            if (const blank found = blank_at(std::string_view(text).substr(at, 4)); found.length > 0) {
                due = due || !found.vanishes;
                at += found.length;
                continue;
            }
            if (due && !expected.empty()) expected += ' ';
            due = false;
            expected += text[at++];
        }
        ASSERT_EQ(one_line(text), expected) << testing::PrintToString(text);
        ASSERT_EQ(html_to_text(text), expected) << testing::PrintToString(text);
        ASSERT_EQ(is_words(text), !text.empty() && expected == text) << testing::PrintToString(text);
    }
}

TEST(block_hash, equals_folding_byte_by_byte) {
    const std::vector<std::string> pieces{
        "Word", "SOME MORE words OF text that is longer", " ", "\n", "7", "2026", "é", "É", "漢字", "0"};
    std::mt19937 random(6);
    for (int n = 0; n < 20000; ++n) {
        const std::string block = random_text(random, pieces);
        std::string folded;
        for (std::size_t i = 0; i < block.size(); ++i) {
            const char c = block[i];
            if (c >= '0' && c <= '9') {
                if (i == 0 || block[i - 1] < '0' || block[i - 1] > '9') folded += '0';
            } else if (c == ' ' || c == '\n') {
                if (!folded.empty() && folded.back() != ' ') folded += ' ';
            } else {
                folded += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
            }
        }
        std::string hex(16, '0');
        std::uint64_t value = hash64(folded);
        for (std::size_t i = 16; i-- > 0; value >>= 4U) hex[i] = "0123456789abcdef"[value & 0xFU];
        ASSERT_EQ(block_hash(block), hex) << testing::PrintToString(block);
    }
}

}  // namespace
}  // namespace feedwatch
