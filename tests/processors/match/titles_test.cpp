// Real headlines with an editor's topic: a plain rule finds most of what is about its topic, and little else.
#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/processors/match/support.hpp"

namespace feedwatch {
namespace {

std::string shared_folder() {
    const char* named = std::getenv("FEEDWATCH_SHARED");
    return named != nullptr ? named : FEEDWATCH_SOURCE_DIR "/../shared";
}

TEST(headlines, an_immigration_rule_separates_the_topic) {
    std::ifstream in(shared_folder() + "/data/topic-titles/titles.tsv");
    if (!in) GTEST_SKIP() << "no data/topic-titles in " << shared_folder();
    const auto rules = testing_match::rule(
        "immigrant* OR immigration OR migrant* OR asylum OR refugee* OR deport* OR DACA OR dreamers OR =ICE OR "
        "\"border wall\" OR (border AND (patrol OR crisis OR security OR mexic*)) OR \"sanctuary cities\" OR \"travel "
        "ban\"");
    matcher one;
    std::vector<topic_match> found;
    int of_topic = 0;
    int found_of_topic = 0;
    int others = 0;
    int found_others = 0;
    for (std::string line; std::getline(in, line);) {
        std::istringstream columns(line);
        std::string date;
        std::string source;
        std::string topic;
        std::string title;
        std::getline(columns, date, '\t');
        std::getline(columns, source, '\t');
        std::getline(columns, topic, '\t');
        std::getline(columns, title);
        one.match(*rules, {title, "", "en"}, found);
        (topic == "immigration" ? of_topic : others)++;
        if (!found.empty()) (topic == "immigration" ? found_of_topic : found_others)++;
    }
    ASSERT_GT(of_topic, 50);
    RecordProperty("found", found_of_topic);
    RecordProperty("of", of_topic);
    RecordProperty("others", found_others);
    EXPECT_GT(found_of_topic, of_topic * 7 / 10) << "of " << of_topic;
    EXPECT_LT(found_others, others / 20) << "of " << others;
}

}  // namespace
}  // namespace feedwatch
