#include "io/kafka/group_consumer.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <future>
#include <thread>

#include "io/kafka/failure.hpp"
#include "io/kafka/properties.hpp"
#include "io/log/log.hpp"

namespace feedwatch::kafka {
namespace {

// librdkafka before 2.6.1 never gets done with a consumer one of whose partitions was deleted (its issue 4724). It has
// left its group already; what is left behind is memory of a process that is about to end.
void destroy_or_leave(client_ptr client) {
    constexpr auto patience = std::chrono::seconds{2};
    std::promise<void> promised;
    const auto done = promised.get_future();
    std::thread([promised = std::move(promised), raw = client.release()]() mutable {
        rd_kafka_destroy(raw);
        promised.set_value();
    }).detach();
    if (done.wait_for(patience) != std::future_status::ready)
        log::debug("librdkafka keeps a consumer; it is left behind");
}

}  // namespace

group_consumer::group_consumer(const backend& on, std::string group, assignment_listener& listener, int fd)
    : on_(on), group_(std::move(group)), listener_(listener), fd_(fd) {}

result<std::unique_ptr<group_consumer>> group_consumer::open(const backend& on, const stage& who,
                                                             assignment_listener& listener) {
    auto group = on.config().topic_prefix + who.name;
    auto conf = make_conf(on.config(), on.bootstrap(), client_kind::consumer,
                          {{"group.id", group},
                           {"partition.assignment.strategy", "cooperative-sticky"},
                           {"enable.auto.commit", "false"},
                           {"enable.auto.offset.store", "false"},
                           {"enable.partition.eof", "true"},
                           {"isolation.level", "read_committed"}});
    if (!conf) return conf.error();
    const int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (fd < 0) return error{boost::system::error_code{errno, boost::system::system_category()}, "eventfd"};
    std::unique_ptr<group_consumer> made{new group_consumer(on, std::move(group), listener, fd)};

    rd_kafka_conf_set_opaque(conf.value().get(), made.get());
    rd_kafka_conf_set_rebalance_cb(
        conf.value().get(), [](rd_kafka_t*, rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t* partitions,
                               void* self) { static_cast<group_consumer*>(self)->rebalance(what, partitions); });
    auto client = make_client(std::move(conf.value()), client_kind::consumer);
    if (!client) return client.error();
    made->client_ = std::move(client.value());
    rd_kafka_poll_set_consumer(made->client_.get());
    made->queue_.reset(rd_kafka_queue_get_consumer(made->client_.get()));
    const std::uint64_t one = 1;  // copied by librdkafka
    rd_kafka_queue_io_event_enable(made->queue_.get(), fd, &one, sizeof one);

    made->whole_ = on.whole_assignment(who);
    if (made->whole_) {
        if (::write(fd, &one, sizeof one) != sizeof one) return error{errc::internal, "eventfd"};
        return made;
    }
    const partition_list_ptr topics{rd_kafka_topic_partition_list_new(static_cast<int>(who.inputs.size()))};
    for (const topic t : who.inputs)
        rd_kafka_topic_partition_list_add(topics.get(), on.topic_name(t).c_str(), RD_KAFKA_PARTITION_UA);
    const auto code = rd_kafka_subscribe(made->client_.get(), topics.get());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return to_error(code, "joining group " + made->group_);
    return made;
}

group_consumer::~group_consumer() {
    close();
    if (queue_) rd_kafka_queue_io_event_enable(queue_.get(), -1, nullptr, 0);
    queue_.reset();
    // librdkafka before 2.3.0 asserts when a member is destroyed between joining its group and its first assignment
    // (its issue 4381). The group has been left already; what remains is memory of a process that is about to end.
    if (joined_ || whole_)
        destroy_or_leave(std::move(client_));
    else
        (void)client_.release();
    ::close(fd_);
}

void group_consumer::clear_fd() const {
    std::uint64_t count = 0;
    while (::read(fd_, &count, sizeof count) < 0 && errno == EINTR) {
    }
}

group_consumer::polled group_consumer::poll() {
    polled got;
    if (whole_ && !std::exchange(whole_taken_, true)) take_whole_assignment();
    message_ptr message{rd_kafka_consumer_poll(client_.get(), 0)};
    if (failed_) {
        got.failed = std::exchange(failed_, std::nullopt);
        return got;
    }
    if (!message) return got;
    switch (message->err) {
        case RD_KAFKA_RESP_ERR_NO_ERROR:
            got.message = std::move(message);
            return got;
        case RD_KAFKA_RESP_ERR__PARTITION_EOF:
            got.end = position{{topic_of(*message), message->partition}, message->offset};
            return got;
        case RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED:
            log::warning("consumer was evicted for not polling in time",
                         {{"said", rd_kafka_message_errstr(message.get())}});
            return poll();
        default:
            break;
    }
    if (needs_operator(message->err) || message->err == RD_KAFKA_RESP_ERR__FATAL ||
        message->err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
        auto failed = to_error(message->err, message->rkt ? std::string{"reading "} + rd_kafka_topic_name(message->rkt)
                                                          : "consuming as group " + group_);
        if (const char* said = rd_kafka_message_errstr(message.get())) failed.detail += std::string{": "} + said;
        if (message->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET)
            failed.detail +=
                "; records that this stage has not read are gone from the topic (retention, or it was recreated): set "
                "kafka.client.auto.offset.reset to earliest to go on with what is left";
        got.failed = std::move(failed);
        return got;
    }
    log::debug("consumer goes on by itself after", {{"error", rd_kafka_err2name(message->err)}});
    return poll();
}

topic group_consumer::topic_of(const rd_kafka_message_t& message) {
    for (const auto& [handle, name] : topics_seen_)
        if (handle == message.rkt) return name;
    // The handle lives as long as the consumer; only topics that were subscribed to come.
    const auto name = on_.topic_of(rd_kafka_topic_name(message.rkt)).value();
    topics_seen_.emplace_back(message.rkt, name);
    return name;
}

std::vector<topic_partition> group_consumer::names_in(const rd_kafka_topic_partition_list_t* list) const {
    std::vector<topic_partition> names;
    for (int i = 0; i < list->cnt; ++i)
        if (const auto t = on_.topic_of(list->elems[i].topic)) names.push_back({*t, list->elems[i].partition});
    return names;
}

partition_list_ptr group_consumer::to_list(std::span<const topic_partition> partitions) const {
    partition_list_ptr list{rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size()))};
    for (const auto& [name, partition] : partitions)
        rd_kafka_topic_partition_list_add(list.get(), on_.topic_name(name).c_str(), partition);
    return list;
}

void group_consumer::take_whole_assignment() {
    const auto list = to_list(*whole_);
    for (const auto& [of, next] : listener_.assigned(*whole_))
        rd_kafka_topic_partition_list_find(list.get(), on_.topic_name(of.name).c_str(), of.partition)->offset = next;
    const auto code = rd_kafka_assign(client_.get(), list.get());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        failed_ = to_error(code, "assigning partitions");
    else
        rd_kafka_pause_partitions(client_.get(), list.get());
}

void group_consumer::rebalance(rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t* partitions) {
    const auto names = names_in(partitions);
    joined_ = true;
    error_ptr failed;
    if (what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        for (const auto& [of, next] : listener_.assigned(names))
            if (auto* each =
                    rd_kafka_topic_partition_list_find(partitions, on_.topic_name(of.name).c_str(), of.partition))
                each->offset = next;
        failed.reset(rd_kafka_incremental_assign(client_.get(), partitions));
        if (!failed) rd_kafka_pause_partitions(client_.get(), partitions);
    } else if (what == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS) {
        if (rd_kafka_assignment_lost(client_.get()))
            listener_.lost(names);
        else
            listener_.revoked(names);
        failed.reset(rd_kafka_incremental_unassign(client_.get(), partitions));
    } else {
        rd_kafka_assign(client_.get(), nullptr);
        failed_ = to_error(what, "rebalancing");
    }
    if (failed) failed_ = to_error(*failed, "taking over the assignment");
}

result<> group_consumer::seek(std::span<const position> to) {
    if (to.empty()) return {};
    const partition_list_ptr list{rd_kafka_topic_partition_list_new(static_cast<int>(to.size()))};
    for (const auto& [of, next] : to)
        rd_kafka_topic_partition_list_add(list.get(), on_.topic_name(of.name).c_str(), of.partition)->offset = next;
    constexpr int timeout_ms = 10'000;
    if (const error_ptr failed{rd_kafka_seek_partitions(client_.get(), list.get(), timeout_ms)})
        return to_error(*failed, "seeking");
    for (int i = 0; i < list->cnt; ++i)
        if (list->elems[i].err != RD_KAFKA_RESP_ERR_NO_ERROR)
            return to_error(list->elems[i].err, std::string{"seeking in "} + list->elems[i].topic);
    return {};
}

result<> group_consumer::pause(std::span<const topic_partition> partitions) {
    const auto code = rd_kafka_pause_partitions(client_.get(), to_list(partitions).get());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return to_error(code, "pausing partitions");
    return {};
}

result<> group_consumer::resume(std::span<const topic_partition> partitions) {
    const auto code = rd_kafka_resume_partitions(client_.get(), to_list(partitions).get());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return to_error(code, "resuming partitions");
    return {};
}

std::optional<std::int64_t> group_consumer::end_of(const topic_partition& of) const {
    std::int64_t first = RD_KAFKA_OFFSET_INVALID;
    std::int64_t next = RD_KAFKA_OFFSET_INVALID;
    const auto code =
        rd_kafka_get_watermark_offsets(client_.get(), on_.topic_name(of.name).c_str(), of.partition, &first, &next);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR || next < 0) return std::nullopt;
    return next;
}

void group_consumer::close() {
    if (!client_ || rd_kafka_consumer_closed(client_.get())) return;
    if (whole_ && std::exchange(whole_taken_, false)) {
        listener_.revoked(*whole_);
        rd_kafka_assign(client_.get(), nullptr);
    }
    rd_kafka_consumer_close(client_.get());
}

}  // namespace feedwatch::kafka
