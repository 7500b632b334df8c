#include "io/http/transfer.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "core/ascii.hpp"
#include "io/http/failure.hpp"

namespace feedwatch::http {
namespace {

std::string_view trimmed(std::string_view text) {
    const auto space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && space(text.front())) text.remove_prefix(1);
    while (!text.empty() && space(text.back())) text.remove_suffix(1);
    return text;
}

// Read from a connection at a time, while it is read from; of libcurl's usual 16 KiB a body of 200 kB takes a dozen.
constexpr long read_bytes = 64L << 10;

// What must not follow a redirect to another origin.
bool is_credential(std::string_view lower_name) {
    return lower_name == "authorization" || lower_name == "cookie" || lower_name == "proxy-authorization";
}

bool is_bodiless(std::uint32_t status) {
    return status == 204 || status == 304;
}

std::uint32_t status_of(std::string_view status_line) {
    const auto space = status_line.find(' ');
    std::uint32_t status = 0;
    if (space != std::string_view::npos)
        std::from_chars(status_line.data() + space + 1, status_line.data() + status_line.size(), status);
    return status;
}

long at_least_one_second(duration d) {
    return std::max<long>(1, static_cast<long>(std::chrono::ceil<std::chrono::seconds>(d).count()));
}

std::string address_text(const sockaddr& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const void* bytes = nullptr;
    if (address.sa_family == AF_INET) bytes = &reinterpret_cast<const sockaddr_in&>(address).sin_addr;
    if (address.sa_family == AF_INET6) bytes = &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
    if (bytes == nullptr || inet_ntop(address.sa_family, bytes, text.data(), text.size()) == nullptr) return {};
    return text.data();
}

// A query may hold a token; errors are written to logs and records.
std::string_view without_query(std::string_view url) {
    return url.substr(0, url.find('?'));
}

}  // namespace

transfer::transfer(request what, target first, proxy_server by_way_of, handler done, const transfer_settings& settings,
                   easy_handles& handles)
    : what_(std::move(what)),
      at_(std::move(first)),
      proxy_(std::move(by_way_of)),
      done_(std::move(done)),
      settings_(settings),
      easy_(what_.certificate.chain.empty() ? handles.take() : easy_handles::take_unshared()) {
    if (what_.basic_auth.empty()) what_.basic_auth = at_.userinfo;
    visited_.insert(at_.url);
}

std::chrono::steady_clock::duration transfer::since_start() const {
    if (!started_) return {};
    return std::chrono::steady_clock::now() - *started_;
}

result<> transfer::prepare() {
    if (!started_) started_ = std::chrono::steady_clock::now();
    const duration left = what_.total_timeout - std::chrono::duration_cast<duration>(since_start());
    if (left <= duration::zero()) return error(errc::timeout, "no answer within " + to_string(what_.total_timeout));
    // Through a proxy the connected address is the proxy's.
    if (!proxy_.url.empty()) {
        if (auto fine = check_host_behind_proxy(at_.host, settings_.guard); !fine) return fine.error();
    }

    answer_.headers.clear();
    answer_.body.clear();
    answer_.status = 0;
    decoder_.reset();
    header_bytes_ = discarded_bytes_ = 0;
    head_ended_ = excess_ = refused_ = false;
    failure_.reset();

    curl_easy_reset(easy());
    curl_easy_setopt(easy(), CURLOPT_PRIVATE, this);
    curl_easy_setopt(easy(), CURLOPT_URL, at_.url.c_str());
    curl_easy_setopt(easy(), CURLOPT_ERRORBUFFER, reason_.data());
    reason_[0] = 0;
    curl_easy_setopt(easy(), CURLOPT_HEADERFUNCTION, &transfer::on_header);
    curl_easy_setopt(easy(), CURLOPT_HEADERDATA, this);
    curl_easy_setopt(easy(), CURLOPT_WRITEFUNCTION, &transfer::on_body);
    curl_easy_setopt(easy(), CURLOPT_WRITEDATA, this);
    set_method();
    set_headers();
    set_limits(left);
    set_security();
    set_proxy();
    set_certificate();
    return {};
}

void transfer::set_method() {
    if (what_.method == "HEAD") {
        curl_easy_setopt(easy(), CURLOPT_NOBODY, 1L);
    } else if (what_.method != "GET" || !what_.body.empty()) {
        curl_easy_setopt(easy(), CURLOPT_POST, 1L);
        curl_easy_setopt(easy(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(what_.body.size()));
        curl_easy_setopt(easy(), CURLOPT_POSTFIELDS, what_.body.c_str());
        curl_easy_setopt(easy(), CURLOPT_CUSTOMREQUEST, what_.method.c_str());
    }
}

void transfer::set_headers() {
    curl_slist* list = nullptr;
    bool encoding_given = false;
    bool type_given = false;
    const auto add = [&](const std::string& name, const std::string& value) {
        // libcurl leaves "Name:" out; "Name;" is how it is told of an empty value.
        list = curl_slist_append(list, (value.empty() ? name + ";" : name + ": " + value).c_str());
    };
    for (const auto& [name, value] : what_.headers) {
        const std::string key = ascii_lower(name);
        if (!own_origin_ && is_credential(key)) continue;
        encoding_given = encoding_given || key == "accept-encoding";
        type_given = type_given || key == "content-type";
        add(name, value);
    }
    if (own_origin_) {
        for (const auto& [name, value] : what_.origin_headers) add(name, value);
    }
    if (!encoding_given)
        list = curl_slist_append(list, ("Accept-Encoding: " + std::string(accepted_encodings)).c_str());
    if (!type_given) list = curl_slist_append(list, "Content-Type:");
    list = curl_slist_append(list, "Expect:");
    curl_easy_setopt(easy(), CURLOPT_HTTPHEADER, list);
    headers_.reset(list);
    if (!settings_.user_agent.empty()) curl_easy_setopt(easy(), CURLOPT_USERAGENT, settings_.user_agent.c_str());
}

void transfer::set_limits(duration left) {
    curl_easy_setopt(easy(), CURLOPT_TIMEOUT_MS, static_cast<long>(left.count()));
    curl_easy_setopt(easy(), CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(std::min(left, what_.connect_timeout).count()));
    if (what_.rate_min_bytes_per_second > 0) {
        curl_easy_setopt(easy(), CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(what_.rate_min_bytes_per_second));
        curl_easy_setopt(easy(), CURLOPT_LOW_SPEED_TIME, at_least_one_second(what_.rate_window));
    }
    curl_easy_setopt(easy(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy(), CURLOPT_BUFFERSIZE, read_bytes);
    // A name that is still being looked up at the deadline must not make us wait for its thread.
    curl_easy_setopt(easy(), CURLOPT_QUICK_EXIT, 1L);
}

void transfer::set_security() {
    curl_easy_setopt(easy(), CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy(), CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy(), CURLOPT_UNRESTRICTED_AUTH, 0L);
    curl_easy_setopt(easy(), CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    curl_easy_setopt(easy(), CURLOPT_OPENSOCKETFUNCTION, &transfer::on_open);
    curl_easy_setopt(easy(), CURLOPT_OPENSOCKETDATA, this);
    curl_easy_setopt(easy(), CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    set_authorities();
    curl_easy_setopt(easy(), CURLOPT_DEBUGFUNCTION, &transfer::on_debug);
    curl_easy_setopt(easy(), CURLOPT_DEBUGDATA, this);
    if (own_origin_ && !what_.basic_auth.empty()) {
        curl_easy_setopt(easy(), CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
        set_user(CURLOPT_USERNAME, CURLOPT_PASSWORD, what_.basic_auth);
    }
}

// libcurl has none of its own to add, and keeps none in place of ours.
void transfer::set_authorities() {
    for (const CURLoption own : {CURLOPT_CAINFO, CURLOPT_CAPATH, CURLOPT_PROXY_CAINFO, CURLOPT_PROXY_CAPATH})
        curl_easy_setopt(easy(), own, nullptr);
    curl_easy_setopt(easy(), CURLOPT_CA_CACHE_TIMEOUT, 0L);
    curl_easy_setopt(easy(), CURLOPT_SSL_CTX_FUNCTION, &transfer::on_tls);
    curl_easy_setopt(easy(), CURLOPT_SSL_CTX_DATA, this);
}

void transfer::set_proxy() {
    curl_easy_setopt(easy(), CURLOPT_PROXY, proxy_.url.c_str());  // "" also switches the environment's off
    curl_easy_setopt(easy(), CURLOPT_NOPROXY, "");
    curl_easy_setopt(easy(), CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (proxy_.url.empty() || proxy_.auth.empty()) return;
    curl_easy_setopt(easy(), CURLOPT_PROXYAUTH, CURLAUTH_BASIC);
    set_user(CURLOPT_PROXYUSERNAME, CURLOPT_PROXYPASSWORD, proxy_.auth);
}

// "user:password"; without a colon the password is empty.
void transfer::set_user(CURLoption user, CURLoption password, const std::string& both) {
    const auto colon = std::min(both.find(':'), both.size());
    curl_easy_setopt(easy(), user, both.substr(0, colon).c_str());
    curl_easy_setopt(easy(), password, both.substr(std::min(colon + 1, both.size())).c_str());
}

void transfer::set_certificate() {
    client_certificate& own = what_.certificate;
    if (!own_origin_ || own.chain.empty()) return;
    std::string& key = own.key.empty() ? own.chain : own.key;
    curl_blob chain_blob{own.chain.data(), own.chain.size(), CURL_BLOB_NOCOPY};
    curl_blob key_blob{key.data(), key.size(), CURL_BLOB_NOCOPY};
    curl_easy_setopt(easy(), CURLOPT_SSLCERT_BLOB, &chain_blob);
    curl_easy_setopt(easy(), CURLOPT_SSLKEY_BLOB, &key_blob);
    // Also where it is empty: OpenSSL would ask at the terminal.
    curl_easy_setopt(easy(), CURLOPT_KEYPASSWD, own.passphrase.c_str());
}

int transfer::on_debug(CURL*, curl_infotype kind, char* text, std::size_t size, void* self) {
    if (kind == CURLINFO_TEXT && std::string_view(text, size).find("Excess found") != std::string_view::npos)
        static_cast<transfer*>(self)->excess_ = true;
    return 0;
}

CURLcode transfer::on_tls(CURL*, void* context, void* self_pointer) {
    auto* self = static_cast<transfer*>(self_pointer);
    auto given = self->settings_.trusted->give_to(*static_cast<SSL_CTX*>(context));
    if (given) return CURLE_OK;
    self->failure_ = given.error();
    return CURLE_SSL_CACERT_BADFILE;
}

curl_socket_t transfer::on_open(void* self_pointer, curlsocktype, curl_sockaddr* address) {
    auto* self = static_cast<transfer*>(self_pointer);
    const std::string text = address_text(address->addr);
    if (!self->settings_.guard.allows(text)) {
        self->refused_ = true;
        self->failure_ = error(errc::address_refused, (self->proxy_.url.empty() ? "" : "the proxy's address ") + text +
                                                          " is not a public address; network.allow lets it through");
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::size_t transfer::on_header(char* bytes, std::size_t size, std::size_t count, void* self) {
    return static_cast<transfer*>(self)->take_header({bytes, size * count}) ? size * count : 0;
}

bool transfer::take_header(std::string_view line) {
    if (line.empty()) return true;
    header_bytes_ += line.size();
    if (header_bytes_ > header_bytes_max) {
        failure_ = error(errc::too_large, "the header is over " + std::to_string(header_bytes_max) + " bytes");
        return false;
    }
    if (line.starts_with("HTTP/")) {  // also behind a 100 Continue or a proxy's answer
        answer_.headers.clear();
        answer_.status = status_of(line);
        head_ended_ = false;
        return true;
    }
    if (line == "\r\n" || line == "\n") end_head();
    if ((line.front() == ' ' || line.front() == '\t') && !answer_.headers.empty()) {  // folded: RFC 9112, section 5.2
        std::string& value = answer_.headers.back().second;
        value.append(" ").append(trimmed(line));
        return true;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return true;
    answer_.headers.emplace_back(ascii_lower(trimmed(line.substr(0, colon))),
                                 std::string(trimmed(line.substr(colon + 1))));
    return true;
}

// libcurl 7.88 tells nobody but its debug function of bytes past Content-Length. It has much else to tell that one, of
// the connection before all, which takes time: it speaks from here on.
void transfer::end_head() {
    head_ended_ = true;
    if (!is_bodiless(answer_.status)) curl_easy_setopt(easy(), CURLOPT_VERBOSE, 1L);
}

std::size_t transfer::on_body(char* bytes, std::size_t size, std::size_t count, void* self) {
    return static_cast<transfer*>(self)->take_body({bytes, size * count}) ? size * count : 0;
}

bool transfer::take_body(std::string_view bytes) {
    if (redirect_target() != nullptr) {  // nobody reads the body of a redirect
        discarded_bytes_ += bytes.size();
        if (discarded_bytes_ <= what_.body_bytes_max) return true;
        failure_ = error(errc::too_large, "the body of a redirect is over the limit");
        return false;
    }
    if (!decoder_) {
        const std::string* encoding = answer_.header("content-encoding");
        auto made = make_decoder(encoding == nullptr ? "" : *encoding);
        if (!made) {
            failure_ = made.error();
            return false;
        }
        decoder_ = std::move(*made);
        if (encoding == nullptr) reserve_body();
    }
    if (auto fed = decoder_->feed(bytes, answer_.body, what_.body_bytes_max); !fed) {
        failure_ = fed.error();
        return false;
    }
    return true;
}

// So that the body is not copied each time it outgrows its memory.
void transfer::reserve_body() {
    curl_off_t promised = 0;
    curl_easy_getinfo(easy(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &promised);
    if (promised <= 0) return;  // it is not known
    const auto bytes = static_cast<std::size_t>(promised);
    answer_.body.reserve(std::min({bytes, body_bytes_reserved_max, what_.body_bytes_max}));
}

const std::string* transfer::redirect_target() const {
    if (!what_.follow_redirects || !is_redirect(answer_.status)) return nullptr;
    const std::string* location = answer_.header("location");
    return location == nullptr || location->empty() ? nullptr : location;  // an empty one leads nowhere
}

error transfer::failure(CURLcode code) const {
    if (failure_ && (!refused_ || code == CURLE_COULDNT_CONNECT)) return *failure_;
    curl_off_t looked_up = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_NAMELOOKUP_TIME_T, &looked_up);
    return failure_of(code, reason_.data(), looked_up != 0);
}

// With all hops, the one that is not taken included.
error transfer::refused_redirect(std::string why, const target& last) const {
    std::string_view separator = ": ";
    const auto add = [&](std::uint32_t status, std::string_view to) {
        why.append(separator).append(std::to_string(status)).append(" to ").append(without_query(to));
        separator = ", ";
    };
    for (const hop& h : answer_.redirects) add(h.status, h.to);
    add(answer_.status, last.url);
    return {errc::redirects, std::move(why)};
}

result<> transfer::redirect(const std::string& location) {
    auto next = resolve_target(at_, location);
    if (!next) return next.error();
    if (answer_.redirects.size() >= what_.redirects_max)
        return refused_redirect("more than " + std::to_string(what_.redirects_max) + " redirects", *next);
    if (at_.scheme == "https" && next->scheme == "http") return refused_redirect("from https down to http", *next);
    if (!visited_.insert(next->url).second) return refused_redirect("a loop", *next);
    answer_.redirects.push_back({answer_.status, next->url});
    own_origin_ = own_origin_ && next->origin == at_.origin;
    const bool becomes_get =
        (answer_.status == 303 && what_.method != "HEAD") || (answer_.status < 303 && what_.method == "POST");
    if (becomes_get) {
        what_.method = "GET";
        what_.body.clear();
        std::erase_if(what_.headers, [](const auto& h) { return ascii_lower(h.first) == "content-type"; });
    }
    at_ = std::move(*next);
    return {};
}

std::optional<result<response>> transfer::ended(CURLcode code) {
    if (code != CURLE_OK) return failure(code);
    if (!head_ended_) return error(errc::reset, "closed in the middle of the head");
    // What has no body may be followed by what it would have been: the connection is given up, the answer stands.
    if (excess_ && !is_bodiless(answer_.status))
        return error(errc::protocol, "the body is longer than its Content-Length");
    if (const std::string* location = redirect_target()) {
        if (auto moved = redirect(*location); !moved) return moved.error();
        return std::nullopt;
    }
    if (decoder_) {
        if (auto whole = decoder_->finish(); !whole) return whole.error();
    }
    answer_.url = at_.url;
    answer_.elapsed = since_start();
    return std::move(answer_);
}

}  // namespace feedwatch::http
