#include "tests/support/tunnel_server.hpp"

#include <netinet/in.h>
#include <openssl/evp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

namespace feedwatch::test {
namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    out.sin_port = htons(port);
    return out;
}

bool send_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

// Exactly so many bytes, or fewer at the end.
std::string receive(int fd, std::size_t size) {
    std::string out(size, '\0');
    std::size_t filled = 0;
    while (filled < size) {
        const auto n = ::recv(fd, out.data() + filled, size - filled, 0);
        if (n <= 0) break;
        filled += static_cast<std::size_t>(n);
    }
    out.resize(filled);
    return out;
}

std::size_t byte(const std::string& text, std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

std::string base64(const std::string& bytes) {
    std::string out(4 * (bytes.size() + 2) / 3 + 4, '\0');
    const auto size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    return out.substr(0, static_cast<std::size_t>(size));
}

// Until one side closes.
void pipe_through(int a, int b) {
    char chunk[16384];
    while (true) {
        pollfd both[] = {{a, POLLIN, 0}, {b, POLLIN, 0}};
        if (::poll(both, 2, -1) < 0) return;
        for (int i = 0; i < 2; ++i) {
            if (both[i].revents == 0) continue;
            const auto n = ::recv(both[i].fd, chunk, sizeof chunk, 0);
            if (n <= 0 || !send_all(both[1 - i].fd, {chunk, static_cast<std::size_t>(n)})) return;
        }
    }
}

}  // namespace

struct tunnel_server::state {
    kind what;
    std::string auth;
    int listener = -1;
    std::uint16_t port = 0;
    std::thread acceptor;
    mutable std::mutex mutex;  // guards all below
    std::vector<std::thread> threads;
    std::set<int> open;
    bool stopping = false;
    std::vector<std::string> asked;
    std::string heard;

    void listen_on_free_port() {
        listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address = loopback(0);
        socklen_t size = sizeof address;
        if (::bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener, 64) != 0 ||
            ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0)
            throw std::runtime_error("the tunnel server cannot listen");
        port = ntohs(address.sin_port);
        acceptor = std::thread([this] { accept_all(); });
    }

    void accept_all() {
        while (true) {
            const int fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
            const std::lock_guard lock(mutex);
            if (stopping || fd < 0) {
                if (fd >= 0) ::close(fd);
                return;
            }
            open.insert(fd);
            threads.emplace_back([this, fd] { talk(fd); });
        }
    }

    void talk(int fd) {
        const int target = what == kind::socks5 ? socks5(fd) : http_connect(fd);
        if (target >= 0) {
            pipe_through(fd, target);
            forget(target);
        }
        forget(fd);
    }

    void forget(int fd) {
        const std::lock_guard lock(mutex);
        open.erase(fd);
        ::close(fd);
    }

    void note(const std::string& said, const std::string& wanted = {}) {
        const std::lock_guard lock(mutex);
        heard += said;
        if (!wanted.empty()) asked.push_back(wanted);
    }

    int connect_to(std::uint16_t to) {
        const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const sockaddr_in address = loopback(to);
        if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            ::close(fd);
            return -1;
        }
        const std::lock_guard lock(mutex);
        open.insert(fd);
        return fd;
    }

    int http_connect(int fd) {
        std::string head;
        while (!head.ends_with("\r\n\r\n")) {
            const std::string next = receive(fd, 1);
            if (next.empty()) return -1;
            head += next;
        }
        const auto begin = head.find(' ') + 1;
        const std::string wanted = head.substr(begin, head.find(' ', begin) - begin);
        note(head, wanted);
        const bool good = auth.empty() || head.find("Proxy-Authorization: Basic " + base64(auth)) != std::string::npos;
        if (!good || !head.starts_with("CONNECT ")) {
            send_all(fd, "HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n");
            return -1;
        }
        const int target = connect_to(static_cast<std::uint16_t>(std::stoi(wanted.substr(wanted.rfind(':') + 1))));
        send_all(fd, target < 0 ? "HTTP/1.1 502 No way\r\nContent-Length: 0\r\n\r\n" : "HTTP/1.1 200 Go on\r\n\r\n");
        return target;
    }

    int socks5(int fd) {
        const std::string hello = receive(fd, 2);
        const std::string methods = receive(fd, byte(hello, 1));
        const char method = auth.empty() ? '\x00' : '\x02';
        if (methods.find(method) == std::string::npos) {
            send_all(fd, "\x05\xff");
            return -1;
        }
        send_all(fd, std::string("\x05") + method);
        if (!auth.empty() && !password_is_right(fd)) return -1;
        const std::string request = receive(fd, 5);  // version, CONNECT, 0, type of address, its first byte
        const std::size_t type = byte(request, 3);
        std::string host = type == 3 ? receive(fd, byte(request, 4)) : receive(fd, type == 1 ? 3 : 15);
        if (type != 3) host = "address";
        const std::string at = receive(fd, 2);
        const auto wanted = static_cast<std::uint16_t>(byte(at, 0) * 256 + byte(at, 1));
        note(hello + request, host + ":" + std::to_string(wanted));
        const int target = connect_to(wanted);
        send_all(fd, std::string("\x05") + (target < 0 ? '\x05' : '\x00') +
                         std::string("\x00\x01\x7f\x00\x00\x01\x00\x00", 8));
        return target;
    }

    bool password_is_right(int fd) {
        const std::string user = receive(fd, byte(receive(fd, 2), 1));
        const std::string password = receive(fd, byte(receive(fd, 1), 0));
        note(user + ":" + password);
        const bool good = user + ":" + password == auth;
        send_all(fd, std::string("\x01") + (good ? '\x00' : '\x01'));
        return good;
    }

    void stop() {
        {
            const std::lock_guard lock(mutex);
            stopping = true;
            for (const int fd : open) ::shutdown(fd, SHUT_RDWR);
        }
        ::shutdown(listener, SHUT_RDWR);
        acceptor.join();
        for (std::thread& t : threads) t.join();
        ::close(listener);
    }
};

tunnel_server::tunnel_server(kind what, std::string auth) : state_(std::make_unique<state>()) {
    state_->what = what;
    state_->auth = std::move(auth);
    state_->listen_on_free_port();
}

tunnel_server::~tunnel_server() {
    state_->stop();
}

std::string tunnel_server::url() const {
    return (state_->what == kind::socks5 ? "socks5h://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(state_->port);
}

std::vector<std::string> tunnel_server::asked() const {
    const std::lock_guard lock(state_->mutex);
    return state_->asked;
}

std::string tunnel_server::heard() const {
    const std::lock_guard lock(state_->mutex);
    return state_->heard;
}

}  // namespace feedwatch::test
