#include "tests/support/http2_session.hpp"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <memory>

#include "core/ascii.hpp"

namespace feedwatch::test {
namespace {

struct exchange {
    received_request request;
    server_reply said;
    std::size_t sent = 0;
};

struct session_free {
    void operator()(nghttp2_session* s) const noexcept { nghttp2_session_del(s); }
};
struct callbacks_free {
    void operator()(nghttp2_session_callbacks* c) const noexcept { nghttp2_session_callbacks_del(c); }
};

class session {
  public:
    explicit session(const http2_wire& wire) : wire_(wire) {
        nghttp2_session_callbacks* made = nullptr;
        nghttp2_session_callbacks_new(&made);
        const std::unique_ptr<nghttp2_session_callbacks, callbacks_free> callbacks(made);
        nghttp2_session_callbacks_set_on_header_callback(made, &session::on_header);
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, &session::on_data);
        nghttp2_session_callbacks_set_on_frame_recv_callback(made, &session::on_frame);
        nghttp2_session_callbacks_set_on_stream_close_callback(made, &session::on_close);
        nghttp2_session* handle = nullptr;
        nghttp2_session_server_new(&handle, made, this);
        handle_.reset(handle);
        nghttp2_submit_settings(handle, NGHTTP2_FLAG_NONE, nullptr, 0);
    }

    void talk() {
        std::array<char, 16384> chunk{};
        while (flush()) {
            const std::size_t n = wire_.read(chunk.data(), chunk.size());
            if (n == 0) return;
            const auto* bytes = reinterpret_cast<const std::uint8_t*>(chunk.data());
            if (nghttp2_session_mem_recv(handle_.get(), bytes, n) < 0) return;
        }
    }

  private:
    static session& of(void* self) { return *static_cast<session*>(self); }

    static int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
                         const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* self) {
        const std::string key(reinterpret_cast<const char*>(name), name_size);
        const std::string text(reinterpret_cast<const char*>(value), value_size);
        received_request& request = of(self).streams_[frame->hd.stream_id].request;
        request.protocol = "HTTP/2";
        if (key == ":method") {
            request.method = text;
        } else if (key == ":path") {
            request.target = text;
        } else {
            request.headers[key] = text;
        }
        return 0;
    }
    static int on_data(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* bytes, std::size_t size,
                       void* self) {
        of(self).streams_[id].request.body.append(reinterpret_cast<const char*>(bytes), size);
        return 0;
    }
    static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* self) {
        const bool of_request = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
        if (of_request && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) of(self).respond(frame->hd.stream_id);
        return 0;
    }
    static int on_close(nghttp2_session*, std::int32_t id, std::uint32_t, void* self) {
        of(self).streams_.erase(id);
        return 0;
    }

    void respond(std::int32_t id) {
        exchange& one = streams_[id];
        one.said = wire_.reply(one.request);
        if (one.said.http2 == server_reply::http2_fault::goaway) {
            nghttp2_session_terminate_session2(handle_.get(), 0, NGHTTP2_INTERNAL_ERROR);
            return;
        }
        if (one.said.http2 == server_reply::http2_fault::refuse) {
            nghttp2_submit_rst_stream(handle_.get(), NGHTTP2_FLAG_NONE, id, NGHTTP2_REFUSED_STREAM);
            return;
        }
        header_list all{{":status", std::to_string(one.said.status)}};
        for (const auto& [name, value] : one.said.headers) all.emplace_back(ascii_lower(name), value);
        if (one.said.with_length && one.said.status != 304)
            all.emplace_back("content-length", std::to_string(one.said.body.size()));
        std::vector<nghttp2_nv> fields;
        for (auto& [name, value] : all)
            fields.push_back({reinterpret_cast<std::uint8_t*>(name.data()),
                              reinterpret_cast<std::uint8_t*>(value.data()), name.size(), value.size(),
                              NGHTTP2_NV_FLAG_NONE});  // copied
        nghttp2_data_provider body{};
        body.read_callback = &session::on_body;
        nghttp2_submit_response(handle_.get(), id, fields.data(), fields.size(), &body);
    }

    static ssize_t on_body(nghttp2_session*, std::int32_t id, std::uint8_t* to, std::size_t room, std::uint32_t* flags,
                           nghttp2_data_source*, void* self) {
        exchange& one = of(self).streams_[id];
        const std::string& body = one.said.body;
        const bool cut = one.said.then == server_reply::ending::reset;
        const bool stalls = one.said.http2 == server_reply::http2_fault::stall;
        const std::size_t end = cut || stalls ? body.size() / 2 : body.size();
        const std::size_t size = std::min(room, end - one.sent);
        if (cut && size == 0) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;  // makes it RST_STREAM
        if (stalls && size == 0) return NGHTTP2_ERR_DEFERRED;                // and nothing resumes it
        std::memcpy(to, body.data() + one.sent, size);
        one.sent += size;
        if (!cut && !stalls && one.sent == end) *flags |= NGHTTP2_DATA_FLAG_EOF;
        return static_cast<ssize_t>(size);
    }

    bool flush() {
        const std::uint8_t* bytes = nullptr;
        while (true) {
            const auto n = nghttp2_session_mem_send(handle_.get(), &bytes);
            if (n < 0) return false;
            if (n == 0) break;
            if (!wire_.write(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(n))) return false;
        }
        return nghttp2_session_want_read(handle_.get()) != 0 || nghttp2_session_want_write(handle_.get()) != 0;
    }

    using header_list = std::vector<std::pair<std::string, std::string>>;
    const http2_wire& wire_;
    std::map<std::int32_t, exchange> streams_;
    std::unique_ptr<nghttp2_session, session_free> handle_;
};

}  // namespace

void talk_http2(const http2_wire& wire) {
    session(wire).talk();
}

}  // namespace feedwatch::test
