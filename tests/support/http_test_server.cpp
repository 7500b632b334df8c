#include "tests/support/http_test_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
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

// A socket, with TLS or without.
class stream {
  public:
    stream(int fd, SSL_CTX* tls) : fd_(fd) {
        if (tls == nullptr) return;
        ssl_ = SSL_new(tls);
        SSL_set_fd(ssl_, fd_);
        broken_ = SSL_accept(ssl_) != 1;
    }
    ~stream() {
        if (ssl_ != nullptr) SSL_free(ssl_);
        ::close(fd_);
    }
    stream(const stream&) = delete;
    stream& operator=(const stream&) = delete;

    bool write(const char* bytes, std::size_t size) {
        while (size > 0 && !broken_) {
            const auto n = ssl_ != nullptr ? SSL_write(ssl_, bytes, static_cast<int>(size))
                                           : static_cast<int>(::send(fd_, bytes, size, MSG_NOSIGNAL));
            if (n <= 0) return false;
            bytes += n;
            size -= static_cast<std::size_t>(n);
        }
        return !broken_;
    }
    std::size_t read(char* bytes, std::size_t size) {
        if (broken_) return 0;
        const auto n = ssl_ != nullptr ? SSL_read(ssl_, bytes, static_cast<int>(size))
                                       : static_cast<int>(::recv(fd_, bytes, size, 0));
        return n > 0 ? static_cast<std::size_t>(n) : 0;
    }
    [[nodiscard]] bool is_http2() const {
        const unsigned char* name = nullptr;
        unsigned size = 0;
        if (ssl_ != nullptr) SSL_get0_alpn_selected(ssl_, &name, &size);
        return std::string_view(reinterpret_cast<const char*>(name), size) == "h2";
    }
    void reset() {  // RST instead of FIN when it is closed
        const linger hard{1, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    }

  private:
    int fd_;
    SSL* ssl_ = nullptr;
    bool broken_ = false;
};

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

int choose_http2(SSL*, const unsigned char** out, unsigned char* size, const unsigned char* offered,
                 unsigned offered_size, void*) {
    // OpenSSL keeps a pointer into it.
    static constexpr unsigned char known[] = "\x02h2\x08http/1.1";
    const int chosen =
        SSL_select_next_proto(const_cast<unsigned char**>(out), size, known, sizeof known - 1, offered, offered_size);
    return chosen == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

struct tls_context {
    tls_context(const certificate& c, http_version best) : context(SSL_CTX_new(TLS_server_method())) {
        if (best == http_version::two) SSL_CTX_set_alpn_select_cb(context, &choose_http2, nullptr);
        BIO* cert_bio = BIO_new_mem_buf(c.pem.data(), static_cast<int>(c.pem.size()));
        BIO* key_bio = BIO_new_mem_buf(c.key.data(), static_cast<int>(c.key.size()));
        X509* cert = PEM_read_bio_X509(cert_bio, nullptr, nullptr, nullptr);
        EVP_PKEY* key = PEM_read_bio_PrivateKey(key_bio, nullptr, nullptr, nullptr);
        SSL_CTX_use_certificate(context, cert);
        SSL_CTX_use_PrivateKey(context, key);
        X509_free(cert);
        EVP_PKEY_free(key);
        BIO_free(cert_bio);
        BIO_free(key_bio);
    }
    ~tls_context() { SSL_CTX_free(context); }
    tls_context(const tls_context&) = delete;
    tls_context& operator=(const tls_context&) = delete;
    SSL_CTX* context;
};

std::string pem_of(const std::function<void(BIO*)>& write) {
    BIO* bio = BIO_new(BIO_s_mem());
    write(bio);
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(bio, &bytes);
    std::string out(bytes, static_cast<std::size_t>(size));
    BIO_free(bio);
    return out;
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

certificate make_certificate(const certificate_options& options) {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* cert = X509_new();
    X509_set_version(cert, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
    X509_gmtime_adj(X509_getm_notBefore(cert), 86400L * options.days_from);
    X509_gmtime_adj(X509_getm_notAfter(cert), 86400L * options.days_to);
    X509_set_pubkey(cert, key);
    X509_NAME* name = X509_get_subject_name(cert);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("feedwatch test"), -1,
                               -1, 0);
    X509_set_issuer_name(cert, name);
    in_addr unused{};
    const bool address = inet_pton(AF_INET, options.name.c_str(), &unused) == 1;
    const std::string alternative = (address ? "IP:" : "DNS:") + options.name;
    X509V3_CTX context;
    X509V3_set_ctx(&context, cert, cert, nullptr, nullptr, 0);
    for (const auto& [id, value] : {std::pair<int, std::string>{NID_subject_alt_name, alternative},
                                    std::pair<int, std::string>{NID_basic_constraints, "critical,CA:TRUE"}}) {
        X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str());
        X509_add_ext(cert, extension, -1);
        X509_EXTENSION_free(extension);
    }
    X509_sign(cert, key, EVP_sha256());
    certificate out;
    out.pem = pem_of([&](BIO* bio) { PEM_write_bio_X509(bio, cert); });
    out.key = pem_of([&](BIO* bio) { PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr); });
    X509_free(cert);
    EVP_PKEY_free(key);
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
            stream with(fd, tls ? tls->context : nullptr);
            if (with.is_http2()) {
                talk_http2({[&](char* to, std::size_t size) { return with.read(to, size); },
                            [&](const char* bytes, std::size_t size) { return with.write(bytes, size); },
                            [&](const received_request& request) { return answer(request); }});
            }
            request_reader requests(with);
            received_request request;
            while (requests.next(request)) {
                const server_reply said = answer(request);
                if (!send(with, said) || !go_on(with, said)) break;
            }
            const std::lock_guard lock(mutex);
            open.erase(fd);  // before it is closed: the number is free again then
        }
    }

    server_reply answer(const received_request& request) {
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
        const std::string bytes = wire(said);
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

http_test_server::http_test_server(const certificate& tls, http_version best) : state_(std::make_unique<state>()) {
    state_->tls = std::make_unique<tls_context>(tls, best);
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
