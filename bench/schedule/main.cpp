// bench_schedule week FEEDS SEED: ours beside the rivals in one simulated week, as one JSON object.
// bench_schedule timers NUMBER: memory and time of the queue of due times.
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <random>
#include <string_view>

#include "bench/schedule/contest.hpp"
#include "producers/schedule/due_queue.hpp"

namespace feedwatch::bench {
namespace {

void print_week(std::size_t feeds, std::uint64_t seed) {
    const std::vector<contestant> all = contest(feeds, seed);
    std::printf("{\"feeds\": %zu, \"seed\": %llu, \"contestants\": [", feeds, static_cast<unsigned long long>(seed));
    for (const contestant& c : all) {
        const figures& f = c.got;
        std::printf(
            "%s\n{\"name\": \"%s\", \"scale\": %.4f, \"polls\": %llu, \"failed\": %llu, \"answered_429\": %llu, "
            "\"items\": %llu, \"missed\": %llu, \"never_seen\": %llu, \"median_seconds\": %.0f, \"p99_seconds\": %.0f, "
            "\"mean_seconds\": %.1f, \"polls_per_item\": %.3f, \"host_second_max\": %u, \"host_second_p99\": %u, "
            "\"first_minute_polls\": %u, \"in_flight_most\": %u, \"cpu_seconds\": %.2f}",
            &c == all.data() ? "" : ",", c.name.c_str(), c.scale, static_cast<unsigned long long>(f.polls),
            static_cast<unsigned long long>(f.failed), static_cast<unsigned long long>(f.limited),
            static_cast<unsigned long long>(f.items), static_cast<unsigned long long>(f.missed),
            static_cast<unsigned long long>(f.never_seen), f.median_seconds, f.p99_seconds, f.mean_seconds,
            f.polls_per_item(), f.host_second_max, f.host_second_p99, f.first_minute_polls, f.in_flight_most,
            f.cpu_seconds);
    }
    std::printf("\n]}\n");
}

// The queue as a poller uses it: filled, then one popped and set again, an hour or so later.
void print_timers(std::size_t number) {
    std::mt19937_64 random(1);
    const timestamp t0{std::chrono::hours{24} * 20'000};
    // Of the processor: another program's turn does not count.
    const auto nanoseconds = [](std::clock_t since) {
        return static_cast<double>(std::clock() - since) * 1e9 / CLOCKS_PER_SEC;
    };
    schedule::due_queue queue;
    std::clock_t begun = std::clock();
    for (schedule::handle h = 0; h < number; ++h) queue.set(h, t0 + duration{random() % 3'600'000});
    const double set = nanoseconds(begun) / static_cast<double>(number);
    const std::size_t rounds = 2 * number;
    begun = std::clock();
    for (std::size_t n = 0; n < rounds; ++n) {
        const timestamp due = *queue.next();
        queue.set(*queue.pop(due), due + duration{1'800'000 + random() % 3'600'000});
    }
    std::printf("{\"number\": %zu, \"bytes_each\": %.1f, \"set_ns\": %.0f, \"pop_and_set_ns\": %.0f}\n", number,
                static_cast<double>(queue.bytes()) / static_cast<double>(number), set,
                nanoseconds(begun) / static_cast<double>(rounds));
}

std::uint64_t number_of(std::string_view text) {
    std::uint64_t n = 0;
    std::from_chars(text.data(), text.data() + text.size(), n);
    return n;
}

}  // namespace
}  // namespace feedwatch::bench

int main(int argc, char** argv) {
    using namespace feedwatch::bench;
    if (argc == 4 && std::strcmp(argv[1], "week") == 0) {
        print_week(number_of(argv[2]), number_of(argv[3]));
    } else if (argc == 3 && std::strcmp(argv[1], "timers") == 0) {
        print_timers(number_of(argv[2]));
    } else {
        std::fprintf(stderr, "usage: bench_schedule week FEEDS SEED | timers NUMBER\n");
        return 2;
    }
    return 0;
}
