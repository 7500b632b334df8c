// A connection to PostgreSQL on which every wait has a deadline. Included by .cpp files of this folder only.
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config.hpp"
#include "core/error.hpp"
#include "core/time.hpp"

namespace feedwatch::storage {

struct finish_postgres {
    void operator()(PGconn* c) const noexcept { PQfinish(c); }
};
struct clear_postgres {
    void operator()(PGresult* r) const noexcept { PQclear(r); }
};
using postgres_result = std::unique_ptr<PGresult, clear_postgres>;

// A text[] parameter in PostgreSQL's binary form: no quoting to write, none to read.
class text_array {
  public:
    explicit text_array(std::size_t size);
    void add(std::string_view text);
    void add_null();
    [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }

  private:
    void add_uint32(std::uint32_t value);
    std::string bytes_;
};

class postgres_connection {
  public:
    static result<postgres_connection> open(const postgres_config& config, duration answer_timeout);

    // One or more statements without parameters; the last one's result.
    [[nodiscard]] result<postgres_result> execute(const std::string& sql);
    [[nodiscard]] result<postgres_result> execute(const std::string& sql, const std::vector<text_array>& arrays);
    // False once the connection is of no use any more: lost, silent, or to a server that became read-only.
    [[nodiscard]] bool usable() const noexcept { return usable_; }

  private:
    postgres_connection(PGconn* c, duration answer_timeout, std::vector<std::string> secrets);
    [[nodiscard]] result<postgres_result> answer(int sent);
    [[nodiscard]] bool wait_for_answer();
    [[nodiscard]] error connection_error();
    [[nodiscard]] error statement_error(const PGresult* r);

    std::unique_ptr<PGconn, finish_postgres> connection_;
    duration answer_timeout_;
    std::vector<std::string> secrets_;  // which no message may show
    bool usable_ = true;
};

// What an SQLSTATE means for a writer. Exposed for tests.
[[nodiscard]] errc class_of_sqlstate(std::string_view sqlstate) noexcept;

}  // namespace feedwatch::storage
