// Bodies compressed for tests.
#pragma once

#include <brotli/encode.h>
#include <zlib.h>

#include <string>
#include <string_view>

namespace feedwatch::test {

enum class format { gzip = MAX_WBITS + 16, zlib = MAX_WBITS, raw = -MAX_WBITS };

inline std::string deflated(std::string_view bytes, format as) {
    z_stream z{};
    deflateInit2(&z, 9, Z_DEFLATED, static_cast<int>(as), 9, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&z, bytes.size()) + 64, '\0');
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    z.avail_in = static_cast<uInt>(bytes.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    deflate(&z, Z_FINISH);
    out.resize(z.total_out);
    deflateEnd(&z);
    return out;
}

inline std::string brotlied(std::string_view bytes) {
    std::size_t size = BrotliEncoderMaxCompressedSize(bytes.size()) + 64;
    std::string out(size, '\0');
    BrotliEncoderCompress(5, 22, BROTLI_MODE_TEXT, bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()),
                          &size, reinterpret_cast<std::uint8_t*>(out.data()));
    out.resize(size);
    return out;
}

}  // namespace feedwatch::test
