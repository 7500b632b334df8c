#include "app/versions.hpp"

#include <curl/curl.h>
#include <libpq-fe.h>
#include <simdjson.h>
#include <sqlite3.h>
#include <unicode/uversion.h>
#include <zstd.h>

#include <array>
#include <boost/version.hpp>

#include "app/commands.hpp"
#include "io/kafka/runner.hpp"

namespace feedwatch::app {
namespace {

std::string dotted(int major, int minor, int patch) {
    return std::to_string(major) + '.' + std::to_string(minor) + '.' + std::to_string(patch);
}

std::string icu_version() {
    UVersionInfo parts;
    std::array<char, U_MAX_VERSION_STRING_LENGTH> text{};
    u_getVersion(parts);
    u_versionToString(parts, text.data());
    return text.data();
}

// 150014 is 15.14: two parts since version 10.
std::string postgres_version(int number) {
    return std::to_string(number / 10000) + '.' + std::to_string(number % 10000);
}

}  // namespace

std::string version() {
    return FEEDWATCH_VERSION;
}

std::vector<std::pair<std::string, std::string>> library_versions() {
    return {
        {"librdkafka", kafka::library_version()},
        {"libcurl", curl_version_info(CURLVERSION_NOW)->version},
        {"libzstd", ZSTD_versionString()},
        {"simdjson", dotted(simdjson::SIMDJSON_VERSION_MAJOR, simdjson::SIMDJSON_VERSION_MINOR,
                            simdjson::SIMDJSON_VERSION_REVISION)},
        {"Boost", dotted(BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100)},
        {"ICU", icu_version()},
        {"SQLite", sqlite3_libversion()},
        {"libpq", postgres_version(PQlibVersion())},
        {"prometheus-cpp", FEEDWATCH_PROMETHEUS_VERSION},
    };
}

std::string version_text() {
    std::string out = "feedwatch " + version();
    for (const auto& [name, number] : library_versions()) ((out += "\n  ") += name) += ' ' + number;
    return out;
}

}  // namespace feedwatch::app
