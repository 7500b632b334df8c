#include "producers/extract/page.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <sstream>

#include "producers/extract/text.hpp"

namespace feedwatch {
namespace {

TEST(extract_page, finds_the_article_among_navigation_and_comments) {
    const std::string paragraph =
        "The council decided on Monday, after a long debate, that the bridge will be closed for repairs until spring. ";
    const std::string page =
        "<html><body><nav><a href=/>Home</a></nav><div class=sidebar><ul><li><a href=/1>One</a></ul></div><div "
        "class=article><p>" +
        paragraph + "</p><p>" + paragraph + paragraph +
        "</p></div><div id=comments><p>Nice, really nice, I like it, thank you.</p></div></body></html>";
    const auto text = extract_page(page, "");
    ASSERT_TRUE(text);
    EXPECT_NE(text->find("The council decided"), std::string::npos);
    EXPECT_EQ(text->find("Home"), std::string::npos);
    EXPECT_EQ(text->find("Nice"), std::string::npos);
}

TEST(extract_page, leaves_out_what_is_hidden) {
    const auto text = extract_page(
        "<p>Seen, and long enough to count as a paragraph of text.</p><p style='display: none'>Unseen</p><p "
        "hidden>Unseen</p>",
        "");
    ASSERT_TRUE(text);
    EXPECT_EQ(text->find("Unseen"), std::string::npos);
}

TEST(extract_page, says_that_there_is_no_text) {
    EXPECT_FALSE(extract_page("<html><body><img src=x></body></html>", ""));
    EXPECT_FALSE(extract_page("", ""));
}

TEST(extract_page, survives_a_hundred_thousand_nested_elements) {
    std::string page;
    for (int i = 0; i < 100000; ++i) page += "<div>";
    page += "deep text that is long enough to be a paragraph";
    static_cast<void>(extract_page(page, ""));
}

std::map<std::string, int> four_grams(const std::string& text) {
    std::vector<std::string> words;
    std::string word;
    for (const char c : text + " ") {
        const auto u = static_cast<unsigned char>(c);
        if (std::isalnum(u) != 0 || u >= 0x80) {
            word += static_cast<char>(std::tolower(u));
        } else if (!word.empty()) {
            words.push_back(word);
            word.clear();
        }
    }
    std::map<std::string, int> grams;
    for (std::size_t i = 0; i + 4 <= words.size(); ++i)
        ++grams[words[i] + ' ' + words[i + 1] + ' ' + words[i + 2] + ' ' + words[i + 3]];
    return grams;
}

double f1(const std::string& found, const std::string& expected) {
    const auto a = four_grams(found);
    const auto b = four_grams(expected);
    double common = 0, in_a = 0, in_b = 0;
    for (const auto& [gram, n] : a) {
        in_a += n;
        const auto other = b.find(gram);
        if (other != b.end()) common += std::min(n, other->second);
    }
    for (const auto& [gram, n] : b) in_b += n;
    return in_a + in_b == 0 ? 1.0 : 2 * common / (in_a + in_b);
}

std::string read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

TEST(extract_page, agrees_with_readability_on_saved_pages) {
    const char* shared = std::getenv("FEEDWATCH_SHARED");
    const std::filesystem::path folder =
        std::filesystem::path(shared != nullptr ? shared : FEEDWATCH_SOURCE_DIR "/../shared") / "data" /
        "readability-pages";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no " << folder;
    double sum = 0;
    int pages = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (!entry.is_directory()) continue;
        const auto text = extract_page(read(entry.path() / "source.html"), "");
        const double score = text ? f1(*text, html_to_text(read(entry.path() / "expected.html"))) : 0.0;
        if (std::getenv("FEEDWATCH_VERBOSE") != nullptr)
            std::cout << score << ' ' << entry.path().filename().string() << '\n';
        sum += score;
        ++pages;
    }
    ASSERT_GT(pages, 100);
    RecordProperty("mean_f1", std::to_string(sum / pages));
    std::cout << "mean F1 of word 4-grams over " << pages << " pages: " << sum / pages << '\n';
    EXPECT_GT(sum / pages, 0.95);
}

}  // namespace
}  // namespace feedwatch
