#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>

#include "sinks/storage/sqlite_item_store.hpp"
#include "tests/sinks/storage/store_under_test.hpp"

namespace feedwatch::test {
namespace {

namespace fs = std::filesystem;

class sqlite_database final : public database {
  public:
    sqlite_database() : folder_((fs::temp_directory_path() / "feedwatch-sqlite-XXXXXX").string()) {
        if (::mkdtemp(folder_.data()) == nullptr) throw std::runtime_error("no temporary folder");
    }
    ~sqlite_database() override {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
    storage_config config() const override { return sqlite_config{folder_ + "/store.db"}; }
    std::span<const storage::migration> schema() const override { return storage::sqlite_schema(); }
    std::unique_ptr<storage::item_store> store(std::span<const storage::migration> schema) const override {
        storage::sqlite_options options;
        options.schema = schema;
        options.busy_timeout = std::chrono::milliseconds{200};
        return storage::make_sqlite_item_store({folder_ + "/store.db"}, options);
    }
    rows query(const std::string& sql) const override {
        sqlite3* db = nullptr;
        const int opened = sqlite3_open((folder_ + "/store.db").c_str(), &db);
        rows out;
        const auto add_row = [](void* to, int n, char** values, char**) {
            auto& row = static_cast<rows*>(to)->emplace_back();
            for (int i = 0; i < n; ++i) row.emplace_back(values[i] == nullptr ? "NULL" : values[i]);
            return 0;
        };
        const bool ok = opened == SQLITE_OK && sqlite3_exec(db, sql.c_str(), add_row, &out, nullptr) == SQLITE_OK;
        const std::string message = sqlite3_errmsg(db);
        sqlite3_close(db);
        if (!ok) throw std::runtime_error(sql + ": " + message);
        return out;
    }
    std::shared_ptr<void> lock_writes() const override {
        sqlite3* db = nullptr;
        sqlite3_open((folder_ + "/store.db").c_str(), &db);
        if (sqlite3_exec(db, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) != SQLITE_OK)
            throw std::runtime_error("no lock");
        return {db, [](void* open) { sqlite3_close(static_cast<sqlite3*>(open)); }};
    }

  private:
    std::string folder_;
};

}  // namespace

std::unique_ptr<database> make_sqlite_database() {
    return std::make_unique<sqlite_database>();
}

}  // namespace feedwatch::test
