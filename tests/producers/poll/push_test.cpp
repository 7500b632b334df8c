// The poller and a hub: what is asked, what is confirmed, and how deliveries and polls fit together.
#include <deque>

#include "producers/push/form.hpp"
#include "producers/push/signature.hpp"
#include "tests/producers/poll/poller_fixture.hpp"

namespace feedwatch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using state = push_subscription::state;

constexpr const char* hub = "https://hub.example/";
constexpr const char* key = "a key that nobody guesses, surely";

struct hub_answer {
    std::uint32_t status = 0;  // 0: none yet
    std::string body;
    bool awaited = true;
};

class noted_reply final : public http::pending_reply {
  public:
    explicit noted_reply(hub_answer& to) : to_(to) {}
    ~noted_reply() override {
        if (to_.status == 0) to_.status = 503;
    }
    noted_reply(const noted_reply&) = delete;
    noted_reply& operator=(const noted_reply&) = delete;
    void send(http::served_reply reply) override {
        to_.status = reply.status;
        to_.body = reply.body;
    }
    [[nodiscard]] bool is_awaited() const override { return to_.awaited; }

  private:
    hub_answer& to_;
};

class push_poller : public poller_test {
  protected:
    class no_waker final : public waker {
        void wake() override {}
    };

    void SetUp() override {
        options_.push.emplace(poller_push{inbox_, wakes_, std::chrono::days{10}});
        poller_test::SetUp();
    }
    void TearDown() override { poller_.reset(); }

    void restart() {
        poller_.reset();
        start();
    }

    feed hub_feed(const std::string& id = "news") {
        feed f = make_feed(id);
        f.interval = {1min, 1min, 6h};
        return f;
    }
    static http::response with_hub(const std::vector<entry>& entries, const std::string& at = hub) {
        return document(rss(entries), {{"link", "<" + at + ">; rel=hub, <https://news.example.org/feed>; rel=self"}});
    }
    std::optional<push_subscription> subscription(const std::string& id = "news") { return checkpoint(id).push; }
    [[nodiscard]] push::address where(const std::string& id = "news") {
        return {feed_id(id), subscription(id)->number};
    }

    // What the hub was asked last.
    push::form asked() {
        if (exchange_->open.empty()) return {};
        const http::request& r = exchange_->open.front().what;
        EXPECT_EQ(r.method, "POST");
        EXPECT_THAT(r.headers, testing::Contains(testing::Pair("Content-Type", "application/x-www-form-urlencoded")));
        return push::read_form(r.body);
    }
    std::string field(const push::form& of, const std::string& name) {
        const std::string* found = push::find_field(of, name);
        return found == nullptr ? "" : *found;
    }

    // A request as the port hands it over. The answer is there at the next commit, unless it is there at once.
    hub_answer& send(http::received_request r) {
        hub_answer& out = answers_.emplace_back();
        auto admitted = inbox_.admit(r, r.body.size());
        if (admitted.refusal) {
            out.status = admitted.refusal->status;
            return out;
        }
        r.place = std::move(admitted.place);
        inbox_.receive(std::move(r), std::make_unique<noted_reply>(out));
        return out;
    }
    std::string path(const push::address& to) {
        return own_.callback(to).substr(std::string("https://feedwatch.example").size());
    }
    hub_answer& post(const std::string& body, const push::address& to) {
        http::received_request r;
        r.is_post = true;
        r.path = path(to);
        r.headers = {{"content-type", "application/rss+xml"},
                     {"x-hub-signature", "sha256=" + push::hmac_hex(push::digest::sha256, own_.hub_secret(to), body)}};
        r.body = body;
        return send(std::move(r));
    }
    hub_answer& ask(const std::string& mode, const push::address& to, const std::string& topic,
                    const std::string& more = {}) {
        http::received_request r;
        r.path = path(to);
        r.query = push::write_form({{"hub.mode", mode}, {"hub.topic", topic}, {"hub.challenge", "c-1"}}) + more;
        return send(std::move(r));
    }

    // Polled, subscribed and verified.
    void activate(const std::string& id = "news", const std::vector<entry>& entries = {{"1", "one"}}) {
        subscribe(hub_feed(id));
        poll_once(with_hub(entries));
        tick();
        ASSERT_EQ(exchange_->open.size(), 1U);
        exchange_->answer(status(202));
        hub_answer& said = ask("subscribe", where(id), "https://news.example.org/feed", "&hub.lease_seconds=864000");
        tick();
        ASSERT_EQ(said.status, 200U);
        ASSERT_EQ(subscription(id)->is, state::active);
        take_titles();
    }
    double counted(const std::string& outcome) {
        return counts_.value("feedwatch_push_deliveries_total", {{"outcome", outcome}});
    }

    push::keys own_{secret(key), "https://feedwatch.example/"};
    push::inbox inbox_{own_, {}, counts_};
    no_waker wakes_;
    std::deque<hub_answer> answers_;
};

TEST_F(push_poller, asks_the_hub_that_a_feed_names_and_confirms_that_it_was_us) {
    subscribe(hub_feed());
    poll_once(with_hub({{"1", "one"}}));
    tick();
    const push::form form = asked();
    EXPECT_EQ(exchange_->open.front().what.url, hub);
    EXPECT_EQ(field(form, "hub.mode"), "subscribe");
    EXPECT_EQ(field(form, "hub.topic"), "https://news.example.org/feed");
    EXPECT_EQ(field(form, "hub.callback"), own_.callback(where()));
    EXPECT_EQ(field(form, "hub.secret"), own_.hub_secret(where()));
    EXPECT_EQ(field(form, "hub.lease_seconds"), "864000");
    EXPECT_EQ(subscription()->is, state::requested);
    hub_answer& said = ask("subscribe", where(), "https://news.example.org/feed", "&hub.lease_seconds=86400");
    EXPECT_EQ(said.status, 0U) << "not before it is stored";
    tick();
    EXPECT_EQ(said.status, 200U);
    EXPECT_EQ(said.body, "c-1");
    EXPECT_EQ(subscription()->is, state::active);
    EXPECT_EQ(subscription()->lease_until, now_ + 24h);
    EXPECT_EQ(counts_.value("feedwatch_push_subscriptions", {{"state", "active"}}), 1);
    EXPECT_EQ(counts_.value("feedwatch_push_subscriptions", {{"state", "requested"}}), 0);
    EXPECT_EQ(counts_.value("feedwatch_push_verifications_total", {{"outcome", "confirmed"}}), 1);
}
TEST_F(push_poller, the_hub_may_stand_in_the_document_instead) {
    subscribe(hub_feed());
    std::string body = rss({{"1", "one"}});
    body.insert(body.find("<title>"), "<atom:link xmlns:atom=\"http://www.w3.org/2005/Atom\" rel=\"hub\" href=\"" +
                                          std::string(hub) +
                                          "\"/><atom:link xmlns:atom=\"http://www.w3.org/2005/Atom\" "
                                          "rel=\"self\" href=\"https://news.example.org/own\"/>");
    poll_once(document(body));
    EXPECT_EQ(subscription()->hub, hub);
    EXPECT_EQ(subscription()->topic, "https://news.example.org/own");
}
TEST_F(push_poller, nothing_secret_is_stored) {
    activate();
    EXPECT_THAT(stored_[topic::polls]["news"], Not(HasSubstr(key)));
    EXPECT_THAT(stored_[topic::polls]["news"], Not(HasSubstr(own_.hub_secret(where()))));
    const std::string callback = own_.callback(where());
    EXPECT_THAT(stored_[topic::polls]["news"], Not(HasSubstr(callback.substr(callback.rfind('/')))));
}
TEST_F(push_poller, confirms_nothing_that_was_not_asked_for) {
    subscribe(hub_feed());
    poll_once(with_hub({{"1", "one"}}));
    hub_answer& early = ask("subscribe", {feed_id("other"), 7}, "https://news.example.org/feed");
    hub_answer& wrong_topic = ask("subscribe", where(), "https://evil.example/");
    hub_answer& not_leaving = ask("unsubscribe", where(), "https://news.example.org/feed");
    now_ += 10min;  // it is known by now which feeds are ours
    tick();
    EXPECT_EQ(early.status, 404U);
    EXPECT_EQ(wrong_topic.status, 404U);
    EXPECT_EQ(not_leaving.status, 404U);
    EXPECT_NE(subscription()->is, state::active);
    EXPECT_EQ(counts_.value("feedwatch_push_verifications_total", {{"outcome", "refused"}}), 3);
}
TEST_F(push_poller, a_delivered_item_is_published_at_once_and_polled_no_second_time) {
    activate();
    hub_answer& said = post(rss({{"2", "two"}}), where());
    EXPECT_EQ(said.status, 0U) << "not before it is committed";
    tick();
    EXPECT_EQ(said.status, 204U);
    ASSERT_EQ(items_.size(), 1U);
    EXPECT_EQ(items_[0].origin, origin::live);
    EXPECT_EQ(items_[0].observed, now_);
    EXPECT_THAT(take_titles(), ElementsAre("two"));
    EXPECT_EQ(counted("accepted"), 1);
    EXPECT_EQ(counts_.value("feedwatch_push_items_total", {{"kind", "new"}}), 1);
    poll_once(with_hub({{"2", "two"}, {"1", "one"}}));
    EXPECT_THAT(take_titles(), IsEmpty());
    EXPECT_EQ(checkpoint().items_known, 2U);
    EXPECT_FALSE(checkpoint().possibly_missed);
}
TEST_F(push_poller, what_was_polled_first_comes_no_second_time_by_delivery_and_a_change_comes_once) {
    activate();
    hub_answer& again = post(rss({{"1", "one"}}), where());
    tick();
    EXPECT_EQ(again.status, 204U);
    EXPECT_THAT(take_titles(), IsEmpty());
    for (int i = 0; i < 2; ++i) post(rss({{"1", "one, corrected"}}), where());
    tick();
    EXPECT_THAT(take_titles(), ElementsAre("one, corrected"));
    poll_once(with_hub({{"1", "one, corrected"}}));
    EXPECT_THAT(take_titles(), IsEmpty());
}
TEST_F(push_poller, a_delivery_of_one_item_lets_no_other_age) {
    options_.window = 24h;
    restart();
    activate("news", {{"1", "one"}, {"2", "two"}});
    for (int i = 0; i < 30; ++i) {
        now_ += 1h;
        post(rss({{"3", "three"}}), where());
        tick();
        if (!exchange_->open.empty()) exchange_->answer(status(304));  // a poll that was due meanwhile
        tick();
    }
    take_titles();
    poll_once(with_hub({{"3", "three"}, {"2", "two"}, {"1", "one"}}));
    EXPECT_THAT(take_titles(), IsEmpty());
}
TEST_F(push_poller, an_aborted_batch_takes_the_delivery_back_and_answers_only_when_it_is_committed) {
    activate();
    hub_answer& said = post(rss({{"2", "two"}}), where());
    begin();
    poller_->tick(now_, *this);
    EXPECT_EQ(pending_.size(), 2U);
    rollback();
    EXPECT_EQ(said.status, 0U);
    EXPECT_TRUE(poller_->next_tick());
    tick();
    EXPECT_EQ(said.status, 204U);
    EXPECT_THAT(take_titles(), ElementsAre("two"));
    EXPECT_EQ(counted("accepted"), 1);
}
TEST_F(push_poller, a_delivery_whose_hub_was_told_to_come_back_is_left_to_its_next_try) {
    activate();
    hub_answer& said = post(rss({{"2", "two"}}), where());
    said.awaited = false;
    tick();
    EXPECT_THAT(take_titles(), IsEmpty());
    EXPECT_EQ(post(rss({{"2", "two"}}), where()).status, 0U);
    tick();
    EXPECT_THAT(take_titles(), ElementsAre("two"));
}
TEST_F(push_poller, what_is_no_feed_is_refused_and_counts_for_nothing) {
    activate();
    hub_answer& said = post("<html><body>Hello</body></html>", where());
    tick();
    EXPECT_EQ(said.status, 400U);
    EXPECT_EQ(counted("not_a_feed"), 1);
    EXPECT_EQ(subscription()->last_delivery, std::nullopt);
}
TEST_F(push_poller, is_polled_less_while_the_hub_delivers_and_as_before_when_it_falls_silent) {
    activate();
    for (int n = 2; n < 20; ++n) {
        post(rss({{std::to_string(n), "item " + std::to_string(n)}}), where());
        tick();
    }
    EXPECT_GE(checkpoint().next_due - checkpoint().at, 5h);
    EXPECT_LE(checkpoint().next_due - checkpoint().at, 7h);
    // A poll in between finds nothing new: the hub is trusted on.
    std::vector<entry> all{{"1", "one"}};
    for (int n = 2; n < 20; ++n) all.push_back({std::to_string(n), "item " + std::to_string(n)});
    poll_once(with_hub(all));
    EXPECT_GE(checkpoint().next_due - now_, 6h);
    take_titles();
    // The next one does find something.
    all.push_back({"20", "undelivered"});
    poll_once(with_hub(all));
    EXPECT_THAT(take_titles(), ElementsAre("undelivered"));
    EXPECT_LE(checkpoint().next_due - now_, 5min);
    now_ += 11min;
    tick();
    EXPECT_EQ(subscription()->is, state::silent);
    EXPECT_EQ(counts_.value("feedwatch_push_subscriptions", {{"state", "silent"}}), 1);
    EXPECT_LE(checkpoint().next_due, now_ + 5min);
}
TEST_F(push_poller, a_lease_that_ends_unrenewed_brings_the_polls_back) {
    activate();
    for (int i = 0; i < 10; ++i) post(rss({{"2", "two"}}), where());
    tick();
    now_ = *subscription()->lease_until;
    const auto number = subscription()->number;
    tick();
    EXPECT_GT(subscription()->number, number);
    EXPECT_LE(checkpoint().next_due, now_ + 2min);
}
TEST_F(push_poller, a_renewal_is_asked_for_under_the_same_callback) {
    activate();
    const push::address before = where();
    while (exchange_->open.empty() || exchange_->open.front().what.method != "POST") {
        if (!exchange_->open.empty()) exchange_->answer(status(304));
        now_ = std::max(now_, poller_->next_tick().value());
        tick();
        ASSERT_LT(now_, subscription()->lease_until);
    }
    EXPECT_EQ(field(asked(), "hub.callback"), own_.callback(before));
    hub_answer& said = ask("subscribe", before, "https://news.example.org/feed", "&hub.lease_seconds=864000");
    tick();
    EXPECT_EQ(said.status, 200U);
    EXPECT_EQ(subscription()->lease_until, now_ + std::chrono::days{10});
}
TEST_F(push_poller, a_hub_that_refuses_is_asked_again_later) {
    subscribe(hub_feed());
    poll_once(with_hub({{"1", "one"}}));
    tick();
    exchange_->answer(status(403));
    tick();
    EXPECT_EQ(subscription()->is, state::wanted);
    EXPECT_EQ(subscription()->next_step, now_ + 1min);
    EXPECT_EQ(counts_.value("feedwatch_push_hub_requests_total", {{"outcome", "refused"}}), 1);
}
TEST_F(push_poller, a_denial_ends_the_subscription) {
    activate();
    hub_answer& said = ask("denied", where(), "https://news.example.org/feed", "&hub.reason=no");
    tick();
    EXPECT_EQ(said.status, 200U);
    EXPECT_EQ(subscription()->is, state::denied);
    EXPECT_EQ(counts_.value("feedwatch_push_verifications_total", {{"outcome", "denied"}}), 1);
}
TEST_F(push_poller, a_removed_feed_leaves_its_hub_and_its_callback_is_gone) {
    activate();
    const push::address old = where();
    unsubscribe("news");
    EXPECT_EQ(field(asked(), "hub.mode"), "unsubscribe");
    EXPECT_EQ(field(asked(), "hub.callback"), own_.callback(old));
    hub_answer& confirmed = ask("unsubscribe", old, "https://news.example.org/feed");
    now_ += 10min;
    tick();
    EXPECT_EQ(confirmed.status, 200U);
    EXPECT_EQ(confirmed.body, "c-1");
    hub_answer& late = post(rss({{"2", "two"}}), old);
    tick();
    EXPECT_EQ(late.status, 410U);
    EXPECT_EQ(counted("ended"), 1);
    EXPECT_THAT(take_titles(), IsEmpty());
    EXPECT_EQ(counts_.value("feedwatch_push_subscriptions", {{"state", "active"}}), 0);
}
TEST_F(push_poller, an_aborted_removal_asks_the_hub_for_nothing) {
    activate();
    begin();
    ASSERT_TRUE(poller_->process(view(topic::feeds, "news", std::nullopt), now_, *this));
    rollback();
    EXPECT_THAT(asked(), IsEmpty());
    hub_answer& said = post(rss({{"2", "two"}}), where());
    tick();
    EXPECT_EQ(said.status, 204U);
}
TEST_F(push_poller, a_paused_or_moved_feed_leaves_its_hub) {
    for (const bool pauses : {true, false}) {
        SCOPED_TRACE(pauses);
        const std::string id = pauses ? "paused" : "moved";
        activate(id);
        feed f = hub_feed(id);
        if (pauses) f.paused = true;
        if (!pauses) f.url = "https://elsewhere.example.org/feed";
        subscribe(f);
        EXPECT_EQ(field(asked(), "hub.mode"), "unsubscribe");
        EXPECT_EQ(subscription(id), std::nullopt);
        exchange_->answer(status(202));
        tick();
        while (!exchange_->open.empty()) exchange_->answer(status(500));
        tick();
    }
}
TEST_F(push_poller, another_hub_in_the_feed_is_subscribed_in_place_of_the_old_one) {
    activate();
    const push::address old = where();
    poll_once(with_hub({{"2", "two"}, {"1", "one"}}, "https://new.example/"));
    tick();
    std::vector<std::string> said;
    for (const auto& r : exchange_->open)
        said.push_back(field(push::read_form(r.what.body), "hub.mode") + " " + r.what.url);
    EXPECT_THAT(said,
                testing::UnorderedElementsAre("unsubscribe https://hub.example/", "subscribe https://new.example/"));
    EXPECT_NE(where(), old);
    hub_answer& late = post(rss({{"3", "three"}}), old);
    tick();
    EXPECT_EQ(late.status, 410U);
    while (!exchange_->open.empty()) exchange_->answer(status(202));
    poll_once(document(rss({{"4", "four"}})));
    EXPECT_EQ(subscription(), std::nullopt) << "no hub any more";
}
TEST_F(push_poller, a_restart_goes_on_where_it_was_and_asks_again) {
    activate();
    restart();
    hub_answer& said = post(rss({{"2", "two"}}), where());
    tick();
    EXPECT_EQ(said.status, 204U);
    EXPECT_THAT(take_titles(), ElementsAre("two"));
    now_ += 1s;
    tick();
    EXPECT_EQ(field(asked(), "hub.mode"), "subscribe");
    EXPECT_EQ(field(asked(), "hub.callback"), own_.callback(where()));
}
TEST_F(push_poller, another_process_that_takes_the_feed_over_subscribes_with_its_own_callback) {
    activate();
    const push::address old = where();
    own_ = push::keys(secret(key), "https://second.example/");
    push::inbox second(own_, {}, counts_);
    options_.push.reset();
    options_.push.emplace(poller_push{second, wakes_, std::chrono::days{10}});
    start();
    now_ += 1s;
    tick();
    tick();
    EXPECT_THAT(field(asked(), "hub.callback"), testing::StartsWith("https://second.example/websub/news/"));
    EXPECT_NE(where(), old);
    EXPECT_EQ(subscription()->is, state::requested);
    poller_.reset();
}
TEST_F(push_poller, feeds_that_are_not_here_are_told_to_come_back_until_it_is_known_whose_they_are) {
    activate();
    const push::address to = where();
    poller_->revoked(0);
    hub_answer& during = post(rss({{"2", "two"}}), to);
    tick();
    EXPECT_EQ(during.status, 503U);
    EXPECT_EQ(counted("not_ready"), 1);
    now_ += 6min;
    hub_answer& after = post(rss({{"2", "two"}}), to);
    tick();
    EXPECT_EQ(after.status, 410U) << "somebody else's by now: the hub may forget it";
}
TEST_F(push_poller, feeds_that_a_hub_cannot_serve_are_not_told_to_hubs) {
    options_.read_secret = [](std::string_view) { return secret("PEM"); };
    options_.authorize = [](std::string_view) { return credentials{secret("user:hunter2"), {}, {}}; };
    restart();
    std::vector<feed> only_polled(5, hub_feed());
    only_polled[0].url = "https://user:hunter2@news.example.org/feed";
    only_polled[1].credentials = "basic:env:USER";
    only_polled[2].client_certificate = only_polled[2].client_key = "env:PEM";
    only_polled[3].proxy = "none";
    only_polled[4].full_text = true;
    for (std::size_t n = 0; n < only_polled.size(); ++n) {
        SCOPED_TRACE(n);
        feed& f = only_polled[n];
        const std::string id = "only polled " + std::to_string(n);
        f.id = feed_id(id);
        subscribe(f);
        poll_once(with_hub({}));
        ASSERT_EQ(checkpoint(id).outcome, "ok");
        EXPECT_EQ(subscription(id), std::nullopt);
        unsubscribe(id);
    }
}
TEST_F(push_poller, a_feed_that_is_only_polled_from_now_on_leaves_its_hub) {
    activate();
    const push::address old = where();
    feed f = hub_feed();
    f.full_text = true;
    subscribe(f);
    EXPECT_EQ(field(asked(), "hub.mode"), "unsubscribe");
    EXPECT_EQ(subscription(), std::nullopt);
    hub_answer& late = post(rss({{"2", "two"}}), old);
    tick();
    EXPECT_EQ(late.status, 410U);
    EXPECT_THAT(take_titles(), IsEmpty());
}
TEST_F(push_poller, what_is_delivered_tells_how_often_the_feed_publishes) {
    activate();
    std::vector<entry> all{{"1", "one"}};
    for (int n = 2; n < 74; ++n) {
        const timestamp then = now_ + 1h;
        for (auto next = poller_->next_tick(); next && *next <= then; next = poller_->next_tick()) {
            now_ = std::max(now_, *next);
            tick();
            if (!exchange_->open.empty()) exchange_->answer(with_hub(all));
            tick();
        }
        now_ = then;
        all.insert(all.begin(), {std::to_string(n), "item " + std::to_string(n)});
        post(rss({all.front()}), where());
        tick();
    }
    EXPECT_GT(checkpoint().at, now_ - 13h) << "polled now and then";
    EXPECT_EQ(subscription()->is, state::active);
    EXPECT_GE(checkpoint().gap, 45min);
    EXPECT_LE(checkpoint().gap, 75min) << "as if polls had found them";
}
TEST_F(push_poller, deliveries_do_not_move_a_poll_into_hours_that_the_feed_skips) {
    const timestamp three = std::chrono::floor<std::chrono::days>(now_) + 27h;
    now_ = three;
    activate();
    http::response said = with_hub({{"1", "one"}});
    said.body.insert(said.body.find("<item>"), "<skipHours><hour>8</hour><hour>9</hour><hour>10</hour></skipHours>");
    poll_once(std::move(said));
    for (int i = 0; i < 10; ++i) post(rss({{"2", "two"}}), where());
    tick();
    EXPECT_GE(checkpoint().next_due, three + 8h);
    EXPECT_LT(checkpoint().next_due, three + 9h);
}
TEST_F(push_poller, without_push_a_feed_with_a_subscription_is_polled_as_any_other) {
    activate();
    options_.push.reset();
    restart();
    poll_once(with_hub({{"2", "two"}, {"1", "one"}}));
    EXPECT_EQ(subscription(), std::nullopt);
    EXPECT_LE(checkpoint().next_due - now_, 3min);
}
TEST_F(push_poller, while_it_leaves_hubs_are_told_to_come_back) {
    activate();
    hub_answer& waiting = post(rss({{"2", "two"}}), where());
    poller_->drain();
    EXPECT_EQ(waiting.status, 503U);
    EXPECT_EQ(post(rss({{"2", "two"}}), where()).status, 503U);
    tick();
    EXPECT_TRUE(poller_->drained());
}
TEST_F(push_poller, a_clock_that_is_set_back_keeps_the_distance_of_renewals) {
    activate();
    const duration before = *poller_->next_tick() - now_;
    tick();
    now_ -= 1h;
    tick();
    EXPECT_LE(*poller_->next_tick() - now_, before + 1min);
}

}  // namespace
}  // namespace feedwatch
