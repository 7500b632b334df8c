#include "sinks/storage/sqlite_item_store.hpp"

#include <map>
#include <optional>

#include "sinks/storage/file_lock.hpp"
#include "sinks/storage/sqlite_connection.hpp"
#include "sinks/storage/sqlite_migrate.hpp"

namespace feedwatch::storage {
namespace {

constexpr const char* read_position =
    "SELECT next FROM feedwatch_positions WHERE cluster = ?1 AND topic = ?2 AND partition = ?3";
constexpr const char* insert_position =
    "INSERT INTO feedwatch_positions (cluster, topic, partition, next) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
constexpr const char* update_position =
    "UPDATE feedwatch_positions SET next = ?4 WHERE cluster = ?1 AND topic = ?2 AND partition = ?3 AND next = ?5";

class sqlite_item_store final : public item_store {
  public:
    sqlite_item_store(std::string path, sqlite_options options) : path_(std::move(path)), options_(options) {}

    [[nodiscard]] std::string_view kind() const override { return "sqlite"; }

    result<> open() override {
        if (connection_) return {};
        if (!lock_) {
            auto lock = file_lock::take(path_ + ".lock");
            if (!lock) return lock.error();
            lock_.emplace(std::move(*lock));
        }
        auto c = sqlite_connection::open(path_, sqlite_mode::read_write_create, options_.busy_timeout);
        if (!c) return c.error();
        const auto ready = migrate_sqlite(*c, path_, options_.schema);
        if (!ready) return ready.error();
        connection_.emplace(std::move(*c));
        return {};
    }

    result<std::vector<position>> positions(std::string_view cluster,
                                            std::span<const topic_partition> wanted) override {
        const auto opened = open();
        if (!opened) return opened.error();
        auto found = read_positions(cluster, wanted);
        if (!found) close_after(found.error());
        return found;
    }

    result<changed> write(std::string_view cluster, const changes& what, std::span<const move> moves) override {
        const auto opened = open();
        if (!opened) return opened.error();
        auto written = write_in_transaction(cluster, what, moves);
        if (written) return written;
        if (connection_->in_transaction()) {
            const auto undone = connection_->execute("ROLLBACK");
            if (!undone) close();  // the transaction ends with its connection
        }
        close_after(written.error());
        return written;
    }

  private:
    void close() {
        statements_.clear();
        connection_.reset();
    }

    // A file that failed is looked at anew, from its beginning; bad data or a conflict is no fault of the file.
    void close_after(const error& e) {
        if (e.code != make_error_code(errc::malformed) && e.code != make_error_code(errc::conflict)) close();
    }

    result<sqlite3_stmt*> statement(const std::string& sql) {
        const auto known = statements_.find(sql);
        if (known != statements_.end()) return known->second.get();
        auto s = connection_->prepare(sql);
        if (!s) return s.error();
        return statements_.emplace(sql, std::move(*s)).first->second.get();
    }

    result<> step(sqlite3_stmt* s) {
        const int code = sqlite3_step(s);
        std::optional<error> failed;
        if (code != SQLITE_DONE) failed = connection_->last_error();
        sqlite3_reset(s);
        if (failed) return *failed;
        return {};
    }

    static void bind_partition(sqlite3_stmt* s, std::string_view cluster, const topic_partition& of) {
        const std::string_view name = name_of(of.name);
        sqlite3_bind_text64(s, 1, cluster.data(), cluster.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
        sqlite3_bind_text64(s, 2, name.data(), name.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
        sqlite3_bind_int(s, 3, of.partition);
    }

    result<std::vector<position>> read_positions(std::string_view cluster, std::span<const topic_partition> wanted) {
        std::vector<position> found;
        for (const topic_partition& of : wanted) {
            const auto s = statement(read_position);
            if (!s) return s.error();
            bind_partition(*s, cluster, of);
            const int code = sqlite3_step(*s);
            std::optional<error> failed;
            if (code == SQLITE_ROW)
                found.push_back({of, sqlite3_column_int64(*s, 0)});
            else if (code != SQLITE_DONE)
                failed = connection_->last_error();
            sqlite3_reset(*s);
            if (failed) return *failed;
        }
        return found;
    }

    result<> move_position(std::string_view cluster, const move& m) {
        const auto s = statement(m.from ? update_position : insert_position);
        if (!s) return s.error();
        bind_partition(*s, cluster, m.of);
        sqlite3_bind_int64(*s, 4, m.to);
        if (m.from) sqlite3_bind_int64(*s, 5, *m.from);
        const auto moved = step(*s);
        if (!moved) return moved.error();
        if (connection_->changes() != 1) return position_moved(m.of);
        return {};
    }

    result<std::size_t> put(const row_set& rows) {
        const std::size_t width = rows.into->columns.size();
        std::string marks = "VALUES (?";
        for (std::size_t i = 1; i < width; ++i) marks += ", ?";
        const auto s = statement(upsert_sql(*rows.into, marks + ")"));
        if (!s) return s.error();
        std::size_t changed = 0;
        std::string time_buffer;
        for (std::size_t first = 0; first < rows.cells.size(); first += width) {
            for (std::size_t i = 0; i < width; ++i)
                if (!bind(*s, static_cast<int>(i + 1), rows.cells[first + i], time_buffer))
                    return connection_->last_error();
            const auto done = step(*s);
            if (!done) return done.error();
            changed += static_cast<std::size_t>(connection_->changes());
        }
        return changed;
    }

    result<std::size_t> remove(const removal& r) {
        const auto s = statement("DELETE FROM " + std::string(r.table) + " WHERE story = ?1 OR " +
                                 std::string(r.item_column) + " = ?1");
        if (!s) return s.error();
        std::size_t removed = 0;
        for (const std::string& id : r.ids) {
            sqlite3_bind_text64(*s, 1, id.data(), id.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
            const auto done = step(*s);
            if (!done) return done.error();
            removed += static_cast<std::size_t>(connection_->changes());
        }
        return removed;
    }

    result<changed> write_in_transaction(std::string_view cluster, const changes& what, std::span<const move> moves) {
        const auto begun = connection_->execute("BEGIN IMMEDIATE");
        if (!begun) return begun.error();
        for (const move& m : moves) {
            const auto moved = move_position(cluster, m);
            if (!moved) return moved.error();
        }
        changed written;
        for (const removal& r : what.removals) {
            const auto n = remove(r);
            if (!n) return n.error();
            written.removed.push_back(*n);
        }
        for (const row_set& r : what.rows) {
            const auto n = put(r);
            if (!n) return n.error();
            written.written.push_back(*n);
        }
        const auto committed = connection_->execute("COMMIT");
        if (!committed) return committed.error();
        return written;
    }

    std::string path_;
    sqlite_options options_;
    std::optional<file_lock> lock_;
    std::optional<sqlite_connection> connection_;
    std::map<std::string, sqlite_statement> statements_;  // of connection_; goes before it
};

}  // namespace

std::unique_ptr<item_store> make_sqlite_item_store(const sqlite_config& config, sqlite_options options) {
    return std::make_unique<sqlite_item_store>(config.path, options);
}

}  // namespace feedwatch::storage
