// One request on one libcurl handle, hop by hop. Redirects are followed here and not by libcurl, so that loops,
// downgrades, credentials and the list of hops are exactly as client.hpp says. Private to io/http.
#pragma once

#include <curl/curl.h>

#include <array>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "io/http/authorities.hpp"
#include "io/http/client.hpp"
#include "io/http/decoder.hpp"
#include "io/http/easy_handles.hpp"
#include "io/http/proxy.hpp"
#include "io/http/target.hpp"

namespace feedwatch::http {

// 256 KiB of header lines are far past what any server sends.
inline constexpr std::size_t header_bytes_max = 256U << 10U;

// A promise costs a server nothing: memory for more than this comes with the bytes.
inline constexpr std::size_t body_bytes_reserved_max = 1U << 20U;

struct transfer_settings {
    address_guard guard;
    proxy_server proxy;
    std::string user_agent;
    std::unique_ptr<authorities> trusted;
};

class transfer {
  public:
    // The settings must outlive it.
    transfer(request what, target first, proxy_server by_way_of, handler done, const transfer_settings& settings,
             easy_handles& handles);
    transfer(const transfer&) = delete;
    transfer& operator=(const transfer&) = delete;

    [[nodiscard]] CURL* easy() const noexcept { return easy_.get(); }
    [[nodiscard]] const target& at() const noexcept { return at_; }

    // Makes the handle ready for the hop at(). An error where the deadline has passed while it waited for its turn, or
    // the guard refuses the host behind a proxy. The clock starts with the first hop.
    result<> prepare();

    // The hop has ended. nullopt: there is another one, prepare() it; else what to tell the caller.
    std::optional<result<response>> ended(CURLcode code);

    void finish(result<response> outcome) { done_(std::move(outcome)); }

  private:
    struct list_free {
        void operator()(curl_slist* l) const noexcept { curl_slist_free_all(l); }
    };

    static std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* self);
    static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self);
    static curl_socket_t on_open(void* self, curlsocktype purpose, curl_sockaddr* address);
    static CURLcode on_tls(CURL*, void* context, void* self);
    static int on_debug(CURL*, curl_infotype kind, char* text, std::size_t size, void* self);

    [[nodiscard]] bool take_header(std::string_view line);
    void end_head();
    [[nodiscard]] bool take_body(std::string_view bytes);
    void reserve_body();
    void set_method();
    void set_headers();
    void set_limits(duration left);
    void set_security();
    void set_authorities();
    void set_proxy();
    void set_certificate();
    void set_user(CURLoption user, CURLoption password, const std::string& both);
    [[nodiscard]] const std::string* redirect_target() const;
    result<> redirect(const std::string& location);
    [[nodiscard]] error refused_redirect(std::string why, const target& last) const;
    [[nodiscard]] error failure(CURLcode code) const;
    [[nodiscard]] std::chrono::steady_clock::duration since_start() const;

    request what_;
    target at_;
    proxy_server proxy_;
    handler done_;
    const transfer_settings& settings_;
    easy_handles::handle easy_;
    std::unique_ptr<curl_slist, list_free> headers_;
    std::array<char, CURL_ERROR_SIZE> reason_{};

    std::optional<std::chrono::steady_clock::time_point> started_;
    bool own_origin_ = true;  // until a redirect has left it, for good
    std::set<std::string> visited_;
    response answer_;

    // of the current hop
    std::unique_ptr<decoder> decoder_;
    std::size_t header_bytes_ = 0;
    std::size_t discarded_bytes_ = 0;
    bool head_ended_ = false;
    bool excess_ = false;
    bool refused_ = false;
    std::optional<error> failure_;
};

}  // namespace feedwatch::http
