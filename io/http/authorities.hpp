// Whom to trust over TLS: the system's authorities, as libcurl was built to find them, and those of network.ca_file.
// libcurl 7.88 reads all of them anew for each connection (it keeps them only where it was built without a folder of
// authorities), which costs milliseconds; here they are read once, and again when one of the files has changed. Used on
// one thread. Private to io/http.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/error.hpp"

namespace feedwatch::http {

class authorities {
  public:
    // `file`: PEM, "" for none.
    explicit authorities(std::string file);

    // What is made of `context` verifies by them. errc::tls where a file cannot be read.
    result<> give_to(SSL_CTX& context);

  private:
    struct store_free {
        void operator()(X509_STORE* s) const noexcept { X509_STORE_free(s); }
    };
    // Which content a file has. All zero: there is no such file.
    struct stamp {
        std::uint64_t device = 0, inode = 0;
        std::int64_t bytes = 0, seconds = 0, nanoseconds = 0;
        bool operator==(const stamp&) const = default;
    };

    [[nodiscard]] std::vector<stamp> stamps() const;
    result<> read();

    std::vector<std::string> files_;
    std::string folder_;  // whose files are named by hashes, and read as they are needed
    std::vector<stamp> read_;
    std::unique_ptr<X509_STORE, store_free> store_;
};

}  // namespace feedwatch::http
