#include "sinks/storage/sqlite_connection.hpp"

#include "core/time.hpp"

namespace feedwatch::storage {
namespace {

error sqlite_error(int code, const std::string& path, const char* message) {
    const std::string what = path + ": " + (message != nullptr ? message : sqlite3_errstr(code));
    switch (code & 0xff) {
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return {errc::refused,
                    what + ": the file is damaged; restore it from a backup, or move it away to start anew"};
        case SQLITE_CONSTRAINT:
        case SQLITE_TOOBIG:
        case SQLITE_MISMATCH:
            return {errc::malformed, what};
        case SQLITE_BUSY:
        case SQLITE_LOCKED:  // another connection is writing
        case SQLITE_FULL:
        case SQLITE_IOERR:
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
        case SQLITE_AUTH:
        case SQLITE_PROTOCOL:
        case SQLITE_NOMEM:
            return {errc::unavailable, what};
        default:
            return {errc::internal, what};
    }
}

// Milliseconds always, so that text sorts as time.
void append_time(timestamp t, std::string& out) {
    out = to_rfc3339(t);
    if (out.size() == 20) out.insert(19, ".000");
}

}  // namespace

result<sqlite_connection> sqlite_connection::open(const std::string& path, sqlite_mode mode, duration busy_timeout) {
    const int flags =
        mode == sqlite_mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    sqlite_handle db(raw);  // set even where opening failed
    if (code != SQLITE_OK) return sqlite_error(code, path, raw != nullptr ? sqlite3_errmsg(raw) : nullptr);
    sqlite3_busy_timeout(raw, static_cast<int>(busy_timeout.count()));
    return sqlite_connection(std::move(db), path);
}

error sqlite_connection::last_error() const {
    return sqlite_error(sqlite3_extended_errcode(db_.get()), path_, sqlite3_errmsg(db_.get()));
}

result<> sqlite_connection::execute(const std::string& sql) {
    if (sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return last_error();
    return {};
}

result<sqlite_statement> sqlite_connection::prepare(const std::string& sql) {
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v3(db_.get(), sql.c_str(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                        &raw, nullptr);
    if (code != SQLITE_OK) return last_error();
    return sqlite_statement(raw);
}

result<> sqlite_connection::run(sqlite_statement& statement) {
    int code = sqlite3_step(statement.get());
    while (code == SQLITE_ROW) code = sqlite3_step(statement.get());
    if (code == SQLITE_DONE) {
        sqlite3_reset(statement.get());
        return {};
    }
    error e = last_error();
    sqlite3_reset(statement.get());
    return e;
}

result<std::int64_t> sqlite_connection::integer(const std::string& sql) {
    auto s = prepare(sql);
    if (!s) return s.error();
    const int code = sqlite3_step(s->get());
    if (code == SQLITE_DONE) return std::int64_t{0};
    if (code != SQLITE_ROW) return last_error();
    return static_cast<std::int64_t>(sqlite3_column_int64(s->get(), 0));
}

result<std::string> sqlite_connection::text(const std::string& sql) {
    auto s = prepare(sql);
    if (!s) return s.error();
    const int code = sqlite3_step(s->get());
    if (code == SQLITE_DONE) return std::string();
    if (code != SQLITE_ROW) return last_error();
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(s->get(), 0));
    return bytes == nullptr ? std::string() : std::string(bytes);
}

bool bind(sqlite3_stmt* statement, int index, const cell& value, std::string& time_buffer) {
    if (const auto* text = std::get_if<std::string>(&value))
        return sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8) ==
               SQLITE_OK;
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        return sqlite3_bind_int64(statement, index, *integer) == SQLITE_OK;
    if (const auto* real = std::get_if<double>(&value))
        return sqlite3_bind_double(statement, index, *real) == SQLITE_OK;
    if (const auto* boolean = std::get_if<bool>(&value))
        return sqlite3_bind_int(statement, index, *boolean ? 1 : 0) == SQLITE_OK;
    if (const auto* time = std::get_if<timestamp>(&value)) {
        append_time(*time, time_buffer);
        return sqlite3_bind_text64(statement, index, time_buffer.data(), time_buffer.size(), SQLITE_TRANSIENT,
                                   SQLITE_UTF8) == SQLITE_OK;
    }
    return sqlite3_bind_null(statement, index) == SQLITE_OK;
}

}  // namespace feedwatch::storage
