#include "sinks/storage/item_store.hpp"

#include <algorithm>

namespace feedwatch::storage {

std::string upsert_sql(const upsert& into, std::string_view source) {
    std::string names;
    std::string updates;
    for (const column& c : into.columns) {
        if (!names.empty()) names += ", ";
        names += c.name;
        if (std::find(into.key.begin(), into.key.end(), c.name) != into.key.end()) continue;
        if (!updates.empty()) updates += ", ";
        updates.append(c.name).append(" = excluded.").append(c.name);
    }
    std::string keys;
    for (const std::string_view k : into.key) {
        if (!keys.empty()) keys += ", ";
        keys += k;
    }
    std::string sql = "INSERT INTO ";
    sql.append(into.table).append(" (").append(names).append(") ").append(source);
    sql.append(" ON CONFLICT (").append(keys).append(") DO UPDATE SET ").append(updates);
    if (!into.newer.empty()) sql.append(" WHERE ").append(into.newer);
    return sql;
}

error schema_too_new(std::string_view where, int found, int known) {
    return {errc::conflict, std::string(where) + " has schema version " + std::to_string(found) +
                                ", but this feedwatch knows versions up to " + std::to_string(known) +
                                ": run the feedwatch that made it, or a newer one"};
}

error position_moved(const topic_partition& of) {
    return {errc::conflict, "the position of " + std::string(name_of(of.name)) + "/" + std::to_string(of.partition) +
                                " was moved by another writer"};
}

}  // namespace feedwatch::storage
