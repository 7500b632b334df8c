#include "sinks/alerts/alerts.hpp"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <set>

#include "core/record/dead.hpp"
#include "sinks/alerts/body.hpp"
#include "sinks/alerts/signature.hpp"
#include "tests/sinks/alerts/bench_runner.hpp"

namespace feedwatch::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string id_s1_fire = alerts::webhook_id(story_id("s1"), topic_id("fire"));
const std::string key_s1_fire = "ops|" + id_s1_fire;

std::set<std::string> ids(const fake_exchange& http) {
    std::set<std::string> out;
    for (const auto& s : http.all()) out.insert(s.header("webhook-id"));
    return out;
}

TEST(Alerts, NothingIsSentBeforeTheBatchIsCommitted) {
    alert_bench b({channel_named("ops")});
    b.begin();
    ASSERT_TRUE(b.process(alert_item("s1", {"fire"})));
    b.tick();
    EXPECT_THAT(b.http->all(), IsEmpty());
    b.commit();
    ASSERT_THAT(b.http->all(), SizeIs(1));
    EXPECT_EQ(b.stored(key_s1_fire).status, delivery::state::pending);
}

TEST(Alerts, TheRequestIsSignedAsStandardWebhooks) {
    channel_config ops = channel_named("ops");
    ops.secrets.emplace_back("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    alert_bench b({ops});
    b.flag(alert_item("s1", {"fire"}));
    const auto& sent = b.http->all().at(0);
    EXPECT_EQ(sent.what.method, "POST");
    EXPECT_EQ(sent.what.url, "https://ops.example/hook");
    EXPECT_FALSE(sent.what.follow_redirects);
    EXPECT_EQ(sent.header("content-type"), "application/json");
    EXPECT_EQ(sent.header("webhook-id"), id_s1_fire);
    EXPECT_EQ(sent.header("webhook-timestamp"), "1800000000");
    const auto key = alerts::signing_key::parse(secret(test_secret)).value();
    EXPECT_THAT(sent.header("webhook-signature"),
                HasSubstr(key.sign(id_s1_fire, 1'800'000'000, sent.what.body) + " v1,"));
    const auto body = boost::json::parse(sent.what.body).as_object();
    EXPECT_EQ(body.at("type"), "feedwatch.flagged");
    EXPECT_EQ(body.at("alert_topic"), "fire");
    EXPECT_EQ(body.at("story"), "s1");
    EXPECT_EQ(body.at("matches").as_array().size(), 1U);
}

TEST(Alerts, OneAlertForEachChannelTopicAndStory) {
    alert_bench b({channel_named("ops"), channel_named("desk")});
    b.flag(alert_item("s1", {"fire", "flood"}));
    EXPECT_THAT(b.http->all(), SizeIs(4));
    flagged_item update = alert_item("s1", {"fire", "flood"});
    update.revision = 2;
    b.flag(update);
    b.flag(alert_item("s1", {"fire"}));  // and a replay
    EXPECT_THAT(b.http->all(), SizeIs(4));
    EXPECT_EQ(ids(*b.http).size(), 2U);  // one id for each topic and story, whatever the channel
}

TEST(Alerts, ATopicsNotifyChoosesTheChannels) {
    alert_bench b({channel_named("ops"), channel_named("desk")});
    flagged_item f = alert_item("s1", {"fire"});
    f.matches[0].notify = {"desk", "nobody"};
    b.flag(f);
    ASSERT_THAT(b.http->all(), SizeIs(1));
    EXPECT_EQ(b.http->all()[0].what.url, "https://desk.example/hook");
}

TEST(Alerts, OnlyLiveItemsAndUnshadowedTopicsAlert) {
    alert_bench b({channel_named("ops")});
    for (const origin o : {origin::baseline, origin::backfill, origin::replay}) {
        flagged_item f = alert_item("s1", {"fire"});
        f.origin = o;
        b.flag(f);
    }
    flagged_item shadow = alert_item("s2", {"fire"});
    shadow.matches[0].shadow = true;
    b.flag(shadow);
    EXPECT_THAT(b.http->all(), IsEmpty());
    EXPECT_EQ(b.emitted, 0U);
}

TEST(Alerts, ThreeFailuresThenSuccessIsOneDeliveryUnderOneId) {
    alert_bench b({channel_named("ops")});
    b.flag(alert_item("s1", {"fire"}));
    for (const duration pause : {duration(6s), duration(6min), duration(36min)}) {
        b.http->answer_all(500);
        b.settle();
        EXPECT_EQ(b.stored(key_s1_fire).last_error, "http 500");
        const std::size_t before = b.http->all().size();
        b.settle();
        EXPECT_EQ(b.http->all().size(), before) << "tried again without a pause";
        b.pass(pause);
        EXPECT_EQ(b.http->all().size(), before + 1);
    }
    b.http->answer_all(200);
    b.settle();
    EXPECT_THAT(b.http->all(), SizeIs(4));
    EXPECT_EQ(ids(*b.http).size(), 1U);
    const delivery d = b.stored(key_s1_fire);
    EXPECT_EQ(d.status, delivery::state::delivered);
    EXPECT_EQ(d.attempts, 4U);
    EXPECT_EQ(d.body, "");
    b.pass(48h);
    EXPECT_THAT(b.http->all(), SizeIs(4));
    EXPECT_THAT(b.dead, IsEmpty());
}

TEST(Alerts, EachAttemptHasItsOwnTimestampAndTheSameBody) {
    alert_bench b({channel_named("ops")});
    b.flag(alert_item("s1", {"fire"}));
    b.http->answer_all(500);
    b.settle();
    b.pass(6s);
    ASSERT_THAT(b.http->all(), SizeIs(2));
    EXPECT_NE(b.http->all()[0].header("webhook-timestamp"), b.http->all()[1].header("webhook-timestamp"));
    EXPECT_EQ(b.http->all()[0].what.body, b.http->all()[1].what.body);
}

TEST(Alerts, AfterTheLastAttemptItIsDeadWithItsBodyAndReason) {
    channel_config ops = channel_named("ops");
    ops.attempts_max = 3;
    alert_bench b({ops});
    b.flag(alert_item("s1", {"fire"}));
    const std::string body = b.http->all()[0].what.body;
    for (int i = 0; i < 3; ++i) {
        b.http->answer_all(503);
        b.settle();
        b.pass(24h);
    }
    EXPECT_THAT(b.http->all(), SizeIs(3));
    EXPECT_EQ(b.stored(key_s1_fire).status, delivery::state::dead);
    ASSERT_THAT(b.dead, SizeIs(1));
    EXPECT_EQ(b.dead[0].key, "s1");
    EXPECT_EQ(b.dead[0].value, body);
    const dead_letter letter = dead_letter_from_headers(b.dead[0].headers).value();
    EXPECT_EQ(letter.topic, "feedwatch.flagged");
    EXPECT_EQ(letter.stage, "alerts");
    EXPECT_EQ(letter.reason, "http 503");
    EXPECT_EQ(letter.attempt, 3U);
    EXPECT_THAT(letter.exception, HasSubstr(id_s1_fire));
}

TEST(Alerts, ADeadAlertThatIsReplayedIsTriedAnew) {
    channel_config ops = channel_named("ops");
    ops.attempts_max = 1;
    alert_bench b({ops});
    b.flag(alert_item("s1", {"fire"}));
    b.http->answer_all(500);
    b.settle();
    ASSERT_THAT(b.keys(delivery::state::dead), SizeIs(1));
    b.flag(alert_item("s1", {"fire"}));
    EXPECT_THAT(b.http->all(), SizeIs(1)) << "a repeat is no replay";
    b.headers = {{"feedwatch.replay", "1"}};
    b.flag(flagged_item_from_json(*b.dead[0].value).value());
    b.http->answer_all(200);
    b.settle();
    EXPECT_THAT(b.http->all(), SizeIs(2));
    EXPECT_THAT(b.keys(delivery::state::delivered), SizeIs(1));
}

TEST(Alerts, WhatWasPendingAtSigkillIsSentAfterTheRestart) {
    alert_bench b({channel_named("ops")});
    b.flag(alert_item("s1", {"fire"}));
    b.flag(alert_item("s2", {"fire"}));
    b.http->answer(1, 200);
    b.settle();  // s1 is delivered and known to be; the answer for s2 gets lost
    const std::string body = b.http->all()[1].what.body;
    b.restart();
    ASSERT_THAT(b.http->all(), SizeIs(1));
    EXPECT_EQ(b.http->all()[0].header("webhook-id"), alerts::webhook_id(story_id("s2"), topic_id("fire")));
    EXPECT_EQ(b.http->all()[0].what.body, body);
    b.http->answer_all(204);
    b.settle();
    b.restart();
    b.flag(alert_item("s1", {"fire"}));
    EXPECT_THAT(b.http->all(), IsEmpty());
}

TEST(Alerts, ARetryKeepsItsTimeOverARestart) {
    alert_bench b({channel_named("ops")});
    b.flag(alert_item("s1", {"fire"}));
    b.http->answer_all(500);
    b.settle();
    b.restart();
    EXPECT_THAT(b.http->all(), IsEmpty());
    const auto next = b.alerts->next_tick();
    ASSERT_TRUE(next.has_value());
    EXPECT_GE(*next, b.now + 5s);
    EXPECT_LE(*next, b.now + 6s);
    b.pass(6s);
    EXPECT_THAT(b.http->all(), SizeIs(1));
}

TEST(Alerts, ARolledBackBatchLeavesNoTrace) {
    alert_bench b({channel_named("ops")});
    b.begin();
    ASSERT_TRUE(b.process(alert_item("s1", {"fire"})));
    b.rollback();
    EXPECT_THAT(b.http->all(), IsEmpty());
    b.flag(alert_item("s1", {"fire"}));
    EXPECT_THAT(b.http->all(), SizeIs(1));
}

TEST(Alerts, AnAnswerThatARolledBackBatchHadRecordedIsRecordedAgainAndNotSentAgain) {
    alert_bench b({channel_named("ops")});
    b.flag(alert_item("s1", {"fire"}));
    b.http->answer_all(200);
    b.begin();
    b.tick();
    b.rollback();
    EXPECT_EQ(b.stored(key_s1_fire).status, delivery::state::pending);
    EXPECT_FALSE(b.alerts->drained());
    EXPECT_EQ(b.alerts->next_tick(), b.now);
    b.settle();
    EXPECT_EQ(b.stored(key_s1_fire).status, delivery::state::delivered);
    EXPECT_THAT(b.http->all(), SizeIs(1));
    EXPECT_TRUE(b.alerts->drained());
}

TEST(Alerts, ABatchThatIsUndoneTakesTheLaterOneWithIt) {
    alert_bench b({channel_named("ops")});
    b.flag(alert_item("s0", {"fire"}));
    b.begin();
    ASSERT_TRUE(b.process(alert_item("s1", {"fire"})));
    b.alerts->begin_batch(100);
    b.http->answer_all(500);
    b.tick();
    b.alerts->rollback_batch(2);
    EXPECT_THAT(b.http->all(), SizeIs(1));
    b.alerts->begin_batch(101);
    b.tick();  // the answer is still known
    EXPECT_THAT(b.http->all(), SizeIs(1));
    b.alerts->commit_batch(101);
    ASSERT_TRUE(b.alerts->next_tick().has_value());
    EXPECT_GE(*b.alerts->next_tick(), b.now + 5s);
}

TEST(Alerts, ARevokedPartitionIsDroppedAndItsAnswersAreIgnored) {
    alert_bench b({channel_named("ops")}, 2);
    b.flag(alert_item("s1", {"fire"}), 0);
    b.flag(alert_item("s2", {"fire"}), 1);
    b.alerts->revoked(0);
    b.http->answer_all(200);
    b.settle();
    EXPECT_THAT(b.keys(delivery::state::delivered), SizeIs(1));
    EXPECT_EQ(b.stored(key_s1_fire).status, delivery::state::pending) << "the next owner's to send";
    EXPECT_TRUE(b.alerts->drained());
}

TEST(Alerts, GoneDisablesTheChannelAndLosesNothing) {
    channel_config narrow = channel_named("ops");
    narrow.in_flight_max = 1;
    alert_bench c({narrow, channel_named("desk")});
    for (const char* s : {"s1", "s2", "s3"}) c.flag(alert_item(s, {"fire"}));
    c.http->answer_all(410, "ops");
    c.http->answer_all(200, "desk");
    c.settle();
    c.settle();
    c.flag(alert_item("s4", {"fire"}));
    EXPECT_THAT(c.dead, SizeIs(4));
    EXPECT_THAT(c.keys(delivery::state::dead), SizeIs(4));
    std::size_t to_ops = 0;
    for (const auto& s : c.http->all()) to_ops += s.what.url.find("ops") != std::string::npos ? 1U : 0U;
    EXPECT_EQ(to_ops, 1U);
    EXPECT_TRUE(c.alerts->wants_input());
}

TEST(Alerts, TooManyRequestsHoldsTheWholeChannelAsLongAsItAsks) {
    channel_config ops = channel_named("ops");
    ops.in_flight_max = 1;
    alert_bench b({ops});
    b.flag(alert_item("s1", {"fire"}));
    b.flag(alert_item("s2", {"fire"}));
    b.http->answer(1, 429, {{"retry-after", "120"}});
    b.settle();
    b.pass(119s);
    EXPECT_THAT(b.http->all(), SizeIs(1));
    b.pass(1s);
    EXPECT_THAT(b.http->all(), SizeIs(2));
}

TEST(Alerts, ARedirectIsAFailure) {
    alert_bench b({channel_named("ops")});
    b.flag(alert_item("s1", {"fire"}));
    b.http->answer_all(302);
    b.settle();
    EXPECT_EQ(b.stored(key_s1_fire).status, delivery::state::pending);
    EXPECT_EQ(b.stored(key_s1_fire).last_error, "http 302");
}

TEST(Alerts, ATimeoutIsBoundedAndItsReasonShowsNoUrl) {
    channel_config ops = channel_named("ops");
    ops.timeout = 3s;
    ops.url += "?token=marker";
    alert_bench b({ops});
    b.flag(alert_item("s1", {"fire"}));
    EXPECT_EQ(b.http->all()[0].what.total_timeout, 3s);
    b.http->fail(1, error(errc::timeout, ops.url));
    b.settle();
    EXPECT_EQ(b.stored(key_s1_fire).last_error, "timeout");
    EXPECT_THAT(b.topic_deliveries[key_s1_fire].second, testing::Not(HasSubstr("marker")));
}

TEST(Alerts, ADeadEndpointDoesNotHoldUpOthersAndItsQueueIsBounded) {
    channel_config dead_end = channel_named("dead");
    dead_end.queue_max = 10;
    alert_bench b({dead_end, channel_named("ops")});
    for (int i = 0; i < 200; ++i) {
        ASSERT_TRUE(b.alerts->wants_input());
        b.flag(alert_item("s" + std::to_string(i), {"fire"}));
        b.http->answer_all(200, "ops");
        b.http->answer_all(500, "dead");
        b.settle();
    }
    EXPECT_THAT(b.keys(delivery::state::delivered), SizeIs(200));
    EXPECT_LE(b.keys(delivery::state::pending).size(), 10U);
    EXPECT_EQ(b.keys(delivery::state::pending).size() + b.dead.size(), 200U) << "nothing is lost";
    EXPECT_EQ(dead_letter_from_headers(b.dead[0].headers).value().reason, "queue_full");
}

TEST(Alerts, AFullQueueOfAReceiverThatWorksHoldsInputBack) {
    channel_config ops = channel_named("ops");
    ops.queue_max = 5;
    ops.in_flight_max = 2;
    alert_bench b({ops});
    int flagged = 0;
    while (b.alerts->wants_input()) b.flag(alert_item("s" + std::to_string(flagged++), {"fire"}));
    EXPECT_EQ(flagged, 5);
    EXPECT_EQ(b.http->in_flight(), 2U);
    b.http->answer_all(200);
    b.settle();
    EXPECT_TRUE(b.alerts->wants_input());
}

TEST(Alerts, TenThousandAtOnceGoOutAFewAtATimeAndAllArrive) {
    alert_bench b({channel_named("ops")});
    b.begin();
    for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(b.process(alert_item("s" + std::to_string(i), {"fire"})));
    b.commit();
    while (b.http->in_flight() > 0) {
        EXPECT_LE(b.http->in_flight(), 8U);
        b.http->answer_all(200);
        b.settle();
    }
    EXPECT_EQ(ids(*b.http).size(), 10'000U);
    EXPECT_THAT(b.keys(delivery::state::delivered), SizeIs(10'000));
}

TEST(Alerts, WhatWasSentIsForgottenAfterThirtyDaysOfTheTopicsTime) {
    alert_bench b({channel_named("ops")});
    b.flag(alert_item("s1", {"fire"}));
    b.http->answer_all(200);
    b.settle();
    b.written = b.now + 24h * 29;
    b.flag(alert_item("s2", {"fire"}));
    EXPECT_EQ(b.topic_deliveries.count(key_s1_fire), 1U);
    b.written = b.now + 24h * 31;
    b.flag(alert_item("s3", {"fire"}));
    EXPECT_EQ(b.topic_deliveries.count(key_s1_fire), 0U) << "a tombstone";
    EXPECT_EQ(b.topic_deliveries.size(), 2U);
}

TEST(Alerts, AStoryThatWasTakenDownIsNeitherSentNorRemembered) {
    alert_bench b({channel_named("ops"), channel_named("desk")});
    b.flag(alert_item("s1", {"fire", "flood"}));
    b.flag(alert_item("s2", {"fire"}));
    b.http->answer_all(500);  // all wait for their next attempt
    b.settle();
    b.begin();
    ASSERT_TRUE(b.take_down("s1"));
    b.commit();
    EXPECT_EQ(b.topic_deliveries.size(), 2U) << "of s2, one a channel";
    EXPECT_EQ(b.topic_deliveries.count(key_s1_fire), 0U);
    const std::size_t sent = b.http->all().size();
    b.pass(6s);
    EXPECT_THAT(b.http->all(), SizeIs(sent + 2)) << "s2 alone is tried again";
    b.restart();
    b.pass(48h);
    EXPECT_EQ(b.topic_deliveries.size(), 2U);
    EXPECT_THAT(b.dead, IsEmpty());
}

TEST(Alerts, WhatWasDeliveredOfAStoryThatWasTakenDownIsForgotten) {
    alert_bench b({channel_named("ops")});
    b.flag(alert_item("s1", {"fire"}));
    b.http->answer_all(200);
    b.settle();
    b.begin();
    ASSERT_TRUE(b.take_down("s1"));
    b.commit();
    EXPECT_THAT(b.topic_deliveries, IsEmpty());
}

TEST(Alerts, TheAnswerToARequestWhoseStoryWasTakenDownMeanwhileIsIgnored) {
    alert_bench b({channel_named("ops")});
    b.flag(alert_item("s1", {"fire"}));
    b.begin();
    ASSERT_TRUE(b.take_down("s1"));
    b.commit();
    EXPECT_FALSE(b.alerts->drained());
    b.http->answer_all(500);
    b.settle();
    b.pass(48h);
    EXPECT_THAT(b.http->all(), SizeIs(1));
    EXPECT_THAT(b.topic_deliveries, IsEmpty());
    EXPECT_TRUE(b.alerts->drained());
}

TEST(Alerts, ATakedownThatIsRolledBackLeavesTheAlertAsItWas) {
    alert_bench b({channel_named("ops")});
    b.flag(alert_item("s1", {"fire"}));
    b.begin();
    ASSERT_TRUE(b.take_down("s1"));
    b.http->answer_all(200);
    b.tick();
    b.rollback();
    EXPECT_EQ(b.stored(key_s1_fire).status, delivery::state::pending);
    b.settle();
    EXPECT_EQ(b.stored(key_s1_fire).status, delivery::state::delivered);
    EXPECT_THAT(b.http->all(), SizeIs(1));
}

TEST(Alerts, AnAlertOfTheBatchThatTakesItsStoryDownIsNotSent) {
    alert_bench b({channel_named("ops")});
    b.begin();
    ASSERT_TRUE(b.process(alert_item("s1", {"fire"})));
    ASSERT_TRUE(b.take_down("s1"));
    b.commit();
    b.settle();
    EXPECT_THAT(b.http->all(), IsEmpty());
    EXPECT_THAT(b.topic_deliveries, IsEmpty());
}

TEST(Alerts, DrainingSendsNothingNewAndWaitsForWhatIsUnderWay) {
    channel_config ops = channel_named("ops");
    ops.in_flight_max = 1;
    alert_bench b({ops});
    b.flag(alert_item("s1", {"fire"}));
    b.flag(alert_item("s2", {"fire"}));
    b.alerts->drain();
    EXPECT_FALSE(b.alerts->drained());
    b.http->answer_all(200);
    b.settle();
    EXPECT_TRUE(b.alerts->drained());
    EXPECT_THAT(b.http->all(), SizeIs(1));
    b.restart();
    EXPECT_THAT(b.http->all(), SizeIs(1)) << "s2, now";
}

TEST(Alerts, ARecordThatCannotBeReadIsMalformedAndChangesNothing) {
    alert_bench b({channel_named("ops")});
    record_view r;
    r.from = topic::flagged;
    r.value = "{not json";
    class : public emitter {
        void emit(output_record) override { FAIL(); }
    } out;
    b.begin();
    EXPECT_EQ(b.alerts->process(r, b.now, out).error().code, make_error_code(errc::malformed));
}

TEST(AlertsConfig, WhatCannotWorkIsNamedAndShowsNoSecret) {
    const auto refusal = [](auto change) {
        channel_config c = channel_named("ops");
        change(c);
        const auto r = alerts::check_channels({{c}});
        if (r) return std::string();
        EXPECT_EQ(r.error().code, make_error_code(errc::invalid_config));
        return r.error().detail;
    };
    EXPECT_EQ(refusal([](auto&) {}), "");
    EXPECT_THAT(refusal([](auto& c) { c.name = "a|b"; }), HasSubstr("'|'"));
    EXPECT_THAT(refusal([](auto& c) { c.type = "carrier-pigeon"; }), HasSubstr("carrier-pigeon"));
    EXPECT_THAT(refusal([](auto& c) { c.url = "ftp://x"; }), HasSubstr("URL"));
    EXPECT_THAT(refusal([](auto& c) { c.url = "https://x/\r\nHost: y"; }), HasSubstr("URL"));
    EXPECT_THAT(refusal([](auto& c) { c.secrets.clear(); }), HasSubstr("secret"));
    EXPECT_THAT(refusal([](auto& c) { c.attempts_max = 0; }), HasSubstr("attempts_max"));
    EXPECT_THAT(refusal([](auto& c) { c.timeout = 0s; }), HasSubstr("timeout"));
    for (const char* bad : {"whsec_MARKER", "whsec_MARKERxx", "whsec_MARK ERx="}) {
        const std::string said = refusal([&](auto& c) { c.secrets = {secret(bad)}; });
        EXPECT_THAT(said, HasSubstr("secret"));
        EXPECT_THAT(said, testing::Not(HasSubstr("MARK")));
    }
    EXPECT_FALSE(alerts::check_channels({{channel_named("ops"), channel_named("ops")}}));
}

}  // namespace
}  // namespace feedwatch::test
