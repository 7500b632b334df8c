#include "io/http/client.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <deque>
#include <mutex>
#include <unordered_map>

#include "io/http/multi.hpp"
#include "io/http/transfer.hpp"

namespace feedwatch::http {
namespace {

void start_library_once() {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

bool breaks_header(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

result<> check_headers(const request& what) {
    if (breaks_header(what.method) || what.method.empty()) return error(errc::url, "not a method");
    for (const header_list* some : {&what.headers, &what.origin_headers}) {
        for (const auto& [name, value] : *some) {
            if (name.empty() || breaks_header(name) || name.find(':') != std::string::npos || breaks_header(value))
                return error(errc::url,
                             "header '" + name.substr(0, name.find_first_of("\r\n")) + "' has a line break or NUL");
        }
    }
    return {};
}

// As configured: the configuration's reader has refused what is no proxy.
proxy_server network_proxy(const network_config& network) {
    proxy_server out = read_proxy(network.proxy).value();
    if (!network.proxy_credentials.empty()) out.auth = network.proxy_credentials.reveal();
    return out;
}

using transfer_ptr = std::unique_ptr<transfer>;

// What waits for one host, and how much is under way there.
struct host_queue {
    std::uint32_t running = 0;
    std::deque<transfer_ptr> waiting;
};

class curl_client final : public client {
  public:
    curl_client(boost::asio::io_context& loop, client_options options)
        : loop_(loop),
          options_(std::move(options)),
          settings_{address_guard::make(options_.network.allow).value(), network_proxy(options_.network),
                    options_.user_agent, std::make_unique<authorities>(options_.network.ca_file)},
          multi_(multi::make(loop,
                             {static_cast<long>(options_.connections_max), static_cast<long>(options_.per_host_max)},
                             [this](CURL* easy, CURLcode code) { ended(easy, code); })),
          alive_(std::make_shared<bool>(true)) {}

    ~curl_client() override {
        multi_->forget_done();
        for (auto& [easy, one] : running_) multi_->remove(easy);
        running_.clear();
    }
    curl_client(const curl_client&) = delete;
    curl_client& operator=(const curl_client&) = delete;

    void send(request what, handler done) override {
        auto where = read_target(what.url);
        const auto headers = check_headers(what);
        if (!where || !headers) return later(std::move(done), where ? headers.error() : where.error());
        auto proxy = proxy_of(what);
        if (!proxy) return later(std::move(done), error(errc::url, proxy.error().detail));
        enqueue(std::make_unique<transfer>(std::move(what), std::move(*where), std::move(*proxy), std::move(done),
                                           settings_, *handles_));
        start_some();
    }

  private:
    // The network's with its credentials, or the request's with those of the request: never mixed.
    [[nodiscard]] result<proxy_server> proxy_of(const request& what) const {
        if (!what.proxy) return settings_.proxy;
        auto own = read_proxy(*what.proxy);
        if (own && !what.proxy_auth.empty()) own->auth = what.proxy_auth;
        return own;
    }

    // Handlers never run inside send().
    void later(handler done, error why) {
        boost::asio::post(loop_, [done = std::move(done), why = std::move(why), alive = std::weak_ptr<bool>(alive_)] {
            if (!alive.expired()) done(why);
        });
    }

    void enqueue(transfer_ptr one) {
        const std::string host = one->at().host;
        hosts_[host].waiting.push_back(std::move(one));
        turns_.push_back(host);
    }

    // One turn per waiting transfer; a turn at a full host is given back when one of its transfers ends.
    void start_some() {
        while (running_.size() < options_.connections_max && !turns_.empty()) {
            const std::string host = std::move(turns_.front());
            turns_.pop_front();
            const auto found = hosts_.find(host);
            if (found == hosts_.end() || found->second.waiting.empty()) continue;
            if (found->second.running >= options_.per_host_max) continue;
            transfer_ptr next = std::move(found->second.waiting.front());
            found->second.waiting.pop_front();
            start(std::move(next), host);
        }
    }

    void start(transfer_ptr one, const std::string& host) {
        if (auto ready = one->prepare(); !ready) {
            free_place(host);
            boost::asio::post(loop_, [alive = std::weak_ptr<bool>(alive_), why = ready.error(),
                                      shared = std::shared_ptr<transfer>(std::move(one))] {
                if (!alive.expired()) shared->finish(why);
            });
            return;
        }
        ++hosts_[host].running;
        CURL* easy = one->easy();
        running_.emplace(easy, std::move(one));
        multi_->add(easy);
    }

    // Forgets hosts without work; gives one waiting transfer its turn again.
    void free_place(const std::string& host) {
        const auto found = hosts_.find(host);
        if (found == hosts_.end()) return;
        if (!found->second.waiting.empty()) {
            turns_.push_back(host);
        } else if (found->second.running == 0) {
            hosts_.erase(found);
        }
    }

    void ended(CURL* easy, CURLcode code) {
        auto node = running_.extract(easy);
        if (node.empty()) return;
        transfer_ptr one = std::move(node.mapped());
        const std::string host = one->at().host;
        auto outcome = one->ended(code);  // reads what the handle still knows
        multi_->remove(easy);
        --hosts_[host].running;
        free_place(host);
        if (!outcome) {  // it goes on elsewhere
            enqueue(std::move(one));
            start_some();
            return;
        }
        start_some();
        one->finish(std::move(*outcome));
    }

    boost::asio::io_context& loop_;
    client_options options_;
    transfer_settings settings_;
    std::shared_ptr<easy_handles> handles_ = std::make_shared<easy_handles>(options_.connections_max);
    std::shared_ptr<multi> multi_;
    std::unordered_map<CURL*, transfer_ptr> running_;
    std::unordered_map<std::string, host_queue> hosts_;
    std::deque<std::string> turns_;
    std::shared_ptr<bool> alive_;
};

}  // namespace

std::unique_ptr<client> make_client(boost::asio::io_context& loop, client_options options) {
    start_library_once();
    return std::make_unique<curl_client>(loop, std::move(options));
}

}  // namespace feedwatch::http
