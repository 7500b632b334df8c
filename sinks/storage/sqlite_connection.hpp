// SQLite's C objects as values that clean up. Included by .cpp files of this folder only.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "sinks/storage/item_store.hpp"

namespace feedwatch::storage {

struct close_sqlite {
    void operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }
};
struct finalize_sqlite {
    void operator()(sqlite3_stmt* s) const noexcept { sqlite3_finalize(s); }
};
using sqlite_handle = std::unique_ptr<sqlite3, close_sqlite>;
using sqlite_statement = std::unique_ptr<sqlite3_stmt, finalize_sqlite>;

enum class sqlite_mode { read_only, read_write_create };

class sqlite_connection {
  public:
    static result<sqlite_connection> open(const std::string& path, sqlite_mode mode, duration busy_timeout);

    [[nodiscard]] result<> execute(const std::string& sql);  // one or more statements without rows
    [[nodiscard]] result<sqlite_statement> prepare(const std::string& sql);
    // Runs to the end; rows are not looked at. Leaves the statement ready for the next run.
    [[nodiscard]] result<> run(sqlite_statement& statement);
    // The first column of the first row; 0 where there is none.
    [[nodiscard]] result<std::int64_t> integer(const std::string& sql);
    [[nodiscard]] result<std::string> text(const std::string& sql);

    [[nodiscard]] int changes() const noexcept { return sqlite3_changes(db_.get()); }
    [[nodiscard]] bool in_transaction() const noexcept { return sqlite3_get_autocommit(db_.get()) == 0; }
    [[nodiscard]] error last_error() const;

  private:
    sqlite_connection(sqlite_handle db, std::string path) : db_(std::move(db)), path_(std::move(path)) {}
    sqlite_handle db_;
    std::string path_;
};

// The cell must outlive the statement's run.
[[nodiscard]] bool bind(sqlite3_stmt* statement, int index, const cell& value, std::string& time_buffer);

}  // namespace feedwatch::storage
