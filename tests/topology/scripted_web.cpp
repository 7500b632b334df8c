#include "tests/topology/scripted_web.hpp"

#include <algorithm>

#include "core/hash.hpp"

namespace feedwatch::testing {
namespace {

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '&')
            out += "&amp;";
        else
            out += c;
    }
    return out;
}

std::string rss(const std::string& url, const std::vector<published_item>& items) {
    std::string out =
        "<rss version=\"2.0\"><channel><title>" + url + "</title><link>" + url + "</link><language>en</language>";
    for (auto it = items.rbegin(); it != items.rend(); ++it) {
        out += "<item><guid isPermaLink=\"false\">" + it->guid + "</guid><title>" + escaped(it->title) +
               "</title><link>" + url + "/" + it->guid + "</link><description>" + escaped(it->html) +
               "</description></item>";
    }
    return out + "</channel></rss>";
}

const std::string* header_of(const http::request& r, std::string_view name) {
    for (const auto& [n, v] : r.headers)
        if (n == name) return &v;
    return nullptr;
}

}  // namespace

void scripted_web::publish(const std::string& feed_url, published_item what) {
    auto& items = feeds_[feed_url];
    std::erase_if(items, [&](const published_item& i) { return i.guid == what.guid; });
    items.push_back(std::move(what));
}

void scripted_web::change_guids(const std::string& feed_url, const std::string& suffix) {
    for (published_item& i : feeds_[feed_url]) i.guid += suffix;
}

void scripted_web::keep_newest(const std::string& feed_url, std::size_t count) {
    auto& items = feeds_[feed_url];
    if (items.size() > count) items.erase(items.begin(), items.end() - static_cast<std::ptrdiff_t>(count));
}

result<http::response> scripted_web::answer(const http::request& to) {
    if (std::uniform_real_distribution<double>(0, 1)(random_) < failures_) {
        switch (random_() % 4) {
            case 0:
                return error(http::make_error_code(http::errc::timeout), "no answer");
            case 1:
                return error(http::make_error_code(http::errc::reset), "closed");
            default: {
                // A receiver may have taken the webhook although its answer is an error.
                if (to.method == "POST" && random_() % 2 == 0) (void)hook(to);
                http::response r;
                r.status = random_() % 2 == 0 ? 500 : 503;
                r.url = to.url;
                return r;
            }
        }
    }
    return to.method == "POST" ? hook(to) : feed(to);
}

result<http::response> scripted_web::feed(const http::request& to) {
    http::response r;
    r.url = to.url;
    r.elapsed = std::chrono::milliseconds(20);
    const auto found = feeds_.find(to.url);
    if (found == feeds_.end()) {
        r.status = 404;
        return r;
    }
    r.body = rss(to.url, found->second);
    const std::string etag = '"' + hash128_hex(r.body) + '"';
    r.headers = {{"content-type", "application/rss+xml"}, {"etag", etag}};
    r.status = 200;
    if (const std::string* known = header_of(to, "If-None-Match"); known != nullptr && *known == etag) {
        ++not_modified_;
        r.status = 304;
        r.body.clear();
    }
    return r;
}

result<http::response> scripted_web::hook(const http::request& to) {
    const std::string* id = header_of(to, "webhook-id");
    accepted_.push_back({id == nullptr ? "" : *id, to.body});
    http::response r;
    r.status = 204;
    r.url = to.url;
    return r;
}

}  // namespace feedwatch::testing
