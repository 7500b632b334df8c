// Content-Encoding undone while the bytes arrive. Ours and not libcurl's, since 7.88 takes a truncated gzip or brotli
// stream for a whole one, decodes encodings that were not asked for, and counts its limit before decompression. Private
// to io/http.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace feedwatch::http {

inline constexpr std::string_view accepted_encodings = "gzip, deflate, br, zstd";

class decoder {
  public:
    virtual ~decoder() = default;
    // Appends what `bytes` decode to. errc::too_large as soon as `out` would pass `bytes_max`; errc::protocol for a
    // corrupt stream.
    virtual result<> feed(std::string_view bytes, std::string& out, std::size_t bytes_max) = 0;
    // errc::protocol where the stream stops before its end. A body without a byte is complete.
    [[nodiscard]] virtual result<> finish() const = 0;
};

// For the value of a Content-Encoding header (empty: none). errc::encoding for one that accepted_encodings does not
// name, and for several on top of each other.
[[nodiscard]] result<std::unique_ptr<decoder>> make_decoder(std::string_view content_encoding);

}  // namespace feedwatch::http
