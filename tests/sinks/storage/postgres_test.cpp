// What only a server can do to its clients.
#include <gmock/gmock.h>
#include <libpq-fe.h>
#include <signal.h>

#include <atomic>
#include <thread>

#include "sinks/storage/postgres_connection.hpp"
#include "sinks/storage/postgres_item_store.hpp"
#include "sinks/storage/storage.hpp"
#include "tests/sinks/storage/postgres_database.hpp"
#include "tests/sinks/storage/records.hpp"
#include "tests/sinks/storage/store_under_test.hpp"

namespace feedwatch::test {
namespace {

using storage::storage_sink;
using testing::HasSubstr;
using testing::Not;

const topic_partition items_0{topic::items, 0};

class PostgresStore : public testing::Test {
  protected:
    void SetUp() override {
        database_ = make_postgres_database();
        if (!database_) GTEST_SKIP() << "postgres is not installed";
    }
    void TearDown() override {
        if (shared_postgres() != nullptr && !shared_postgres()->running()) shared_postgres()->start();
    }
    [[nodiscard]] storage_sink sink() const {
        return {"storage-postgres", database_->store(database_->schema()), null_meter()};
    }
    static batch rows(std::int64_t from, std::int64_t to) {
        batch b;
        for (std::int64_t i = from; i < to; ++i) b.add(item_of("i" + std::to_string(i)));
        return b;
    }
    static result<> write(storage_sink& s, std::int64_t from, std::int64_t to) {
        return s.write("c", rows(from, to).records(), std::vector<position>{{items_0, to}});
    }
    [[nodiscard]] std::int64_t stored_rows() const {
        return std::stoll(database_->query("SELECT count(*) FROM items")[0][0]);
    }
    [[nodiscard]] std::int64_t stored_position() const {
        return std::stoll(database_->query("SELECT next FROM feedwatch_positions")[0][0]);
    }

    std::unique_ptr<database> database_;
};

TEST_F(PostgresStore, ARestartOfTheServerIsSurvivedByCallingAgain) {
    storage_sink s = sink();
    ASSERT_TRUE(write(s, 0, 10));
    shared_postgres()->crash();
    for (int i = 0; i < 3; ++i) {
        const auto refused = write(s, 10, 20);
        ASSERT_FALSE(refused);
        EXPECT_TRUE(is_retryable(refused.error())) << refused.error().message();
    }
    EXPECT_TRUE(is_retryable(s.positions("c", std::vector{items_0}).error()));
    shared_postgres()->start();
    ASSERT_TRUE(s.positions("c", std::vector{items_0}));
    const auto written = write(s, 10, 20);
    ASSERT_TRUE(written) << written.error().message();
    EXPECT_EQ(stored_rows(), 20);
    EXPECT_EQ(stored_position(), 20);
}

TEST_F(PostgresStore, SessionsThatAreTerminatedAtAnyMomentLoseAndRepeatNothing) {
    storage_sink s = sink();
    ASSERT_TRUE(write(s, 0, 5));
    std::atomic<bool> done = false;
    std::atomic<int> kills = 0;
    std::thread killer([&] {
        while (!done) {
            kills += static_cast<int>(
                database_
                    ->query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                            "AND pid <> pg_backend_pid()")
                    .size());
        }
    });
    std::int64_t next = 5;
    int failures = 0;
    while (next < 300 || kills < 20) {
        auto written = write(s, next, next + 5);
        while (!written) {
            ++failures;
            ASSERT_TRUE(is_retryable(written.error()) || written.error().code == make_error_code(errc::conflict))
                << written.error().message();
            if (written.error().code == make_error_code(errc::conflict)) {
                // The lost commit arrived after we had looked: as the runner does, go on from what is stored.
                auto at = s.positions("c", std::vector{items_0});
                while (!at) at = s.positions("c", std::vector{items_0});
                if (at->at(0).next == next + 5) break;
            }
            written = write(s, next, next + 5);
        }
        next += 5;
    }
    done = true;
    killer.join();
    EXPECT_GT(failures, 0);
    EXPECT_EQ(stored_rows(), next);
    EXPECT_EQ(stored_position(), next);
}

TEST_F(PostgresStore, TwoWritersOfOnePositionAreOneAndAConflict) {
    for (std::int64_t round = 0; round < 10; ++round) {
        storage_sink a = sink();
        storage_sink b = sink();
        ASSERT_TRUE(a.positions("c", std::vector{items_0}));
        ASSERT_TRUE(b.positions("c", std::vector{items_0}));
        result<> of_a;
        result<> of_b;
        std::thread one([&] { of_a = write(a, round, round + 1); });
        std::thread two([&] { of_b = write(b, round, round + 1); });
        one.join();
        two.join();
        ASSERT_NE(of_a.has_value(), of_b.has_value());
        EXPECT_EQ((of_a ? of_b : of_a).error().code, make_error_code(errc::conflict));
    }
    EXPECT_EQ(stored_rows(), 10);
}

TEST_F(PostgresStore, AServerThatStoppedAnsweringIsGivenUpOn) {
    storage::postgres_options options;
    options.answer_timeout = std::chrono::milliseconds{500};
    storage_sink s("storage-postgres",
                   storage::make_postgres_item_store(std::get<postgres_config>(database_->config()), options),
                   null_meter());
    ASSERT_TRUE(write(s, 0, 1));
    const pid_t backend = static_cast<pid_t>(std::stol(database_->query(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")[0][0]));
    ASSERT_EQ(::kill(backend, SIGSTOP), 0);
    const auto refused = write(s, 1, 2);
    ASSERT_EQ(::kill(backend, SIGCONT), 0);
    ASSERT_FALSE(refused);
    EXPECT_TRUE(is_retryable(refused.error())) << refused.error().message();
    auto written = write(s, 1, 2);
    while (!written && is_retryable(written.error())) written = write(s, 1, 2);
    // Either the stopped session's transaction was undone, or it was committed and is known.
    ASSERT_TRUE(written) << written.error().message();
    EXPECT_EQ(stored_rows(), 2);
}

TEST_F(PostgresStore, AServerThatBecameReadOnlyIsLeft) {
    storage_sink s = sink();
    ASSERT_TRUE(write(s, 0, 1));
    const std::string name = database_->query("SELECT current_database()")[0][0];
    shared_postgres()->query("postgres", "ALTER DATABASE " + name + " SET default_transaction_read_only = on");
    // As at a failover: the open session meets it first, new ones do not even connect to a standby.
    database_->query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid()");
    for (int i = 0; i < 2; ++i) {
        const auto refused = write(s, 1, 2);
        ASSERT_FALSE(refused);
        EXPECT_TRUE(is_retryable(refused.error())) << refused.error().message();
    }
    shared_postgres()->query("postgres", "ALTER DATABASE " + name + " RESET default_transaction_read_only");
    EXPECT_TRUE(write(s, 1, 2));
}

TEST_F(PostgresStore, TooManyConnectionsIsRetryable) {
    std::vector<std::unique_ptr<PGconn, decltype(&PQfinish)>> all;
    const postgres_config config = std::get<postgres_config>(database_->config());
    for (int i = 0; i < 40; ++i)
        all.emplace_back(PQconnectdb((config.dsn + " password=" + config.password.reveal()).c_str()), &PQfinish);
    storage_sink s = sink();
    const auto refused = s.open();
    ASSERT_FALSE(refused);
    EXPECT_TRUE(is_retryable(refused.error())) << refused.error().message();
    all.clear();
    result<> opened = s.open();
    while (!opened && is_retryable(opened.error())) opened = s.open();  // the server takes a moment to notice
    EXPECT_TRUE(opened);
}

TEST_F(PostgresStore, AnIdThatNoIndexCanHoldIsMalformedAndStopsNothingElse) {
    storage_sink s = sink();
    std::string id;
    for (int i = 0; i < 4000; ++i) id += std::to_string(i * 7919 % 10007);  // does not compress
    batch b;
    b.add(item_of("i1")).add(item_of(id));
    const auto refused = s.write("c", b.records(), std::vector<position>{{items_0, 2}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, make_error_code(errc::malformed)) << refused.error().message();
    EXPECT_TRUE(s.write("c", std::span(b.records()).first(1), std::vector<position>{{items_0, 2}}));
}

TEST_F(PostgresStore, NoMessageShowsAPassword) {
    const postgres_config good = std::get<postgres_config>(database_->config());
    const auto said = [](postgres_config config) {
        const auto r = storage::check_store(config);
        EXPECT_FALSE(r);
        storage_sink s("storage-postgres", storage::make_postgres_item_store(config), null_meter());
        const auto opened = s.open();
        EXPECT_FALSE(opened);
        return r.error().message() + " / " + opened.error().message();
    };
    const std::string wrong = said({good.dsn, secret("WrongMarker")});
    EXPECT_THAT(wrong, Not(HasSubstr("WrongMarker")));
    EXPECT_THAT(wrong, HasSubstr("refused"));
    EXPECT_THAT(said({good.dsn + " password=DsnMarker", secret()}), Not(HasSubstr("DsnMarker")));
    EXPECT_THAT(said({"host=x DsnMarker", secret()}), Not(HasSubstr("Marker")));
    EXPECT_THAT(said({"postgresql://u:UrlMarker@127.0.0.1:1/x%zz", secret()}), Not(HasSubstr("Marker")));
    EXPECT_THAT(said({"host=127.0.0.1 port=1 dbname=" + good.password.reveal(), good.password}),
                Not(HasSubstr(good.password.reveal())));
}

TEST_F(PostgresStore, AUserWithoutRightsIsToldWhatToGrant) {
    shared_postgres()->query("postgres", "DROP ROLE IF EXISTS guest");
    shared_postgres()->query("postgres", "CREATE ROLE guest LOGIN PASSWORD 'guest-password'");
    const std::string name = database_->query("SELECT current_database()")[0][0];
    postgres_config guest{shared_postgres()->dsn(name) + " user=guest", secret("guest-password")};
    const auto checked = storage::check_store(guest);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, make_error_code(errc::refused));
    EXPECT_THAT(checked.error().detail, HasSubstr("GRANT"));
    storage_sink s("storage-postgres", storage::make_postgres_item_store(guest), null_meter());
    const auto opened = s.open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, make_error_code(errc::refused)) << opened.error().message();
}

TEST(PostgresErrors, AreSortedByWhatAWriterCanDo) {
    const auto all = [](errc want, std::initializer_list<const char*> states) {
        for (const char* s : states) EXPECT_EQ(storage::class_of_sqlstate(s), want) << s;
    };
    all(errc::unavailable,
        {"08006", "57P01", "57P03", "53100", "53300", "40001", "40P01", "55P03", "25006", "57014", "58030"});
    all(errc::malformed, {"22021", "22P05", "22P02", "22008", "23505", "54000", "54001"});
    all(errc::refused, {"28P01", "3D000", "42501"});
    all(errc::internal, {"42601", "XX000", ""});
}

}  // namespace
}  // namespace feedwatch::test
