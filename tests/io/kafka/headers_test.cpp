#include "io/kafka/headers.hpp"

#include <gmock/gmock.h>

namespace feedwatch::kafka {
namespace {

TEST(traceparent, goes_on_with_the_trace_of_the_input_and_a_span_of_its_own) {
    trace_source traces{1};
    const std::vector<header> input{{"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"}};
    const auto made = traces.continue_from(input);
    EXPECT_THAT(made, testing::MatchesRegex("00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-00"));
    EXPECT_THAT(made, testing::Not(testing::HasSubstr("b7ad6b7169203331")));
}

TEST(traceparent, is_new_where_there_is_none_or_a_broken_one) {
    trace_source traces{1};
    for (const char* broken : {"", "00-xyz", "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                               "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"}) {
        const auto made = traces.continue_from(std::vector<header>{{"traceparent", broken}});
        EXPECT_THAT(made, testing::MatchesRegex("00-[0-9a-f]{32}-[0-9a-f]{16}-01")) << broken;
    }
    EXPECT_NE(traces.continue_from({}), traces.continue_from({}));
}

TEST(standard_headers, are_added_unless_the_record_has_them) {
    output out;
    out.record.to = topic::items;
    out.record.headers = {{"content-type", "text/plain"}};
    out.traceparent = "t";
    std::vector<std::string> seen;
    for_each_header(out, [&](std::string_view name, std::string_view value) {
        seen.push_back(std::string{name} + "=" + std::string{value});
    });
    EXPECT_THAT(seen,
                testing::ElementsAre("content-type=text/plain", "feedwatch-schema=feedwatch.items/1", "traceparent=t"));
}

}  // namespace
}  // namespace feedwatch::kafka
