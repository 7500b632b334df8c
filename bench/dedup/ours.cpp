// bench_dedup hold DOCUMENTS SEED EDITED_MIN EDITED_MAX MARK...
//   Decides DOCUMENTS documents one after another and prints a JSON object at each MARK and at the end: CPU time and
//   documents since the mark before (fingerprint, decision and insertion; making the documents is not counted), planted
//   copies and how many were found, false joins, and memory by document.
// bench_dedup restore DOCUMENTS SEED EDITED_MIN EDITED_MAX FILE
//   Decides so many, writes what they leave in the changelog to FILE, a JSON record a line, and restores another index
//   from it: CPU time of reading, parsing and inserting. Then of saving and loading a snapshot of that (FILE.snapshot),
//   check sum included.
// bench_dedup write DOCUMENTS SEED EDITED_MIN EDITED_MAX
//   Writes the same documents for the rivals: "number<TAB>original<TAB>text" a line.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

#include "bench/dedup/corpus.hpp"
#include "core/hash.hpp"
#include "io/kafka/snapshot_file.hpp"
#include "processors/dedup/story_index.hpp"

namespace {

using namespace feedwatch;

double cpu_seconds() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

std::size_t resident_bytes() {
    std::ifstream in("/proc/self/statm");
    std::size_t pages = 0, resident = 0;
    in >> pages >> resident;
    return resident * 4096;
}

std::string id_of(std::uint64_t number) {
    return "1:" + hash128_hex(std::to_string(number));
}

item to_item(bench::corpus::document d) {
    // Everyone is of another publisher than the last thousand: a copy is never of its original's.
    const std::uint64_t publisher =
        d.number % 2003 == d.original % 2003 && d.number != d.original ? 2003 : d.number % 2003;
    item i;
    i.id = item_id{id_of(d.number)};
    i.publisher = "paper" + std::to_string(publisher) + ".example";
    i.feed = feed_id{hash128_hex(i.publisher)};
    i.url = i.canonical_url = "https://" + i.publisher + "/news/" + std::to_string(d.number);
    i.title = "Of " + std::to_string(d.number) + " and more";
    i.text = std::move(d.text);
    // A hundred documents a second; nothing leaves the window of a month within ten million of them.
    i.observed = timestamp{std::chrono::seconds{1'790'000'000} + std::chrono::milliseconds{10 * d.number}};
    return i;
}

struct counted {
    std::uint64_t documents = 0, planted = 0, found = 0, false_joins = 0;
    double seconds = 0;
};

void print(const counted& c, std::uint64_t held, const dedup::story_index& index, std::size_t resident_before) {
    std::printf(
        "{\"held\": %llu, \"documents\": %llu, \"cpu_seconds\": %.6f, \"planted\": %llu, \"found\": %llu, "
        "\"false_joins\": %llu, \"resident_bytes_a_document\": %.1f, \"counted_bytes_a_document\": %.1f}\n",
        static_cast<unsigned long long>(held), static_cast<unsigned long long>(c.documents), c.seconds,
        static_cast<unsigned long long>(c.planted), static_cast<unsigned long long>(c.found),
        static_cast<unsigned long long>(c.false_joins),
        static_cast<double>(resident_bytes() - resident_before) / static_cast<double>(held),
        static_cast<double>(index.bytes()) / static_cast<double>(held));
    std::fflush(stdout);
}

int hold(const bench::corpus& documents, std::uint64_t count, std::vector<std::uint64_t> marks) {
    constexpr std::uint64_t chunk = 1000;
    // What the harness itself holds is not counted.
    std::vector<item> items;
    items.reserve(chunk);
    for (std::uint64_t n = 0; n < std::min(chunk, count); ++n) items.push_back(to_item(documents.at(n)));
    const std::size_t before = resident_bytes();
    dedup::story_index index({.window = std::chrono::days{30}, .bytes_max = std::size_t{64} << 30U});
    counted c;
    marks.push_back(count);
    for (std::uint64_t from = 0; from < count;) {
        const std::uint64_t to = std::min({from + chunk, count, *std::ranges::upper_bound(marks, from)});
        items.clear();
        for (std::uint64_t n = from; n < to; ++n) items.push_back(to_item(documents.at(n)));
        std::vector<dedup::decision> decisions;
        decisions.reserve(items.size());
        const double start = cpu_seconds();
        for (const item& i : items) decisions.push_back(index.decide(i));
        c.seconds += cpu_seconds() - start;
        for (std::uint64_t n = from; n < to; ++n) {
            const std::uint64_t original = documents.original_of(n);
            const dedup::decision& d = decisions[n - from];
            const bool joined = d.what == dedup::decision::kind::duplicate;
            const bool right = joined && d.story.str() == id_of(original);
            ++c.documents;
            c.planted += original != n ? 1U : 0U;
            c.found += original != n && right ? 1U : 0U;
            c.false_joins += joined && !right ? 1U : 0U;
        }
        from = to;
        if (std::ranges::find(marks, from) != marks.end()) {
            print(c, from, index, before);
            c = {};
        }
    }
    return 0;
}

// As a compacted changelog is, a record for each item: the one that its own decision wrote. Later ones of the same item
// differ in when it was last seen.
std::size_t write_changelog(const bench::corpus& documents, std::uint64_t count, const char* file) {
    dedup::story_index index({.window = std::chrono::days{30}, .bytes_max = std::size_t{64} << 30U});
    std::ofstream out(file, std::ios::binary);
    for (std::uint64_t n = 0; n < count; ++n) {
        (void)index.decide(to_item(documents.at(n)));
        for (const dedup::slot s : index.remembered()) {
            if (index.record_of(s).item.str() == id_of(n)) out << to_json(index.record_of(s)) << '\n';
        }
    }
    return index.size();
}

struct snapshot_costs {
    double save = 0, load = 0;  // CPU seconds
    std::uint64_t bytes = 0;
};

result<snapshot_costs> through_snapshot(const dedup::story_index& index, const std::string& path) {
    snapshot_costs costs;
    double start = cpu_seconds();
    auto out = kafka::snapshot_writer::open(path, {});
    if (!out) return out.error();
    index.save(*out.value());
    if (const auto done = out.value()->finish(); !done) return done.error();
    if (const auto done = out.value()->publish(); !done) return done.error();
    costs.save = cpu_seconds() - start;
    costs.bytes = out.value()->bytes();
    start = cpu_seconds();
    const auto in = kafka::snapshot_reader::open(path);
    if (!in) return in.error();
    dedup::story_index again({.window = std::chrono::days{30}, .bytes_max = std::size_t{64} << 30U});
    if (!again.load(*in.value()) || again.size() != index.size()) return error{errc::internal, "not what was saved"};
    costs.load = cpu_seconds() - start;
    return costs;
}

int restore(const bench::corpus& documents, std::uint64_t count, const char* file) {
    const std::size_t size = write_changelog(documents, count, file);
    dedup::story_index index({.window = std::chrono::days{30}, .bytes_max = std::size_t{64} << 30U});
    std::ifstream in(file, std::ios::binary);
    std::uint64_t bytes = 0;
    const double start = cpu_seconds();
    for (std::string line; std::getline(in, line);) {
        bytes += line.size();
        const auto record = seen_from_json(line);
        if (!record || !index.restore(*record)) return 1;
    }
    const double seconds = cpu_seconds() - start;
    const auto kept = through_snapshot(index, std::string(file) + ".snapshot");
    if (!kept) {
        std::fprintf(stderr, "%s\n", kept.error().message().c_str());
        return 1;
    }
    std::printf(
        "{\"held\": %zu, \"expected\": %zu, \"cpu_seconds\": %.6f, \"changelog_bytes_a_document\": %.1f, "
        "\"save_cpu_seconds\": %.6f, \"load_cpu_seconds\": %.6f, \"snapshot_bytes_a_document\": %.1f}\n",
        index.size(), size, seconds, static_cast<double>(bytes) / static_cast<double>(count), kept->save, kept->load,
        static_cast<double>(kept->bytes) / static_cast<double>(count));
    return index.size() == size ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 6) return 2;
    const std::string what = argv[1];
    const std::uint64_t count = std::strtoull(argv[2], nullptr, 10);
    const bench::corpus documents(std::strtoull(argv[3], nullptr, 10), std::strtod(argv[4], nullptr),
                                  std::strtod(argv[5], nullptr));
    if (what == "write") {
        for (std::uint64_t n = 0; n < count; ++n) {
            const bench::corpus::document d = documents.at(n);
            std::printf("%llu\t%llu\t%s\n", static_cast<unsigned long long>(n),
                        static_cast<unsigned long long>(d.original), d.text.c_str());
        }
        return 0;
    }
    if (what == "restore") return argc == 7 ? restore(documents, count, argv[6]) : 2;
    std::vector<std::uint64_t> marks;
    for (int i = 6; i < argc; ++i) marks.push_back(std::strtoull(argv[i], nullptr, 10));
    std::ranges::sort(marks);
    return hold(documents, count, marks);
}
