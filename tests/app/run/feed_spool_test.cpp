#include "app/run/feed_spool.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

namespace feedwatch::app {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

feed_change adding(const std::string& id) {
    feed f;
    f.id = feed_id(id);
    f.url = "https://" + id + ".example/feed";
    return {feed_change::action::add, f};
}

class feed_spool_test : public testing::Test {
  protected:
    feed_spool_test() : state_(fs::temp_directory_path() / ("feedwatch-spool-" + std::to_string(getpid()))) {
        fs::create_directories(state_);
    }
    ~feed_spool_test() override { fs::remove_all(state_); }

    void put(const std::string& name, const std::string& text) {
        fs::create_directories(state_ / "feed-changes");
        std::ofstream(state_ / "feed-changes" / name) << text;
    }
    void look(const result<>& answer = {}) {
        spool_.look([&](const std::vector<feed_change>& changes) {
            taken_.push_back(changes);
            return answer;
        });
    }
    // What a command sees while the other side looks every few milliseconds.
    result<> handed_over(const std::vector<feed_change>& changes, const result<>& answer) {
        result<> got = error(errc::internal, "never came back");
        std::atomic<bool> done = false;
        std::thread command([&] {
            got = hand_over(state_.string(), changes, 30s);
            done = true;
        });
        while (!done) look(answer);
        command.join();
        return got;
    }
    std::vector<std::string> names() const {
        std::vector<std::string> out;
        for (const auto& at : fs::directory_iterator(state_ / "feed-changes"))
            out.push_back(at.path().filename().string());
        return out;
    }

    fs::path state_;
    feed_spool spool_{state_.string()};
    std::vector<std::vector<feed_change>> taken_;
};

TEST_F(feed_spool_test, without_a_folder_there_is_nothing) {
    look();
    EXPECT_THAT(taken_, IsEmpty());
}
TEST_F(feed_spool_test, changes_arrive_as_they_were_and_leave_nothing_behind) {
    const std::vector<feed_change> changes{adding("a"), adding("b")};
    EXPECT_TRUE(handed_over(changes, {}));
    ASSERT_THAT(taken_, SizeIs(1));
    EXPECT_EQ(taken_[0], changes);
    EXPECT_THAT(names(), IsEmpty());
}
TEST_F(feed_spool_test, a_refusal_comes_back_with_its_reason) {
    const auto got = handed_over({adding("a")}, error(errc::conflict, "it is there \x01 already"));
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, errc::refused);
    EXPECT_THAT(got.error().detail, HasSubstr("already"));
    EXPECT_THAT(names(), IsEmpty());
}
TEST_F(feed_spool_test, what_fails_for_a_while_waits_for_the_next_look) {
    put("1.changes", to_json(adding("a")));
    look(error(errc::unavailable, "disk full"));
    EXPECT_THAT(names(), SizeIs(1));
    look();
    EXPECT_THAT(taken_, SizeIs(2));
    EXPECT_THAT(names(), IsEmpty());
}
TEST_F(feed_spool_test, nobody_there_is_told_and_nothing_left_to_be_taken_later) {
    const auto got = hand_over(state_.string(), std::vector{adding("a")}, 10ms);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, errc::timeout);
    EXPECT_THAT(names(), IsEmpty());
}
TEST_F(feed_spool_test, hostile_files_are_refused_and_hold_nobody_up) {
    put("0.changes", "not json");
    put("1.changes", to_json(adding("a")) + "\n{\"do\":\"add\",\"feed\":{\"id\":7}}\n");
    fs::create_symlink("/etc/passwd", state_ / "feed-changes" / "2.changes");
    ASSERT_EQ(::mkfifo((state_ / "feed-changes" / "3.changes").c_str(), 0600), 0);
    fs::create_directory(state_ / "feed-changes" / "4.changes");
    put("5.changes", "x");
    fs::resize_file(state_ / "feed-changes" / "5.changes", feed_spool::file_bytes_max + 1);
    put("6.changes", to_json(adding("good")));
    put("unfinished.changes.part", to_json(adding("b")));
    look();
    ASSERT_THAT(taken_, SizeIs(1)) << "of one file all or nothing";
    EXPECT_EQ(taken_[0][0].of.id, feed_id("good"));
    EXPECT_TRUE(fs::exists("/etc/passwd"));
    EXPECT_FALSE(fs::exists(state_ / "feed-changes" / "6.changes"));
    EXPECT_TRUE(fs::exists(state_ / "feed-changes" / "unfinished.changes.part"));
}
TEST_F(feed_spool_test, leftovers_of_commands_that_died_go_after_an_hour) {
    put("1.changes.part", "x");
    put("2.changes.refused", "x");
    put("3.changes.refused", "new");
    for (const char* old : {"1.changes.part", "2.changes.refused"})
        fs::last_write_time(state_ / "feed-changes" / old, fs::file_time_type::clock::now() - 2h);
    look();
    EXPECT_THAT(names(), testing::ElementsAre("3.changes.refused"));
}

}  // namespace
}  // namespace feedwatch::app
