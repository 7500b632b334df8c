#include "producers/extract/main_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace feedwatch {
namespace {

std::vector<text_blocks> documents(const std::vector<std::string>& html) {
    std::vector<text_blocks> out;
    for (const std::string& h : html) out.push_back(html_to_blocks(h));
    return out;
}

std::vector<std::string> texts(const std::vector<std::string>& html, const std::vector<std::string>& known = {}) {
    return main_texts_of(documents(html), known).texts;
}

constexpr const char* plea = "<p>The Daily covers immigration raids and protests every day. Support our work.</p>";

TEST(main_texts, leave_out_a_block_that_repeats_across_items) {
    std::vector<std::string> html;
    for (const char* story : {"One story.", "Another story.", "A third story.", "A fourth."})
        html.push_back("<p>" + std::string(story) + "</p>" + plea);
    EXPECT_THAT(texts(html), testing::ElementsAre("One story.", "Another story.", "A third story.", "A fourth."));
}

TEST(main_texts, keep_a_block_that_two_items_share) {
    EXPECT_THAT(texts({"<p>a1 story</p><p>shared words</p>", "<p>b2 story</p><p>shared words</p>"}),
                testing::ElementsAre("a1 story\n\nshared words", "b2 story\n\nshared words"));
}

TEST(main_texts, are_never_emptied) {
    EXPECT_THAT(texts({"<p>same</p>", "<p>same</p>", "<p>same</p>"}), testing::Each("same"));
    const std::vector<std::string> html{"<p>x same</p><p>a</p>", "<p>x same</p><p>b</p>", "<p>x same</p><p>c</p>",
                                        "<p>x same</p>"};
    EXPECT_EQ(texts(html).back(), "x same");
}

TEST(main_texts, use_what_was_learned_in_polls_before) {
    const auto learned = main_texts_of(
        documents({"<p>1 a</p>" + std::string(plea), "<p>b</p>" + std::string(plea), "<p>c</p>" + std::string(plea)}),
        {});
    ASSERT_EQ(learned.boilerplate.size(), 1U);
    EXPECT_THAT(texts({"<p>pushed alone</p>" + std::string(plea)}, learned.boilerplate),
                testing::ElementsAre("pushed alone"));
    EXPECT_EQ(main_texts_of(documents({"<p>pushed alone</p>" + std::string(plea)}), learned.boilerplate).boilerplate,
              learned.boilerplate);
}

TEST(main_texts, count_copies_of_one_item_once) {
    EXPECT_THAT(texts({"<p>lead</p><p>body</p>", "<p>lead</p><p>body</p>", "<p>lead</p><p>body</p>", "<p>other</p>"}),
                testing::ElementsAre("lead\n\nbody", "lead\n\nbody", "lead\n\nbody", "other"));
}

TEST(main_texts, lose_pleas_and_link_lists_at_the_end_and_bylines_at_the_start) {
    EXPECT_THAT(texts({"<p>By Jane Doe</p><p>The story itself.</p><p>Read more at our site</p><ul><li><a "
                       "href=1>Another one</a><li><a href=2>And one more</a></ul>"}),
                testing::ElementsAre("The story itself."));
    EXPECT_THAT(texts({"<p>The story itself.</p><p>The post The story appeared first on The Daily.</p>"}),
                testing::ElementsAre("The story itself."));
}

TEST(main_texts, keep_links_and_pleas_inside_the_story) {
    EXPECT_THAT(texts({"<p>a</p><p><a href=1>link</a></p><p>Read more books, he said.</p><p>end</p>"}),
                testing::ElementsAre("a\n\nlink\n\nRead more books, he said.\n\nend"));
}

TEST(block_hash, is_the_same_for_numbers_case_and_blanks) {
    EXPECT_EQ(block_hash("12 Comments"), block_hash("7 comments"));
    EXPECT_NE(block_hash("12 Comments"), block_hash("12 shares"));
    EXPECT_EQ(block_hash("a  b"), block_hash("A\nb"));
}

}  // namespace
}  // namespace feedwatch
