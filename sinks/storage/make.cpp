#include <map>

#include "sinks/storage/postgres_item_store.hpp"
#include "sinks/storage/sqlite_item_store.hpp"
#include "sinks/storage/storage.hpp"

namespace feedwatch::storage {

std::vector<std::string> sink_names(const std::vector<storage_config>& stores) {
    std::vector<std::string> names;
    std::map<std::string, int> seen;
    for (const storage_config& s : stores) {
        std::string name = std::holds_alternative<sqlite_config>(s) ? "storage-sqlite" : "storage-postgres";
        const int nth = ++seen[name];
        if (nth > 1) name += "-" + std::to_string(nth);
        names.push_back(std::move(name));
    }
    return names;
}

std::unique_ptr<storage_sink> make_storage_sink(const storage_config& config, std::string name, meter& counts) {
    std::unique_ptr<item_store> store;
    if (const auto* sqlite = std::get_if<sqlite_config>(&config))
        store = make_sqlite_item_store(*sqlite);
    else
        store = make_postgres_item_store(std::get<postgres_config>(config));
    return std::make_unique<storage_sink>(std::move(name), std::move(store), counts);
}

result<> check_store(const storage_config& config) {
    if (const auto* sqlite = std::get_if<sqlite_config>(&config)) return check_sqlite(*sqlite);
    return check_postgres(std::get<postgres_config>(config));
}

}  // namespace feedwatch::storage
