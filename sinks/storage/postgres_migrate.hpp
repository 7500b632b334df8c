// Is the schema one that we know? Private to this folder.
#pragma once

#include <span>

#include "sinks/storage/postgres_connection.hpp"
#include "sinks/storage/postgres_item_store.hpp"

namespace feedwatch::storage {

// 0: no schema yet.
[[nodiscard]] result<int> postgres_schema_version(postgres_connection& connection);

// Brings the schema to the newest version, in one transaction.
[[nodiscard]] result<> migrate_postgres(postgres_connection& connection, const postgres_options& options);

}  // namespace feedwatch::storage
