// Items in PostgreSQL (13 or newer), through libpq.
#pragma once

#include <memory>
#include <span>

#include "core/config.hpp"
#include "sinks/storage/item_store.hpp"

namespace feedwatch::storage {

[[nodiscard]] std::span<const migration> postgres_schema() noexcept;

struct postgres_options {
    std::span<const migration> schema = postgres_schema();
    // The server's own limits for one statement and for waiting on a lock.
    duration statement_timeout = std::chrono::seconds{60};
    duration lock_timeout = std::chrono::seconds{15};
    // Ours, for a server that says nothing at all any more. Longer than the server's own.
    duration answer_timeout = std::chrono::seconds{75};
};

[[nodiscard]] std::unique_ptr<item_store> make_postgres_item_store(const postgres_config& config,
                                                                   postgres_options options = {});
[[nodiscard]] result<> check_postgres(const postgres_config& config);

}  // namespace feedwatch::storage
