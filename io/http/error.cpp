#include <string>

#include "io/http/client.hpp"

namespace feedwatch::http {
namespace {

class http_category final : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "feedwatch.http"; }
    std::string message(int value) const override { return std::string(name_of(static_cast<errc>(value))); }
};

}  // namespace

std::string_view name_of(errc code) noexcept {
    switch (code) {
        case errc::timeout:
            return "timeout";
        case errc::dns:
            return "dns";
        case errc::connect:
            return "connect";
        case errc::tls:
            return "tls";
        case errc::reset:
            return "reset";
        case errc::protocol:
            return "protocol";
        case errc::encoding:
            return "encoding";
        case errc::too_large:
            return "too_large";
        case errc::redirects:
            return "redirects";
        case errc::address_refused:
            return "address_refused";
        case errc::url:
            return "url";
        case errc::cancelled:
            return "cancelled";
        case errc::proxy:
            return "proxy";
    }
    return "unknown";
}

const boost::system::error_category& category() noexcept {
    static const http_category instance;
    return instance;
}

boost::system::error_code make_error_code(errc code) noexcept {
    return {static_cast<int>(code), category()};
}

const std::string* response::header(std::string_view lower_case_name) const noexcept {
    for (const auto& [name, value] : headers) {
        if (name == lower_case_name) return &value;
    }
    return nullptr;
}

}  // namespace feedwatch::http
