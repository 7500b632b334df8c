#include "io/http/server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <array>
#include <exception>
#include <optional>
#include <thread>

#include "io/log/log.hpp"

namespace feedwatch::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace wire = boost::beast::http;
using asio::ip::tcp;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

// What we answer; the metric's series exist from the start.
constexpr std::array<std::uint32_t, 10> known_statuses{200, 304, 400, 404, 405, 413, 431, 500, 503, 0};

class beast_server final : public server {
  public:
    beast_server(server_options options, route_table routes, meter& counts)
        : options_(std::move(options)),
          routes_(std::move(routes)),
          connections_(counts.get_gauge("feedwatch_http_connections", "Open connections to the HTTP port.")) {
        for (const std::uint32_t status : known_statuses) {
            answered_.push_back(&counts.get_counter("feedwatch_http_requests_total",
                                                    "Answered HTTP requests by status.",
                                                    {{"code", status == 0 ? "other" : std::to_string(status)}}));
        }
    }

    ~beast_server() override {
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
            wire::request_parser<wire::string_body> parser;
            parser.header_limit(options_.header_bytes_max);
            parser.body_limit(options_.body_bytes_max);
            stream.expires_after(options_.read_timeout);
            auto [code, bytes] = co_await wire::async_read(stream, buffer, parser, as_result);
            served_reply reply;
            if (code) {
                const auto refusal = refusal_for(code);
                if (!refusal) break;
                reply = *refusal;
                more = false;
            } else {
                reply = answer(parser.get());
                more = parser.get().keep_alive();
            }
            count(reply.status);
            const bool head = !code && parser.get().method() == wire::verb::head;
            stream.expires_after(options_.write_timeout);
            const boost::system::error_code failed = co_await send(stream, std::move(reply), head, more);
            if (failed) break;
        }
        boost::system::error_code ignored;
        stream.socket().shutdown(tcp::socket::shutdown_both, ignored);
    }

    static asio::awaitable<boost::system::error_code> send(beast::tcp_stream& stream, served_reply reply, bool head,
                                                           bool keep_alive) {
        wire::response<wire::string_body> message(static_cast<wire::status>(reply.status), 11);
        message.set(wire::field::content_type, reply.content_type);
        message.set(wire::field::cache_control, reply.etag.empty() ? "no-store" : "no-cache");
        message.set("X-Content-Type-Options", "nosniff");
        if (!reply.etag.empty()) message.set(wire::field::etag, reply.etag);
        if (reply.status == 405) message.set(wire::field::allow, "GET, HEAD");
        if (reply.status != 304) message.content_length(reply.body.size());
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
            return served_reply{431, "text/plain; charset=utf-8", "the request's header is too large\n", {}};
        }
        if (code == wire::error::body_limit) {
            return served_reply{413, "text/plain; charset=utf-8", "the request's body is too large\n", {}};
        }
        if (code == wire::error::end_of_stream || code == wire::error::partial_message ||
            code.category() != make_error_code(wire::error::bad_method).category()) {
            return std::nullopt;
        }
        return served_reply{400, "text/plain; charset=utf-8", "not an HTTP request that we understand\n", {}};
    }

    served_reply answer(const wire::request<wire::string_body>& message) const {
        const std::string_view target(message.target().data(), message.target().size());
        if (!target.starts_with('/'))
            return {400, "text/plain; charset=utf-8", "the request's target is not a path\n", {}};
        const std::size_t mark = target.find('?');
        served_request asked{std::string(target.substr(0, mark)),
                             mark == std::string_view::npos ? "" : std::string(target.substr(mark + 1))};
        const auto found = routes_.find(asked.path);
        if (found == routes_.end()) return {404, "text/plain; charset=utf-8", "nothing here; " + paths() + "\n", {}};
        if (message.method() != wire::verb::get && message.method() != wire::verb::head) {
            return {405, "text/plain; charset=utf-8", "GET and HEAD only\n", {}};
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
            return {500, "text/plain; charset=utf-8", "this failed; see the log\n", {}};
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
    gauge& connections_;
    std::vector<counter*> answered_;
    std::uint32_t open_ = 0;  // used on the loop's thread only
    asio::io_context loop_{1};
    tcp::acceptor acceptor_{loop_};
    tcp::endpoint local_;
    std::thread thread_;
};

}  // namespace

result<std::unique_ptr<server>> start_server(server_options options, route_table routes, meter& counts) {
    auto made = std::make_unique<beast_server>(std::move(options), std::move(routes), counts);
    const result<> started = made->start();
    if (!started) return started.error();
    return made;
}

}  // namespace feedwatch::http
