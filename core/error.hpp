// Errors as values. A function that can fail for reasons its caller must choose about returns result<T>.
// `code` is what to branch on and what metrics count; `detail` is for logs and dead letters, never a secret.
#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace feedwatch {

// The failures that several modules share. A module with its own failures has its own enum and category.
enum class errc {
    malformed = 1,   // the input is not of the format it should be
    too_large,       // a limit of ours was passed; the detail names it
    not_found,       // what was asked for is not there
    unsupported,     // well-formed, but nothing that we handle (an unknown schema version, say)
    conflict,        // somebody else holds or has changed it (fencing, a newer database schema)
    unavailable,     // the other side does not answer now; trying again later may help
    timeout,         // the deadline passed
    refused,         // the other side (or a guard of ours) said no; trying again does not help
    invalid_config,  // configuration that cannot work
    internal,        // a promise of our own was broken; a bug
};

[[nodiscard]] const boost::system::error_category& feedwatch_category() noexcept;
[[nodiscard]] boost::system::error_code make_error_code(errc code) noexcept;

struct error {
    boost::system::error_code code;
    std::string detail;

    error() = default;
    error(boost::system::error_code c, std::string d = {}) : code(c), detail(std::move(d)) {}
    error(errc c, std::string d = {}) : code(make_error_code(c)), detail(std::move(d)) {}

    // "malformed: byte 12: unexpected end", for people.
    [[nodiscard]] std::string message() const;
    friend bool operator==(const error&, const error&) = default;
};

// Whether the same call may succeed later without anybody changing anything.
[[nodiscard]] bool is_retryable(const error& e) noexcept;

[[noreturn]] void throw_exception_from_error(const error& e, const boost::source_location& where);

template <class T = void>
using result = boost::system::result<T, error>;

}  // namespace feedwatch

template <>
struct boost::system::is_error_code_enum<feedwatch::errc> : std::true_type {};
