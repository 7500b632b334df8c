#include "io/http/authorities.hpp"

#include <curl/curl.h>
#include <gmock/gmock.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>

#include "tests/support/test_certificate.hpp"

namespace feedwatch::http {
namespace {

struct context_free {
    void operator()(SSL_CTX* c) const noexcept { SSL_CTX_free(c); }
};
using context = std::unique_ptr<SSL_CTX, context_free>;

context make_context() {
    return context(SSL_CTX_new(TLS_client_method()));
}

X509_STORE* store_of(const context& c) {
    return SSL_CTX_get_cert_store(c.get());
}

int certificates_in(const context& c) {
    return sk_X509_OBJECT_num(X509_STORE_get0_objects(store_of(c)));
}

class authorities_test : public testing::Test {
  protected:
    void SetUp() override {
        FILE* file = std::fopen(path_.c_str(), "w");
        std::fputs(test::make_certificate().pem.c_str(), file);
        std::fclose(file);
    }
    ~authorities_test() override { std::remove(path_.c_str()); }

    const std::string path_ = testing::TempDir() + "feedwatch-authorities-" + std::to_string(::getpid()) + ".pem";
};

TEST_F(authorities_test, the_systems_stay_beside_the_configured_ones) {
    ASSERT_STREQ(curl_version_info(CURLVERSION_NOW)->cainfo, "/etc/ssl/certs/ca-certificates.crt");
    const context plain = make_context(), more = make_context();
    authorities system(""), configured(path_);
    ASSERT_TRUE(system.give_to(*plain));
    ASSERT_TRUE(configured.give_to(*more));
    EXPECT_GT(certificates_in(plain), 50);
    EXPECT_EQ(certificates_in(more), certificates_in(plain) + 1);
}
TEST_F(authorities_test, all_connections_share_what_was_read_once) {
    const context first = make_context(), second = make_context();
    authorities read(path_);
    ASSERT_TRUE(read.give_to(*first));
    ASSERT_TRUE(read.give_to(*second));
    EXPECT_EQ(store_of(first), store_of(second));
}

}  // namespace
}  // namespace feedwatch::http
