#include "io/kafka/snapshot_file.hpp"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>
#include <iterator>

#include "tests/io/kafka/runner_fixture.hpp"

namespace feedwatch::kafka::test {
namespace {

const snapshot_place place{.format = "numbers/1",
                           .cluster = "c",
                           .topic = "feedwatch.seen",
                           .partition = 3,
                           .first = 4,
                           .next = 12'345'678'901,
                           .as_of = timestamp{std::chrono::days{20000}}};

class a_snapshot : public testing::Test {
  protected:
    using error_code = boost::system::error_code;

    void write(std::uint32_t numbers, bool publish = true) {
        auto made = snapshot_writer::open(path_, place);
        ASSERT_TRUE(made) << made.error().message();
        for (std::uint32_t i = 0; i < numbers; ++i) made.value()->put(i);
        const auto done = made.value()->finish();
        ASSERT_TRUE(done) << done.error().message();
        if (publish) {
            ASSERT_TRUE(made.value()->publish());
        }
    }
    [[nodiscard]] std::string content() const {
        std::ifstream in(path_, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    void replace(const std::string& with) const { std::ofstream(path_, std::ios::binary) << with; }
    [[nodiscard]] error_code refusal() const {
        const auto opened = snapshot_reader::open(path_);
        return opened ? error_code{} : opened.error().code;
    }
    temporary_directory folder_;
    std::string path_ = folder_.path() + "/x.snapshot";
};

TEST_F(a_snapshot, reads_as_it_was_written_however_long) {
    for (const std::uint32_t numbers : {0U, 1U, 1000U, 1'000'000U}) {
        write(numbers);
        auto opened = snapshot_reader::open(path_);
        ASSERT_TRUE(opened) << opened.error().message();
        EXPECT_EQ(opened.value()->place(), place);
        for (std::uint32_t i = 0; i < numbers; ++i) {
            std::uint32_t read = 0;
            ASSERT_TRUE(opened.value()->get(read));
            ASSERT_EQ(read, i);
        }
        EXPECT_TRUE(opened.value()->at_end());
        std::byte more{};
        EXPECT_FALSE(opened.value()->read({&more, 1})) << "the check sum is not content";
    }
}

TEST_F(a_snapshot, is_for_its_owner_alone_and_stands_alone) {
    write(5);
    struct stat about {};
    ASSERT_EQ(stat(path_.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777U, 0600U);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()), {}), 1);
}

TEST_F(a_snapshot, replaces_the_one_before_only_when_it_is_published) {
    write(5);
    const std::string before = content();
    write(6, false);
    EXPECT_EQ(content(), before);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()), {}), 1) << "nothing is left behind";
    write(6);
    EXPECT_NE(content(), before);
}

TEST_F(a_snapshot, that_is_damaged_anywhere_is_refused) {
    write(20);
    const std::string whole = content();
    for (std::size_t at = 0; at < whole.size(); ++at) {
        std::string damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
        replace(damaged);
        EXPECT_EQ(refusal(), make_error_code(errc::malformed)) << "byte " << at;
        replace(whole.substr(0, at));
        EXPECT_EQ(refusal(), make_error_code(errc::malformed)) << "cut at " << at;
    }
    replace(whole + "x");
    EXPECT_EQ(refusal(), make_error_code(errc::malformed));
    replace(whole);
    EXPECT_EQ(refusal(), error_code{});
}

TEST_F(a_snapshot, that_is_not_there_is_not_found) {
    EXPECT_EQ(refusal(), make_error_code(errc::not_found));
}

TEST_F(a_snapshot, that_is_a_folder_or_leads_elsewhere_is_refused) {
    write(5);
    std::filesystem::rename(path_, folder_.path() + "/elsewhere");
    std::filesystem::create_symlink(folder_.path() + "/elsewhere", path_);
    EXPECT_NE(refusal(), error_code{});
    std::filesystem::remove(path_);
    std::filesystem::create_directory(path_);
    EXPECT_EQ(refusal(), make_error_code(errc::malformed));
}

TEST_F(a_snapshot, that_cannot_be_written_says_where) {
    auto made = snapshot_writer::open(folder_.path() + "/none/x.snapshot", place);
    ASSERT_FALSE(made);
    EXPECT_THAT(made.error().message(), testing::HasSubstr("/none/x.snapshot"));
}

TEST_F(a_snapshot, removes_what_is_in_its_way_and_does_not_follow_it) {
    const std::string elsewhere = folder_.path() + "/elsewhere";
    std::ofstream(elsewhere) << "mine";
    std::filesystem::create_symlink(elsewhere, path_ + ".new");
    write(5);
    EXPECT_EQ(std::filesystem::file_size(elsewhere), 4U);
    EXPECT_EQ(refusal(), error_code{});
}

// No file may grow past some bytes, as on a full disk.
class files_of_at_most {
  public:
    explicit files_of_at_most(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit small{bytes, before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &small);
    }
    ~files_of_at_most() {
        setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }
    files_of_at_most(const files_of_at_most&) = delete;
    files_of_at_most& operator=(const files_of_at_most&) = delete;

  private:
    void (*handler_)(int);
    rlimit before_{};
};

TEST_F(a_snapshot, that_the_disk_has_no_room_for_fails_and_leaves_the_one_before) {
    write(5);
    const std::string before = content();
    {
        const files_of_at_most small(10'000);
        auto made = snapshot_writer::open(path_, place);
        ASSERT_TRUE(made);
        for (int i = 0; i < 1'000'000; ++i) made.value()->put(i);
        const auto done = made.value()->finish();
        ASSERT_FALSE(done);
        EXPECT_THAT(done.error().message(), testing::HasSubstr("x.snapshot.new"));
        EXPECT_FALSE(made.value()->publish());
    }
    EXPECT_EQ(content(), before);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()), {}), 1);
}

}  // namespace
}  // namespace feedwatch::kafka::test
