// A database that the contract suite runs on, and a way to look into it that does not go through our code.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/config.hpp"
#include "sinks/storage/item_store.hpp"

namespace feedwatch::test {

class database {
  public:
    virtual ~database() = default;
    [[nodiscard]] virtual storage_config config() const = 0;
    [[nodiscard]] virtual std::unique_ptr<storage::item_store> store(
        std::span<const storage::migration> schema) const = 0;
    [[nodiscard]] virtual std::span<const storage::migration> schema() const = 0;  // of this binary
    using rows = std::vector<std::vector<std::string>>;                            // NULL is "NULL"
    virtual rows query(const std::string& sql) const = 0;
    // Another connection that lets nobody write until what is returned is gone.
    [[nodiscard]] virtual std::shared_ptr<void> lock_writes() const = 0;
};

using database_maker = std::unique_ptr<database> (*)();  // a fresh one; nullptr: not installed here

std::unique_ptr<database> make_sqlite_database();
std::unique_ptr<database> make_postgres_database();

}  // namespace feedwatch::test
