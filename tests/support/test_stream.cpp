#include "tests/support/test_stream.hpp"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

namespace feedwatch::test {
namespace {

int choose_http2(SSL*, const unsigned char** out, unsigned char* size, const unsigned char* offered,
                 unsigned offered_size, void*) {
    // OpenSSL keeps a pointer into it.
    static constexpr unsigned char known[] = "\x02h2\x08http/1.1";
    const int chosen =
        SSL_select_next_proto(const_cast<unsigned char**>(out), size, known, sizeof known - 1, offered, offered_size);
    return chosen == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

BIO* reader_of(const std::string& pem) {
    return BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
}

void send_plainly(int fd, std::string_view bytes) {
    (void)::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

}  // namespace

tls_context::tls_context(tls_options with) : options_(std::move(with)), context_(SSL_CTX_new(TLS_server_method())) {
    if (options_.best == http_version::two) SSL_CTX_set_alpn_select_cb(context_, &choose_http2, nullptr);
    if (options_.only_tls_1_1) {
        SSL_CTX_set_cipher_list(context_, "ALL:@SECLEVEL=0");  // else OpenSSL 3 does not speak it at all
        SSL_CTX_set_min_proto_version(context_, TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context_, TLS1_1_VERSION);
    }
    BIO* cert_bio = reader_of(options_.own.pem);
    BIO* key_bio = reader_of(options_.own.key);
    X509* cert = PEM_read_bio_X509(cert_bio, nullptr, nullptr, nullptr);
    EVP_PKEY* key = PEM_read_bio_PrivateKey(key_bio, nullptr, nullptr, nullptr);
    SSL_CTX_use_certificate(context_, cert);
    SSL_CTX_use_PrivateKey(context_, key);
    X509_free(cert);
    EVP_PKEY_free(key);
    BIO_free(cert_bio);
    BIO_free(key_bio);
    ask_clients();
}

tls_context::~tls_context() {
    SSL_CTX_free(context_);
}

void tls_context::ask_clients() {
    if (options_.clients == tls_options::ask::nobody) return;
    const int must = options_.clients == tls_options::ask::required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
    SSL_CTX_set_verify(context_, SSL_VERIFY_PEER | must, nullptr);
    BIO* bio = reader_of(options_.client_authority);
    X509* authority = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context_), authority);
    X509_free(authority);
    BIO_free(bio);
    static constexpr unsigned char name[] = "feedwatch";  // sessions of asked clients need one
    SSL_CTX_set_session_id_context(context_, name, sizeof name - 1);
}

stream::stream(int fd, const tls_context* tls) : fd_(fd) {
    if (tls == nullptr) return;
    using end = tls_options::handshake_end;
    if (tls->handshake() == end::done) {
        ssl_ = SSL_new(tls->get());
        SSL_set_fd(ssl_, fd_);
        broken_ = SSL_accept(ssl_) != 1;
        if (broken_) await_end();
        return;
    }
    broken_ = true;
    char hello[4096];
    (void)::recv(fd_, hello, sizeof hello, 0);
    if (tls->handshake() == end::garbage) send_plainly(fd_, "HTTP/1.1 400 Bad Request\r\n\r\n");
    while (tls->handshake() == end::hangs && ::recv(fd_, hello, sizeof hello, 0) > 0) {
    }
}

// Closing with something unread makes it a reset, which may overtake the alert that says why.
void stream::await_end() const {
    ::shutdown(fd_, SHUT_WR);
    char rest[4096];
    while (::recv(fd_, rest, sizeof rest, 0) > 0) {
    }
}

stream::~stream() {
    if (ssl_ != nullptr) SSL_free(ssl_);
    ::close(fd_);
}

bool stream::write(const char* bytes, std::size_t size) {
    while (size > 0 && !broken_) {
        const auto n = ssl_ != nullptr ? SSL_write(ssl_, bytes, static_cast<int>(size))
                                       : static_cast<int>(::send(fd_, bytes, size, MSG_NOSIGNAL));
        if (n <= 0) return false;
        bytes += n;
        size -= static_cast<std::size_t>(n);
    }
    return !broken_;
}

std::size_t stream::read(char* bytes, std::size_t size) {
    if (broken_) return 0;
    const auto n =
        ssl_ != nullptr ? SSL_read(ssl_, bytes, static_cast<int>(size)) : static_cast<int>(::recv(fd_, bytes, size, 0));
    return n > 0 ? static_cast<std::size_t>(n) : 0;
}

bool stream::is_http2() const {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    if (ssl_ != nullptr) SSL_get0_alpn_selected(ssl_, &name, &size);
    return std::string_view(reinterpret_cast<const char*>(name), size) == "h2";
}

std::string stream::peer_certificate() const {
    X509* cert = ssl_ == nullptr ? nullptr : SSL_get1_peer_certificate(ssl_);
    if (cert == nullptr) return {};
    std::string out = pem_of([&](BIO* bio) { PEM_write_bio_X509(bio, cert); });
    X509_free(cert);
    return out;
}

bool stream::resumed() const {
    return ssl_ != nullptr && SSL_session_reused(ssl_) == 1;
}

void stream::say_goodbye() {
    if (ssl_ != nullptr && !broken_) SSL_shutdown(ssl_);
}

void stream::reset() {
    const linger hard{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
}

}  // namespace feedwatch::test
