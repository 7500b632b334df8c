// A poller with answers from a table, a clock set by hand, and a runner reduced to its calls.
#pragma once

#include <gmock/gmock.h>

#include <deque>
#include <map>
#include <memory>

#include "core/record/feed.hpp"
#include "core/record/item.hpp"
#include "core/record/poll.hpp"
#include "producers/poll/poller.hpp"
#include "tests/support/counting_meter.hpp"

namespace feedwatch {

using namespace std::chrono_literals;

class fake_exchange final : public http::exchange {
  public:
    struct asked {
        std::uint64_t token;
        http::request what;
        [[nodiscard]] std::string header(const std::string& name) const {
            for (const auto& [n, v] : what.headers) {
                if (n == name) return v;
            }
            return {};
        }
    };
    void submit(std::uint64_t token, http::request what) override { open.push_back({token, std::move(what)}); }
    std::vector<http::finished> take_finished() override { return std::exchange(finished_, {}); }
    std::size_t in_flight() const override { return open.size() + finished_.size(); }

    // Answers the oldest open request.
    void answer(result<http::response> with) {
        ASSERT_FALSE(open.empty()) << "nothing was asked";
        last = open.front();
        finished_.push_back({last.token, std::move(with)});
        open.pop_front();
    }

    std::deque<asked> open;
    asked last{};

  private:
    std::vector<http::finished> finished_;
};

struct entry {
    std::string guid;
    std::string title;
    std::string link = {};
    std::string date = {};
};

inline std::string rss(const std::vector<entry>& entries) {
    std::string out = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>T</title>";
    for (const entry& e : entries) {
        out += "<item>";
        if (!e.guid.empty()) out += "<guid isPermaLink=\"false\">" + e.guid + "</guid>";
        out += "<title>" + e.title + "</title><link>" +
               (e.link.empty() ? "https://news.example.org/" + e.guid : e.link) + "</link>";
        if (!e.date.empty()) out += "<pubDate>" + e.date + "</pubDate>";
        out += "</item>";
    }
    return out + "</channel></rss>";
}

inline http::response document(std::string body, http::header_list headers = {}) {
    http::response out;
    out.status = 200;
    out.headers = std::move(headers);
    out.body = std::move(body);
    out.url = "https://news.example.org/feed";
    out.elapsed = 20ms;
    return out;
}
inline http::response status(std::uint32_t code, http::header_list headers = {}) {
    http::response out = document("", std::move(headers));
    out.status = code;
    return out;
}

class poller_test : public testing::Test, public emitter {
  protected:
    void SetUp() override { start(); }

    // A new process: what was committed to the topics is restored.
    void start() {
        exchange_ = std::make_unique<fake_exchange>();
        poller_ = std::make_unique<poller>(options_, *exchange_, counts_);
        poller_->assigned(0);
        for (const topic t : {topic::feeds, topic::polls}) {
            for (const auto& [key, value] : stored_[t]) ASSERT_TRUE(poller_->restore(view(t, key, value)));
        }
        poller_->restored(0, now_);
    }

    static record_view view(topic t, const std::string& key, const std::optional<std::string>& value) {
        record_view r;
        r.from = t;
        r.key = key;
        if (value) r.value = *value;
        return r;
    }

    void emit(output_record record) override { pending_.push_back(std::move(record)); }

    void begin() { poller_->begin_batch(++batch_); }
    void commit() {
        poller_->commit_batch(batch_);
        for (output_record& r : pending_) {
            if (r.to == topic::polls) {
                EXPECT_EQ(r.partition, 0);
                if (r.value) stored_[topic::polls][r.key] = *r.value;
                if (!r.value) stored_[topic::polls].erase(r.key);
                tombstones_ += !r.value;
            } else {
                EXPECT_EQ(r.to, topic::fetched);
                items_.push_back(item_from_json(*r.value).value());
                EXPECT_EQ(r.key, items_.back().feed.str());
            }
        }
        pending_.clear();
    }
    void rollback() {
        poller_->rollback_batch(batch_);
        pending_.clear();
    }
    void tick() {
        begin();
        poller_->tick(now_, *this);
        commit();
    }

    feed make_feed(const std::string& id = "news") {
        feed f;
        f.id = feed_id(id);
        f.url = "https://" + id + ".example.org/feed";
        f.first_fetch.kind = first_fetch::policy::all;
        return f;
    }
    void subscribe(const feed& f) {
        const std::string json = to_json(f);
        begin();
        ASSERT_TRUE(poller_->process(view(topic::feeds, f.id.str(), json), now_, *this));
        commit();
        stored_[topic::feeds][f.id.str()] = json;
    }
    void unsubscribe(const std::string& id) {
        begin();
        ASSERT_TRUE(poller_->process(view(topic::feeds, id, std::nullopt), now_, *this));
        commit();
        stored_[topic::feeds].erase(id);
    }

    // Moves the clock to the next due time, lets it ask, answers, and works the answer through.
    void poll_once(result<http::response> with) {
        const auto next = poller_->next_tick();
        ASSERT_TRUE(next);
        now_ = std::max(now_, *next);
        tick();
        exchange_->answer(std::move(with));
        tick();
    }

    std::vector<std::string> take_titles() {
        std::vector<std::string> out;
        for (const item& i : items_) out.push_back(i.title);
        items_.clear();
        return out;
    }
    poll checkpoint(const std::string& id = "news") { return poll_from_json(stored_[topic::polls].at(id)).value(); }

    timestamp now_ = parse_rfc3339("2026-11-25T12:00:00Z").value();
    poller_options options_;
    test::counting_meter counts_;
    std::unique_ptr<fake_exchange> exchange_;
    std::unique_ptr<poller> poller_;
    std::uint64_t batch_ = 0;
    std::vector<output_record> pending_;
    std::map<topic, std::map<std::string, std::string>> stored_;
    std::vector<item> items_;  // committed
    int tombstones_ = 0;
};

}  // namespace feedwatch
