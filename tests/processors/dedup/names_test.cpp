// Which names and numbers a text tells.
#include "processors/dedup/names.hpp"

#include <gtest/gtest.h>

#include <string>

namespace feedwatch::dedup {
namespace {

struct counts {
    std::size_t names = 0, numbers = 0;
    friend bool operator==(const counts&, const counts&) = default;
};
std::ostream& operator<<(std::ostream& out, const counts& c) {
    return out << c.names << " names, " << c.numbers << " numbers";
}

counts told(const std::string& text) {
    text::analyser analyser;
    std::vector<text::folded_word> words;
    analyser.fold_words(text, words);
    std::vector<std::uint16_t> names, numbers;
    collect_names_and_numbers(text, words, names, numbers);
    return {names.size(), numbers.size()};
}

TEST(names, of_prose_are_told_with_its_numbers) {
    EXPECT_EQ(told("In 1911 a ship sank off Ostrand. It had 31 men, said Maren Holt."), (counts{3, 2}));
}

TEST(numbers, that_count_the_lines_of_a_list_are_not_told) {
    EXPECT_EQ(told("1. Orla Fenn 231\n2. Droste 200\n3. Sand 190\n"), (counts{1, 3}));
    EXPECT_EQ(told("4) a lamp\nIt burned for 77 years.\n5) the goat\n6) plums"), (counts{0, 1}));
    EXPECT_EQ(told("  9. a lamp\n 10. the goat"), (counts{0, 0}));
}

TEST(numbers, that_only_look_like_it_are_told) {
    EXPECT_EQ(told("3. a lamp"), (counts{0, 1})) << "one is no list";
    EXPECT_EQ(told("3. a lamp\n5. the goat"), (counts{0, 2})) << "not counted";
    EXPECT_EQ(told("12. August: sun\n13. August: rain"), (counts{0, 2})) << "days";
    EXPECT_EQ(told("1.5 metres\n2.5 feet"), (counts{0, 2}));
    EXPECT_EQ(told("1 lamp\n2 goats"), (counts{0, 2}));
    EXPECT_EQ(told("100. a lamp\n101. the goat"), (counts{0, 2}));
    EXPECT_EQ(told("it was 1. a lamp and 2. the goat"), (counts{0, 2})) << "not at the start of a line";
}

TEST(stamps, near_the_start_are_not_told) {
    for (const char* stamp : {"14 Aug 2031, 09:15", "Updated 14 Aug 2031 at 10:02", "2031-08-14 06:00",
                              "12 mai 2031 \xC3\xA0 09h15", "Last updated on Wednesday, August 14, 2031 10:02 PM"}) {
        const bool is_short = std::string(stamp).find("Last") == std::string::npos;
        EXPECT_EQ(told(std::string("Star map found\n") + stamp + "\nIt shows 214 stars.").numbers, is_short ? 1U : 5U)
            << stamp;
    }
    EXPECT_EQ(told("a\nb\n14 Aug 2031, 09:15"), (counts{0, 0}));
    EXPECT_EQ(told("a\nb\nc\n14 Aug 2031, 09:15"), (counts{1, 4})) << "the fourth line";
}

TEST(stamps, are_lines_that_tell_nothing_else) {
    EXPECT_EQ(told("14 August 2031"), (counts{1, 2})) << "no hour";
    EXPECT_EQ(told("14 August, 09:15").numbers, 3U) << "no year";
    EXPECT_EQ(told("14 Aug 2031, 09:15: 4.1 at 10 km").numbers, 6U) << "more numbers";
    EXPECT_EQ(told("On 14 Aug 2031 at 09:15 a quake shook Farrow").numbers, 4U) << "a sentence";
}

}  // namespace
}  // namespace feedwatch::dedup
