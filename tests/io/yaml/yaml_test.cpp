#include "io/yaml/yaml.hpp"

#include <gmock/gmock.h>

#include <string>

namespace feedwatch::yaml {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Optional;

TEST(yaml, values_are_read_with_their_types) {
    problems found("f.yaml");
    const document doc = document::parse(
        "name: ops\ncount: 12\nratio: 0.5\non: true\nwait: 1h30m\ntags: [a, 'b c']\nnone: ~\nquoted: 'null'\n", found);
    const field root = doc.root(found);
    EXPECT_THAT(root["name"].string(), Optional(std::string("ops")));
    EXPECT_THAT(root["count"].integer(0, 100), Optional(12));
    EXPECT_THAT(root["ratio"].number(0, 1), Optional(0.5));
    EXPECT_THAT(root["on"].boolean(), Optional(true));
    EXPECT_EQ(root["wait"].duration(), std::chrono::minutes{90});
    EXPECT_THAT(*root["tags"].strings(), ElementsAre("a", "b c"));
    EXPECT_FALSE(root["none"].present());
    EXPECT_THAT(root["quoted"].string(), Optional(std::string("null")));
    EXPECT_FALSE(root["absent"].string());
    root.finish();
    EXPECT_TRUE(found.empty()) << found.text();
}

TEST(yaml, all_mistakes_come_at_once_with_file_line_column_and_path) {
    problems found("f.yaml");
    const document doc = document::parse("a: x\nlist:\n  - n: many\n    odd: 1\nwait: soon\n", found);
    const field root = doc.root(found);
    EXPECT_FALSE(root["a"].integer(0, 5));
    for (const field& f : root["list"].items()) {
        EXPECT_FALSE(f["n"].integer(0, 5));
        f.finish();
    }
    EXPECT_FALSE(root["wait"].duration());
    EXPECT_FALSE(root["url"].required_string());
    root.finish();
    EXPECT_EQ(found.text(),
              "f.yaml:1:1: url: must be given\n"
              "f.yaml:1:4: a: expected a whole number, found x\n"
              "f.yaml:3:8: list[0].n: expected a whole number, found many\n"
              "f.yaml:4:5: list[0]: unknown key odd; known here: n\n"
              "f.yaml:5:7: wait: expected a duration such as 500ms, 15m, 6h or 30d, found soon");
    EXPECT_EQ(found.to_error().code, errc::invalid_config);
}

TEST(yaml, an_unknown_key_gets_the_nearest_known_name) {
    problems found("f.yaml");
    const document doc = document::parse("topics:\n  - quary: x\n", found);
    const field root = doc.root(found);
    for (const field& f : root["topics"].items()) {
        (void)f["id"].string();
        (void)f["query"].string();
        f.finish();
    }
    EXPECT_EQ(found.text(), "f.yaml:2:5: topics[0]: unknown key quary; did you mean query?");
}

TEST(yaml, the_wrong_form_is_said_once) {
    problems found("f.yaml");
    const document doc = document::parse("kafka: yes please\nlist: {a: 1}\none: single\nmap: [1]\n", found);
    const field root = doc.root(found);
    EXPECT_FALSE(root["kafka"]["brokers"].string());
    EXPECT_TRUE(root["list"].items().empty());
    EXPECT_FALSE(root["one"].strings());
    EXPECT_FALSE(root["map"].string());
    EXPECT_EQ(found.all().size(), 4U) << found.text();
    EXPECT_THAT(found.text(), HasSubstr("f.yaml:3:6: one: expected a list; write [single]"));
}

TEST(yaml, a_key_that_stands_twice_is_a_mistake) {
    problems found("f.yaml");
    (void)document::parse("a: 1\nb: 2\na: 3\n", found);
    EXPECT_EQ(found.text(), "f.yaml:3:1: the key a stands here a second time (first in line 1)");
}

TEST(yaml, what_is_not_yaml_is_a_mistake_with_its_place) {
    problems found("f.yaml");
    (void)document::parse("a: [1, 2\nb: 3\n", found);
    ASSERT_EQ(found.all().size(), 1U);
    EXPECT_THAT(found.text(), HasSubstr("f.yaml:2:"));
    problems binary("f.yaml");
    (void)document::parse("a: \xff\n", binary);
    EXPECT_THAT(binary.text(), HasSubstr("not UTF-8"));
}

TEST(yaml, an_empty_file_is_an_empty_document) {
    for (const char* text : {"", "\n", "# only a comment\n", "---\n", "\xEF\xBB\xBF"}) {
        problems found("f.yaml");
        const document doc = document::parse(text, found);
        EXPECT_FALSE(doc.root(found).present());
        doc.root(found).finish();
        EXPECT_TRUE(found.empty()) << found.text();
    }
}

TEST(yaml, alias_bombs_and_deep_nesting_are_refused) {
    std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
    for (int i = 1; i < 12; ++i) {
        const std::string before = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
        for (int j = 0; j < 9; ++j) bomb += "," + before;
        bomb += "]\n";
    }
    problems found("f.yaml");
    (void)document::parse(bomb, found);
    EXPECT_THAT(found.text(), HasSubstr("more than 4000000 values"));

    problems deep("f.yaml");
    (void)document::parse(std::string(100, '[') + std::string(100, ']'), deep);
    EXPECT_THAT(deep.text(), HasSubstr("nested deeper than 64"));
    problems deeper("f.yaml");
    (void)document::parse(std::string(100000, '['), deeper);
    EXPECT_FALSE(deeper.empty());
}

TEST(yaml, variables_are_expanded_only_where_asked) {
    parse_options options;
    options.variable = [](std::string_view name) -> std::optional<std::string> {
        if (name == "HOST") return "h1";
        return std::nullopt;
    };
    problems found("f.yaml");
    const document doc = document::parse("a: x-${HOST}-y\nb: '${NONE}'\n", found, options);
    EXPECT_THAT(doc.root(found)["a"].string(), Optional(std::string("x-h1-y")));
    EXPECT_EQ(found.text(), "f.yaml:2:5: the environment variable NONE is not set");
    problems plain("f.yaml");
    const document as_is = document::parse("a: ${HOST}\n", plain);
    EXPECT_THAT(as_is.root(plain)["a"].string(), Optional(std::string("${HOST}")));
}

TEST(yaml, a_place_inside_a_scalar_is_found_in_every_style) {
    struct style {
        const char* yaml;
        std::size_t line, column;
    };
    // Each holds "foo BAD" in some way; the place of BAD is wanted.
    for (const style& s : {style{"q: foo BAD\n", 1, 8}, style{"q: 'foo BAD'\n", 1, 9}, style{"q: \"foo BAD\"\n", 1, 9},
                           style{"q: >\n  foo\n  BAD\n", 3, 3}, style{"q: |\n  foo\n    BAD\n", 3, 5},
                           style{"q: 'it''s foo\n   BAD'\n", 2, 4}, style{"q: \"\\\"foo\\\" BAD\"\n", 1, 13},
                           style{"q: foo\n  BAD\n", 2, 3}, style{"q: 'éé BAD'\n", 1, 8}}) {
        problems found("f.yaml");
        const document doc = document::parse(s.yaml, found);
        const field q = doc.root(found)["q"];
        const auto text = q.string();
        ASSERT_TRUE(text) << s.yaml << found.text();
        const position p = q.inside(text->find("BAD"));
        EXPECT_EQ(std::pair(p.line, p.column), std::pair(s.line, s.column)) << s.yaml;
    }
}

TEST(yaml, one_of_suggests_the_nearest) {
    problems found("f.yaml");
    const document doc = document::parse("severity: hihg\n", found);
    EXPECT_FALSE(doc.root(found)["severity"].one_of({"low", "high"}));
    EXPECT_EQ(found.text(), "f.yaml:1:11: severity: expected one of low, high, found hihg; did you mean high?");
}

TEST(yaml, a_file_that_cannot_be_read_is_a_mistake) {
    problems found("/nonexistent/f.yaml");
    (void)load("/nonexistent/f.yaml", found);
    EXPECT_EQ(found.text(), "/nonexistent/f.yaml:1:1: the file cannot be read");
}

}  // namespace
}  // namespace feedwatch::yaml
