// Items in one SQLite file. One process writes it (a lock file beside it says so): SQLite before 3.51.3 can corrupt a
// WAL that two connections write and reset. Others may read it.
#pragma once

#include <memory>
#include <span>

#include "core/config.hpp"
#include "sinks/storage/item_store.hpp"

namespace feedwatch::storage {

[[nodiscard]] std::span<const migration> sqlite_schema() noexcept;

struct sqlite_options {
    std::span<const migration> schema = sqlite_schema();
    // How long another process may keep the file locked before the call fails and is tried again.
    duration busy_timeout = std::chrono::seconds{10};
};

[[nodiscard]] std::unique_ptr<item_store> make_sqlite_item_store(const sqlite_config& config,
                                                                 sqlite_options options = {});
[[nodiscard]] result<> check_sqlite(const sqlite_config& config);

}  // namespace feedwatch::storage
