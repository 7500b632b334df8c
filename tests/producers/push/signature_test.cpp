#include "producers/push/signature.hpp"

#include <gmock/gmock.h>

namespace feedwatch::push {
namespace {

// RFC 4231, test case 2; RFC 2202 for SHA-1.
constexpr const char* key = "Jefe";
constexpr const char* content = "what do ya want for nothing?";
constexpr const char* sha1 = "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79";
constexpr const char* sha256 = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
constexpr const char* sha384 =
    "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649";
constexpr const char* sha512 =
    "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
    "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737";

TEST(signature, is_good_with_each_of_the_recommendations_methods) {
    EXPECT_TRUE(is_signed(std::string("sha1=") + sha1, content, key));
    EXPECT_TRUE(is_signed(std::string("sha256=") + sha256, content, key));
    EXPECT_TRUE(is_signed(std::string("sha384=") + sha384, content, key));
    EXPECT_TRUE(is_signed(std::string("sha512=") + sha512, content, key));
    EXPECT_TRUE(is_signed("sha1=EFFCDF6AE5EB2FA2D27416D5F184DF9C259A7C79", content, key));
}
TEST(signature, is_refused_when_anything_differs) {
    const std::string good = std::string("sha256=") + sha256;
    for (std::size_t at = good.find('=') + 1; at < good.size(); ++at) {
        std::string bad = good;
        bad[at] = bad[at] == '0' ? '1' : '0';
        EXPECT_FALSE(is_signed(bad, content, key)) << at;
    }
    EXPECT_FALSE(is_signed(good, std::string(content) + " ", key));
    EXPECT_FALSE(is_signed(good, content, "jefe"));
    EXPECT_FALSE(is_signed(good.substr(0, good.size() - 2), content, key)) << "shortened";
    EXPECT_FALSE(is_signed(good + "00", content, key));
    for (const std::string& header :
         {std::string(), std::string(sha256), std::string("="), std::string("sha256="), std::string("sha256"),
          std::string("md5=") + sha1, std::string("SHA256 =") + sha256, std::string("sha512=") + sha256})
        EXPECT_FALSE(is_signed(header, content, key)) << header;
}

}  // namespace
}  // namespace feedwatch::push
