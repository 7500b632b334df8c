#include "processors/dedup/filter.hpp"

#include <gmock/gmock.h>

#include "core/record/item.hpp"
#include "tests/processors/dedup/samples.hpp"

namespace feedwatch::dedup {
namespace {

using ::testing::HasSubstr;

TEST(DedupFilter, WritesOneVerdictALineWithTheIdsThatItWasGiven) {
    filter f({}, filter::output::verdicts);
    const std::string text = prose(1, 60);
    EXPECT_EQ(**f.process(R"({"id":"1","title":"A","text":")" + text + "\"}"),
              R"({"id":"1","verdict":"new","story":"1","how":null,"similarity":null})");
    EXPECT_EQ(**f.process(R"({"id":"2","title":"B","text":")" + text + "\"}"),
              R"({"id":"2","verdict":"duplicate","story":"1","how":"same-text","similarity":1E0})");
    EXPECT_EQ(**f.process(R"({"id":"1","title":"A2","text":")" + text + "\"}"),
              R"({"id":"1","verdict":"update","story":"1","how":null,"similarity":null,)"
              R"("changed":{"title":true,"text":false,"similarity":1E0,"words_before":60,"words":60}})");
}

TEST(DedupFilter, WritesItemsRecordsAndNothingForCopies) {
    filter f({}, filter::output::items);
    const std::string text = prose(1, 60);
    const auto first = f.process(R"({"id":"1","title":"A","text":")" + text + "\"}");
    ASSERT_TRUE(first && *first);
    const auto told = story_item_from_json(**first);
    ASSERT_TRUE(told);
    EXPECT_EQ(told->story, story_id{"1"});
    EXPECT_EQ(told->title, "A");
    const auto copy = f.process(R"({"id":"2","text":")" + text + "\"}");
    ASSERT_TRUE(copy);
    EXPECT_FALSE(copy->has_value());
}

TEST(DedupFilter, ALineThatIsNoItemIsAnErrorWithAReason) {
    filter f({}, filter::output::verdicts);
    const auto r = f.process("[1, 2]");
    ASSERT_FALSE(r);
    EXPECT_FALSE(r.error().message().empty());
}

TEST(DedupFilter, ContentHtmlIsEnough) {
    filter f({}, filter::output::verdicts);
    const std::string text = prose(1, 60);
    ASSERT_TRUE(f.process(R"({"id":"1","content_html":"<p>)" + text + "</p>\"}"));
    EXPECT_THAT(**f.process(R"({"id":"2","text":")" + text + "\"}"), HasSubstr("same-text"));
}

}  // namespace
}  // namespace feedwatch::dedup
