#include <gmock/gmock.h>

#include <array>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/hash.hpp"
#include "core/text/analysis.hpp"
#include "core/text/word_hash.hpp"

namespace feedwatch::text {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

analysed_text analysed(std::string_view text, std::string_view language = "en") {
    static analyser one;
    analysed_text out;
    one.analyse(text, language, out);
    return out;
}

std::vector<std::string> words_of(std::string_view text, std::string_view language = "en") {
    const analysed_text a = analysed(text, language);
    std::vector<std::string> words;
    for (const token& t : a.tokens) words.emplace_back(a.word_text(t));
    return words;
}

std::vector<std::string> stems_of(std::string_view text, std::string_view language = "en") {
    const analysed_text a = analysed(text, language);
    std::vector<std::string> stems;
    for (const token& t : a.tokens) stems.emplace_back(a.stem_text(t));
    return stems;
}

std::vector<std::string> raw_of(std::string_view text, std::string_view language = "en") {
    const analysed_text a = analysed(text, language);
    std::vector<std::string> raw;
    for (const token& t : a.tokens) raw.emplace_back(text.substr(t.offset, t.length));
    return raw;
}

TEST(analyser, folds_case_and_stems_by_language) {
    EXPECT_THAT(words_of("Immigrants were Deported."), ElementsAre("immigrants", "were", "deported"));
    EXPECT_THAT(stems_of("Immigrants were Deported."), ElementsAre("immigr", "were", "deport"));
    EXPECT_THAT(stems_of("deportaciones", "es"), ElementsAre("deport"));
    EXPECT_THAT(stems_of("Immigrants", ""), ElementsAre("immigrants"));
    EXPECT_THAT(stems_of("Immigrants", "xx"), ElementsAre("immigrants"));
    EXPECT_THAT(stems_of("Immigrants", "en-GB"), ElementsAre("immigr"));
}

TEST(analyser, hashes_are_those_of_the_texts) {
    const analysed_text a = analysed("Raids");
    ASSERT_EQ(a.tokens.size(), 1U);
    EXPECT_EQ(a.tokens[0].word, hash64("raids"));
    EXPECT_EQ(a.tokens[0].stem, hash64("raid"));
    EXPECT_EQ(a.tokens[0].exact, hash64("Raids"));
}

TEST(analyser, a_hyphenated_word_is_its_parts_at_consecutive_positions) {
    const analysed_text a = analysed("anti-immigration law");
    ASSERT_EQ(a.tokens.size(), 3U);
    EXPECT_EQ(a.tokens[0].position, 0U);
    EXPECT_EQ(a.tokens[1].position, 1U);
    EXPECT_EQ(a.tokens[2].position, 2U);
    EXPECT_THAT(words_of("well\u2010known\u2013yes"), ElementsAre("well", "known", "yes"));
}

TEST(analyser, the_country_with_and_without_dots_is_one_word_and_not_the_pronoun) {
    for (const char* text : {"U.S.", "U.S", "US", "u.s."}) EXPECT_THAT(words_of(text), ElementsAre("u.s.")) << text;
    EXPECT_THAT(words_of("us Us"), ElementsAre("us", "us"));
    EXPECT_THAT(words_of("the U.S.-led force"), ElementsAre("the", "u.s.", "led", "force"));
    EXPECT_THAT(words_of("the U.S.'s role"), ElementsAre("the", "u.s.", "role"));
    EXPECT_EQ(analysed("U.S.").tokens[0].exact, analysed("US").tokens[0].exact);
}

TEST(analyser, dots_of_acronyms_fall_away) {
    EXPECT_THAT(words_of("I.C.E. agents"), ElementsAre("ice", "agents"));
    EXPECT_THAT(raw_of("by I.C.E. agents"), ElementsAre("by", "I.C.E.", "agents"));
    EXPECT_THAT(words_of("J. Smith said. Then"), ElementsAre("j", "smith", "said", "then"));
    EXPECT_THAT(words_of("see example.com."), ElementsAre("see", "example.com"));
}

TEST(analyser, possessives_are_stripped_from_word_and_exact) {
    for (const char* text : {"ICE's", "ICE\u2019s", "ICE'S"}) {
        const analysed_text a = analysed(text);
        ASSERT_EQ(a.tokens.size(), 1U) << text;
        EXPECT_EQ(a.word_text(a.tokens[0]), "ice");
        EXPECT_EQ(a.tokens[0].exact, hash64("ICE"));
        EXPECT_EQ(a.tokens[0].length, 3U);
    }
    EXPECT_THAT(words_of("the Smiths' house"), ElementsAre("the", "smiths", "house"));
    EXPECT_THAT(words_of("the 1990's"), ElementsAre("the", "1990"));
    EXPECT_THAT(words_of("don't can\u2019t 'quoted'"), ElementsAre("don't", "can't", "quoted"));
}

TEST(analyser, thousands_separators_fall_away_and_decimals_stay) {
    EXPECT_THAT(words_of("1,750 1750 12,345,678.90 3.5 1,75"),
                ElementsAre("1750", "1750", "12345678.90", "3.5", "1,75"));
    EXPECT_THAT(words_of("in 2025, 300 people"), ElementsAre("in", "2025", "300", "people"));
}

TEST(analyser, accents_ligatures_and_typographic_quotes_fold_but_not_in_exact) {
    EXPECT_THAT(
        words_of("Café Ångström naïve Łódź Straße ﬁnance œuvre æther smørrebrød"),
        ElementsAre("cafe", "angstrom", "naive", "lodz", "strasse", "finance", "oeuvre", "aether", "smorrebrod"));
    EXPECT_EQ(analysed("don’t").tokens[0].word, analysed("don't").tokens[0].word);
    EXPECT_NE(analysed("don’t").tokens[0].exact, analysed("don't").tokens[0].exact);
    EXPECT_NE(analysed("café").tokens[0].exact, analysed("cafe").tokens[0].exact);
    EXPECT_EQ(analysed("caf\u00e9").tokens[0].exact, analysed("cafe\u0301").tokens[0].exact);
    EXPECT_EQ(analysed("caf\u00e9").tokens[0].word, analysed("cafe\u0301").tokens[0].word);
    EXPECT_THAT(words_of("ＦＵＬＬ　width"), ElementsAre("full", "width"));
}

TEST(analyser, russian_keeps_its_short_i_and_folds_yo) {
    EXPECT_THAT(words_of("мой ёлка МОСКВА", ""), ElementsAre("мой", "елка", "москва"));
    EXPECT_THAT(stems_of("иммигранты", "ru"), ElementsAre("иммигрант"));
}

TEST(analyser, arabic_and_hebrew_marks_fold) {
    EXPECT_EQ(analysed("مُحَمَّد", "").tokens[0].word, analysed("محمد", "").tokens[0].word);
    EXPECT_EQ(analysed("שָׁלוֹם", "").tokens[0].word, analysed("שלום", "").tokens[0].word);
}

TEST(analyser, hindi_vowel_signs_stay) {
    EXPECT_NE(analysed("कि", "").tokens[0].word, analysed("क", "").tokens[0].word);
}

TEST(analyser, sigils_are_noted_beside_the_word) {
    const analysed_text a = analysed("@ice #raids user@example.com");
    ASSERT_EQ(a.tokens.size(), 4U);
    EXPECT_EQ(a.tokens[0].sigil, '@');
    EXPECT_EQ(a.tokens[0].offset, 1U);
    EXPECT_EQ(a.tokens[1].sigil, '#');
    EXPECT_EQ(a.tokens[2].sigil, 0);
    EXPECT_EQ(a.tokens[3].sigil, 0);
}

TEST(analyser, emoji_take_no_position) {
    const analysed_text a = analysed("raid 🚨👮🏽‍♀️🇺🇸 1️⃣ today");
    ASSERT_EQ(a.tokens.size(), 2U);
    EXPECT_EQ(a.tokens[1].position, 1U);
}

TEST(analyser, soft_hyphens_and_zero_width_characters_are_ignored) {
    for (const char* text : {"immi\u00adgration", "immi\u200bgration", "immi\u200dgration", "\ufeffimmigration\u200b",
                             "immi\u2060gration"}) {
        EXPECT_THAT(words_of(text), ElementsAre("immigration")) << text;
        EXPECT_EQ(analysed(text).tokens[0].exact, hash64("immigration"));
    }
}

TEST(analyser, offsets_are_bytes_of_the_original) {
    EXPECT_THAT(raw_of("Él dijo: «Canadá» — naïve’s 日本語"), ElementsAre("Él", "dijo", "Canadá", "naïve", "日本語"));
}

TEST(analyser, chinese_japanese_and_thai_words_come_from_dictionaries) {
    EXPECT_THAT(words_of("移民政策", "zh"), ElementsAre("移民", "政策"));
    EXPECT_THAT(words_of("政府は移民を", "ja"), ElementsAre("政府", "は", "移民", "を"));
    EXPECT_THAT(words_of("ภาษาไทย", "th"), ElementsAre("ภาษา", "ไทย"));
    EXPECT_THAT(words_of("ICE在美国", "zh"), ElementsAre("ice", "在", "美国"));
}

TEST(analyser, korean_words_are_separated_by_spaces) {
    EXPECT_THAT(words_of("이민 정책", "ko"), ElementsAre("이민", "정책"));
}

TEST(analyser, french_and_italian_elisions_are_stripped) {
    EXPECT_THAT(words_of("l'immigration d’aujourd'hui", "fr"), ElementsAre("immigration", "aujourd'hui"));
    EXPECT_THAT(raw_of("dell'immigrazione", "it"), ElementsAre("immigrazione"));
    EXPECT_THAT(words_of("l'immigration", "en"), ElementsAre("l'immigration"));
}

TEST(analyser, underscores_join_inside_a_word_and_fall_away_around_it) {
    EXPECT_THAT(words_of("_snake_case_ __ _x"), ElementsAre("snake_case", "x"));
}

TEST(analyser, reads_anything_without_harm) {
    EXPECT_THAT(words_of(""), IsEmpty());
    EXPECT_THAT(words_of("\xff\xc3\xf0\x9f ok \xe2\x80"), ElementsAre("ok"));
    EXPECT_THAT(words_of(std::string_view("a\0b", 3)), ElementsAre("a", "b"));
    const std::string long_word(300000, 'x');
    const analysed_text a = analysed(long_word);
    ASSERT_EQ(a.tokens.size(), 1U);
    EXPECT_EQ(a.tokens[0].length, 300000U);
    EXPECT_EQ(a.tokens[0].stem, a.tokens[0].word);
    EXPECT_EQ(analysed(std::string(100000, '\'')).tokens.size(), 0U);
}

TEST(analyser, a_word_of_any_length_is_itself_wherever_it_stands_and_however_often) {
    analyser one;
    analysed_text out;
    for (int round = 0; round < 2; ++round) {
        for (std::size_t length = 1; length <= 40; ++length) {
            const std::string word = std::string(length - 1, 'x') + "y";
            for (const std::string& text : {word, word + " and more words to come after it", "z" + word + " " + word}) {
                one.analyse(text, "", out);
                const bool second = text.starts_with('z');
                EXPECT_EQ(out.tokens.at(second ? 1 : 0).word, hash64(word)) << text;
                EXPECT_EQ(out.word_text(out.tokens.at(second ? 1 : 0)), word) << text;
                if (second) {
                    EXPECT_EQ(out.tokens[0].word, hash64("z" + word));
                }
            }
        }
    }
}

TEST(analyser, reuses_the_output_and_forgets_nothing_between_texts) {
    analyser one;
    analysed_text out;
    one.analyse("Deported immigrants", "en", out);
    const auto first = out.tokens;
    one.analyse("deportados", "es", out);
    ASSERT_EQ(out.tokens.size(), 1U);
    one.analyse("Deported immigrants", "en", out);
    ASSERT_EQ(out.tokens.size(), 2U);
    EXPECT_EQ(out.tokens[1].stem, first[1].stem);
    EXPECT_EQ(out.tokens[0].position, 0U);
}

// What fold_words() says, by analyse().
void expect_folded_as_analysed(std::string_view text) {
    static analyser one;
    std::vector<folded_word> folded;
    one.fold_words(text, folded);
    const analysed_text a = analysed(text, "");
    ASSERT_EQ(folded.size(), a.tokens.size()) << text;
    for (std::size_t i = 0; i < folded.size(); ++i) {
        ASSERT_EQ(folded[i].word, word_hash(a.word_text(a.tokens[i]))) << text << ": " << a.word_text(a.tokens[i]);
        ASSERT_EQ(folded[i].offset, a.tokens[i].offset) << text;
    }
}

TEST(analyser, folds_words_alone_as_with_all_else) {
    for (const std::string_view text :
         {"", "US", "The US's own, US_ and U.S. US-wide us", "a_b _c_ __", "1,750 and 1,7 and 12.5",
          "don’t “Word” said—it… l'été", "Ärger ÉTÉ ñandú Straße œuvre ĳ ŉ ſ", "Ёлка Йод ЙОД Иван-да-Марья 5-й",
          "ΣΊΣΥΦΟΣ σίσυφος", "שלום עולם", "مرحبا بالعالم", "e\u0301t\u00e9 a\u0308", "日本語のテキスト and more",
          "1️⃣ one", "Abcdefghijklmnopqrstuvwxyz0123456789Abcdefghijklmnopqrstuvwxyz0123456789 z",
          "достопримечательностьдостопримечательностьдостопримечательность да", "\xC3 \xE2\x80 \xD0z \xD0", "café",
          "é"}) {
        expect_folded_as_analysed(text);
    }
}

TEST(analyser, folds_any_words_alone_as_with_all_else) {
    std::mt19937_64 random(1);
    const auto utf8 = [](char32_t c) {
        std::string out;
        if (c < 0x80) {
            out += static_cast<char>(c);
        } else if (c < 0x800) {
            out += static_cast<char>(0xC0U | c >> 6U);
        } else {
            out += static_cast<char>(0xE0U | c >> 12U);
            out += static_cast<char>(0x80U | (c >> 6U & 0x3FU));
        }
        if (c >= 0x80) out += static_cast<char>(0x80U | (c & 0x3FU));
        return out;
    };
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        const char32_t range = std::array<char32_t, 4>{0x80, 0x250, 0x800, 0x2100}[random() % 4];
        for (std::uint64_t n = random() % 40; n > 0; --n) {
            const std::uint64_t kind = random() % 16;
            text += kind == 0   ? " "
                    : kind == 1 ? std::string(1, ".,'_-;\x9D"[random() % 7])
                    : kind == 2 ? "’"
                    : kind < 7  ? std::string(1, static_cast<char>('A' + random() % 58))
                                : utf8(static_cast<char32_t>(1 + random() % (range - 1)));
        }
        expect_folded_as_analysed(text);
        if (HasFatalFailure()) return;
    }
}

}  // namespace
}  // namespace feedwatch::text
