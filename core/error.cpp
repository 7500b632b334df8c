#include "core/error.hpp"

#include <boost/system/system_error.hpp>

namespace feedwatch {
namespace {

class category final : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "feedwatch"; }
    std::string message(int value) const override {
        switch (static_cast<errc>(value)) {
            case errc::malformed:
                return "malformed";
            case errc::too_large:
                return "too_large";
            case errc::not_found:
                return "not_found";
            case errc::unsupported:
                return "unsupported";
            case errc::conflict:
                return "conflict";
            case errc::unavailable:
                return "unavailable";
            case errc::timeout:
                return "timeout";
            case errc::refused:
                return "refused";
            case errc::invalid_config:
                return "invalid_config";
            case errc::internal:
                return "internal";
        }
        return "unknown";
    }
};

}  // namespace

const boost::system::error_category& feedwatch_category() noexcept {
    static const category instance;
    return instance;
}

boost::system::error_code make_error_code(errc code) noexcept {
    return {static_cast<int>(code), feedwatch_category()};
}

std::string error::message() const {
    if (detail.empty()) return code.message();
    return code.message() + ": " + detail;
}

bool is_retryable(const error& e) noexcept {
    return e.code == make_error_code(errc::unavailable) || e.code == make_error_code(errc::timeout);
}

void throw_exception_from_error(const error& e, const boost::source_location&) {
    throw boost::system::system_error(e.code, e.detail);
}

}  // namespace feedwatch
