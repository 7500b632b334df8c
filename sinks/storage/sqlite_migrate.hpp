// Is the file ours, whole, and of a schema that we know? Private to this folder.
#pragma once

#include <span>
#include <string>

#include "sinks/storage/sqlite_connection.hpp"

namespace feedwatch::storage {

// Checks the file and brings its schema to the newest version, in one transaction.
[[nodiscard]] result<> migrate_sqlite(sqlite_connection& connection, const std::string& path,
                                      std::span<const migration> schema);

}  // namespace feedwatch::storage
