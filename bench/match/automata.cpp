// bench_match_automata vectorscan|re2 TEXTS PHRASES DOCUMENTS: the same phrases as literals without regard to the case
// of ASCII letters, in their fastest use: each phrase is reported once a text, without its place.
#include <hs/hs.h>
#include <re2/re2.h>
#include <re2/set.h>

#include <cstdio>
#include <string_view>

#include "bench/match/clock.hpp"

namespace {

using feedwatch::bench::cpu_seconds;
using feedwatch::bench::figures;
using feedwatch::bench::resident_bytes;
using lines = std::vector<std::string>;

int vectorscan(const lines& texts, const lines& phrases, figures& f) {
    std::vector<const char*> literals;
    std::vector<std::size_t> sizes;
    std::vector<unsigned> flags(phrases.size(), HS_FLAG_CASELESS | HS_FLAG_SINGLEMATCH), ids;
    for (const std::string& p : phrases) {
        ids.push_back(static_cast<unsigned>(literals.size()));
        literals.push_back(p.c_str());
        sizes.push_back(p.size());
    }
    hs_database_t* database = nullptr;
    hs_compile_error_t* failed = nullptr;
    hs_scratch_t* scratch = nullptr;
    const double before = resident_bytes();
    double start = cpu_seconds();
    if (hs_compile_lit_multi(literals.data(), flags.data(), ids.data(), sizes.data(),
                             static_cast<unsigned>(phrases.size()), HS_MODE_BLOCK, nullptr, &database,
                             &failed) != HS_SUCCESS ||
        hs_alloc_scratch(database, &scratch) != HS_SUCCESS)
        return 1;
    f.compile = cpu_seconds() - start;
    f.memory = resident_bytes() - before;
    start = cpu_seconds();
    for (const std::string& text : texts) {
        const auto count = [](unsigned, unsigned long long, unsigned long long, unsigned, void* pairs) {
            ++*static_cast<std::size_t*>(pairs);
            return 0;
        };
        if (hs_scan(database, text.data(), static_cast<unsigned>(text.size()), 0, scratch, count, &f.pairs) !=
            HS_SUCCESS)
            return 1;
    }
    f.seconds = cpu_seconds() - start;
    hs_free_scratch(scratch);
    hs_free_database(database);
    return 0;
}

int re2_set(const lines& texts, const lines& phrases, figures& f) {
    RE2::Options options;
    options.set_literal(true);
    options.set_case_sensitive(false);
    options.set_max_mem(std::int64_t{2} << 30);
    const double before = resident_bytes();
    double start = cpu_seconds();
    RE2::Set set(options, RE2::UNANCHORED);
    for (const std::string& p : phrases)
        if (set.Add(p, nullptr) < 0) return 1;
    if (!set.Compile()) return 1;
    f.compile = cpu_seconds() - start;
    start = cpu_seconds();
    std::vector<int> found;
    for (const std::string& text : texts) {
        set.Match(text, &found);
        f.pairs += found.size();
    }
    f.seconds = cpu_seconds() - start;
    f.memory = resident_bytes() - before;  // with the states that it has made on the way
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) return 2;
    const auto texts = feedwatch::bench::lines_of(argv[2], std::strtoull(argv[4], nullptr, 10));
    const auto phrases = feedwatch::bench::lines_of(argv[3]);
    figures f;
    for (const std::string& t : texts) f.bytes += static_cast<double>(t.size());
    f.documents = texts.size();
    const int failed = std::string_view(argv[1]) == "re2" ? re2_set(texts, phrases, f) : vectorscan(texts, phrases, f);
    if (failed == 0) f.print();
    return failed;
}
