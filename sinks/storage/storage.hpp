// Items, duplicates, matches and feeds into PostgreSQL or SQLite: exactly once, since the consumer's positions are
// moved in the transaction that writes the rows. docs/storage.md has the tables.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/config.hpp"
#include "core/meter.hpp"
#include "core/sink.hpp"

namespace feedwatch::storage {

class item_store;

// Decides what is written; the store only carries it out. One thread at a time.
class storage_sink final : public sink {
  public:
    // `name` is the consumer group's, stable over restarts. Nothing is opened yet.
    storage_sink(std::string name, std::unique_ptr<item_store> store, meter& counts);
    ~storage_sink() override;
    storage_sink(const storage_sink&) = delete;
    storage_sink& operator=(const storage_sink&) = delete;

    // Connects, checks the file, makes or migrates the schema. Optional: positions() and write() do it where it was not
    // done or the connection was lost.
    //   retryable error        not now: the server is away, the file is held by another process or is read-only
    //   errc::conflict         the schema is newer than this binary
    //   errc::refused          the file is damaged, or the server lets us not in
    //   errc::invalid_config   what the configuration names is no store of ours
    [[nodiscard]] result<> open();

    [[nodiscard]] std::string_view name() const override { return name_; }
    [[nodiscard]] std::vector<topic> inputs() const override;
    [[nodiscard]] result<std::vector<position>> positions(std::string_view cluster,
                                                          std::span<const topic_partition> wanted) override;
    [[nodiscard]] result<> write(std::string_view cluster, std::span<const record_view> records,
                                 std::span<const position> next) override;

  private:
    [[nodiscard]] error counted(error e);
    [[nodiscard]] result<> settle_unknown_commit(std::string_view cluster);
    [[nodiscard]] bool already_stored(std::span<const position> next) const;
    [[nodiscard]] result<> store_rows(std::string_view cluster, std::span<const record_view> records,
                                      std::span<const position> next);

    std::string name_;
    std::unique_ptr<item_store> store_;
    meter& counts_;
    histogram& write_seconds_;
    std::map<topic_partition, std::int64_t> stored_;  // as far as we know
    // Where a write whose outcome we do not know would have moved to: its connection was lost, so it may have been
    // committed.
    std::optional<std::vector<position>> unknown_;
};

// "storage-sqlite", "storage-postgres", "storage-postgres-2": one for each entry, in order.
[[nodiscard]] std::vector<std::string> sink_names(const std::vector<storage_config>& stores);

[[nodiscard]] std::unique_ptr<storage_sink> make_storage_sink(const storage_config& config, std::string name,
                                                              meter& counts);

// Connects and compares the schema's version, and writes nothing. A store that does not exist yet, or has no tables
// yet, is fine where it could be made.
[[nodiscard]] result<> check_store(const storage_config& config);

}  // namespace feedwatch::storage
