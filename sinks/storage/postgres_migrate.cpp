#include "sinks/storage/postgres_migrate.hpp"

#include <cstdlib>

namespace feedwatch::storage {
namespace {

constexpr const char* where = "the database";

// pg_advisory_xact_lock's key: the bytes "fdwt". Only one process at a time migrates a database.
constexpr const char* lock_migrations = "SELECT pg_advisory_xact_lock(1717860212)";

int newest(std::span<const migration> schema) {
    return schema.back().version;
}

result<> upgrade(postgres_connection& c, std::span<const migration> schema) {
    const auto locked = c.execute(lock_migrations);
    if (!locked) return locked.error();
    const auto version = postgres_schema_version(c);  // again: somebody may just have done it
    if (!version) return version.error();
    if (*version > newest(schema)) return schema_too_new(where, *version, newest(schema));
    for (const migration& m : schema) {
        if (m.version <= *version) continue;
        const auto done = c.execute(std::string(m.sql));
        if (!done) return done.error();
        const auto noted = c.execute(
            "CREATE TABLE IF NOT EXISTS feedwatch_schema (version integer NOT NULL PRIMARY KEY, "
            "migrated timestamptz NOT NULL DEFAULT now()); "
            "INSERT INTO feedwatch_schema (version) VALUES (" +
            std::to_string(m.version) + ")");
        if (!noted) return noted.error();
    }
    return {};
}

}  // namespace

result<int> postgres_schema_version(postgres_connection& c) {
    // Not to_regclass(): it may answer from a cache that does not yet know of the migration we have just waited for.
    const auto exists = c.execute(
        "SELECT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relname = 'feedwatch_schema' AND n.nspname = ANY (current_schemas(false)))");
    if (!exists) return exists.error();
    if (*PQgetvalue(exists->get(), 0, 0) != 't') return 0;
    const auto version = c.execute("SELECT coalesce(max(version), 0) FROM feedwatch_schema");
    if (!version) return version.error();
    return std::atoi(PQgetvalue(version->get(), 0, 0));
}

result<> migrate_postgres(postgres_connection& c, const postgres_options& options) {
    const auto version = postgres_schema_version(c);
    if (!version) return version.error();
    if (*version > newest(options.schema)) return schema_too_new(where, *version, newest(options.schema));
    if (*version == newest(options.schema)) return {};
    const auto begun = c.execute("BEGIN");
    if (!begun) return begun.error();
    const auto upgraded = upgrade(c, options.schema);
    if (!upgraded) return upgraded.error();  // the caller drops the connection, and the transaction with it
    const auto committed = c.execute("COMMIT");
    if (!committed) return committed.error();
    return {};
}

result<> check_postgres(const postgres_config& config) {
    auto c = postgres_connection::open(config, postgres_options{}.answer_timeout);
    if (!c) return c.error();
    const auto version = postgres_schema_version(*c);
    if (!version) return version.error();
    const int known = newest(postgres_schema());
    if (*version > known) return schema_too_new(where, *version, known);
    if (*version == known) return {};
    const auto may = c->execute("SELECT has_schema_privilege(current_schema(), 'CREATE')");
    if (!may) return may.error();
    if (*PQgetvalue(may->get(), 0, 0) == 't') return {};
    return error(
        errc::refused,
        "the database has no tables of ours yet, and this user may not make them: GRANT CREATE on the schema to it");
}

}  // namespace feedwatch::storage
