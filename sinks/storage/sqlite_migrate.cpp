#include "sinks/storage/sqlite_migrate.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "sinks/storage/sqlite_item_store.hpp"

namespace feedwatch::storage {
namespace {

// PRAGMA application_id: "fdwt". Tells our files from others'.
constexpr std::int64_t application_id = 0x66647774;

int newest(std::span<const migration> schema) {
    return schema.back().version;
}

// 0: an empty database. The schema's version is PRAGMA user_version, which changes with the transaction that sets it.
result<int> version_of(sqlite_connection& c, const std::string& path) {
    const auto application = c.integer("PRAGMA application_id");
    if (!application) return application.error();
    const auto tables = c.integer("SELECT count(*) FROM sqlite_schema");
    if (!tables) return tables.error();
    if (*application == 0 && *tables == 0) return 0;
    if (*application != application_id)
        return error(errc::invalid_config,
                     path + " is a SQLite database, but not one of feedwatch's: name another file");
    const auto version = c.integer("PRAGMA user_version");
    if (!version) return version.error();
    return static_cast<int>(*version);
}

result<> check_pages(sqlite_connection& c, const std::string& path) {
    const auto verdict = c.text("PRAGMA quick_check(1)");
    if (!verdict) return verdict.error();
    if (*verdict == "ok") return {};
    return error(errc::refused, path + ": " + *verdict +
                                    ": the file is damaged; restore it from a backup, or move it away to start anew");
}

result<> upgrade(sqlite_connection& c, const std::string& path, std::span<const migration> schema) {
    // Taken before the version is read again: of two processes one finds the work done.
    const auto begun = c.execute("BEGIN IMMEDIATE");
    if (!begun) return begun.error();
    const auto version = version_of(c, path);
    if (!version) return version.error();
    for (const migration& m : schema) {
        if (m.version <= *version) continue;
        const auto done = c.execute(std::string(m.sql));
        if (!done) return done.error();
    }
    return c.execute("PRAGMA application_id = " + std::to_string(application_id) +
                     "; PRAGMA user_version = " + std::to_string(newest(schema)) + "; COMMIT");
}

}  // namespace

result<> migrate_sqlite(sqlite_connection& c, const std::string& path, std::span<const migration> schema) {
    const auto version = version_of(c, path);
    if (!version) return version.error();
    if (*version > newest(schema)) return schema_too_new(path, *version, newest(schema));
    const auto whole = check_pages(c, path);
    if (!whole) return whole.error();
    // FULL: a row that was acknowledged survives a power cut. It costs nothing measurable beside the batch.
    const auto set = c.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    if (!set) return set.error();
    if (*version == newest(schema)) return {};
    return upgrade(c, path, schema);
}

result<> check_sqlite(const sqlite_config& config) {
    std::error_code ec;
    if (!std::filesystem::exists(config.path, ec)) {
        std::string folder = std::filesystem::path(config.path).parent_path().string();
        if (folder.empty()) folder = ".";
        if (::access(folder.c_str(), W_OK | X_OK) == 0) return {};
        return error(errc::invalid_config, config.path + " cannot be made in " + folder + ": " + std::strerror(errno));
    }
    auto c = sqlite_connection::open(config.path, sqlite_mode::read_only, std::chrono::seconds{5});
    if (!c) return c.error();
    const auto version = version_of(*c, config.path);
    if (!version) return version.error();
    const int known = newest(sqlite_schema());
    if (*version > known) return schema_too_new(config.path, *version, known);
    return {};
}

}  // namespace feedwatch::storage
