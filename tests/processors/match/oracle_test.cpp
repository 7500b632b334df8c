// Thousands of random queries on random texts, all compiled together, against the slow reading.
#include <gmock/gmock.h>

#include <array>
#include <cstdlib>
#include <random>
#include <string>

#include "processors/match/matcher.hpp"
#include "tests/processors/match/oracle.hpp"
#include "tests/processors/match/support.hpp"

namespace feedwatch {
namespace {

class random_queries {
  public:
    explicit random_queries(std::uint32_t seed) : random_(seed) {}

    std::string text(std::size_t words_max) {
        std::string out;
        for (std::size_t i = below(words_max + 1); i > 0; --i) {
            out += pick(text_words);
            out += pick(separators);
        }
        return out;
    }

    std::string query() { return any(3); }

  private:
    static constexpr std::array<const char*, 24> text_words{
        "raid",      "raids",  "Raided",  "ICE",    "ice",     "ice's",      "U.S.",     "us",
        "anti-raid", "border", "borders", "patrol", "#ice",    "@ice",       "café",     "cafe",
        "1,750",     "1750",   "the",     "of",     "migrant", "immigrants", "移民政策", "🚨"};
    static constexpr std::array<const char*, 5> separators{" ", " ", " ", ", ", ". "};
    static constexpr std::array<const char*, 26> query_words{
        "raid",   "raids",  "=ICE",   "ice",      "ICE",     "US",   "us",    "=us",   "anti-raid",
        "border", "patrol", "#ice",   "@ice",     "cafe",    "café", "1750",  "the",   "of",
        "raid*",  "*aid*",  "b?rder", "*migrant", "immigr*", "移民", "=cafe", "bord*s"};

    std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
    template <class List>
    std::string pick(const List& from) {
        return from[below(from.size())];
    }

    std::string phrase() {
        std::string out = "\"" + pick(query_words);
        for (std::size_t i = 1 + below(2); i > 0; --i) out += " " + pick(query_words);
        out += "\"";
        if (below(2) == 0) out += "~" + std::to_string(below(5));
        return out;
    }
    std::string leaf() {
        std::string out = below(5) == 0 ? (below(2) == 0 ? "title:" : "text:") : "";
        return out + (below(3) == 0 ? phrase() : pick(query_words));
    }
    std::string placed(int depth) {
        if (depth == 0 || below(3) != 0) return leaf();
        if (below(2) == 0) return "(" + placed(depth - 1) + " OR " + placed(depth - 1) + ")";
        return "(" + near(depth) + ")";
    }
    std::string near(int depth) {
        return placed(depth - 1) + (below(2) == 0 ? " NEAR/" : " ONEAR/") + std::to_string(below(4)) + " " +
               placed(depth - 1);
    }
    std::string clause(int depth) {
        if (depth == 0 || below(3) == 0) return leaf();
        if (below(4) == 0) return "(" + near(2) + ")";
        return "(" + any(depth - 1) + ")";
    }
    std::string all(int depth) {
        std::string out = clause(depth);
        for (std::size_t i = below(3); i > 0; --i) {
            switch (below(3)) {
                case 0:
                    out += " AND " + clause(depth);
                    break;
                case 1:
                    out += " " + clause(depth);
                    break;
                default:
                    out += " NOT " + clause(depth);
                    break;
            }
        }
        return out;
    }
    std::string any(int depth) {
        std::string out = all(depth);
        for (std::size_t i = below(3); i > 0; --i) out += " OR " + all(depth);
        return out;
    }

    std::mt19937 random_;
};

// FEEDWATCH_SEED repeats a run; FEEDWATCH_QUERIES makes it longer.
std::uint32_t number_of(const char* variable, std::uint32_t otherwise) {
    const char* value = std::getenv(variable);
    return value == nullptr ? otherwise : static_cast<std::uint32_t>(std::strtoul(value, nullptr, 10));
}

TEST(oracle, random_queries_compiled_together_agree_with_the_slow_reading) {
    const std::uint32_t seed = number_of("FEEDWATCH_SEED", 20260101);
    const std::uint32_t queries = number_of("FEEDWATCH_QUERIES", 1500);
    random_queries make(seed);
    constexpr std::uint32_t together = 100;
    std::size_t hits = 0;
    std::size_t pairs = 0;
    for (std::uint32_t done = 0; done < queries; done += together) {
        std::string yaml = "topics:\n";
        for (std::uint32_t i = 0; i < together; ++i) {
            yaml += "  - id: q" + std::to_string(i) + "\n    query: " + testing_match::quoted(make.query()) + "\n";
        }
        const auto rules = testing_match::rules_of(yaml);
        matcher fast;
        std::vector<topic_match> found;
        for (int t = 0; t < 12; ++t) {
            const std::string title = make.text(4);
            const std::string text = make.text(9);
            const std::string_view language = t % 3 == 0 ? "ja" : t % 3 == 1 ? "en" : "es";
            fast.match(*rules, {title, text, language}, found);
            std::size_t next = 0;
            for (const topic_rule& r : rules->rules()) {
                const bool says = next < found.size() && found[next].topic == r.id;
                const bool is = match_query::oracle_matches(r.root, title, text, language);
                ASSERT_EQ(says, is) << "seed " << seed << "\nquery: " << r.query << "\ntitle: " << title
                                    << "\ntext: " << text << "\nlanguage: " << language;
                ++pairs;
                if (!says) continue;
                ++hits;
                for (const span& s : found[next].spans) {
                    const std::string& in = s.field == "title" ? title : text;
                    ASSERT_EQ(in.substr(s.offset, s.length), s.text) << r.query;
                }
                ++next;
            }
            ASSERT_EQ(next, found.size());
        }
    }
    // A generator that always or never matches would show nothing.
    EXPECT_GT(hits, pairs / 20);
    EXPECT_LT(hits, pairs * 19 / 20);
}

}  // namespace
}  // namespace feedwatch
