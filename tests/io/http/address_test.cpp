#include <gmock/gmock.h>

#include "io/http/client.hpp"

namespace feedwatch::http {
namespace {

TEST(address_guard, lets_public_addresses_through) {
    for (const char* a : {"1.1.1.1", "8.8.8.8", "93.184.216.34", "100.63.255.255", "100.128.0.1", "172.15.0.1",
                          "172.32.0.1", "223.255.255.255", "2606:4700::1111", "2a00:1450:4001::1", "::ffff:8.8.8.8",
                          "64:ff9b::8.8.8.8", "2002:808:808::1"})
        EXPECT_TRUE(is_public_address(a)) << a;
}
// faults 34, 35
TEST(address_guard, refuses_every_special_purpose_range) {
    for (const char* a :
         {"127.0.0.1",   "127.255.255.254", "0.0.0.0",         "0.1.2.3",    "10.0.0.1",        "10.255.255.255",
          "100.64.0.1",  "100.127.255.255", "169.254.169.254", "172.16.0.1", "172.31.255.255",  "192.0.0.1",
          "192.0.2.1",   "192.88.99.1",     "192.168.1.1",     "198.18.0.1", "198.19.255.255",  "198.51.100.7",
          "203.0.113.9", "224.0.0.1",       "239.255.255.250", "240.0.0.1",  "255.255.255.255", "::",
          "::1",         "fe80::1",         "fec0::1",         "fc00::1",    "fd00::1",         "fd00:ec2::254",
          "ff02::1",     "2001::1",         "2001:db8::1",     "3fff::1",    "100::1",          "5f00::1",
          "64:ff9b:1::1"})
        EXPECT_FALSE(is_public_address(a)) << a;
}
TEST(address_guard, sees_through_ipv6_forms_that_embed_a_private_ipv4) {
    for (const char* a : {"::ffff:127.0.0.1", "::ffff:10.1.2.3", "::ffff:a9fe:a9fe", "::127.0.0.1", "64:ff9b::10.0.0.1",
                          "64:ff9b::7f00:1", "2002:7f00:1::", "2002:a00:1::1", "2002:c0a8:101::1"})
        EXPECT_FALSE(is_public_address(a)) << a;
}
TEST(address_guard, what_is_no_address_is_not_public) {
    for (const char* a : {"", "localhost", "1.1.1", "1.1.1.1.1", "0x7f.1", "2130706433", "fe80::1%eth0", "[::1]"})
        EXPECT_FALSE(is_public_address(a)) << a;
}
TEST(address_guard, an_allowed_block_opens_only_itself) {
    const auto guard = address_guard::make({"10.1.0.0/16", "127.0.0.1", "fd00:1::/32", "192.168.7.128/25"}).value();
    for (const char* a :
         {"10.1.0.0", "10.1.255.255", "127.0.0.1", "::ffff:10.1.2.3", "fd00:1::5", "192.168.7.128", "8.8.8.8"})
        EXPECT_TRUE(guard.allows(a)) << a;
    for (const char* a : {"10.0.255.255", "10.2.0.0", "127.0.0.2", "fd00:2::5", "192.168.7.127", "::1", "nonsense"})
        EXPECT_FALSE(guard.allows(a)) << a;
}
TEST(address_guard, names_the_block_that_is_none) {
    for (const char* bad : {"10.0.0.0/33", "localhost", "10.0.0.0/", "10.0.0.0/x", "fd00::/129", "10.0.0.0/8/8", ""}) {
        const auto guard = address_guard::make({"127.0.0.0/8", bad});
        ASSERT_FALSE(guard) << bad;
        EXPECT_EQ(guard.error().code, feedwatch::errc::invalid_config);
        EXPECT_THAT(guard.error().detail, testing::HasSubstr("'" + std::string(bad) + "'"));
    }
}

}  // namespace
}  // namespace feedwatch::http
