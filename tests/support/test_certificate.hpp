// Certificates for tests, made when they are needed.
#pragma once

#include <functional>
#include <string>

struct bio_st;  // OpenSSL's BIO

namespace feedwatch::test {

// PEM texts. A certificate that signs itself and is its own authority.
struct certificate {
    std::string pem;
    std::string key;
};
struct certificate_options {
    std::string name = "127.0.0.1";  // DNS name or IPv4 address
    int days_from = -1;
    int days_to = 30;
    std::string passphrase = {};  // of the key
};
[[nodiscard]] certificate make_certificate(const certificate_options& options = {});

// What `write` writes.
[[nodiscard]] std::string pem_of(const std::function<void(bio_st*)>& write);

}  // namespace feedwatch::test
