// What a database must be able to do for storage_sink. Private to sinks/storage and its tests.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/error.hpp"
#include "core/sink.hpp"
#include "core/time.hpp"

namespace feedwatch::storage {

enum class column_type { text, integer, real, boolean, time, json };

struct column {
    std::string_view name;
    column_type type;
};

// How rows get into a table: inserted, or written over the row with the same key where `newer` holds.
struct upsert {
    std::string_view table;
    std::vector<column> columns;
    std::vector<std::string_view> key;
    std::string_view newer;  // SQL of both dialects, over `excluded` and the table; empty: always
};

using cell = std::variant<std::monostate, std::string, std::int64_t, double, bool, timestamp>;  // monostate: NULL

// Rows of one upsert, one after another. No two rows have the same key; they are sorted by it.
struct row_set {
    const upsert* into = nullptr;
    std::vector<cell> cells;
    [[nodiscard]] std::size_t size() const { return cells.size() / into->columns.size(); }
};

// Rows of stories that were taken down, known by the story's id or the item's.
struct removal {
    std::string_view table;
    std::string_view item_column;
    std::vector<std::string> ids;
};

// The removals come first: what came after a story's end is among the rows, what came before it is not.
struct changes {
    std::vector<removal> removals;
    std::vector<row_set> rows;
};

// How many rows each of these took or put.
struct changed {
    std::vector<std::size_t> removed;
    std::vector<std::size_t> written;
};

struct move {
    topic_partition of;
    std::optional<std::int64_t> from;  // nullopt: there is no position yet
    std::int64_t to = 0;
};

struct migration {
    int version;  // of the schema after it
    std::string_view sql;
};

// Errors are those of storage_sink. After an error the store is as before, or, where the outcome of a commit is
// unknown, as after the whole write; in both cases the next call connects again where that is needed.
class item_store {
  public:
    virtual ~item_store() = default;
    [[nodiscard]] virtual std::string_view kind() const = 0;  // "sqlite", "postgres": a metric label
    [[nodiscard]] virtual result<> open() = 0;                // does nothing where it is open
    [[nodiscard]] virtual result<std::vector<position>> positions(std::string_view cluster,
                                                                  std::span<const topic_partition> wanted) = 0;
    // All changes and moves in one transaction. errc::conflict where a position is not at `from`.
    [[nodiscard]] virtual result<changed> write(std::string_view cluster, const changes& what,
                                                std::span<const move> moves) = 0;
};

// "INSERT INTO t (a, b) <source> ON CONFLICT (a) DO UPDATE SET b = excluded.b WHERE …": the same in both dialects.
[[nodiscard]] std::string upsert_sql(const upsert& into, std::string_view source);

// The schema of a database that is at `found` (0: none) when this binary knows `known`.
[[nodiscard]] error schema_too_new(std::string_view where, int found, int known);
[[nodiscard]] error position_moved(const topic_partition& of);

}  // namespace feedwatch::storage
