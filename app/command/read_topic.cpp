#include "app/command/read_topic.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>

namespace feedwatch::app {
namespace {

constexpr std::chrono::seconds patience{15};

class told_progress {
  public:
    told_progress(topic of, progress p) : of_(of), tells_(p == progress::told && ::isatty(STDERR_FILENO) == 1) {
        tell();
    }
    ~told_progress() {
        if (tells_) std::fputs("\r\x1b[K", stderr);
    }
    told_progress(const told_progress&) = delete;
    told_progress& operator=(const told_progress&) = delete;
    void one_more() {
        constexpr std::uint64_t every = 10000;
        if (++records_ % every == 0) tell();
    }

  private:
    void tell() const {
        if (!tells_) return;
        std::fprintf(stderr, "\r%s: %llu records read", std::string(name_of(of_)).c_str(),
                     static_cast<unsigned long long>(records_));
    }

    topic of_;
    bool tells_;
    std::uint64_t records_ = 0;
};

}  // namespace

result<> read_topic(const config& from, topic t, const std::function<void(const kafka::read_record&)>& use,
                    progress p) {
    auto reader =
        kafka::open_reader(from.kafka, from.state_dir, {{t}, kafka::read_from::beginning, {}, false}, patience);
    if (!reader) return reader.error().code == errc::not_found ? result<>() : result<>(reader.error());
    told_progress progress(t, p);
    while (!(*reader)->at_end()) {
        auto next = (*reader)->next(patience);
        if (!next) return next.error();
        if (*next) {
            use(**next);
            progress.one_more();
        } else if (!(*reader)->at_end()) {
            return error(errc::timeout, "topic " + std::string(name_of(t)) + " could not be read to its end in time");
        }
    }
    return {};
}

}  // namespace feedwatch::app
