#include "io/http/server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <array>
#include <exception>
#include <optional>
#include <thread>

#include "core/ascii.hpp"
#include "io/http/late_reply.hpp"
#include "io/log/log.hpp"

namespace feedwatch::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace wire = boost::beast::http;
using asio::ip::tcp;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

// What we answer; the metric's series exist from the start.
constexpr std::array<std::uint32_t, 13> known_statuses{200, 204, 304, 400, 403, 404, 405, 410, 413, 431, 500, 503, 0};

// What a client may still send after its request was refused, so that it reads the answer and not a reset.
constexpr duration linger_max = std::chrono::seconds{2};
constexpr std::size_t linger_bytes_max = 1U << 20U;

using request_parser = wire::request_parser<wire::string_body>;

std::string_view target_of(const request_parser& parser) {
    const auto target = parser.get().target();
    return {target.data(), target.size()};
}

received_request received_of(const request_parser& parser) {
    const std::string_view target = target_of(parser);
    const std::size_t mark = target.find('?');
    received_request out;
    out.is_post = parser.get().method() == wire::verb::post;
    out.path = target.substr(0, mark);
    if (mark != std::string_view::npos) out.query = target.substr(mark + 1);
    for (const auto& f : parser.get()) {
        const std::string_view name(f.name_string().data(), f.name_string().size());
        out.headers.emplace_back(ascii_lower(name), std::string(f.value().data(), f.value().size()));
    }
    return out;
}

served_reply refusal(std::uint32_t status, std::string_view why) {
    return {status, "text/plain; charset=utf-8", std::string(why) + '\n', {}};
}

class beast_server final : public server {
  public:
    beast_server(server_options options, route_table routes, receiver_table receivers, meter& counts)
        : options_(std::move(options)),
          routes_(std::move(routes)),
          receivers_(std::move(receivers)),
          connections_(counts.get_gauge("feedwatch_http_connections", "Open connections to the HTTP port.")) {
        for (const std::uint32_t status : known_statuses) {
            answered_.push_back(&counts.get_counter("feedwatch_http_requests_total",
                                                    "Answered HTTP requests by status.",
                                                    {{"code", status == 0 ? "other" : std::to_string(status)}}));
        }
    }

    ~beast_server() override {
        gate_->close();
        loop_.stop();
        if (thread_.joinable()) thread_.join();
    }

    result<> start() {
        const auto where = parse_listen(options_.listen);
        if (!where) return where.error();
        boost::system::error_code code;
        const auto found = tcp::resolver(loop_).resolve(where->host, std::to_string(where->port), code);
        if (code || found.empty()) {
            return error(errc::invalid_config, "cannot find the address to listen on, '" + where->host + "'");
        }
        const tcp::endpoint endpoint = found.begin()->endpoint();
        acceptor_.open(endpoint.protocol(), code);
        if (!code) acceptor_.set_option(tcp::acceptor::reuse_address(true), code);
        if (!code) acceptor_.bind(endpoint, code);
        if (!code) acceptor_.listen(asio::socket_base::max_listen_connections, code);
        if (code) return error(errc::unavailable, "cannot listen on " + options_.listen + ": " + code.message());
        local_ = acceptor_.local_endpoint(code);
        asio::co_spawn(loop_, accept_all(), [](std::exception_ptr failed) {
            if (failed) std::rethrow_exception(failed);
        });
        thread_ = std::thread([this] { loop_.run(); });
        return {};
    }

    std::uint16_t port() const override { return local_.port(); }
    std::string address() const override {
        const std::string host = local_.address().to_string();
        return (local_.address().is_v6() ? '[' + host + ']' : host) + ':' + std::to_string(local_.port());
    }

  private:
    asio::awaitable<void> accept_all() {
        asio::steady_timer pause(loop_);
        for (;;) {
            auto [code, socket] = co_await acceptor_.async_accept(as_result);
            if (code == asio::error::operation_aborted) co_return;
            if (code) {  // out of descriptors, say: what is open goes on, and we try again
                log::warning("http accept failed", {{"error", code.message()}});
                pause.expires_after(std::chrono::milliseconds(200));
                co_await pause.async_wait(as_result);
                continue;
            }
            if (open_ >= options_.connections_max) {
                turn_away(std::move(socket));
                continue;
            }
            connections_.set(++open_);
            asio::co_spawn(loop_, serve(beast::tcp_stream(std::move(socket))), [this](std::exception_ptr failed) {
                connections_.set(--open_);
                if (failed) std::rethrow_exception(failed);
            });
        }
    }

    // Best effort, without waiting: the socket's buffer is empty, so that the few bytes fit.
    void turn_away(tcp::socket socket) {
        static constexpr std::string_view busy =
            "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\nRetry-After: 1\r\n\r\n";
        boost::system::error_code ignored;
        socket.non_blocking(true, ignored);
        socket.write_some(asio::buffer(busy), ignored);
        count(503);
    }

    asio::awaitable<void> serve(beast::tcp_stream stream) {
        beast::flat_buffer buffer(options_.header_bytes_max + options_.body_bytes_max);
        for (bool more = true; more;) {
            if (buffer.size() == 0) {
                stream.expires_after(options_.idle_timeout);
                auto [code, bytes] = co_await stream.async_read_some(buffer.prepare(4096), as_result);
                if (code) break;
                buffer.commit(bytes);
            }
            request_parser parser;
            parser.header_limit(options_.header_bytes_max);
            parser.body_limit(boost::none);  // by read_body() and receive(), once it is known who it is for
            stream.expires_after(options_.read_timeout);
            auto [code, bytes] = co_await wire::async_read_header(stream, buffer, parser, as_result);
            std::optional<served_reply> reply;
            if (code) {
                reply = refusal_for(code);
            } else if (receiver* to = receiver_for(target_of(parser))) {
                reply = co_await receive(stream, buffer, parser, *to);
            } else {
                reply = co_await read_body(stream, buffer, parser, options_.body_bytes_max);
                if (!reply && parser.is_done()) reply = answer(parser.get());
            }
            if (!reply) break;
            more = !code && parser.is_done() && parser.get().keep_alive();
            count(reply->status);
            const bool head = !code && parser.get().method() == wire::verb::head;
            stream.expires_after(options_.write_timeout);
            const boost::system::error_code failed = co_await send(stream, *std::move(reply), head, more);
            if (failed) break;
            if (!more && !parser.is_done()) co_await linger(stream);
        }
        boost::system::error_code ignored;
        stream.socket().shutdown(tcp::socket::shutdown_both, ignored);
    }

    // The rest of a request, within a limit that the header may already pass. An answer where it cannot be had; where
    // there is no one left to tell, neither an answer nor a whole request.
    asio::awaitable<std::optional<served_reply>> read_body(beast::tcp_stream& stream, beast::flat_buffer& buffer,
                                                           request_parser& parser, std::size_t body_bytes_max) {
        const auto length = parser.content_length();
        if (length && *length > body_bytes_max) co_return refusal(413, "the request's body is too large");
        parser.body_limit(body_bytes_max);  // of one in chunks
        auto [code, bytes] = co_await wire::async_read(stream, buffer, parser, as_result);
        if (code) co_return refusal_for(code);
        co_return std::nullopt;
    }

    asio::awaitable<std::optional<served_reply>> receive(beast::tcp_stream& stream, beast::flat_buffer& buffer,
                                                         request_parser& parser, receiver& to) {
        const wire::verb method = parser.get().method();
        if (method != wire::verb::get && method != wire::verb::post) {
            co_return refusal(405, "GET and POST only");
        }
        received_request what = received_of(parser);
        const auto length = parser.content_length();
        receiver::admission admitted = to.admit(what, length ? std::optional<std::uint64_t>(*length) : std::nullopt);
        if (admitted.refusal) co_return std::move(admitted.refusal);
        stream.expires_after(options_.receive_timeout);
        if (parser.get()[wire::field::expect] == "100-continue" && !parser.is_done()) {
            static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
            auto [code, bytes] = co_await asio::async_write(stream, asio::buffer(go_on), as_result);
            if (code) co_return std::nullopt;
        }
        auto failed = co_await read_body(stream, buffer, parser, admitted.body_bytes_max);
        if (failed || !parser.is_done()) co_return std::move(failed);
        what.body = std::move(parser.get().body());
        what.place = std::move(admitted.place);
        const auto late = std::make_shared<late_reply>(gate_);
        to.receive(std::move(what), late->promise());
        co_return co_await late->wait(loop_, options_.answer_timeout);
    }

    static asio::awaitable<void> linger(beast::tcp_stream& stream) {
        boost::system::error_code ignored;
        stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
        stream.expires_after(linger_max);
        std::array<char, 4096> unread{};
        for (std::size_t read = 0; read < linger_bytes_max;) {
            auto [code, bytes] = co_await stream.async_read_some(asio::buffer(unread), as_result);
            if (code) break;
            read += bytes;
        }
    }

    [[nodiscard]] receiver* receiver_for(std::string_view target) const {
        for (const auto& [prefix, to] : receivers_)
            if (target.starts_with(prefix)) return to;
        return nullptr;
    }

    static asio::awaitable<boost::system::error_code> send(beast::tcp_stream& stream, served_reply reply, bool head,
                                                           bool keep_alive) {
        wire::response<wire::string_body> message(static_cast<wire::status>(reply.status), 11);
        message.set(wire::field::content_type, reply.content_type);
        message.set(wire::field::cache_control, reply.etag.empty() ? "no-store" : "no-cache");
        message.set("X-Content-Type-Options", "nosniff");
        if (!reply.etag.empty()) message.set(wire::field::etag, reply.etag);
        if (reply.status == 405)
            message.set(wire::field::allow, reply.body.find("POST") == std::string::npos ? "GET, HEAD" : "GET, POST");
        if (reply.retry_after_seconds > 0)
            message.set(wire::field::retry_after, std::to_string(reply.retry_after_seconds));
        if (reply.status != 304 && reply.status != 204) message.content_length(reply.body.size());
        message.keep_alive(keep_alive);
        if (!head) message.body() = std::move(reply.body);
        wire::response_serializer<wire::string_body> serializer(message);
        if (head) {
            auto [code, bytes] = co_await wire::async_write_header(stream, serializer, as_result);
            co_return code;
        }
        auto [code, bytes] = co_await wire::async_write(stream, serializer, as_result);
        co_return code;
    }

    // What to tell a client whose request could not be read; nullopt: it is gone, or too slow to be told.
    static std::optional<served_reply> refusal_for(const boost::system::error_code& code) {
        if (code == wire::error::header_limit || code == wire::error::buffer_overflow) {
            return refusal(431, "the request's header is too large");
        }
        if (code == wire::error::body_limit) {
            return refusal(413, "the request's body is too large");
        }
        if (code == wire::error::end_of_stream || code == wire::error::partial_message ||
            code.category() != make_error_code(wire::error::bad_method).category()) {
            return std::nullopt;
        }
        return refusal(400, "not an HTTP request that we understand");
    }

    served_reply answer(const wire::request<wire::string_body>& message) const {
        const std::string_view target(message.target().data(), message.target().size());
        if (!target.starts_with('/')) return refusal(400, "the request's target is not a path");
        const std::size_t mark = target.find('?');
        served_request asked{std::string(target.substr(0, mark)),
                             mark == std::string_view::npos ? "" : std::string(target.substr(mark + 1))};
        const auto found = routes_.find(asked.path);
        if (found == routes_.end()) return refusal(404, "nothing here; " + paths());
        if (message.method() != wire::verb::get && message.method() != wire::verb::head) {
            return refusal(405, "GET and HEAD only");
        }
        try {
            served_reply reply = found->second(asked);
            const auto known = message.find(wire::field::if_none_match);
            if (!reply.etag.empty() && known != message.end() && known->value() == reply.etag) {
                reply.status = 304;
                reply.body.clear();
            }
            return reply;
        } catch (const std::exception& failed) {
            log::error("http handler failed", {{"path", asked.path}, {"error", failed.what()}});
            return refusal(500, "this failed; see the log");
        }
    }

    std::string paths() const {
        std::string out = "try";
        for (const auto& [path, handler] : routes_) out += ' ' + path;
        return out;
    }

    void count(std::uint32_t status) {
        std::size_t i = 0;
        while (known_statuses[i] != 0 && known_statuses[i] != status) ++i;
        answered_[i]->add();
    }

    server_options options_;
    route_table routes_;
    receiver_table receivers_;
    gauge& connections_;
    std::vector<counter*> answered_;
    std::uint32_t open_ = 0;  // used on the loop's thread only
    asio::io_context loop_{1};
    std::shared_ptr<reply_gate> gate_ = std::make_shared<reply_gate>(loop_);
    tcp::acceptor acceptor_{loop_};
    tcp::endpoint local_;
    std::thread thread_;
};

}  // namespace

const std::string* received_request::header(std::string_view lower_case_name) const noexcept {
    for (const auto& [name, value] : headers)
        if (name == lower_case_name) return &value;
    return nullptr;
}

result<std::unique_ptr<server>> start_server(server_options options, route_table routes, meter& counts,
                                             receiver_table receivers) {
    auto made = std::make_unique<beast_server>(std::move(options), std::move(routes), std::move(receivers), counts);
    const result<> started = made->start();
    if (!started) return started.error();
    return made;
}

}  // namespace feedwatch::http
