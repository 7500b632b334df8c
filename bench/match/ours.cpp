// bench_match TEXTS RULES.yaml DOCUMENTS: compiles the rules, applies them to the texts one after another and prints a
// JSON object: CPU seconds of both, and pairs of a text and a rule that matches it. Everything is done that the
// pipeline does: Unicode analysis, stemming, exact evaluation, spans.
#include <cstdio>

#include "bench/match/clock.hpp"
#include "processors/match/matcher.hpp"
#include "processors/match/rule_set.hpp"

int main(int argc, char** argv) {
    using namespace feedwatch;
    if (argc != 4) return 2;
    const auto texts = bench::lines_of(argv[1], std::strtoull(argv[3], nullptr, 10));
    std::string yaml;
    for (const std::string& line : bench::lines_of(argv[2])) yaml += line + "\n";
    matcher applies;
    std::vector<topic_match> found;
    // What every program has, however few rules there are.
    if (const auto one = compile_rules("topics: [{id: a, query: none}]"); one)
        applies.match(**one, {.title = {}, .text = "a text", .language = "en"}, found);

    bench::figures f;
    const double before = bench::resident_bytes();
    double start = bench::cpu_seconds();
    const auto rules = compile_rules(std::move(yaml));
    if (!rules) {
        std::fprintf(stderr, "%s\n", rules.error().message().c_str());
        return 1;
    }
    static_cast<void>((*rules)->program_for("en"));
    f.compile = bench::cpu_seconds() - start;
    f.memory = bench::resident_bytes() - before;

    start = bench::cpu_seconds();
    for (const std::string& text : texts) {
        applies.match(**rules, {.title = {}, .text = text, .language = "en"}, found);
        f.pairs += found.size();
        f.bytes += static_cast<double>(text.size());
    }
    f.seconds = bench::cpu_seconds() - start;
    f.documents = texts.size();
    f.print();
}
