#include "io/http/decoder.hpp"

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <array>

#include "core/ascii.hpp"
#include "io/http/client.hpp"

namespace feedwatch::http {
namespace {

constexpr std::size_t chunk_bytes = 64U << 10U;

error over(std::size_t bytes_max) {
    return {errc::too_large, "the body is over the limit of " + std::to_string(bytes_max) + " bytes"};
}
error corrupt(std::string_view what) {
    return {errc::protocol, std::string(what) + " data is corrupt"};
}
error cut_short(std::string_view what) {
    return {errc::protocol, std::string(what) + " data stops before its end"};
}

result<> append(std::string_view bytes, std::string& out, std::size_t bytes_max) {
    if (bytes.size() > bytes_max - std::min(bytes_max, out.size())) return over(bytes_max);
    out.append(bytes);
    return {};
}

class identity final : public decoder {
  public:
    result<> feed(std::string_view bytes, std::string& out, std::size_t bytes_max) override {
        return append(bytes, out, bytes_max);
    }
    result<> finish() const override { return {}; }
};

// gzip (with several members, as RFC 1952 allows) and deflate (zlib as RFC 9110 says, or raw as some servers do).
class zlib final : public decoder {
  public:
    explicit zlib(bool gzip) : gzip_(gzip) {}
    ~zlib() override {
        if (started_) inflateEnd(&stream_);
    }
    zlib(const zlib&) = delete;
    zlib& operator=(const zlib&) = delete;

    result<> feed(std::string_view bytes, std::string& out, std::size_t bytes_max) override {
        seen_ = seen_ || !bytes.empty();
        std::string joined;
        if (!started_) {
            head_.append(bytes);
            if (head_.size() < 2) return {};
            joined.swap(head_);
            bytes = joined;
            if (auto begun = begin(bytes); !begun) return begun;
        }
        return inflate_all(bytes, out, bytes_max);
    }
    result<> finish() const override {
        if (seen_ && !ended_) return cut_short(name());
        return {};
    }

  private:
    [[nodiscard]] std::string_view name() const { return gzip_ ? "gzip" : "deflate"; }

    result<> begin(std::string_view first) {
        const auto b0 = static_cast<unsigned char>(first[0]);
        const auto b1 = static_cast<unsigned char>(first[1]);
        const bool wrapped = (b0 & 0x0FU) == 8 && (b0 * 256U + b1) % 31 == 0;  // RFC 1950, section 2.2
        const int window_bits = gzip_ ? MAX_WBITS + 16 : wrapped ? MAX_WBITS : -MAX_WBITS;
        if (inflateInit2(&stream_, window_bits) != Z_OK) return error(feedwatch::errc::internal, "zlib did not start");
        started_ = true;
        return {};
    }

    result<> inflate_all(std::string_view bytes, std::string& out, std::size_t bytes_max) {
        std::array<unsigned char, chunk_bytes> chunk;
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib does not write there
        stream_.avail_in = static_cast<uInt>(bytes.size());
        while (stream_.avail_in > 0 || stream_.avail_out == 0) {
            if (ended_ && !next_member()) return {};
            stream_.next_out = chunk.data();
            stream_.avail_out = static_cast<uInt>(chunk.size());
            const int status = inflate(&stream_, Z_NO_FLUSH);
            if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) return corrupt(name());
            const std::size_t made = chunk.size() - stream_.avail_out;
            if (auto r = append({reinterpret_cast<const char*>(chunk.data()), made}, out, bytes_max); !r) return r;
            ended_ = status == Z_STREAM_END;
            if (status == Z_BUF_ERROR) return {};
        }
        return {};
    }

    // What follows a gzip member and is not another one is padding, ignored as every client does.
    bool next_member() {
        if (!gzip_ || stream_.avail_in == 0 || *stream_.next_in != 0x1F) return false;
        ended_ = false;
        return inflateReset(&stream_) == Z_OK;
    }

    bool gzip_;
    bool started_ = false;
    bool seen_ = false;
    bool ended_ = false;
    std::string head_;  // the first byte, until the second tells zlib from raw deflate
    z_stream stream_{};
};

struct brotli_free {
    void operator()(BrotliDecoderState* s) const noexcept { BrotliDecoderDestroyInstance(s); }
};

class brotli final : public decoder {
  public:
    brotli() : state_(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)) {}

    result<> feed(std::string_view bytes, std::string& out, std::size_t bytes_max) override {
        if (!state_) return error(feedwatch::errc::internal, "brotli did not start");
        seen_ = seen_ || !bytes.empty();
        std::array<std::uint8_t, chunk_bytes> chunk;
        const auto* next_in = reinterpret_cast<const std::uint8_t*>(bytes.data());
        std::size_t left = bytes.size();
        while (!ended_) {
            std::uint8_t* next_out = chunk.data();
            std::size_t room = chunk.size();
            const auto status = BrotliDecoderDecompressStream(state_.get(), &left, &next_in, &room, &next_out, nullptr);
            if (status == BROTLI_DECODER_RESULT_ERROR) return corrupt("brotli");
            const std::string_view made(reinterpret_cast<const char*>(chunk.data()), chunk.size() - room);
            if (auto r = append(made, out, bytes_max); !r) return r;
            ended_ = status == BROTLI_DECODER_RESULT_SUCCESS;
            if (status == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT) return {};
        }
        return {};
    }
    result<> finish() const override {
        if (seen_ && !ended_) return cut_short("brotli");
        return {};
    }

  private:
    std::unique_ptr<BrotliDecoderState, brotli_free> state_;
    bool seen_ = false;
    bool ended_ = false;
};

struct zstd_free {
    void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

// One or more frames, skippable ones among them (RFC 8878). What follows a frame and is no other one is corrupt.
class zstd final : public decoder {
  public:
    zstd() : context_(ZSTD_createDCtx()) {
        if (context_) ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, window_log_max);
    }

    result<> feed(std::string_view bytes, std::string& out, std::size_t bytes_max) override {
        if (!context_) return error(feedwatch::errc::internal, "zstd did not start");
        std::array<char, chunk_bytes> chunk;
        ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
        // zstd keeps the last byte of a frame unread until all of the frame is out: no output waits behind the input.
        while (in.pos < in.size) {
            ZSTD_outBuffer made{chunk.data(), chunk.size(), 0};
            const std::size_t status = ZSTD_decompressStream(context_.get(), &made, &in);
            if (ZSTD_isError(status) != 0) return refused(status);
            if (auto r = append({chunk.data(), made.pos}, out, bytes_max); !r) return r;
            inside_frame_ = status != 0;
        }
        return {};
    }
    result<> finish() const override {
        if (inside_frame_) return cut_short("zstd");
        return {};
    }

  private:
    // 8 MiB: what RFC 9659 lets a server use, and so what one body may cost us in memory.
    static constexpr int window_log_max = 23;

    static error refused(std::size_t status) {
        if (ZSTD_getErrorCode(status) == ZSTD_error_frameParameter_windowTooLarge)
            return {errc::protocol, "zstd data needs a window of more than 8 MiB"};
        return corrupt("zstd");
    }

    std::unique_ptr<ZSTD_DCtx, zstd_free> context_;
    bool inside_frame_ = false;
};

std::string without_identity(std::string_view list) {
    std::string out;
    std::string word;
    const auto flush = [&] {
        if (!word.empty() && word != "identity") out += out.empty() ? word : "," + word;
        word.clear();
    };
    for (const char c : list) {
        if (c == ',') {
            flush();
        } else if (c != ' ' && c != '\t') {
            word += ascii_lower(c);
        }
    }
    flush();
    return out;
}

}  // namespace

result<std::unique_ptr<decoder>> make_decoder(std::string_view content_encoding) {
    const std::string name = without_identity(content_encoding);
    std::unique_ptr<decoder> made;
    if (name.empty()) made = std::make_unique<identity>();
    if (name == "gzip" || name == "x-gzip") made = std::make_unique<zlib>(true);
    if (name == "deflate") made = std::make_unique<zlib>(false);
    if (name == "br") made = std::make_unique<brotli>();
    if (name == "zstd") made = std::make_unique<zstd>();
    if (!made) return error(errc::encoding, "content encoding '" + name.substr(0, 40) + "' was not asked for");
    return made;
}

}  // namespace feedwatch::http
