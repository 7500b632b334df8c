// What only a file can suffer.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "sinks/storage/sqlite_item_store.hpp"
#include "sinks/storage/storage.hpp"
#include "tests/sinks/storage/records.hpp"
#include "tests/sinks/storage/store_under_test.hpp"

namespace feedwatch::test {
namespace {

namespace fs = std::filesystem;
using storage::storage_sink;
using testing::HasSubstr;

const topic_partition items_0{topic::items, 0};

class SqliteStore : public testing::Test {
  protected:
    [[nodiscard]] storage_sink sink() const {
        return {"storage-sqlite", database_->store(database_->schema()), null_meter()};
    }
    [[nodiscard]] std::string path() const { return std::get<sqlite_config>(database_->config()).path; }
    static result<> write(storage_sink& s, std::int64_t from, std::int64_t to) {
        batch b;
        for (std::int64_t i = from; i < to; ++i) b.add(item_of("i" + std::to_string(i)));
        return s.write("c", b.records(), std::vector<position>{{items_0, to}});
    }
    void fill(std::int64_t rows) const {
        storage_sink s = sink();
        ASSERT_TRUE(write(s, 0, rows));
    }
    void overwrite(std::size_t offset, std::size_t bytes) const {
        std::fstream f(path(), std::ios::in | std::ios::out | std::ios::binary);
        f.seekp(static_cast<std::streamoff>(offset));
        f << std::string(bytes, '\x5a');
    }
    std::unique_ptr<database> database_ = make_sqlite_database();
};

TEST_F(SqliteStore, OneProcessAtATimeWritesAFile) {
    storage_sink first = sink();
    ASSERT_TRUE(first.open());
    {
        storage_sink second = sink();
        const auto refused = second.open();
        ASSERT_FALSE(refused);
        EXPECT_TRUE(is_retryable(refused.error()));
        EXPECT_THAT(refused.error().detail, HasSubstr("held by another feedwatch"));
    }
    EXPECT_TRUE(write(first, 0, 1));
}

TEST_F(SqliteStore, OthersMayReadWhileItIsWritten) {
    storage_sink s = sink();
    ASSERT_TRUE(write(s, 0, 10));
    EXPECT_EQ(database_->query("PRAGMA journal_mode")[0][0], "wal");
    EXPECT_EQ(database_->query("SELECT count(*) FROM items")[0][0], "10");
    ASSERT_TRUE(write(s, 10, 20));
    EXPECT_EQ(database_->query("SELECT count(*) FROM items")[0][0], "20");
}

TEST_F(SqliteStore, ADamagedPageIsFoundAtStartAndTheFileStays) {
    fill(500);
    const auto size = fs::file_size(path());
    ASSERT_GT(size, 100'000U);
    overwrite(static_cast<std::size_t>(size / 2), 8192);
    storage_sink s = sink();
    const auto refused = s.open();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, make_error_code(errc::refused));
    EXPECT_THAT(refused.error().detail, HasSubstr("damaged"));
    EXPECT_THAT(refused.error().detail, HasSubstr(path()));
    EXPECT_EQ(fs::file_size(path()), size);
}

TEST_F(SqliteStore, ADamagedHeaderIsFoundAtStartAndNoNewFileIsMade) {
    fill(10);
    const auto size = fs::file_size(path());
    overwrite(0, 64);
    for (int i = 0; i < 2; ++i) {
        storage_sink s = sink();
        const auto refused = s.positions("c", std::vector{items_0});
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, make_error_code(errc::refused)) << refused.error().message();
        EXPECT_THAT(refused.error().detail, HasSubstr("damaged"));
    }
    EXPECT_FALSE(storage::check_store(database_->config()));
    EXPECT_EQ(fs::file_size(path()), size);
}

TEST_F(SqliteStore, SomebodyElsesDatabaseIsRefused) {
    database_->query("CREATE TABLE bookmarks (url TEXT)");
    storage_sink s = sink();
    const auto refused = s.open();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, make_error_code(errc::invalid_config));
    EXPECT_FALSE(storage::check_store(database_->config()));
    EXPECT_EQ(database_->query("SELECT count(*) FROM sqlite_schema")[0][0], "1");
}

TEST_F(SqliteStore, AFolderThatIsNotThereIsRetryableAndCheckSaysSo) {
    storage_sink s("storage-sqlite", storage::make_sqlite_item_store({path() + "/nowhere/store.db"}), null_meter());
    const auto refused = s.open();
    ASSERT_FALSE(refused);
    EXPECT_TRUE(is_retryable(refused.error()));
    const auto checked = storage::check_store(sqlite_config{path() + "/nowhere/store.db"});
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, make_error_code(errc::invalid_config));
}

TEST_F(SqliteStore, AFullDiskIsRetryableAndLosesNothing) {
    storage_sink s = sink();
    ASSERT_TRUE(write(s, 0, 10));
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    // As on a full disk, a write past the limit fails (EFBIG instead of ENOSPC), once its signal is ignored.
    const auto old = ::signal(SIGXFSZ, SIG_IGN);
    const rlimit full{fs::file_size(path()) + 20'000, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
    const auto refused = write(s, 10, 1000);
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    ::signal(SIGXFSZ, old);
    ASSERT_FALSE(refused);
    EXPECT_TRUE(is_retryable(refused.error())) << refused.error().message();
    EXPECT_EQ(s.positions("c", std::vector{items_0}).value().at(0).next, 10);
    ASSERT_TRUE(write(s, 10, 1000));
    EXPECT_EQ(database_->query("SELECT count(*) FROM items")[0][0], "1000");
}

// Runs in a child: an ordinary user, to whom a read-only file is one (root may write it all the same).
TEST_F(SqliteStore, AReadOnlyFileIsRetryable) {
    fill(10);
    const fs::path folder = fs::path(path()).parent_path();
    for (const auto& f : fs::directory_iterator(folder)) fs::permissions(f.path(), fs::perms(0444));
    fs::permissions(folder, fs::perms(0555));
    const pid_t child = ::fork();
    if (child == 0) {
        if (::geteuid() == 0 && ::setuid(65534) != 0) ::_exit(3);
        storage_sink s("storage-sqlite", storage::make_sqlite_item_store({path()}), null_meter());
        const auto refused = write(s, 10, 20);
        ::_exit(!refused && is_retryable(refused.error()) ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    fs::permissions(folder, fs::perms(0755));
    EXPECT_EQ(WEXITSTATUS(status), 0);
    EXPECT_TRUE(WIFEXITED(status));
    for (const auto& f : fs::directory_iterator(folder)) fs::permissions(f.path(), fs::perms(0644));
    storage_sink s = sink();
    ASSERT_TRUE(s.positions("c", std::vector{items_0}));
    EXPECT_TRUE(write(s, 10, 20));
}

TEST_F(SqliteStore, SigkillAtAnyMomentKeepsRowsAndPositionsTogether) {
    for (int round = 0; round < 8; ++round) {
        int ready[2];
        ASSERT_EQ(::pipe(ready), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            storage_sink s("storage-sqlite", storage::make_sqlite_item_store({path()}), null_meter());
            const auto at = s.positions("c", std::vector{items_0});
            if (!at) ::_exit(1);
            std::int64_t next = at->empty() ? 0 : at->at(0).next;
            while (write(s, next, next + 20)) {
                next += 20;
                if (::write(ready[1], ".", 1) != 1) ::_exit(1);
            }
            ::_exit(1);
        }
        ::close(ready[1]);
        char dots[16];
        for (int n = 0; n <= round;) {  // some batches are in; the next one is under way
            const auto got = ::read(ready[0], dots, 1);
            ASSERT_GT(got, 0);
            n += static_cast<int>(got);
        }
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        ::close(ready[0]);
        storage_sink s = sink();
        const auto at = s.positions("c", std::vector{items_0});
        ASSERT_TRUE(at) << at.error().message();
        EXPECT_EQ(database_->query("SELECT count(*) FROM items")[0][0], std::to_string(at->at(0).next));
    }
}

}  // namespace
}  // namespace feedwatch::test
