#include "producers/push/inbox.hpp"

#include <gmock/gmock.h>

#include "producers/push/signature.hpp"
#include "tests/support/counting_meter.hpp"

namespace feedwatch::push {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class counting_waker final : public waker {
  public:
    void wake() override { ++woken; }
    int woken = 0;
};

class noted_reply final : public http::pending_reply {
  public:
    explicit noted_reply(std::uint32_t& status) : status_(status) {}
    ~noted_reply() override {
        if (status_ == 0) status_ = 503;
    }
    noted_reply(const noted_reply&) = delete;
    noted_reply& operator=(const noted_reply&) = delete;
    void send(http::served_reply reply) override { status_ = reply.status; }
    [[nodiscard]] bool is_awaited() const override { return true; }

  private:
    std::uint32_t& status_;
};

class push_inbox : public testing::Test {
  protected:
    void SetUp() override { box_.open(wakes_); }

    http::received_request post(std::string body, const address& to) {
        http::received_request r;
        r.is_post = true;
        r.path = own_.callback(to).substr(std::string("https://feedwatch.example").size());
        r.headers = {{"content-type", "application/rss+xml"},
                     {"x-hub-signature", "sha256=" + hmac_hex(digest::sha256, own_.hub_secret(to), body)}};
        r.body = std::move(body);
        return r;
    }
    // As the port does. 0: it waits for the poller.
    std::uint32_t send(http::received_request r) {
        auto admitted = box_.admit(r, r.body.size());
        if (admitted.refusal) return admitted.refusal->status;
        if (r.body.size() > admitted.body_bytes_max) return 413;
        r.place = std::move(admitted.place);
        auto& status = statuses_.emplace_back(std::make_unique<std::uint32_t>(0));
        box_.receive(std::move(r), std::make_unique<noted_reply>(*status));
        return *status;
    }
    double counted(const std::string& outcome) {
        return counts_.value("feedwatch_push_deliveries_total", {{"outcome", outcome}});
    }

    const address news_{feed_id("news"), 7};
    keys own_{secret("a key that nobody guesses, surely"), "https://feedwatch.example/"};
    test::counting_meter counts_;
    counting_waker wakes_;
    std::vector<std::unique_ptr<std::uint32_t>> statuses_;  // outlives the box, which answers what waits
    inbox box_{own_, {.body_bytes_max = 1000, .bytes_max = 2500, .letters_max = 4}, counts_};
};

TEST_F(push_inbox, a_signed_delivery_waits_for_the_poller) {
    EXPECT_EQ(send(post("content", news_)), 0U);
    EXPECT_EQ(wakes_.woken, 1);
    const auto letters = box_.take();
    ASSERT_THAT(letters, SizeIs(1));
    EXPECT_EQ(letters[0].to, news_);
    EXPECT_EQ(letters[0].body, "content");
    EXPECT_EQ(letters[0].content_type, "application/rss+xml");
    EXPECT_FALSE(letters[0].asks);
    EXPECT_THAT(box_.take(), IsEmpty());
}
TEST_F(push_inbox, what_is_not_signed_with_this_subscriptions_secret_never_reaches_the_poller) {
    auto unsigned_one = post("content", news_);
    unsigned_one.headers.pop_back();
    EXPECT_EQ(send(unsigned_one), 403U);
    auto changed = post("content", news_);
    changed.body += "!";
    EXPECT_EQ(send(changed), 403U);
    auto of_another = post("content", {feed_id("news"), 8});
    of_another.path = post("content", news_).path;
    EXPECT_EQ(send(of_another), 403U);
    EXPECT_EQ(counted("forged"), 3);
    EXPECT_THAT(box_.take(), IsEmpty());
    EXPECT_EQ(wakes_.woken, 0);
}
TEST_F(push_inbox, paths_that_are_not_ours_are_refused_before_a_body_is_read) {
    auto r = post("content", news_);
    r.path.back() = r.path.back() == 'a' ? 'b' : 'a';
    EXPECT_EQ(box_.admit(r, 10).refusal->status, 404U);
    EXPECT_EQ(counted("unknown"), 1);
}
TEST_F(push_inbox, bodies_have_a_limit_each_and_together) {
    EXPECT_EQ(send(post(std::string(1001, 'x'), news_)), 413U);
    EXPECT_EQ(counted("too_large"), 1);
    EXPECT_EQ(send(post(std::string(1000, 'x'), news_)), 0U);
    EXPECT_EQ(send(post(std::string(1000, 'x'), news_)), 0U);
    EXPECT_EQ(send(post(std::string(1000, 'x'), news_)), 503U) << "2500 bytes altogether";
    EXPECT_EQ(counted("not_ready"), 1);
    box_.take().clear();  // answered
    EXPECT_EQ(send(post(std::string(1000, 'x'), news_)), 0U);
}
TEST_F(push_inbox, a_body_of_unknown_length_takes_the_place_of_a_largest_one) {
    const auto r = post("", news_);
    const auto one = box_.admit(r, std::nullopt), two = box_.admit(r, std::nullopt);
    EXPECT_TRUE(one.place && two.place);
    EXPECT_EQ(box_.admit(r, std::nullopt).refusal->status, 503U);
}
TEST_F(push_inbox, a_flood_is_told_to_come_back_and_a_request_that_is_given_up_frees_its_place) {
    for (int i = 0; i < 4; ++i) EXPECT_EQ(send(post("x", news_)), 0U);
    EXPECT_EQ(send(post("x", news_)), 503U);
    EXPECT_EQ(box_.admit(post("x", news_), 1).refusal->retry_after_seconds, 10U);
    box_.take().clear();
    { const auto given_up = box_.admit(post("x", news_), 1); }
    for (int i = 0; i < 4; ++i) EXPECT_EQ(send(post("x", news_)), 0U);
}
TEST_F(push_inbox, a_question_is_read_and_nonsense_is_404) {
    http::received_request r = post("", news_);
    r.is_post = false;
    r.query = "hub.mode=subscribe&hub.topic=t&hub.challenge=c&hub.lease_seconds=60";
    EXPECT_EQ(send(r), 0U);
    const auto letters = box_.take();
    ASSERT_THAT(letters, SizeIs(1));
    EXPECT_EQ(letters[0].asks->challenge, "c");
    r.query = "hub.mode=publish";
    EXPECT_EQ(send(r), 404U);
}
TEST_F(push_inbox, without_a_poller_everybody_is_told_to_come_back) {
    EXPECT_EQ(send(post("x", news_)), 0U);
    const auto admitted = box_.admit(post("x", news_), 1);
    ASSERT_TRUE(admitted.place);
    box_.close();
    EXPECT_EQ(*statuses_.front(), 503U) << "what waited";
    EXPECT_EQ(send(post("x", news_)), 503U);
    auto late = post("x", news_);
    late.place = admitted.place;
    std::uint32_t status = 0;
    box_.receive(std::move(late), std::make_unique<noted_reply>(status));
    EXPECT_EQ(status, 503U) << "admitted before";
    box_.open(wakes_);
    EXPECT_EQ(send(post("x", news_)), 0U);
}

}  // namespace
}  // namespace feedwatch::push
