#include "producers/push/subscription.hpp"

#include <gmock/gmock.h>

#include <map>
#include <random>
#include <set>

namespace feedwatch::push {
namespace {

using namespace std::chrono_literals;
using state = push_subscription::state;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* hub = "https://hub.example/";
constexpr const char* topic = "https://news.example/feed";
const timestamp start = parse_rfc3339("2026-11-25T12:00:00Z").value();

policy ours() {
    policy how;
    how.callback = "https://feedwatch.example/";
    return how;
}
advertised at(std::vector<std::string> hubs = {hub}, std::string under = topic) {
    return {std::move(hubs), std::move(under)};
}
subscription wanted() {
    return discovered(std::nullopt, at(), start, ours()).next;
}
subscription requested() {
    return stepped(wanted(), start, ours()).next;
}
subscription active(duration lease = 10 * 24h) {
    return verified(requested(), topic, lease, start + 1s, ours());
}

TEST(push_subscription, goes_from_discovery_to_delivery) {
    const subscription s = wanted();
    ASSERT_TRUE(s);
    EXPECT_EQ(s->is, state::wanted);
    const change asked = stepped(s, start, ours());
    EXPECT_EQ(asked.next->is, state::requested);
    EXPECT_THAT(asked.ask, ElementsAre(hub_request{true, hub, topic, s->number}));
    const subscription now = verified(asked.next, topic, 24h, start + 1s, ours());
    ASSERT_TRUE(now);
    EXPECT_EQ(now->is, state::active);
    EXPECT_EQ(now->lease_until, start + 1s + 24h);
    EXPECT_EQ(delivered(*now, start + 2s, ours()).last_delivery, start + 2s);
}
TEST(push_subscription, is_confirmed_only_while_it_was_asked_for) {
    EXPECT_FALSE(verified(std::nullopt, topic, 24h, start, ours()));
    EXPECT_FALSE(verified(wanted(), topic, 24h, start, ours())) << "not asked for yet";
    EXPECT_FALSE(verified(requested(), "https://news.example/other", 24h, start, ours()));
    EXPECT_FALSE(verified(requested(), topic, 24h, start + 61min, ours())) << "too late";
    EXPECT_TRUE(verified(active(), topic, 24h, start + 2s, ours())) << "a hub that asks again has not heard us";
    EXPECT_FALSE(verified(active(), topic, 24h, start + 2h, ours()));
    EXPECT_FALSE(verified(failed(requested(), requested()->number, start), topic, 24h, start, ours()));
    EXPECT_FALSE(verified(denied(requested(), topic, start, ours()), topic, 24h, start, ours()));
}
TEST(push_subscription, a_lease_is_never_taken_for_longer_than_ours) {
    EXPECT_EQ(active(365 * 24h)->lease_until, start + 1s + 10 * 24h);
    EXPECT_EQ(verified(requested(), topic, std::nullopt, start, ours())->lease_until, start + 10 * 24h);
}
TEST(push_subscription, is_renewed_before_its_lease_ends_and_not_all_at_once) {
    std::set<timestamp> when;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        policy how = ours();
        how.seed = seed;
        const subscription s = verified(requested(), topic, 10 * 24h, start, how);
        EXPECT_GE(s->next_step, start + 10 * 24h * 75 / 100);
        EXPECT_LE(s->next_step, start + 10 * 24h * 90 / 100);
        when.insert(s->next_step);
    }
    EXPECT_GT(when.size(), 20U);
    const subscription s = active();
    EXPECT_THAT(stepped(s, s->next_step - 1ms, ours()).ask, IsEmpty());
    const change again = stepped(s, s->next_step, ours());
    EXPECT_THAT(again.ask, ElementsAre(hub_request{true, hub, topic, s->number})) << "under the same callback";
    EXPECT_EQ(again.next->is, state::active) << "it delivers meanwhile";
    const subscription renewed = verified(again.next, topic, 10 * 24h, s->next_step + 1s, ours());
    EXPECT_EQ(renewed->lease_until, s->next_step + 1s + 10 * 24h);
    EXPECT_EQ(renewed->active_since, s->active_since);
}
TEST(push_subscription, a_renewal_without_answer_is_tried_again_and_again_until_the_lease_is_over) {
    subscription s = active();
    const timestamp end = *s->lease_until;
    int tries = 0;
    while (s->is == state::active && tries < 1000) {
        const change c = stepped(s, s->next_step, ours());
        tries += static_cast<int>(c.ask.size());
        s = c.next;
    }
    EXPECT_GE(tries, 5);
    EXPECT_LE(tries, 40);
    EXPECT_GE(s->next_step, end);
    EXPECT_NE(s->number, active()->number) << "the hub has forgotten it: another callback";
    EXPECT_EQ(s->deliveries, 0U);
}
TEST(push_subscription, a_hub_that_leases_for_seconds_is_not_asked_every_second) {
    subscription s = active(1s);
    timestamp now = start + 1s;
    int asked = 0;
    for (; now < start + 1h; now += 1s) {
        const change c = stepped(s, now, ours());
        asked += static_cast<int>(c.ask.size());
        s = c.ask.empty() ? c.next : verified(c.next, topic, 1s, now, ours());
    }
    EXPECT_LE(asked, 120);
    EXPECT_GE(asked, 60);
}
TEST(push_subscription, a_hub_that_fails_is_asked_again_later_each_time_at_least_daily) {
    subscription s = requested();
    duration last{};
    timestamp now = start;
    for (int i = 0; i < 20; ++i) {
        s = failed(s, s->number, now);
        ASSERT_EQ(s->is, state::wanted);
        const duration wait = s->next_step - now;
        EXPECT_GE(wait, last);
        EXPECT_LE(wait, 24h);
        last = wait;
        now = s->next_step;
        s = stepped(s, now, ours()).next;
        ASSERT_EQ(s->is, state::requested);
    }
    EXPECT_EQ(last, 24h);
    EXPECT_EQ(failed(active(), active()->number, start), active()) << "a renewal that fails ends nothing";
    EXPECT_EQ(failed(requested(), 1, start), requested()) << "an answer to a subscription that is no more";
}
TEST(push_subscription, without_verification_is_asked_for_again) {
    const subscription s = requested();
    EXPECT_EQ(s->next_step, start + 1h);
    const change late = stepped(s, start + 1h, ours());
    EXPECT_EQ(late.next->is, state::wanted);
    EXPECT_EQ(late.next->failures, 1U);
}
TEST(push_subscription, that_is_denied_is_asked_for_a_week_later) {
    for (const subscription& s : {requested(), active()}) {
        const subscription no = denied(s, topic, start + 1min, ours());
        ASSERT_TRUE(no);
        EXPECT_EQ(no->is, state::denied);
        EXPECT_EQ(no->lease_until, std::nullopt);
        EXPECT_THAT(stepped(no, start + 6 * 24h, ours()).ask, IsEmpty());
        const change again = stepped(no, start + 8 * 24h, ours());
        ASSERT_EQ(again.ask.size(), 1U);
        EXPECT_GT(again.ask[0].number, s->number);
    }
    EXPECT_FALSE(denied(active(), "https://news.example/other", start, ours()));
    EXPECT_FALSE(denied(wanted(), topic, start, ours()));
}
TEST(push_subscription, a_poll_that_finds_what_was_not_delivered_makes_a_hub_silent_unless_it_delivers_soon) {
    subscription s = delivered(*active(), start + 1min, ours());
    const timestamp found = start + 2h;
    s = polled(s, 3, start + 1h, found, ours());
    EXPECT_EQ(s->unheard_since, found);
    EXPECT_EQ(stretched(s, 1min, 6h, found), 1min) << "at once";
    EXPECT_EQ(s->next_step, found + 10min);
    const push_subscription late = delivered(*s, found + 9min, ours());
    EXPECT_EQ(late.unheard_since, std::nullopt);
    EXPECT_GT(late.next_step, found + 24h);
    const subscription silent = stepped(s, found + 10min, ours()).next;
    EXPECT_EQ(silent->is, state::silent);
    EXPECT_EQ(silent->next_step, found + 10min + 24h);
    const change again = stepped(silent, silent->next_step, ours());
    EXPECT_EQ(again.next->is, state::requested);
    EXPECT_GT(again.next->number, s->number);
    EXPECT_EQ(again.next->unheard_since, std::nullopt);
    EXPECT_EQ(delivered(*silent, found + 1h, ours()).is, state::active) << "it lives after all";
}
TEST(push_subscription, a_hub_is_not_blamed_for_what_appeared_before_it_was_asked) {
    EXPECT_EQ(polled(active(), 3, start - 1min, start + 1h, ours())->unheard_since, std::nullopt);
    EXPECT_EQ(polled(active(), 3, std::nullopt, start + 1h, ours())->unheard_since, std::nullopt);
    EXPECT_EQ(polled(active(), 0, start + 1min, start + 1h, ours())->unheard_since, std::nullopt);
    EXPECT_EQ(polled(requested(), 3, start + 1min, start + 1h, ours())->unheard_since, std::nullopt);
}
TEST(push_subscription, a_hub_that_falls_silent_again_and_again_is_asked_less_and_less) {
    subscription s = active();
    timestamp now = start + 1h;
    duration last{};
    for (int i = 0; i < 8; ++i) {
        s = polled(s, 1, now, now + 1h, ours());
        now = s->next_step;
        s = stepped(s, now, ours()).next;
        ASSERT_EQ(s->is, state::silent) << i;
        EXPECT_GE(s->next_step - now, last);
        last = s->next_step - now;
        now = s->next_step;
        s = verified(stepped(s, now, ours()).next, topic, 10 * 24h, now, ours());
        ASSERT_TRUE(s);
        now += 1min;
    }
    EXPECT_EQ(last, 16 * 24h);
}
TEST(push_subscription, another_hub_or_topic_is_another_subscription) {
    for (const advertised& seen : {at({"https://new.example/"}), at({hub}, "https://news.example/new")}) {
        const change c = discovered(active(), seen, start + 1h, ours());
        EXPECT_THAT(c.ask, ElementsAre(hub_request{false, hub, topic, active()->number})) << "the old one is left";
        EXPECT_EQ(c.next->is, state::wanted);
        EXPECT_GT(c.next->number, active()->number);
        EXPECT_EQ(c.next->next_step, start + 1h);
    }
    EXPECT_EQ(discovered(active(), at(), start + 1h, ours()).next, active());
    EXPECT_EQ(discovered(active(), at({"https://new.example/", hub}), start + 1h, ours()).next, active())
        << "still named";
    const change none = discovered(active(), {}, start + 1h, ours());
    EXPECT_FALSE(none.next);
    EXPECT_EQ(none.ask.size(), 1U);
}
TEST(push_subscription, of_several_hubs_the_next_is_asked_when_one_does_not_deliver) {
    const advertised both = at({hub, "https://other.example/"});
    const subscription silent = [] {
        subscription s = active();
        s->is = state::silent;
        s->failures = 2;
        return s;
    }();
    const change c = discovered(silent, both, start + 1h, ours());
    EXPECT_EQ(c.next->hub, "https://other.example/");
    EXPECT_EQ(c.next->next_step, start + 1h + 4min) << "without asking both all the time";
    EXPECT_EQ(discovered(active(), both, start + 1h, ours()).next->hub, hub);
    EXPECT_EQ(discovered(silent, at(), start + 1h, ours()).next, silent) << "there is no other";
}
TEST(push_subscription, ends_with_a_request_where_the_hub_may_know_of_it) {
    EXPECT_THAT(ended(active(), ours()).ask, ElementsAre(hub_request{false, hub, topic, active()->number}));
    EXPECT_THAT(ended(requested(), ours()).ask, testing::SizeIs(1));
    EXPECT_THAT(ended(wanted(), ours()).ask, IsEmpty());
    EXPECT_THAT(ended(std::nullopt, ours()).ask, IsEmpty());
    policy elsewhere = ours();
    elsewhere.callback = "https://elsewhere.example/";
    EXPECT_THAT(ended(active(), elsewhere).ask, IsEmpty()) << "its verification would come to somebody else";
}
TEST(push_subscription, is_asked_for_again_by_who_takes_the_feed_over) {
    const change same = taken_over(active(), start + 1h, ours());
    EXPECT_THAT(same.ask, ElementsAre(hub_request{true, hub, topic, active()->number}));
    EXPECT_EQ(same.next->is, state::active) << "what it delivers meanwhile is good";
    policy elsewhere = ours();
    elsewhere.callback = "https://elsewhere.example/";
    const change other = taken_over(active(), start + 1h, elsewhere);
    EXPECT_EQ(other.next->is, state::wanted);
    EXPECT_EQ(other.next->callback, elsewhere.callback);
    EXPECT_GT(other.next->number, active()->number);
    EXPECT_EQ(other.next->next_step, start + 1h);
    EXPECT_EQ(stretched(other.next, 1min, 6h, start + 1h), 1min);
}
TEST(push_subscription, polls_are_rarer_the_more_the_hub_has_delivered) {
    subscription s = active();
    EXPECT_EQ(stretched(s, 1min, 6h, start + 1h), 1min) << "verified, but nothing came yet";
    s = delivered(*s, start + 1h, ours());
    EXPECT_EQ(stretched(s, 1min, 6h, start + 1h), 2min);
    for (int i = 0; i < 40; ++i) s = delivered(*s, start + 1h, ours());
    EXPECT_EQ(stretched(s, 1min, 6h, start + 1h), 6h);
    EXPECT_EQ(stretched(s, 1min, 1min, start + 1h), 1min);
    EXPECT_EQ(stretched(s, 1min, 6h, *s->lease_until), 1min) << "the lease is over";
    EXPECT_EQ(stretched(std::nullopt, 1min, 6h, start), 1min);
}

// A year with a hub, a publisher and a poller that do anything at any time. The oracle is what the world remembers.
class world {
  public:
    explicit world(std::uint64_t seed) : random_(seed) { how_.seed = seed; }

    void live() {
        while (now_ < start + 365 * 24h) {
            now_ += duration{static_cast<std::int64_t>(random_() % (random_() % 8 == 0 ? 86'400'000 : 600'000))};
            act();
            run_steps();
            check();
        }
    }
    // From now on the hub is as the recommendation wants it.
    void recover() {
        const timestamp until = now_ + 60 * 24h;
        while (now_ < until) {
            now_ += 5min;
            run_steps();
            while (!to_verify_.empty()) verify(to_verify_.back(), 10 * 24h);
            if (random_() % 12 == 0 && s_ && s_->is == state::active) s_ = delivered(*s_, now_, how_);
            if (now_ >= next_poll_) poll(0);
            run_steps();
            check();
        }
        ASSERT_TRUE(s_);
        EXPECT_EQ(s_->is, state::active);
        EXPECT_GT(s_->deliveries, 0U);
    }
    [[nodiscard]] std::size_t requests() const { return asked_.size(); }

  private:
    void act() {
        switch (random_() % 10) {
            case 0:
            case 1:
                return poll(random_() % 3);
            case 2:
                if (s_) s_ = delivered(*s_, now_, how_);
                return;
            case 3:
            case 4:
                if (!to_verify_.empty())
                    verify(to_verify_[random_() % to_verify_.size()],
                           duration{static_cast<std::int64_t>(1 + random_() % 2'000'000'000)});
                return;
            case 5:
                if (random_() % 20 == 0 && s_) take(denied(s_, s_->topic, now_, how_).value_or(*s_));
                return;
            case 6:
                if (!asked_.empty()) s_ = failed(s_, asked_.rbegin()->first, now_);
                return;
            case 7:
                if (random_() % 50 == 0)
                    how_.callback = random_() % 2 == 0 ? "https://a.example/" : "https://b.example/";
                return take(taken_over(s_, now_, how_));
            case 8:
                if (random_() % 20 != 0) return;
                take(ended(s_, how_));
                return;
            default:
                if (random_() % 10 == 0) hubs_ = {"https://h" + std::to_string(random_() % 3) + ".example/", hub};
                return;
        }
    }
    void poll(std::size_t fresh) {
        const change c = discovered(s_, at(hubs_), now_, how_);
        take({polled(c.next, fresh, last_poll_, now_, how_), c.ask});
        last_poll_ = now_;
        next_poll_ = now_ + stretched(s_, 10min, 6h, now_);
    }
    void verify(std::uint64_t number, duration lease) {
        std::erase(to_verify_, number);
        if (!s_ || s_->number != number) return;  // its callback answers 404
        const auto next = verified(s_, s_->topic, lease, now_, how_);
        const bool asked = asked_.contains(number) && now_ < asked_[number] + how_.verified_within;
        if (next) {
            EXPECT_TRUE(asked) << "confirmed what was not asked for";
        }
        if (next) s_ = next;
    }
    void run_steps() {
        for (int i = 0; s_ && s_->next_step <= now_; ++i) {
            ASSERT_LT(i, 4) << "it does not come to rest in state " << name_of(s_->is);
            take(stepped(s_, now_, how_));
        }
    }
    void take(change c) {
        if (s_ && c.next && s_->number != c.next->number) {
            EXPECT_GT(c.next->number, s_->number);
        }
        s_ = std::move(c.next);
        for (const hub_request& r : c.ask) {
            if (!r.subscribe) {
                EXPECT_TRUE(asked_.contains(r.number)) << "left what was never asked for";
                continue;
            }
            EXPECT_EQ(r.number, s_->number);
            asked_[r.number] = now_;
            to_verify_.push_back(r.number);
        }
    }
    void take(subscription s) { s_ = std::move(s); }
    void check() {
        if (!s_) return;
        EXPECT_GT(s_->next_step, now_);
        EXPECT_LE(s_->next_step, now_ + 16 * 24h + how_.lease);
        if (s_->lease_until) {
            EXPECT_LE(*s_->lease_until, now_ + how_.lease);
        }
        EXPECT_EQ(s_->is == state::active, s_->active_since.has_value());
        if (s_->is == state::active || s_->is == state::requested) {
            EXPECT_TRUE(s_->asked);
        }
        if (s_->is == state::active) {
            EXPECT_TRUE(s_->lease_until);
        }
        const duration wait = stretched(s_, 10min, 6h, now_);
        EXPECT_GE(wait, 10min);
        EXPECT_LE(wait, 6h);
        if (wait > 10min) {
            EXPECT_EQ(s_->is, state::active);
            EXPECT_LT(now_, *s_->lease_until);
            EXPECT_FALSE(s_->unheard_since);
            EXPECT_TRUE(s_->last_delivery);
        }
    }

    std::mt19937_64 random_;
    policy how_ = ours();
    subscription s_;
    timestamp now_ = start;
    std::vector<std::string> hubs_{hub};
    std::optional<timestamp> last_poll_;
    timestamp next_poll_{};
    std::map<std::uint64_t, timestamp> asked_;  // last, by number
    std::vector<std::uint64_t> to_verify_;
};

TEST(push_subscription, keeps_its_promises_whatever_happens_and_recovers) {
    for (std::uint64_t seed = 0; seed < 200 && !testing::Test::HasFailure(); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        world w(seed);
        w.live();
        w.recover();
    }
}

}  // namespace
}  // namespace feedwatch::push
