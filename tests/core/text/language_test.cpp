#include <gmock/gmock.h>

#include "core/text/analysis.hpp"

namespace feedwatch::text {
namespace {

TEST(detect_language, names_the_language_of_a_sentence) {
    EXPECT_EQ(detect_language("The government announced new rules for immigration on Tuesday, officials said."), "en");
    EXPECT_EQ(
        detect_language("El gobierno anunció el martes nuevas normas sobre la inmigración, según los funcionarios."),
        "es");
    EXPECT_EQ(detect_language("Die Regierung kündigte am Dienstag neue Regeln für die Einwanderung an."), "de");
    EXPECT_EQ(detect_language("Правительство объявило во вторник о новых правилах иммиграции."), "ru");
    EXPECT_EQ(detect_language("政府は火曜日に移民に関する新しい規則を発表しました。"), "ja");
    EXPECT_EQ(detect_language("הממשלה הודיעה ביום שלישי על כללים חדשים להגירה למדינה."), "he");
}

TEST(detect_language, says_nothing_about_too_little_or_invalid_text) {
    EXPECT_EQ(detect_language(""), "");
    EXPECT_EQ(detect_language("ICE"), "");
    EXPECT_EQ(detect_language("12345 67890 !!!"), "");
    EXPECT_EQ(detect_language("\xff\xfe\xff\xfe"), "");
}

TEST(primary_language, is_the_lower_case_first_subtag_with_aliases_made_one) {
    EXPECT_EQ(primary_language("en-US"), "en");
    EXPECT_EQ(primary_language("pt_BR"), "pt");
    EXPECT_EQ(primary_language("ZH-Hant-TW"), "zh");
    EXPECT_EQ(primary_language("iw"), "he");
    EXPECT_EQ(primary_language("nb-NO"), "no");
    EXPECT_EQ(primary_language("und"), "");
    EXPECT_EQ(primary_language("english please"), "");
    EXPECT_EQ(primary_language(""), "");
}

}  // namespace
}  // namespace feedwatch::text
