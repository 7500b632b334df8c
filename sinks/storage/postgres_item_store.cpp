#include "sinks/storage/postgres_item_store.hpp"

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "sinks/storage/postgres_connection.hpp"
#include "sinks/storage/postgres_migrate.hpp"

namespace feedwatch::storage {
namespace {

std::string_view cast_of(column_type t) {
    switch (t) {
        case column_type::text:
            return "";
        case column_type::integer:
            return "::bigint";
        case column_type::real:
            return "::double precision";
        case column_type::boolean:
            return "::boolean";
        case column_type::time:
            return "::timestamptz";
        case column_type::json:
            return "::jsonb";
    }
    return "";
}

// "SELECT a.a, a.b::bigint FROM unnest($1, $2) AS a (a, b)": one statement for any number of rows.
std::string select_from_arrays(const upsert& into) {
    std::string selected;
    std::string parameters;
    std::string names;
    int n = 0;
    for (const column& c : into.columns) {
        if (n++ > 0) {
            selected += ", ";
            parameters += ", ";
            names += ", ";
        }
        selected.append("a.").append(c.name).append(cast_of(c.type));
        parameters.append("$").append(std::to_string(n)).append("::text[]");
        names += c.name;
    }
    return "SELECT " + selected + " FROM unnest(" + parameters + ") AS a (" + names + ")";
}

std::string number(auto value) {
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    return {buffer.data(), end};
}

void add_cell(const cell& value, text_array& to) {
    if (const auto* text = std::get_if<std::string>(&value)) return to.add(*text);
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return to.add(number(*integer));
    if (const auto* real = std::get_if<double>(&value)) return to.add(number(*real));
    if (const auto* boolean = std::get_if<bool>(&value)) return to.add(*boolean ? "t" : "f");
    if (const auto* time = std::get_if<timestamp>(&value)) return to.add(to_rfc3339(*time));
    to.add_null();
}

std::vector<text_array> arrays_of(const row_set& rows) {
    const std::size_t width = rows.into->columns.size();
    std::vector<text_array> arrays(width, text_array(rows.size()));
    for (std::size_t i = 0; i < rows.cells.size(); ++i) add_cell(rows.cells[i], arrays[i % width]);
    return arrays;
}

std::size_t rows_touched(const postgres_result& r) {
    return std::strtoul(PQcmdTuples(r.get()), nullptr, 10);
}

constexpr const char* read_positions =
    "SELECT p.topic, p.partition, p.next FROM feedwatch_positions p "
    "JOIN unnest($1::text[], $2::text[], $3::text[]) AS w (cluster, topic, partition) "
    "ON p.cluster = w.cluster AND p.topic = w.topic AND p.partition = w.partition::integer";
// Under READ COMMITTED a row that another transaction holds is waited for and compared anew: of two writers that saw
// one position, the second one touches nothing.
constexpr const char* insert_positions =
    "INSERT INTO feedwatch_positions (cluster, topic, partition, next) "
    "SELECT w.cluster, w.topic, w.partition::integer, w.next::bigint "
    "FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS w (cluster, topic, partition, next) "
    "ON CONFLICT DO NOTHING";
constexpr const char* update_positions =
    "UPDATE feedwatch_positions p SET next = w.next::bigint "
    "FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) AS w (cluster, topic, partition, next, "
    "was) "
    "WHERE p.cluster = w.cluster AND p.topic = w.topic AND p.partition = w.partition::integer AND p.next = "
    "w.was::bigint";

class postgres_item_store final : public item_store {
  public:
    postgres_item_store(postgres_config config, postgres_options options)
        : config_(std::move(config)), options_(options) {}

    [[nodiscard]] std::string_view kind() const override { return "postgres"; }

    result<> open() override {
        if (connection_ && connection_->usable()) return {};
        connection_.reset();
        auto c = postgres_connection::open(config_, options_.answer_timeout);
        if (!c) return c.error();
        const auto ready = migrate_postgres(*c, options_);
        if (!ready) return ready.error();
        connection_.emplace(std::move(*c));
        return {};
    }

    result<std::vector<position>> positions(std::string_view cluster,
                                            std::span<const topic_partition> wanted) override {
        const auto opened = open();
        if (!opened) return opened.error();
        std::vector<text_array> arrays(3, text_array(wanted.size()));
        for (const topic_partition& of : wanted) add_partition(cluster, of, arrays);
        const auto r = connection_->execute(read_positions, arrays);
        if (!r) return r.error();
        std::vector<position> found;
        for (int i = 0; i < PQntuples(r->get()); ++i) {
            const auto name = topic_named(PQgetvalue(r->get(), i, 0));
            if (!name) return error(errc::internal, "a position of an unknown topic");
            found.push_back({{*name, std::atoi(PQgetvalue(r->get(), i, 1))}, std::atoll(PQgetvalue(r->get(), i, 2))});
        }
        return found;
    }

    result<changed> write(std::string_view cluster, const changes& what, std::span<const move> moves) override {
        const auto opened = open();
        if (!opened) return opened.error();
        auto written = write_in_transaction(cluster, what, moves);
        if (written || !connection_->usable()) return written;
        const auto undone = connection_->execute("ROLLBACK");
        if (!undone) connection_.reset();  // the server undoes what has no connection any more
        return written;
    }

  private:
    static void add_partition(std::string_view cluster, const topic_partition& of, std::vector<text_array>& arrays) {
        arrays[0].add(cluster);
        arrays[1].add(name_of(of.name));
        arrays[2].add(number(of.partition));
    }

    // SET LOCAL ends with the transaction, so that a pooler in between hands on a clean session.
    result<> begin() {
        const auto ms = [](duration d) { return std::to_string(d.count()); };
        const auto r =
            connection_->execute("BEGIN; SET LOCAL statement_timeout = " + ms(options_.statement_timeout) +
                                 "; SET LOCAL lock_timeout = " + ms(options_.lock_timeout) +
                                 "; SET LOCAL idle_in_transaction_session_timeout = " + ms(options_.statement_timeout));
        if (!r) return r.error();
        return {};
    }

    result<> move_positions(std::string_view cluster, std::span<const move> moves, bool known) {
        std::vector<const move*> chosen;
        for (const move& m : moves)
            if (m.from.has_value() == known) chosen.push_back(&m);
        if (chosen.empty()) return {};
        std::vector<text_array> arrays(known ? 5 : 4, text_array(chosen.size()));
        for (const move* m : chosen) {
            add_partition(cluster, m->of, arrays);
            arrays[3].add(number(m->to));
            if (known) arrays[4].add(number(*m->from));
        }
        const auto r = connection_->execute(known ? update_positions : insert_positions, arrays);
        if (!r) return r.error();
        if (rows_touched(*r) == chosen.size()) return {};
        return chosen.size() == 1 ? position_moved(chosen.front()->of)
                                  : error(errc::conflict, "a position was moved by another writer");
    }

    result<std::size_t> remove(const removal& r) {
        std::vector<text_array> ids(1, text_array(r.ids.size()));
        for (const std::string& id : r.ids) ids[0].add(id);
        const auto done =
            connection_->execute("DELETE FROM " + std::string(r.table) + " WHERE story = ANY ($1::text[]) OR " +
                                     std::string(r.item_column) + " = ANY ($1::text[])",
                                 ids);
        if (!done) return done.error();
        return rows_touched(*done);
    }

    result<changed> write_in_transaction(std::string_view cluster, const changes& what, std::span<const move> moves) {
        const auto begun = begin();
        if (!begun) return begun.error();
        for (const bool known : {true, false}) {
            const auto moved = move_positions(cluster, moves, known);
            if (!moved) return moved.error();
        }
        changed written;
        for (const removal& r : what.removals) {
            const auto n = remove(r);
            if (!n) return n.error();
            written.removed.push_back(*n);
        }
        for (const row_set& set : what.rows) {
            const auto r = connection_->execute(upsert_sql(*set.into, select_from_arrays(*set.into)), arrays_of(set));
            if (!r) return r.error();
            written.written.push_back(rows_touched(*r));
        }
        const auto committed = connection_->execute("COMMIT");
        if (!committed) return committed.error();
        // COMMIT of a transaction that has failed succeeds, and says what it did.
        if (std::string_view(PQcmdStatus(committed->get())) != "COMMIT")
            return error(errc::unavailable, "the transaction was rolled back");
        return written;
    }

    postgres_config config_;
    postgres_options options_;
    std::optional<postgres_connection> connection_;
};

}  // namespace

std::unique_ptr<item_store> make_postgres_item_store(const postgres_config& config, postgres_options options) {
    return std::make_unique<postgres_item_store>(config, options);
}

}  // namespace feedwatch::storage
