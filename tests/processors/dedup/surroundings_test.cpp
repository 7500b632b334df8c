#include "processors/dedup/surroundings.hpp"

#include <gtest/gtest.h>

#include <string>

namespace feedwatch::dedup {
namespace {

const std::string piece =
    "The council voted on Tuesday to close the swimming pool at Harrow Lane, which has been losing heat through its "
    "roof "
    "since the storms of last winter. Two members left before the vote.";

std::string left_of(const std::string& text) {
    return std::string(without_surroundings(text));
}

TEST(surroundings, are_nothing_where_a_text_stands_alone) {
    EXPECT_EQ(left_of(piece), piece);
    EXPECT_EQ(left_of(""), "");
    EXPECT_EQ(left_of("..."), "...");
    EXPECT_EQ(left_of("\n\n"), "\n\n");
}

TEST(surroundings, at_the_end_are_taken_off) {
    for (const char* end : {
             "\n\nThe post Pool to close appeared first on The Echo.",
             "\n\nThe post Will the pool close? appeared first on The Echo.",
             " \xE2\x80\xA6 Continue reading at The Daily Example",
             " Sign up to our newsletter to get the day's top stories in your inbox every morning.",
             " Follow us on Twitter, Facebook and Instagram for the latest updates. Copyright 2024 The Daily Example. "
             "All "
             "rights reserved.",
             "\n\xC2\xA9 2024 Example Media Inc. All rights reserved. This material may not be published, broadcast, "
             "rewritten or redistributed without permission.",
             " (Reporting by Jane Doe; Editing by John Roe)",
             "\nOur Standards: The Thomson Reuters Trust Principles.",
             "\nPhoto: Jane Doe/Example Agency\nMore news from Harrow Lane\n[...]",
             "\n\nDer Beitrag Wer gewinnt? erschien zuerst auf Das Echo.",
             "\n\nAlle Rechte vorbehalten.",
             "\n\nL\xE2\x80\x99"
             "article Piscine ferm\xC3\xA9"
             "e est apparu en premier sur L'\xC3\x89"
             "cho.",
             "\n\nSuscr\xC3\xAD"
             "bete a nuestro bolet\xC3\xADn.",
             "\n\nRiproduzione riservata",
         })
        EXPECT_EQ(left_of(piece + end), piece + (end[0] == ' ' && end[1] == '\xE2' ? " \xE2\x80\xA6" : "")) << end;
}

TEST(surroundings, may_have_one_sentence_between_that_says_nothing_of_them) {
    EXPECT_EQ(
        left_of(piece +
                " Subscribe to our newsletter. It comes every Friday with the best of the week. All rights reserved."),
        piece);
    // Two make it doubtful.
    const std::string told =
        piece + " Sign up by Friday. It opens at noon. The hall has two hundred seats. All rights reserved.";
    EXPECT_EQ(left_of(told), told.substr(0, told.find(" All rights")));
}

TEST(surroundings, are_not_what_is_told) {
    for (const char* end :
         {" The full minutes are to be published next week.", " Posters by the door said: all who swim, sign.",
          " Subscribers of the pool's season ticket get half of the price back from the council, which is to decide in "
          "March whether those who paid for the whole of the year and could not swim since the storms, among them the "
          "club "
          "of Harrow Lane and two schools, are owed more than that, and from which of its funds it would be paid."})
        EXPECT_EQ(left_of(piece + end), piece + end);
}

TEST(surroundings, at_the_start_are_taken_off) {
    for (const char* start :
         {"By Jane Doe\n", "By JANE DOE, Staff Writer\n\n", "By John B. Smith. ", "Von Jana Doe und Jan Roe\n",
          "LONDON (Reuters) - ", "LONDON, Oct 5 (Reuters) - ", "(dpa) - ", "WASHINGTON \xE2\x80\x94 ",
          "Berlin (AFP) \xE2\x80\x93 ", "By JANE DOE, Staff Writer\n\nHARROW LANE (AP) -- "})
        EXPECT_EQ(left_of(start + piece), std::string(start).starts_with("Von Jana") ? start + piece : piece) << start;
}

TEST(surroundings, at_the_start_are_not_what_is_told) {
    for (const char* start : {"By Monday the army had left the town of Harrow. ", "By then all was lost.\n",
                              "Swimmers (and divers) - the club has both - met. ", "NATO said so. ",
                              "A well-known swimmer spoke. ", "By 1999 "})
        EXPECT_EQ(left_of(start + piece), start + piece) << start;
}

TEST(surroundings, stay_where_hardly_anything_else_is_there) {
    for (const char* text : {"Subscribe to our newsletter.", "By Jane Doe\nPhoto: Jane Doe",
                             "Read more. All rights reserved. Sign up now.",
                             "The pool closes. Follow us on Twitter, Facebook and Instagram for the latest updates."})
        EXPECT_EQ(left_of(text), text);
}

TEST(surroundings, of_any_bytes_are_a_part_of_them) {
    std::string bytes;
    for (int i = 0; i < 4000; ++i) bytes += static_cast<char>((i * 7919) >> 3);
    for (std::size_t from = 0; from < bytes.size(); from += 97) {
        const std::string_view text = std::string_view(bytes).substr(from);
        const std::string_view part = without_surroundings(text);
        EXPECT_GE(part.data(), text.data());
        EXPECT_LE(part.data() + part.size(), text.data() + text.size());
    }
}

}  // namespace
}  // namespace feedwatch::dedup
