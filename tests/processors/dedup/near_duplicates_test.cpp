// The labelled near duplicates of 904 news articles, where that shared data is present (FEEDWATCH_SHARED).
#include <gmock/gmock.h>
#include <simdjson.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "processors/dedup/story_index.hpp"
#include "tests/processors/dedup/samples.hpp"

namespace feedwatch::dedup {
namespace {

namespace fs = std::filesystem;

fs::path shared() {
    const char* configured = std::getenv("FEEDWATCH_SHARED");
    return configured != nullptr ? fs::path(configured) : fs::path(FEEDWATCH_SOURCE_DIR).parent_path() / "shared";
}

using pair_of_ids = std::pair<std::string, std::string>;

std::map<pair_of_ids, std::string> read_labels(const fs::path& file) {
    std::map<pair_of_ids, std::string> labels;
    std::ifstream in(file);
    std::string one, other, label, rest;
    while (in >> one >> other >> label && std::getline(in, rest)) labels[std::minmax(one, other)] = label;
    return labels;
}

TEST(NearDuplicates, AllCopiesOfTheLabelledNewsAreFoundAndNothingDistinctIsJoined) {
    const fs::path folder = shared() / "data" / "near-duplicates";
    if (!fs::exists(folder / "docs.jsonl")) GTEST_SKIP() << "no labelled articles in " << folder;
    const auto labels = read_labels(folder / "pairs.tsv");

    story_index index({});
    std::map<std::string, std::vector<std::string>> stories;
    std::ifstream in(folder / "docs.jsonl");
    simdjson::dom::parser parser;
    for (std::string line; std::getline(in, line);) {
        simdjson::dom::element doc;
        ASSERT_FALSE(parser.parse(line).get(doc));
        const std::string id{doc["id"].get_string().value()};
        const decision d = index.decide(to_item({.id = id, .text = std::string{doc["text"].get_string().value()}}));
        stories[d.story.str()].push_back(id);
    }

    std::map<std::string, int> joined;
    for (const auto& [story, members] : stories) {
        for (std::size_t i = 0; i < members.size(); ++i) {
            for (std::size_t j = i + 1; j < members.size(); ++j) {
                const auto label = labels.find(std::minmax(members[i], members[j]));
                ++joined[label == labels.end() ? "not listed" : label->second];
                if (label == labels.end())
                    std::cout << "  joined wrongly: " << members[i] << " and " << members[j] << "\n";
            }
        }
    }
    std::map<std::string, int> total;
    for (const auto& [pair, label] : labels) ++total[label];
    std::cout << "label: pairs in one story of all pairs\n";
    for (const auto& [label, count] : total)
        std::cout << "  " << label << ": " << joined[label] << " of " << count << "\n";
    std::cout << "  not listed: " << joined["not listed"] << "\n  bytes a document: " << index.bytes() / index.size()
              << "\n";

    EXPECT_EQ(joined["copy"], total["copy"]);
    EXPECT_GE(joined["trimmed"], total["trimmed"] * 6 / 10);
    EXPECT_EQ(joined["distinct"], 0);
    EXPECT_EQ(joined["not listed"], 0);
}

}  // namespace
}  // namespace feedwatch::dedup
