// A private PostgreSQL server in a folder of its own, on a loopback port, as a user that is not root. It ends with the
// test, whatever ends the test.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace feedwatch::test {

class postgres_server {
  public:
    // nullptr where no server is installed. Throws std::runtime_error where one is and does not start.
    static std::unique_ptr<postgres_server> make();
    ~postgres_server();
    postgres_server(const postgres_server&) = delete;
    postgres_server& operator=(const postgres_server&) = delete;

    void start();  // and waits until it answers
    void stop();   // ends sessions, keeps the data
    void crash();  // as after a power cut, but for the disk's cache
    [[nodiscard]] bool running() const noexcept { return pid_ > 0; }
    [[nodiscard]] pid_t pid() const noexcept { return pid_; }

    [[nodiscard]] const std::string& password() const noexcept { return password_; }
    [[nodiscard]] std::string dsn(const std::string& database) const;  // without password
    void create_database(const std::string& name);

    using rows = std::vector<std::vector<std::string>>;  // NULL is "NULL"
    rows query(const std::string& database, const std::string& sql);

  private:
    postgres_server(std::string bin, std::string folder);
    [[nodiscard]] pid_t spawn(const std::vector<std::string>& command) const;
    void run(const std::vector<std::string>& command) const;
    void end(int signal);

    std::string bin_;
    std::string folder_;
    std::string password_ = "Pg-Marker-7d1f";  // looked for in messages that must not hold it
    std::uint16_t port_ = 0;
    pid_t pid_ = 0;
};

}  // namespace feedwatch::test
