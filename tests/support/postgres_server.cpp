#include "tests/support/postgres_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <glob.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace feedwatch::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

std::string newest_installed() {
    glob_t found{};
    std::string bin;
    if (::glob("/usr/lib/postgresql/*/bin/initdb", 0, nullptr, &found) == 0 && found.gl_pathc > 0)
        bin = fs::path(found.gl_pathv[found.gl_pathc - 1]).parent_path().string();
    ::globfree(&found);
    return bin;
}

std::uint16_t free_port() {
    const int s = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const bool bound = ::bind(s, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                       ::getsockname(s, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    ::close(s);
    if (!bound) throw std::runtime_error("no free port");
    return ntohs(address.sin_port);
}

// PostgreSQL refuses to run as root.
const passwd* other_user() {
    return ::geteuid() == 0 ? ::getpwnam("postgres") : nullptr;
}

}  // namespace

std::unique_ptr<postgres_server> postgres_server::make() {
    const std::string bin = newest_installed();
    if (bin.empty()) return nullptr;
    std::string folder = (fs::temp_directory_path() / "feedwatch-postgres-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no temporary folder");
    std::unique_ptr<postgres_server> server(new postgres_server(bin, folder));
    server->start();
    return server;
}

postgres_server::postgres_server(std::string bin, std::string folder)
    : bin_(std::move(bin)), folder_(std::move(folder)) {
    const std::string password_file = folder_ + "/password";
    std::ofstream(password_file) << password_;
    if (const passwd* user = other_user()) {
        if (::chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0) throw std::runtime_error("chown failed");
        if (::chown(password_file.c_str(), user->pw_uid, user->pw_gid) != 0) throw std::runtime_error("chown failed");
    }
    run({bin_ + "/initdb", "-D", folder_ + "/data", "-U", "feedwatch", "--auth=scram-sha-256",
         "--pwfile=" + password_file, "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"});
}

postgres_server::~postgres_server() {
    if (running()) end(SIGQUIT);
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

pid_t postgres_server::spawn(const std::vector<std::string>& command) const {
    std::vector<char*> argv;
    for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    const std::string log = folder_ + "/log";
    const passwd* user = other_user();
    const pid_t child = ::fork();
    if (child < 0) throw std::runtime_error("fork failed");
    if (child > 0) return child;
    if (user != nullptr && (::setgid(user->pw_gid) != 0 || ::setuid(user->pw_uid) != 0)) ::_exit(126);
    ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
    ::setpgid(0, 0);  // a Ctrl-C is for the test
    const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(out, 1);
    ::dup2(out, 2);
    if (::chdir("/") != 0) ::_exit(126);
    ::execv(argv[0], argv.data());
    ::_exit(127);
}

void postgres_server::run(const std::vector<std::string>& command) const {
    int status = 0;
    if (::waitpid(spawn(command), &status, 0) < 0 || status != 0)
        throw std::runtime_error(command[0] + " failed; see " + folder_ + "/log");
}

void postgres_server::start() {
    if (port_ == 0) port_ = free_port();
    pid_ = spawn({bin_ + "/postgres", "-D", folder_ + "/data", "-p", std::to_string(port_), "-c",
                  "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off", "-c",
                  "max_connections=20"});
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (PQping(dsn("postgres").c_str()) != PQPING_OK) {
        int status = 0;
        if (::waitpid(pid_, &status, WNOHANG) == pid_)
            throw std::runtime_error("postgres ended; see " + folder_ + "/log");
        if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("postgres does not answer");
        std::this_thread::sleep_for(20ms);
    }
}

void postgres_server::end(int signal) {
    int status = 0;
    ::kill(pid_, signal);
    ::waitpid(pid_, &status, 0);
    pid_ = 0;
}

void postgres_server::stop() {
    end(SIGINT);
}
void postgres_server::crash() {
    end(SIGQUIT);
}

std::string postgres_server::dsn(const std::string& database) const {
    return "host=127.0.0.1 port=" + std::to_string(port_) + " user=feedwatch dbname=" + database;
}

void postgres_server::create_database(const std::string& name) {
    query("postgres", "CREATE DATABASE " + name);
}

postgres_server::rows postgres_server::query(const std::string& database, const std::string& sql) {
    const std::unique_ptr<PGconn, decltype(&PQfinish)> c(
        PQconnectdb((dsn(database) + " password=" + password_).c_str()), &PQfinish);
    const std::unique_ptr<PGresult, decltype(&PQclear)> r(PQexec(c.get(), sql.c_str()), &PQclear);
    const ExecStatusType status = PQresultStatus(r.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
        throw std::runtime_error(sql + ": " + PQerrorMessage(c.get()));
    rows out;
    for (int row = 0; row < PQntuples(r.get()); ++row) {
        out.emplace_back();
        for (int column = 0; column < PQnfields(r.get()); ++column)
            out.back().emplace_back(PQgetisnull(r.get(), row, column) != 0 ? "NULL" : PQgetvalue(r.get(), row, column));
    }
    return out;
}

}  // namespace feedwatch::test
