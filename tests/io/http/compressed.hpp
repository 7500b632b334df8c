// Bodies compressed for tests.
#pragma once

#include <brotli/encode.h>
#include <zlib.h>
#include <zstd.h>

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

// One frame with a checksum, made with a window of 2^window_log bytes.
inline std::string zstded(std::string_view bytes, int window_log = 20) {
    ZSTD_CCtx* context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);  // else the content may be the window
    std::string out(ZSTD_compressBound(bytes.size()), '\0');
    const std::size_t size = ZSTD_compress2(context, out.data(), out.size(), bytes.data(), bytes.size());
    out.resize(ZSTD_isError(size) != 0 ? 0 : size);
    ZSTD_freeCCtx(context);
    return out;
}

}  // namespace feedwatch::test
