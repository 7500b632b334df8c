#include "io/kafka/transactional_committer.hpp"

#include <array>
#include <memory>
#include <set>

#include "io/kafka/failure.hpp"
#include "io/kafka/properties.hpp"
#include "io/log/log.hpp"

namespace feedwatch::kafka {
namespace {

constexpr int call_timeout_ms = 10'000;
// A commit that is still retriable after this many calls has an unknown result.
constexpr int calls_max = 6;

// Repeats the call while librdkafka says that the same call may succeed.
template <class Call>
error_ptr until_settled(const Call& call) {
    error_ptr failed{call()};
    for (int calls = 1; failed && remedy_for(*failed) == remedy::retry && calls < calls_max; ++calls)
        failed = error_ptr{call()};
    return failed;
}

outcome describe(const rd_kafka_error_t& failed, const std::string& doing) {
    const auto code = rd_kafka_error_code(&failed);
    return {.what = verdict::aborted,
            .why = to_error(failed, doing),
            .fenced = means_fenced(code),
            .blames_records = !blames_no_record(code),
            .give_up = needs_operator(code)};
}

}  // namespace

result<> transactional_committer::open() {
    producer_.reset();
    auto conf = make_conf(
        on_.config(), on_.bootstrap(), client_kind::producer,
        {{"transactional.id", transactional_id_}, {"enable.idempotence", "true"}, {"partitioner", "murmur2_random"}});
    if (!conf) return conf.error();
    auto client = make_client(std::move(conf.value()), client_kind::producer);
    if (!client) return client.error();
    auto made = std::make_unique<producer>(std::move(client.value()), on_);
    constexpr int init_timeout_ms = 30'000;
    const error_ptr failed{rd_kafka_init_transactions(made->get(), init_timeout_ms)};
    if (failed) return to_error(*failed, "starting transactions as " + transactional_id_);
    producer_ = std::move(made);
    drop_stray_offsets();
    return {};
}

// Seen after a pause of the process during a commit: a group's offsets stayed "unstable", so that nobody could read
// them and no partition was taken over, until a later transaction of the same producer with the same group ended. (As
// far as we know, a request to add offsets that arrived after its transaction's end, which the protocol before KIP-890
// lets in.) This is such a transaction; it is always aborted, and whether its offsets are taken does not matter.
void transactional_committer::drop_stray_offsets() {
    if (error_ptr{rd_kafka_begin_transaction(producer_->get())}) return;
    const std::array any{position{{input_, 0}, 0}};
    const auto failed = send_offsets(any);
    const auto ended = abort({.why = failed ? to_error(*failed, "adding offsets to a transaction") : error{}});
    if (ended.what == verdict::unknown)
        log::debug("could not end the transaction that drops stray offsets", {{"error", ended.why}});
}

outcome transactional_committer::commit(const batch& what) {
    if (const error_ptr failed{rd_kafka_begin_transaction(producer_->get())})
        return after(*failed, "beginning a transaction");
    for (const auto& out : what.outputs) {
        const auto code = producer_->enqueue(out);
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
        return abort({.why = to_error(code, "writing to " + on_.topic_name(out.record.to)),
                      .blames_records = !blames_no_record(code),
                      .give_up = needs_operator(code)});
    }
    if (const auto failed = send_offsets(what.next)) return after(*failed, "adding offsets to" + transaction(what));
    if (const auto failed =
            until_settled([this] { return rd_kafka_commit_transaction(producer_->get(), call_timeout_ms); }))
        return after(*failed, "committing" + transaction(what));
    return {};
}

// For people: librdkafka does not say which partition could not be added.
std::string transactional_committer::transaction(const batch& what) const {
    std::set<std::string> topics;
    for (const auto& out : what.outputs) topics.insert(on_.topic_name(out.record.to));
    std::string text = " a transaction";
    for (const auto& each : topics) text += (each == *topics.begin() ? " with " : ", ") + each;
    return text;
}

error_ptr transactional_committer::send_offsets(std::span<const position> positions) {
    const partition_list_ptr offsets{rd_kafka_topic_partition_list_new(static_cast<int>(positions.size()))};
    for (const auto& [of, next] : positions)
        rd_kafka_topic_partition_list_add(offsets.get(), on_.topic_name(of.name).c_str(), of.partition)->offset = next;
    const group_metadata_ptr group{rd_kafka_consumer_group_metadata(consumer_)};
    return until_settled([&] {
        return rd_kafka_send_offsets_to_transaction(producer_->get(), offsets.get(), group.get(), call_timeout_ms);
    });
}

outcome transactional_committer::after(const rd_kafka_error_t& failed, const std::string& doing) {
    auto described = describe(failed, doing);
    const bool timed_out = rd_kafka_error_code(&failed) == RD_KAFKA_RESP_ERR__TIMED_OUT;
    if (remedy_for(failed) == remedy::abort)
        described = abort(std::move(described));
    else
        described.what = verdict::unknown;
    // What timed out may still arrive: never reuse the epoch it was sent with.
    if (timed_out) described.what = verdict::unknown;
    return described;
}

outcome transactional_committer::abort(outcome why) {
    why.what = verdict::aborted;
    if (const auto failed =
            until_settled([this] { return rd_kafka_abort_transaction(producer_->get(), call_timeout_ms); })) {
        why.what = verdict::unknown;
        why.fenced |= means_fenced(rd_kafka_error_code(failed.get()));
        why.why.detail += "; then aborting it: " + to_error(*failed, "failed").detail;
    }
    return why;
}

result<std::unique_ptr<producer>> open_plain_producer(const backend& on) {
    auto conf = make_conf(on.config(), on.bootstrap(), client_kind::producer,
                          {{"enable.idempotence", "true"}, {"partitioner", "murmur2_random"}});
    if (!conf) return conf.error();
    // The opaque of each message points at where its result goes (write_and_flush).
    rd_kafka_conf_set_dr_msg_cb(conf.value().get(), [](rd_kafka_t*, const rd_kafka_message_t* message, void*) {
        if (auto* code = static_cast<rd_kafka_resp_err_t*>(message->_private)) *code = message->err;
    });
    auto client = make_client(std::move(conf.value()), client_kind::producer);
    if (!client) return client.error();
    return std::make_unique<producer>(std::move(client.value()), on);
}

result<> write_and_flush(producer& to, std::span<const output> records) {
    std::vector<rd_kafka_resp_err_t> results(records.size(), RD_KAFKA_RESP_ERR__IN_PROGRESS);
    for (std::size_t i = 0; i < records.size(); ++i)
        if (const auto code = to.enqueue(records[i], &results[i]); code != RD_KAFKA_RESP_ERR_NO_ERROR)
            results[i] = code;
    // Ends with message.timeout.ms (5 minutes unless configured), which turns what is left into failures.
    while (rd_kafka_outq_len(to.get()) > 0) rd_kafka_flush(to.get(), call_timeout_ms);
    for (std::size_t i = 0; i < records.size(); ++i)
        if (results[i] != RD_KAFKA_RESP_ERR_NO_ERROR)
            return to_error(results[i], "writing to " + std::string{name_of(records[i].record.to)});
    return {};
}

result<> plain_committer::open() {
    auto made = open_plain_producer(on_);
    if (!made) return made.error();
    producer_ = std::move(made.value());
    return {};
}

outcome plain_committer::commit(const batch& what) {
    if (what.outputs.empty()) return {};
    auto written = write_and_flush(*producer_, what.outputs);
    if (written) return {};
    return {.what = verdict::aborted, .why = written.error(), .give_up = written.error().code == errc::refused};
}

}  // namespace feedwatch::kafka
