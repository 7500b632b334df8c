#include "io/kafka/embedded_journal.hpp"

#include <librdkafka/rdkafka.h>
#include <sqlite3.h>

#include <cstring>
#include <map>

#include "io/kafka/headers.hpp"

namespace feedwatch::kafka {
namespace {

constexpr int schema_version = 1;

constexpr const char* schema = R"sql(
CREATE TABLE IF NOT EXISTS topics(configured_partitions INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS records(
  seq INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, part INTEGER NOT NULL, key BLOB NOT NULL, value BLOB,
  headers BLOB NOT NULL, written_ms INTEGER NOT NULL, bytes INTEGER NOT NULL, compacted INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS records_in_order ON records(topic, part, seq, bytes);
CREATE INDEX IF NOT EXISTS records_by_key ON records(topic, part, key) WHERE compacted = 1;
CREATE TABLE IF NOT EXISTS positions(
  stage TEXT NOT NULL, topic TEXT NOT NULL, part INTEGER NOT NULL, passed INTEGER NOT NULL,
  PRIMARY KEY(stage, topic, part)) WITHOUT ROWID;
)sql";

void bind(sqlite3_stmt* s, int at, std::string_view text) {
    sqlite3_bind_text(s, at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}
void bind_blob(sqlite3_stmt* s, int at, std::string_view bytes) {
    // A null pointer would bind NULL: empty is not a tombstone.
    sqlite3_bind_blob(s, at, bytes.empty() ? "" : bytes.data(), static_cast<int>(bytes.size()), SQLITE_STATIC);
}
void bind(sqlite3_stmt* s, int at, std::int64_t number) {
    sqlite3_bind_int64(s, at, number);
}
void bind(sqlite3_stmt* s, const topic_partition& of) {
    bind(s, 1, name_of(of.name));
    bind(s, 2, std::int64_t{of.partition});
}

std::string blob(sqlite3_stmt* s, int at) {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(s, at));
    return bytes == nullptr ? std::string{} : std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(s, at)));
}

// Resets the statement when the work with it is over.
struct in_use {
    sqlite3_stmt* s;
    ~in_use() {
        sqlite3_reset(s);
        sqlite3_clear_bindings(s);
    }
};

void append_sized(std::string& to, std::string_view text) {
    const auto size = static_cast<std::uint32_t>(text.size());
    to.append(reinterpret_cast<const char*>(&size), sizeof size);
    to.append(text);
}

std::string pack_headers(const output& out) {
    std::string packed;
    for_each_header(out, [&packed](std::string_view name, std::string_view value) {
        append_sized(packed, name);
        append_sized(packed, value);
    });
    return packed;
}

bool take_sized(std::string_view& from, std::string& into) {
    std::uint32_t size = 0;
    if (from.size() < sizeof size) return false;
    std::memcpy(&size, from.data(), sizeof size);
    from.remove_prefix(sizeof size);
    if (from.size() < size) return false;
    into.assign(from.substr(0, size));
    from.remove_prefix(size);
    return true;
}

std::vector<header> unpack_headers(std::string_view packed) {
    std::vector<header> headers;
    for (header each; take_sized(packed, each.name) && take_sized(packed, each.value);) headers.push_back(each);
    return headers;
}

}  // namespace

embedded_journal::embedded_journal(sqlite3* db) : db_(db) {}

embedded_journal::~embedded_journal() {
    for (const auto& [sql, prepared] : statements_) sqlite3_finalize(prepared);
    sqlite3_close(db_);
}

error embedded_journal::failure(const std::string& doing) const {
    const int code = sqlite3_errcode(db_);
    auto detail = "the embedded broker's journal, " + doing + ": " + sqlite3_errmsg(db_);
    switch (code & 0xFF) {
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return {errc::malformed, detail + "; move the file away to begin anew"};
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
            return {errc::refused, detail};
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_FULL:
        case SQLITE_IOERR:
        case SQLITE_NOMEM:
            return {errc::unavailable, detail};
        default:
            return {errc::internal, detail};
    }
}

result<> embedded_journal::run(const char* sql) {
    if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
    return failure("writing");
}

result<sqlite3_stmt*> embedded_journal::statement(const char* sql) {
    for (const auto& [known, prepared] : statements_)
        if (known == sql) return prepared;
    sqlite3_stmt* prepared = nullptr;
    if (sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared, nullptr) != SQLITE_OK)
        return failure("preparing");
    statements_.emplace_back(sql, prepared);
    return prepared;
}

result<std::unique_ptr<embedded_journal>> embedded_journal::open(const std::string& path, std::int32_t partitions) {
    sqlite3* db = nullptr;
    const int opened = sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    std::unique_ptr<embedded_journal> made{new embedded_journal(db)};
    if (opened != SQLITE_OK) return made->failure("opening " + path);
    sqlite3_busy_timeout(db, 5000);
    // Only this connection writes and checkpoints: others open the file read-only.
    for (const char* pragma : {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL"})
        if (auto ok = made->run(pragma); !ok) return ok.error();
    if (auto ok = made->create(partitions); !ok) return ok.error();
    return made;
}

result<std::unique_ptr<embedded_journal>> embedded_journal::open_read_only(const std::string& path) {
    sqlite3* db = nullptr;
    const int opened = sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READONLY, nullptr);
    std::unique_ptr<embedded_journal> made{new embedded_journal(db)};
    if (opened != SQLITE_OK)
        return error{errc::not_found, "there is no embedded broker's journal at " + path +
                                          ": has `feedwatch run` been started with this state_dir?"};
    sqlite3_busy_timeout(db, 5000);
    if (auto ok = made->load_partitions(); !ok) return ok.error();
    return made;
}

result<> embedded_journal::create(std::int32_t partitions) {
    auto check = statement("PRAGMA quick_check(1)");
    if (!check) return check.error();
    {
        const in_use checked{check.value()};
        if (sqlite3_step(check.value()) != SQLITE_ROW) return failure("checking");
        if (blob(check.value(), 0) != "ok")
            return error{errc::malformed, "the embedded broker's journal is damaged: " + blob(check.value(), 0) +
                                              "; move the file away to begin anew"};
    }
    auto version = statement("PRAGMA user_version");
    if (!version) return version.error();
    {
        const in_use asked{version.value()};
        if (sqlite3_step(version.value()) != SQLITE_ROW) return failure("reading its version");
        if (const auto found = sqlite3_column_int(version.value(), 0); found > schema_version)
            return error{errc::conflict, "the embedded broker's journal has version " + std::to_string(found) +
                                             ", this feedwatch knows " + std::to_string(schema_version)};
    }
    if (auto ok = run("BEGIN IMMEDIATE"); !ok) return ok;
    if (auto ok = run(schema); !ok) return ok;
    auto first = statement("INSERT INTO topics SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM topics)");
    if (!first) return first.error();
    {
        const in_use inserting{first.value()};
        bind(first.value(), 1, std::int64_t{partitions});
        if (sqlite3_step(first.value()) != SQLITE_DONE) return failure("writing");
    }
    if (auto ok = run("PRAGMA user_version = 1"); !ok) return ok;
    if (auto ok = run("COMMIT"); !ok) return ok;
    return load_partitions();
}

result<> embedded_journal::load_partitions() {
    auto asked = statement("SELECT configured_partitions FROM topics");
    if (!asked) return asked.error();
    const in_use reading{asked.value()};
    if (sqlite3_step(asked.value()) != SQLITE_ROW) return failure("reading");
    partitions_ = sqlite3_column_int(asked.value(), 0);
    return {};
}

std::int32_t embedded_journal::partitions(topic t) const noexcept {
    return traits_of(t).partitions == partitioning::single ? 1 : partitions_;
}

topic_partition embedded_journal::destination(const output_record& record) const {
    if (record.partition) return {record.to, *record.partition};
    return {record.to, rd_kafka_msg_partitioner_murmur2(nullptr, record.key.data(), record.key.size(),
                                                        partitions(record.to), nullptr, nullptr)};
}

result<std::vector<embedded_journal::appended>> embedded_journal::commit(std::string_view stage,
                                                                         std::span<const output> outputs,
                                                                         std::span<const journal_position> positions,
                                                                         timestamp now) {
    const std::lock_guard lock{mutex_};
    if (auto ok = run("BEGIN IMMEDIATE"); !ok) return ok.error();
    std::map<topic_partition, appended> ends;
    auto work = [&]() -> result<> {
        for (const auto& out : outputs) {
            const auto of = destination(out.record);
            const auto bytes = wire_bytes(out);
            if (auto ok = insert(out, of, bytes, now); !ok) return ok;
            auto& end = ends[of];
            end.of = of;
            end.last = sqlite3_last_insert_rowid(db_);
            end.bytes += bytes;
        }
        for (const auto& to : positions)
            if (auto ok = move(stage, to); !ok) return ok;
        return run("COMMIT");
    };
    if (auto ok = work(); !ok) {
        // Some failures (disk full) have rolled back already.
        if (sqlite3_get_autocommit(db_) == 0) (void)run("ROLLBACK");
        return ok.error();
    }
    std::vector<appended> made;
    for (const auto& [of, end] : ends) made.push_back(end);
    return made;
}

result<> embedded_journal::insert(const output& out, const topic_partition& of, std::size_t bytes, timestamp now) {
    const bool compacted = traits_of(of.name).compacted;
    if (compacted) {
        auto older = statement("DELETE FROM records WHERE topic = ?1 AND part = ?2 AND key = ?3 AND compacted = 1");
        if (!older) return older.error();
        const in_use deleting{older.value()};
        bind(older.value(), of);
        bind_blob(older.value(), 3, out.record.key);
        if (sqlite3_step(older.value()) != SQLITE_DONE) return failure("writing");
    }
    auto row = statement(
        "INSERT INTO records(topic, part, key, value, headers, written_ms, bytes, compacted) "
        "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    if (!row) return row.error();
    const in_use inserting{row.value()};
    const auto headers = pack_headers(out);
    bind(row.value(), of);
    bind_blob(row.value(), 3, out.record.key);
    if (out.record.value) bind_blob(row.value(), 4, *out.record.value);
    bind_blob(row.value(), 5, headers);
    bind(row.value(), 6, std::int64_t{now.time_since_epoch().count()});
    bind(row.value(), 7, static_cast<std::int64_t>(bytes));
    bind(row.value(), 8, std::int64_t{compacted ? 1 : 0});
    if (sqlite3_step(row.value()) != SQLITE_DONE) return failure("writing");
    return {};
}

result<> embedded_journal::move(std::string_view stage, const journal_position& to) {
    auto row = statement(
        "INSERT INTO positions(topic, part, passed, stage) VALUES(?1, ?2, ?3, ?4) "
        "ON CONFLICT(stage, topic, part) DO UPDATE SET passed = excluded.passed");
    if (!row) return row.error();
    const in_use moving{row.value()};
    bind(row.value(), to.of);
    bind(row.value(), 3, to.passed);
    bind(row.value(), 4, stage);
    if (sqlite3_step(row.value()) != SQLITE_DONE) return failure("writing");
    return {};
}

result<std::vector<journal_position>> embedded_journal::positions(std::string_view stage) {
    const std::lock_guard lock{mutex_};
    auto rows = statement("SELECT topic, part, passed FROM positions WHERE stage = ?1");
    if (!rows) return rows.error();
    const in_use reading{rows.value()};
    bind(rows.value(), 1, stage);
    std::vector<journal_position> found;
    int code = 0;
    while ((code = sqlite3_step(rows.value())) == SQLITE_ROW)
        if (const auto name = topic_named(blob(rows.value(), 0)))
            found.push_back({{*name, sqlite3_column_int(rows.value(), 1)}, sqlite3_column_int64(rows.value(), 2)});
    if (code != SQLITE_DONE) return failure("reading");
    return found;
}

result<std::vector<journal_record>> embedded_journal::read(topic_partition of, journal_seq after, limits at_most) {
    const std::lock_guard lock{mutex_};
    auto rows = statement(
        "SELECT seq, key, value, headers, written_ms, bytes FROM records "
        "WHERE topic = ?1 AND part = ?2 AND seq > ?3 ORDER BY seq LIMIT ?4");
    if (!rows) return rows.error();
    const in_use reading{rows.value()};
    bind(rows.value(), of);
    bind(rows.value(), 3, after);
    bind(rows.value(), 4, static_cast<std::int64_t>(at_most.records));
    std::vector<journal_record> found;
    std::size_t bytes = 0;
    int code = 0;
    while ((code = sqlite3_step(rows.value())) == SQLITE_ROW) {
        const auto size = static_cast<std::size_t>(sqlite3_column_int64(rows.value(), 5));
        if (!found.empty() && bytes + size > at_most.bytes) return found;
        bytes += size;
        journal_record record{.seq = sqlite3_column_int64(rows.value(), 0),
                              .of = of,
                              .key = blob(rows.value(), 1),
                              .value = std::nullopt,
                              .headers = unpack_headers(blob(rows.value(), 3)),
                              .written = timestamp{duration{sqlite3_column_int64(rows.value(), 4)}},
                              .bytes = size};
        if (sqlite3_column_type(rows.value(), 2) != SQLITE_NULL) record.value = blob(rows.value(), 2);
        found.push_back(std::move(record));
    }
    if (code != SQLITE_DONE) return failure("reading");
    return found;
}

result<embedded_journal::extent> embedded_journal::extent_after(topic_partition of, journal_seq after) {
    const std::lock_guard lock{mutex_};
    auto row = statement(
        "SELECT coalesce(max(seq), 0), coalesce(sum(bytes), 0) FROM records WHERE topic = ?1 AND part = ?2 AND seq > "
        "?3");
    if (!row) return row.error();
    const in_use reading{row.value()};
    bind(row.value(), of);
    bind(row.value(), 3, after);
    if (sqlite3_step(row.value()) != SQLITE_ROW) return failure("reading");
    return extent{sqlite3_column_int64(row.value(), 0), static_cast<std::size_t>(sqlite3_column_int64(row.value(), 1))};
}

result<journal_seq> embedded_journal::before_last(topic_partition of, std::size_t records) {
    const std::lock_guard lock{mutex_};
    auto row = statement("SELECT seq FROM records WHERE topic = ?1 AND part = ?2 ORDER BY seq DESC LIMIT 1 OFFSET ?3");
    if (!row) return row.error();
    const in_use reading{row.value()};
    bind(row.value(), of);
    bind(row.value(), 3, static_cast<std::int64_t>(records));
    const int code = sqlite3_step(row.value());
    if (code == SQLITE_DONE) return journal_seq{0};
    if (code != SQLITE_ROW) return failure("reading");
    return journal_seq{sqlite3_column_int64(row.value(), 0)};
}

result<> embedded_journal::prune(topic_partition of, journal_seq passed, std::size_t keep_records, timestamp now) {
    if (of.name == topic::dead) {
        const std::lock_guard lock{mutex_};
        auto old = statement("DELETE FROM records WHERE topic = ?1 AND part = ?2 AND written_ms < ?3");
        if (!old) return old.error();
        const in_use deleting{old.value()};
        bind(old.value(), of);
        bind(old.value(), 3, std::int64_t{(now - traits_of(of.name).retention).time_since_epoch().count()});
        return sqlite3_step(old.value()) == SQLITE_DONE ? result<>{} : failure("pruning");
    }
    auto oldest_kept = before_last(of, keep_records);
    if (!oldest_kept) return oldest_kept.error();
    const std::lock_guard lock{mutex_};
    auto gone = statement(
        "DELETE FROM records WHERE topic = ?1 AND part = ?2 AND seq <= ?3 AND (compacted = 0 AND seq <= ?4 OR "
        "compacted = 1 AND value IS NULL)");
    if (!gone) return gone.error();
    const in_use deleting{gone.value()};
    bind(gone.value(), of);
    bind(gone.value(), 3, passed);
    bind(gone.value(), 4, oldest_kept.value());
    return sqlite3_step(gone.value()) == SQLITE_DONE ? result<>{} : failure("pruning");
}

}  // namespace feedwatch::kafka
