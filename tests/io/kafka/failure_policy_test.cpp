#include "io/kafka/failure_policy.hpp"

#include <gtest/gtest.h>

namespace feedwatch::kafka {
namespace {

using std::chrono::milliseconds;

const error refused_by_broker{errc::too_large, "the broker said no"};
const topic_partition here{topic::fetched, 0};

batch of(std::uint32_t records) {
    batch b;
    b.records = records;
    b.next = {{here, records}};
    return b;
}

outcome aborted(bool blames_records) {
    return {.what = verdict::aborted, .why = refused_by_broker, .blames_records = blames_records};
}

record_view record_at(std::int64_t offset) {
    record_view r;
    r.from = here.name;
    r.partition = here.partition;
    r.offset = offset;
    return r;
}

TEST(failure_policy, waits_longer_after_each_failure_and_not_after_a_commit) {
    failure_policy policy{"one"};
    const auto wait_after_failure = [&] {
        const auto before = failure_policy::steady::now();
        EXPECT_TRUE(policy.failed(of(10), aborted(false), position{here, 0}));
        return policy.retry_at() - before;
    };
    EXPECT_GE(wait_after_failure(), milliseconds{20});
    EXPECT_GE(wait_after_failure(), milliseconds{40});
    for (int i = 0; i < 20; ++i) (void)wait_after_failure();
    EXPECT_GE(wait_after_failure(), milliseconds{9'999});
    EXPECT_LT(wait_after_failure(), milliseconds{10'500});
    policy.committed(of(10));
    EXPECT_LT(wait_after_failure(), milliseconds{500});
}

TEST(failure_policy, suspects_records_only_where_they_may_be_to_blame) {
    failure_policy policy{"one"};
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(policy.failed(of(100), aborted(false), position{here, 0}));
    EXPECT_FALSE(policy.limit());
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(policy.failed(of(100), aborted(true), position{here, 0}));
    EXPECT_EQ(policy.limit(), 50U);
}

TEST(failure_policy, condemns_the_single_record_and_forgets_it_once_it_is_behind) {
    failure_policy policy{"one"};
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(policy.failed(of(1), aborted(true), position{here, 7}));
    ASSERT_NE(policy.poison(record_at(7)), nullptr);
    EXPECT_EQ(policy.poison(record_at(7))->detail, refused_by_broker.detail);
    EXPECT_EQ(policy.poison(record_at(8)), nullptr);
    auto past = of(1);
    past.next = {{here, 8}};
    policy.committed(past);
    EXPECT_EQ(policy.poison(record_at(7)), nullptr);
}

TEST(failure_policy, gives_up_when_the_dead_letter_cannot_be_written_either) {
    failure_policy policy{"one"};
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(policy.failed(of(1), aborted(true), position{here, 7}));
    const auto last = policy.failed(of(1), aborted(true), position{here, 7});
    ASSERT_FALSE(last);
    EXPECT_NE(last.error().message().find("dead-letter topic"), std::string::npos);
}

TEST(failure_policy, gives_up_when_what_a_step_makes_by_itself_is_refused_again_and_again) {
    failure_policy policy{"one"};
    for (int i = 0; i < 6; ++i) EXPECT_TRUE(policy.failed(of(0), aborted(true), std::nullopt));
    EXPECT_FALSE(policy.failed(of(0), aborted(true), std::nullopt));
}

TEST(failure_policy, gives_up_at_once_where_only_an_operator_helps) {
    failure_policy policy{"one"};
    auto denied = aborted(true);
    denied.give_up = true;
    EXPECT_FALSE(policy.failed(of(5), denied, position{here, 0}));
}

TEST(failure_policy, fenced_five_times_asks_for_the_other_process) {
    failure_policy policy{"twin"};
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(policy.fenced());
    const auto fifth = policy.fenced();
    ASSERT_FALSE(fifth);
    EXPECT_EQ(fifth.error().code, errc::conflict);
    EXPECT_NE(fifth.error().message().find("'twin'"), std::string::npos);
}

}  // namespace
}  // namespace feedwatch::kafka
