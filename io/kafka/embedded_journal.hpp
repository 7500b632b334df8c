// Private: what the embedded cluster must not forget, in one SQLite file. The journal is the truth: librdkafka's
// in-memory cluster only carries records from it to the stages. See docs/decisions/embedded-broker.md.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/sink.hpp"
#include "core/time.hpp"
#include "io/kafka/batch.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace feedwatch::kafka {

// A record's number in the journal: grows over all topics and restarts, is never used again.
using journal_seq = std::int64_t;

struct journal_record {
    journal_seq seq = 0;
    topic_partition of;
    std::string key;
    std::optional<std::string> value;
    std::vector<header> headers;
    timestamp written{};
    std::size_t bytes = 0;  // on the wire, an upper bound
};

struct journal_position {
    topic_partition of;
    journal_seq passed = 0;  // the last record that the stage is done with
};

// Thread-safe. Errors: errc::unavailable (disk full, locked: the same call may succeed later), errc::malformed (the
// file is damaged), errc::conflict (written by a newer feedwatch).
class embedded_journal {
  public:
    // Creates it if needed. The partitions of topics are those of its first opening.
    [[nodiscard]] static result<std::unique_ptr<embedded_journal>> open(const std::string& path,
                                                                        std::int32_t partitions);
    // For looking on while another process owns it. errc::not_found when there is none.
    [[nodiscard]] static result<std::unique_ptr<embedded_journal>> open_read_only(const std::string& path);
    ~embedded_journal();
    embedded_journal(const embedded_journal&) = delete;
    embedded_journal& operator=(const embedded_journal&) = delete;

    [[nodiscard]] std::int32_t partitions(topic t) const noexcept;
    // By hash of the key unless the record says otherwise.
    [[nodiscard]] topic_partition destination(const output_record& record) const;

    struct appended {
        topic_partition of;
        journal_seq last = 0;
        std::size_t bytes = 0;
    };
    // Outputs and positions in one transaction. Of a compacted topic only the newest record of a key is kept.
    [[nodiscard]] result<std::vector<appended>> commit(std::string_view stage, std::span<const output> outputs,
                                                       std::span<const journal_position> positions, timestamp now);
    [[nodiscard]] result<std::vector<journal_position>> positions(std::string_view stage);

    // Of one partition, in order, after a record; at least one if there is any, else within the limits.
    struct limits {
        std::size_t records = 1000;
        std::size_t bytes = 1U << 20U;
    };
    [[nodiscard]] result<std::vector<journal_record>> read(topic_partition of, journal_seq after, limits at_most);
    struct extent {
        journal_seq last = 0;   // 0: none
        std::size_t bytes = 0;  // of the records after the one asked about
    };
    [[nodiscard]] result<extent> extent_after(topic_partition of, journal_seq after);
    // 0 unless more than `records` are kept; else the newest that is older than the last so many.
    [[nodiscard]] result<journal_seq> before_last(topic_partition of, std::size_t records);

    // Forgets what all stages have passed, but the newest `keep_records` of a partition: records of plain topics,
    // tombstones of compacted ones. `dead` is kept by age alone.
    [[nodiscard]] result<> prune(topic_partition of, journal_seq passed, std::size_t keep_records, timestamp now);

  private:
    struct statements;
    explicit embedded_journal(sqlite3* db);
    [[nodiscard]] result<> create(std::int32_t partitions);
    [[nodiscard]] result<> load_partitions();
    [[nodiscard]] result<> insert(const output& out, const topic_partition& of, std::size_t bytes, timestamp now);
    [[nodiscard]] result<> move(std::string_view stage, const journal_position& to);
    [[nodiscard]] error failure(const std::string& doing) const;
    [[nodiscard]] result<> run(const char* sql);
    [[nodiscard]] result<sqlite3_stmt*> statement(const char* sql);

    std::mutex mutex_;  // guards the connection
    sqlite3* db_;
    std::int32_t partitions_ = 1;
    std::vector<std::pair<const char*, sqlite3_stmt*>> statements_;  // by the address of the literal
};

}  // namespace feedwatch::kafka
