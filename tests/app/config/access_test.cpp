// Certificates and proxies of feeds, and the network's proxy: references and addresses, never a secret.
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "app/config/config.hpp"
#include "app/config/feeds.hpp"

namespace feedwatch::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class access_test : public testing::Test {
  protected:
    access_test() : folder_(std::filesystem::temp_directory_path() / ("feedwatch-access-" + std::to_string(getpid()))) {
        std::filesystem::create_directories(folder_);
    }
    ~access_test() override { std::filesystem::remove_all(folder_); }

    result<loaded_feeds> load(const std::string& keys) {
        const std::string file = (folder_ / "feeds.yaml").string();
        std::ofstream(file) << "feeds: [{ url: 'https://a.example/f', " << keys << " }]\n";
        feeds_config config;
        config.files = {file};
        return load_feeds(config, nothing_);
    }
    feed good(const std::string& keys) {
        auto loaded = load(keys);
        EXPECT_TRUE(loaded) << loaded.error().detail;
        return loaded ? loaded->feeds.at(0) : feed{};
    }
    std::string bad(const std::string& keys) {
        const auto loaded = load(keys);
        EXPECT_FALSE(loaded) << keys;
        return loaded ? "" : loaded.error().detail;
    }
    result<loaded_config> load_network(const std::string& keys) {
        return parse_config("feeds: { files: [] }\nnetwork: { " + keys + " }\n", (folder_ / "c.yaml").string(),
                            nothing_);
    }

    const environment nothing_ = [](std::string_view) { return std::nullopt; };
    std::filesystem::path folder_;
};

TEST_F(access_test, a_certificate_its_key_and_passphrase_are_references) {
    const feed f = good(
        "client_certificate: 'env:CERTIFICATE', client_key_file: own.key, client_key_passphrase: "
        "'file:/run/secrets/p'");
    EXPECT_EQ(f.client_certificate, "env:CERTIFICATE");
    EXPECT_EQ(f.client_key, "file:" + (folder_ / "own.key").string());
    EXPECT_EQ(f.client_key_passphrase, "file:/run/secrets/p");
    EXPECT_EQ(good("client_certificate_file: both.pem").client_certificate, "file:" + (folder_ / "both.pem").string());
}
TEST_F(access_test, a_secret_in_the_place_of_a_reference_is_refused_and_not_shown) {
    for (const char* key : {"client_certificate", "client_key", "client_key_passphrase", "proxy_credentials"})
        EXPECT_THAT(bad(std::string(key) + ": MARKER"),
                    AllOf(HasSubstr(key), HasSubstr("env:NAME"), Not(HasSubstr("MARKER"))));
    EXPECT_THAT(bad("client_certificate: 'basic:env:X'"), HasSubstr("file:/path or env:NAME"));
    EXPECT_THAT(bad("client_certificate: 'env:X', client_certificate_file: x"), HasSubstr("not both"));
}
TEST_F(access_test, a_key_without_a_certificate_is_a_mistake) {
    EXPECT_THAT(bad("client_key: 'env:K'"), HasSubstr("client_certificate"));
    EXPECT_THAT(bad("client_key_passphrase: 'env:K'"), HasSubstr("client_certificate"));
}
TEST_F(access_test, a_proxy_has_a_scheme_a_host_and_a_port_and_no_password) {
    EXPECT_EQ(good("proxy: 'socks5h://p.example:1080', proxy_credentials: 'env:P'").proxy, "socks5h://p.example:1080");
    EXPECT_EQ(good("proxy: none").proxy, "none");
    EXPECT_EQ(good("title: x").proxy, "");
    EXPECT_THAT(bad("proxy: 'socks5://p.example:1080'"), HasSubstr("socks5h"));
    EXPECT_THAT(bad("proxy: 'http://p.example'"), HasSubstr("port"));
    EXPECT_THAT(bad("proxy: 'http://me:MARKER@p.example:1'"),
                AllOf(HasSubstr("proxy_credentials"), Not(HasSubstr("MARKER"))));
    EXPECT_THAT(bad("proxy_credentials: 'env:P'"), HasSubstr("for a proxy"));
    EXPECT_THAT(bad("proxy: none, proxy_credentials: 'env:P'"), HasSubstr("for a proxy"));
}
TEST_F(access_test, the_networks_proxy_is_checked_and_its_credentials_may_be_in_a_file) {
    std::ofstream(folder_ / "proxy") << "me:secret\n";
    std::filesystem::permissions(folder_ / "proxy", std::filesystem::perms::owner_read);
    const auto loaded = load_network("proxy: 'http://10.0.0.5:3128', proxy_credentials_file: proxy");
    ASSERT_TRUE(loaded) << loaded.error().detail;
    EXPECT_EQ(loaded->values.network.proxy, "http://10.0.0.5:3128");
    EXPECT_EQ(loaded->values.network.proxy_credentials.reveal(), "me:secret");
    const auto wrong = load_network("proxy: 'socks4://10.0.0.5:3128'");
    ASSERT_FALSE(wrong);
    EXPECT_THAT(wrong.error().detail, HasSubstr("network.proxy"));
}

}  // namespace
}  // namespace feedwatch::app
