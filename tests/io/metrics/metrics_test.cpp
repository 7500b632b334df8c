#include "io/metrics/metrics.hpp"

#include <gmock/gmock.h>

#include <unistd.h>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <stdexcept>
#include <thread>

namespace feedwatch::metrics {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(registry, writes_the_text_format_sorted_by_name_and_labels) {
    registry r;
    r.get_gauge("b_bytes", "Size.\nSecond line \\ \"quoted\".").set(1.5);
    r.get_counter("a_total", "Events.", {{"kind", "z"}}).add(2);
    r.get_counter("a_total", "Events.", {{"kind", "a"}}).add();
    auto& h = r.get_histogram("c_seconds", "Took.", {0.1, 1}, {{"step", "dedup"}});
    h.observe(0.05);
    h.observe(0.5);
    h.observe(7);
    EXPECT_EQ(r.text(), R"(# HELP a_total Events.
# TYPE a_total counter
a_total{kind="a"} 1
a_total{kind="z"} 2
# HELP b_bytes Size.\nSecond line \\ "quoted".
# TYPE b_bytes gauge
b_bytes 1.5
# HELP c_seconds Took.
# TYPE c_seconds histogram
c_seconds_bucket{step="dedup",le="0.1"} 1
c_seconds_bucket{step="dedup",le="1"} 2
c_seconds_bucket{step="dedup",le="+Inf"} 3
c_seconds_sum{step="dedup"} 7.55
c_seconds_count{step="dedup"} 3
)");
}
TEST(registry, label_values_are_escaped_and_made_valid_utf8) {
    registry r;
    r.get_gauge("g", "G.",
                {{"v",
                  "a\"b\\c\nd\xFF"
                  "e"}})
        .set(1);
    EXPECT_THAT(r.text(), HasSubstr("g{v=\"a\\\"b\\\\c\\nd\xEF\xBF\xBD"
                                    "e\"} 1\n"));
}
TEST(registry, special_values_are_spelled_as_prometheus_reads_them) {
    registry r;
    r.get_gauge("nan", "N.").set(std::numeric_limits<double>::quiet_NaN());
    r.get_gauge("plus", "P.").set(std::numeric_limits<double>::infinity());
    r.get_gauge("minus", "M.").set(-std::numeric_limits<double>::infinity());
    EXPECT_THAT(r.text(), HasSubstr("\nnan NaN\n"));
    EXPECT_THAT(r.text(), HasSubstr("\nplus +Inf\n"));
    EXPECT_THAT(r.text(), HasSubstr("\nminus -Inf\n"));
}
TEST(registry, asking_twice_gives_the_same_instrument_whatever_the_order_of_labels) {
    registry r;
    auto& one = r.get_counter("a_total", "A.", {{"x", "1"}, {"y", "2"}});
    EXPECT_EQ(&one, &r.get_counter("a_total", "A.", {{"y", "2"}, {"x", "1"}}));
    EXPECT_NE(&one, &r.get_counter("a_total", "A.", {{"y", "2"}, {"x", "2"}}));
}
TEST(registry, a_removed_gauge_is_no_longer_exposed_and_may_come_back) {
    registry r;
    auto& gone = r.get_gauge("g", "G.", {{"feed", "a"}});
    r.get_gauge("g", "G.", {{"feed", "b"}});
    r.remove(gone);
    EXPECT_THAT(r.text(), Not(HasSubstr("feed=\"a\"")));
    EXPECT_THAT(r.text(), HasSubstr("feed=\"b\""));
    r.get_gauge("g", "G.", {{"feed", "a"}}).set(3);
    EXPECT_THAT(r.text(), HasSubstr("g{feed=\"a\"} 3"));
}
TEST(registry, one_name_for_two_kinds_is_a_bug_that_throws) {
    registry r;
    r.get_counter("a", "A.");
    EXPECT_ANY_THROW(r.get_gauge("a", "A."));
    EXPECT_ANY_THROW(r.get_counter("not a name", "A."));
}
TEST(registry, threads_may_count_while_another_collects) {
    registry r;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&r] {
            for (int i = 0; i < 2000; ++i) r.get_counter("a_total", "A.", {{"i", std::to_string(i % 7)}}).add();
        });
    }
    for (int i = 0; i < 20; ++i) (void)r.text();
    for (auto& t : threads) t.join();
    EXPECT_THAT(r.text(), HasSubstr("a_total{i=\"0\"} 1144\n"));
}

// promtool parses the text as Prometheus does and lints names, units and help.
TEST(registry, promtool_finds_nothing_to_complain_about) {
    if (std::system("command -v promtool >/dev/null 2>&1") != 0) GTEST_SKIP() << "promtool is not installed";
    registry r;
    add_process_metrics(r);
    add_build_info(r, {{"version", "0.1.0"}});
    r.get_counter("feedwatch_events_total", "A.", {{"v", "\xFF\n\"\\"}}).add();
    r.get_histogram("feedwatch_wait_seconds", "B.", {0.1, 1}).observe(0.3);
    r.get_gauge("feedwatch_share_ratio", "C.").set(std::numeric_limits<double>::quiet_NaN());
    const auto file = std::filesystem::temp_directory_path() / ("feedwatch-metrics-" + std::to_string(getpid()));
    std::ofstream(file) << r.text();
    EXPECT_EQ(std::system(("promtool check metrics < '" + file.string() + "'").c_str()), 0) << r.text();
    std::filesystem::remove(file);
}
TEST(process_metrics, are_those_of_this_process) {
    registry r;
    add_process_metrics(r);
    const std::string text = r.text();
    for (const char* name : {"process_cpu_seconds_total ", "process_resident_memory_bytes ", "process_open_fds ",
                             "process_max_fds ", "process_start_time_seconds ", "process_threads "}) {
        EXPECT_THAT(text, HasSubstr(name));
    }
    const auto value = [&](const std::string& name) {
        return std::stod(text.substr(text.find("\n" + name + " ") + name.size() + 2));
    };
    EXPECT_GT(value("process_resident_memory_bytes"), 1e6);
    EXPECT_GE(value("process_open_fds"), 3);
    EXPECT_NEAR(value("process_start_time_seconds"), static_cast<double>(time(nullptr)), 600);
}

}  // namespace
}  // namespace feedwatch::metrics
