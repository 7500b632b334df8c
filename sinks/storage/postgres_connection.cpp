#include "sinks/storage/postgres_connection.hpp"

#include <poll.h>

#include <array>
#include <cerrno>
#include <chrono>

namespace feedwatch::storage {
namespace {

constexpr Oid text_array_oid = 1009;  // pg_type.dat: _text
constexpr Oid text_oid = 25;          // pg_type.dat: text

struct free_options {
    void operator()(PQconninfoOption* o) const noexcept { PQconninfoFree(o); }
};

std::string first_line(std::string_view text) {
    std::string line(text.substr(0, text.find('\n')));
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.pop_back();
    return line;
}

std::string without(const std::vector<std::string>& secrets, std::string text) {
    for (const std::string& s : secrets)
        for (std::size_t at = text.find(s); at != std::string::npos; at = text.find(s, at))
            text.replace(at, s.size(), "***");
    return text;
}

// The parsed DSN's passwords. libpq's own message would quote the DSN, so it is not passed on.
result<std::vector<std::string>> secrets_of(const postgres_config& config) {
    char* message = nullptr;
    const std::unique_ptr<PQconninfoOption, free_options> options(PQconninfoParse(config.dsn.c_str(), &message));
    PQfreemem(message);
    if (!options)
        return error(errc::invalid_config,
                     "the DSN cannot be read: write it as \"host=… port=… user=… dbname=…\" or "
                     "postgresql://user@host:port/name");
    std::vector<std::string> secrets;
    if (!config.password.empty()) secrets.push_back(config.password.reveal());
    for (const PQconninfoOption* o = options.get(); o->keyword != nullptr; ++o) {
        const std::string_view keyword = o->keyword;
        const bool is_secret = keyword == "password" || keyword == "sslpassword";
        if (is_secret && o->val != nullptr && *o->val != '\0') secrets.emplace_back(o->val);
    }
    return secrets;
}

}  // namespace

text_array::text_array(std::size_t size) {
    add_uint32(1);  // dimensions
    add_uint32(1);  // may hold nulls
    add_uint32(text_oid);
    add_uint32(static_cast<std::uint32_t>(size));
    add_uint32(1);  // lower bound
}

void text_array::add_uint32(std::uint32_t value) {
    for (const int shift : {24, 16, 8, 0}) bytes_ += static_cast<char>((value >> shift) & 0xffU);
}

void text_array::add(std::string_view text) {
    add_uint32(static_cast<std::uint32_t>(text.size()));
    bytes_ += text;
}

void text_array::add_null() {
    add_uint32(0xffffffffU);
}

errc class_of_sqlstate(std::string_view state) noexcept {
    const std::string_view kind = state.substr(0, 2);
    if (state == "42501") return errc::refused;                                // insufficient_privilege
    if (kind == "22" || kind == "23" || kind == "54") return errc::malformed;  // data, constraint, limit of the program
    if (kind == "28" || kind == "3D" || kind == "3F")
        return errc::refused;  // authorisation, no such database or schema
    if (kind == "08" || kind == "53" || kind == "57" || kind == "58")
        return errc::unavailable;                                // connection, resources,
                                                                 // operator, system
    if (kind == "40" || kind == "55") return errc::unavailable;  // serialisation, deadlock; lock not available
    if (kind == "25") return errc::unavailable;  // read-only transaction: the primary is somewhere else now
    return errc::internal;
}

postgres_connection::postgres_connection(PGconn* c, duration answer_timeout, std::vector<std::string> secrets)
    : connection_(c), answer_timeout_(answer_timeout), secrets_(std::move(secrets)) {}

result<postgres_connection> postgres_connection::open(const postgres_config& config, duration answer_timeout) {
    auto secrets = secrets_of(config);
    if (!secrets) return secrets.error();
    // What stands before dbname is a default that the DSN overrides; what stands after it overrides the DSN.
    std::vector<const char*> names{"connect_timeout",  "keepalives_idle",          "keepalives_interval",
                                   "keepalives_count", "target_session_attrs",     "dbname",
                                   "client_encoding",  "fallback_application_name"};
    std::vector<const char*> values{"10", "15", "5", "3", "read-write", config.dsn.c_str(), "UTF8", "feedwatch"};
    if (!config.password.empty()) {
        names.push_back("password");
        values.push_back(config.password.reveal().c_str());
    }
    names.push_back(nullptr);
    values.push_back(nullptr);
    postgres_connection c(PQconnectdbParams(names.data(), values.data(), 1), answer_timeout, std::move(*secrets));
    if (!c.connection_) return error(errc::unavailable, "no memory for a connection");
    if (PQstatus(c.connection_.get()) != CONNECTION_OK) {
        error e = c.connection_error();
        // The server answered and does not want us: the same call will not help.
        if (PQconnectionNeedsPassword(c.connection_.get()) != 0 ||
            e.detail.find("authentication failed") != std::string::npos)
            e.code = make_error_code(errc::refused);
        return e;
    }
    PQsetnonblocking(c.connection_.get(), 1);
    PQsetNoticeProcessor(
        c.connection_.get(), [](void*, const char*) {}, nullptr);  // "already exists, skipping" is of no interest
    return c;
}

error postgres_connection::connection_error() {
    usable_ = false;
    return {errc::unavailable, without(secrets_, "postgres: " + first_line(PQerrorMessage(connection_.get())))};
}

error postgres_connection::statement_error(const PGresult* r) {
    const char* state = r == nullptr ? nullptr : PQresultErrorField(r, PG_DIAG_SQLSTATE);
    const char* message = r == nullptr ? nullptr : PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    if (state == nullptr || message == nullptr) return connection_error();
    const errc code = class_of_sqlstate(state);
    const std::string_view kind = std::string_view(state).substr(0, 2);
    if (PQstatus(connection_.get()) != CONNECTION_OK || kind == "25" || kind == "57" || kind == "08") usable_ = false;
    return {code, without(secrets_, "postgres: " + std::string(state) + " " + message)};
}

result<postgres_result> postgres_connection::execute(const std::string& sql) {
    return answer(PQsendQuery(connection_.get(), sql.c_str()));
}

result<postgres_result> postgres_connection::execute(const std::string& sql, const std::vector<text_array>& arrays) {
    std::vector<Oid> types(arrays.size(), text_array_oid);
    std::vector<const char*> values;
    std::vector<int> lengths;
    std::vector<int> formats(arrays.size(), 1);
    for (const text_array& a : arrays) {
        values.push_back(a.bytes().data());
        lengths.push_back(static_cast<int>(a.bytes().size()));
    }
    return answer(PQsendQueryParams(connection_.get(), sql.c_str(), static_cast<int>(arrays.size()), types.data(),
                                    values.data(), lengths.data(), formats.data(), 0));
}

// The result of what was sent. Of several statements the last result counts, or the first that failed.
result<postgres_result> postgres_connection::answer(int sent) {
    if (sent == 0 || !wait_for_answer()) return connection_error();
    postgres_result last;
    std::optional<error> failed;
    while (true) {
        if (!wait_for_answer()) return connection_error();
        postgres_result r(PQgetResult(connection_.get()));
        if (!r) break;
        const ExecStatusType status = PQresultStatus(r.get());
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && !failed) failed = statement_error(r.get());
        last = std::move(r);
    }
    if (failed) return *failed;
    if (!last) return connection_error();
    return last;
}

// Until PQgetResult() will not block. False where the connection is lost or the deadline has passed.
bool postgres_connection::wait_for_answer() {
    using steady = std::chrono::steady_clock;  // a deadline on the wire
    const auto deadline = steady::now() + answer_timeout_;
    while (true) {
        const int unsent = PQflush(connection_.get());
        if (unsent < 0) return false;
        if (unsent == 0 && PQisBusy(connection_.get()) == 0) return true;
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - steady::now()).count();
        if (left <= 0) return false;
        pollfd wait{PQsocket(connection_.get()), static_cast<short>(unsent > 0 ? POLLIN | POLLOUT : POLLIN), 0};
        const int ready = ::poll(&wait, 1, static_cast<int>(left));
        if (ready < 0 && errno != EINTR) return false;
        if (ready > 0 && (wait.revents & (POLLIN | POLLERR | POLLHUP)) != 0 && PQconsumeInput(connection_.get()) == 0)
            return false;
    }
}

}  // namespace feedwatch::storage
