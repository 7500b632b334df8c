#include "tests/support/http_test_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "core/ascii.hpp"
#include "tests/support/http2_session.hpp"

namespace feedwatch::test {
namespace {

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string path_of(const std::string& target) {
    return target.substr(0, target.find('?'));
}

class request_reader {
  public:
    explicit request_reader(stream& from) : from_(from) {}

    bool next(received_request& out) {
        std::size_t end = 0;
        while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
            if (!more()) return false;
        }
        out = {};
        read_head(buffer_.substr(0, end + 2), out);
        buffer_.erase(0, end + 4);
        const std::string length = out.header("content-length");
        const std::size_t body = length.empty() ? 0 : std::stoul(length);
        while (buffer_.size() < body) {
            if (!more()) return false;
        }
        out.body = buffer_.substr(0, body);
        buffer_.erase(0, body);
        return true;
    }

  private:
    bool more() {
        char chunk[16384];
        const std::size_t n = from_.read(chunk, sizeof chunk);
        buffer_.append(chunk, n);
        return n > 0;
    }
    static void read_head(const std::string& head, received_request& out) {
        const auto first_end = head.find("\r\n");
        const std::string first = head.substr(0, first_end);
        out.method = first.substr(0, first.find(' '));
        const auto target = first.find(' ') + 1;
        out.target = first.substr(target, first.find(' ', target) - target);
        out.protocol = first.substr(first.rfind(' ') + 1);
        for (std::size_t at = first_end + 2; at < head.size();) {
            const auto line_end = head.find("\r\n", at);
            const std::string line = head.substr(at, line_end - at);
            const auto colon = line.find(':');
            if (colon != std::string::npos)
                out.headers[ascii_lower(line.substr(0, colon))] = trimmed(line.substr(colon + 1));
            at = line_end + 2;
        }
    }
    stream& from_;
    std::string buffer_;
};

std::string wire(const server_reply& r) {
    if (!r.raw.empty()) return r.raw;
    std::string out = "HTTP/1.1 " + std::to_string(r.status) + " Said\r\n";
    for (const auto& [name, value] : r.headers) out += name + ": " + value + "\r\n";
    const bool bodiless = r.status == 304 || r.status == 204;
    if (r.with_length && !bodiless) out += "Content-Length: " + std::to_string(r.body.size()) + "\r\n";
    if (!r.with_length) out += "Connection: close\r\n";
    return out + "\r\n" + (bodiless ? "" : r.body);
}

}  // namespace

std::string received_request::header(const std::string& lower_case_name) const {
    const auto found = headers.find(lower_case_name);
    return found == headers.end() ? std::string{} : found->second;
}

server_reply redirect_to(std::string location, int status) {
    server_reply out;
    out.status = status;
    out.headers.emplace_back("Location", std::move(location));
    return out;
}

struct http_test_server::state {
    int listener = -1;
    std::uint16_t port = 0;
    std::unique_ptr<tls_context> tls;
    std::thread acceptor;

    mutable std::mutex mutex;  // guards all below
    mutable std::condition_variable changed;
    std::vector<std::thread> threads;
    std::set<int> open;
    bool stopping = false;
    std::map<std::string, handler> handlers;
    std::map<std::string, std::vector<received_request>> seen;
    std::size_t total = 0;
    std::size_t accepted = 0;
    std::size_t peak = 0;

    void listen_on_free_port() {
        listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (::bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener, 512) != 0 ||
            ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0)
            throw std::runtime_error("the test server cannot listen");
        port = ntohs(address.sin_port);
        acceptor = std::thread([this] { accept_all(); });
    }

    void accept_all() {
        sigset_t broken_pipe;  // OpenSSL writes without MSG_NOSIGNAL; threads started here inherit the mask
        sigemptyset(&broken_pipe);
        sigaddset(&broken_pipe, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
        while (true) {
            const int fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
            const std::lock_guard lock(mutex);
            if (stopping || fd < 0) {
                if (fd >= 0) ::close(fd);
                if (stopping) return;
                continue;
            }
            open.insert(fd);
            ++accepted;
            peak = std::max(peak, open.size());
            threads.emplace_back([this, fd] { talk(fd); });
        }
    }

    void talk(int fd) {
        {
            stream with(fd, tls.get());
            if (with.is_http2()) {
                talk_http2({[&](char* to, std::size_t size) { return with.read(to, size); },
                            [&](const char* bytes, std::size_t size) { return with.write(bytes, size); },
                            [&](const received_request& request) { return answer(request, with); }});
                with.await_end();
            }
            request_reader requests(with);
            received_request request;
            while (!with.is_http2() && requests.next(request)) {
                const server_reply said = answer(request, with);
                const bool goes_on = send(with, said) && go_on(with, said);
                if (said.close_notify) with.say_goodbye();
                if (!goes_on) break;
            }
            const std::lock_guard lock(mutex);
            open.erase(fd);  // before it is closed: the number is free again then
        }
    }

    server_reply answer(received_request request, const stream& with) {
        request.certificate = with.peer_certificate();
        request.resumed = with.resumed();
        handler found;
        {
            const std::lock_guard lock(mutex);
            const std::string path = path_of(request.target);
            seen[path].push_back(request);
            ++total;
            const auto at = handlers.find(path);
            if (at != handlers.end()) found = at->second;
        }
        changed.notify_all();
        if (found) return found(request);
        server_reply none;
        none.status = 404;
        return none;
    }

    bool send(stream& with, const server_reply& said) {
        const std::string bytes = said.silent ? "" : wire(said);
        if (said.pace.count() == 0) return with.write(bytes.data(), bytes.size());
        for (const char& c : bytes) {
            if (!with.write(&c, 1) || pause(said.pace)) return false;
        }
        return true;
    }

    // Whether there is another request to be read.
    bool go_on(stream& with, const server_reply& said) {
        switch (said.then) {
            case server_reply::ending::keep:
                return said.with_length;
            case server_reply::ending::close:
                return false;
            case server_reply::ending::reset:
                with.reset();
                return false;
            case server_reply::ending::hang: {
                std::unique_lock lock(mutex);
                changed.wait(lock, [&] { return stopping; });
                return false;
            }
        }
        return false;
    }

    bool pause(std::chrono::milliseconds time) {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, time, [&] { return stopping; });
    }

    void stop() {
        {
            const std::lock_guard lock(mutex);
            stopping = true;
            for (const int fd : open) ::shutdown(fd, SHUT_RDWR);
        }
        ::shutdown(listener, SHUT_RDWR);
        changed.notify_all();
        acceptor.join();
        for (std::thread& t : threads) t.join();
        ::close(listener);
    }
};

http_test_server::http_test_server() : state_(std::make_unique<state>()) {
    state_->listen_on_free_port();
}

http_test_server::http_test_server(const certificate& tls, http_version best)
    : http_test_server(tls_options{.own = tls, .best = best}) {}

http_test_server::http_test_server(const tls_options& tls) : state_(std::make_unique<state>()) {
    state_->tls = std::make_unique<tls_context>(tls);
    state_->listen_on_free_port();
}

http_test_server::~http_test_server() {
    state_->stop();
}

std::uint16_t http_test_server::port() const {
    return state_->port;
}

std::string http_test_server::url(const std::string& target) const {
    return (state_->tls ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port()) + target;
}

void http_test_server::on(const std::string& path, handler answer) {
    const std::lock_guard lock(state_->mutex);
    state_->handlers[path] = std::move(answer);
}

void http_test_server::reply(const std::string& path, server_reply with) {
    on(path, [with = std::move(with)](const received_request&) { return with; });
}

void http_test_server::serve(const std::string& path, std::string body, std::string content_type) {
    const std::string etag = "\"" + std::to_string(std::hash<std::string>{}(body)) + "\"";
    on(path, [=](const received_request& request) {
        server_reply out;
        out.headers = {{"ETag", etag}, {"Content-Type", content_type}};
        if (request.header("if-none-match") == etag) {
            out.status = 304;
        } else {
            out.body = body;
        }
        return out;
    });
}

std::size_t http_test_server::requests(const std::string& path) const {
    const std::lock_guard lock(state_->mutex);
    const auto found = state_->seen.find(path);
    return found == state_->seen.end() ? 0 : found->second.size();
}

std::size_t http_test_server::requests() const {
    const std::lock_guard lock(state_->mutex);
    return state_->total;
}

received_request http_test_server::last(const std::string& path) const {
    const std::lock_guard lock(state_->mutex);
    const auto found = state_->seen.find(path);
    return found == state_->seen.end() ? received_request{} : found->second.back();
}

std::size_t http_test_server::connections() const {
    const std::lock_guard lock(state_->mutex);
    return state_->accepted;
}

std::size_t http_test_server::connections_peak() const {
    const std::lock_guard lock(state_->mutex);
    return state_->peak;
}

bool http_test_server::wait_for_requests(std::size_t count, std::chrono::milliseconds patience) const {
    std::unique_lock lock(state_->mutex);
    return state_->changed.wait_for(lock, patience, [&] { return state_->total >= count; });
}

}  // namespace feedwatch::test
