#include "tests/sinks/storage/postgres_database.hpp"

#include <libpq-fe.h>

#include "sinks/storage/postgres_item_store.hpp"
#include "tests/sinks/storage/store_under_test.hpp"

namespace feedwatch::test {
namespace {

class postgres_database final : public database {
  public:
    explicit postgres_database(postgres_server& server) : server_(server) {
        static int made = 0;
        name_ = "store_" + std::to_string(++made);
        server_.create_database(name_);
    }
    storage_config config() const override { return postgres_config{server_.dsn(name_), secret(server_.password())}; }
    std::span<const storage::migration> schema() const override { return storage::postgres_schema(); }
    std::unique_ptr<storage::item_store> store(std::span<const storage::migration> schema) const override {
        storage::postgres_options options;
        options.schema = schema;
        options.lock_timeout = std::chrono::milliseconds{200};
        return storage::make_postgres_item_store(std::get<postgres_config>(config()), options);
    }
    rows query(const std::string& sql) const override { return server_.query(name_, sql); }
    std::shared_ptr<void> lock_writes() const override {
        PGconn* c = PQconnectdb((server_.dsn(name_) + " password=" + server_.password()).c_str());
        PQclear(PQexec(c, "BEGIN"));
        PQclear(PQexec(c, "LOCK TABLE items IN EXCLUSIVE MODE"));
        return {c, [](void* open) { PQfinish(static_cast<PGconn*>(open)); }};
    }

  private:
    postgres_server& server_;
    std::string name_;
};

}  // namespace

postgres_server* shared_postgres() {
    static const std::unique_ptr<postgres_server> server = postgres_server::make();
    return server.get();
}

std::unique_ptr<database> make_postgres_database() {
    postgres_server* server = shared_postgres();
    if (server == nullptr) return nullptr;
    if (!server->running()) server->start();
    return std::make_unique<postgres_database>(*server);
}

}  // namespace feedwatch::test
