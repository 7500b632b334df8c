#include "io/kafka/embedded_cluster.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <limits>
#include <random>

#include "core/hash.hpp"
#include "io/kafka/failure.hpp"
#include "io/kafka/properties.hpp"
#include "io/log/log.hpp"

namespace feedwatch::kafka {
namespace {

constexpr std::size_t keep_records = 1000;  // of each partition, for `feedwatch tap`
constexpr auto prune_every = std::chrono::seconds{2};

timestamp now() {
    return std::chrono::floor<duration>(std::chrono::system_clock::now());
}

std::string random_id() {
    std::random_device random;
    return "embedded-" + hash128_hex(std::to_string(random()) + "-" + std::to_string(random()) + "-" +
                                     std::to_string(now().time_since_epoch().count()));
}

result<int> lock_state(const std::string& state_dir) {
    const auto path = state_dir + "/embedded.lock";
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) return error{errc::refused, path + ": " + std::strerror(errno)};
    if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
    ::close(fd);
    return error{errc::conflict, "another feedwatch runs the embedded broker in " + state_dir +
                                     ": stop it, choose another state_dir, or use a real Kafka"};
}

class journal_committer final : public committer {
  public:
    journal_committer(embedded_cluster& on, stage who) : on_(on), who_(std::move(who)) {}
    result<> open() override { return {}; }
    outcome commit(const batch& what) override { return on_.commit(who_, what); }

  private:
    embedded_cluster& on_;
    stage who_;
};

// Reads the journal: the in-memory log may have dropped what was written long ago.
class journal_changelog final : public changelog {
  public:
    journal_changelog(embedded_journal& journal, topic_partition of, journal_seq last)
        : journal_(journal), of_(of), last_(last) {}

    result<bool> advance(const std::function<void(const record_view&)>& use, std::size_t records_max,
                         duration /*patience*/) override {
        if (read_ >= last_) return true;
        auto records = journal_.read(of_, read_, {.records = records_max, .bytes = 8U << 20U});
        if (!records) return records.error();
        if (records.value().empty()) read_ = last_;
        for (const auto& each : records.value()) {
            if (each.seq > last_) {
                read_ = last_;
                break;
            }
            read_ = each.seq;
            record_view view{.from = of_.name,
                             .partition = of_.partition,
                             .offset = each.seq,
                             .key = each.key,
                             .value = std::nullopt,
                             .written = each.written,
                             .headers = each.headers};
            if (each.value) view.value = *each.value;
            use(view);
        }
        return read_ >= last_;
    }

  private:
    embedded_journal& journal_;
    topic_partition of_;
    journal_seq last_;
    journal_seq read_ = 0;
};

}  // namespace

result<std::unique_ptr<embedded_cluster>> embedded_cluster::open(const kafka_config& config,
                                                                 const std::string& state_dir, embedded_limits limits) {
    std::error_code failed;
    std::filesystem::create_directories(state_dir, failed);
    if (failed) return error{errc::refused, "state_dir " + state_dir + ": " + failed.message()};
    std::unique_ptr<embedded_cluster> made{new embedded_cluster(config, limits)};
    auto lock = lock_state(state_dir);
    if (!lock) return lock.error();
    made->lock_fd_ = lock.value();
    auto journal = embedded_journal::open(state_dir + "/embedded.db", config.partitions);
    if (!journal) return journal.error();
    made->journal_ = std::move(journal.value());
    made->id_ = random_id();
    if (auto ok = made->start_memory(); !ok) return ok.error();
    return made;
}

result<> embedded_cluster::start_memory() {
    auto conf = make_conf(kafka_config{}, "", client_kind::producer, {});
    if (!conf) return conf.error();
    auto host = make_client(std::move(conf.value()), client_kind::producer);
    if (!host) return host.error();
    host_ = std::move(host.value());
    memory_.reset(rd_kafka_mock_cluster_new(host_.get(), 1));
    if (!memory_) return error{errc::internal, "librdkafka's in-memory cluster did not start"};
    bootstrap_ = rd_kafka_mock_cluster_bootstraps(memory_.get());
    for (const topic t : all_topics)
        if (const auto code =
                rd_kafka_mock_topic_create(memory_.get(), topic_name(t).c_str(), journal_->partitions(t), 1);
            code != RD_KAFKA_RESP_ERR_NO_ERROR)
            return to_error(code, "creating " + topic_name(t) + " in memory");

    auto pump_conf = make_conf(config(), bootstrap_, client_kind::producer,
                               {{"enable.idempotence", "true"}, {"linger.ms", "1"}, {"compression.codec", "none"}});
    if (!pump_conf) return pump_conf.error();
    rd_kafka_conf_set_opaque(pump_conf.value().get(), this);
    rd_kafka_conf_set_dr_msg_cb(pump_conf.value().get(), on_delivery);
    auto pump_client = make_client(std::move(pump_conf.value()), client_kind::producer);
    if (!pump_client) return pump_client.error();
    producer_ = std::make_unique<producer>(std::move(pump_client.value()), *this);
    return {};
}

embedded_cluster::~embedded_cluster() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    work_.notify_all();
    moved_.notify_all();
    if (pump_.joinable()) pump_.join();
    producer_.reset();
    memory_.reset();
    host_.reset();
    journal_.reset();
    if (lock_fd_ >= 0) ::close(lock_fd_);
}

std::optional<std::vector<topic_partition>> embedded_cluster::whole_assignment(const stage& who) const {
    std::vector<topic_partition> all;
    for (const topic t : who.inputs)
        for (std::int32_t p = 0; p < journal_->partitions(t); ++p) all.push_back({t, p});
    return all;
}

void embedded_cluster::enlist(const stage& who) {
    const auto known = journal_->positions(who.name);
    const std::lock_guard lock{mutex_};
    if (!known) {
        broken_ = known.error();
        return;
    }
    const auto inputs = whole_assignment(who);
    for (const auto& of : *inputs) {
        journal_seq passed = 0;
        for (const auto& each : known.value())
            if (each.of == of) passed = each.passed;
        auto& lane = lanes_[of];
        if (pump_started_ && passed < lane.produced())
            log::warning("stage joined after the embedded broker began: it misses what was passed before",
                         {{"stage", who.name}, {"topic", name_of(of.name)}, {"partition", of.partition}});
        lane.add_reader(who.name, passed);
    }
    leaving_.erase(who.name);
}

void embedded_cluster::starting(const stage& /*who*/) {
    const std::lock_guard lock{mutex_};
    for (auto& [of, lane] : lanes_) {
        if (!lane.has_readers()) continue;
        if (!pump_started_) {
            auto extent = journal_->extent_after(of, 0);
            if (extent) {
                lane.add_backlog(extent.value().last, 0);
                const auto waiting = journal_->extent_after(of, lane.passed_by_all());
                if (waiting) lane.add_backlog(0, waiting.value().bytes);
            } else {
                broken_ = extent.error();
            }
        }
        lane.begin();
    }
    if (!std::exchange(pump_started_, true)) pump_ = std::thread{[this] { pump(); }};
    work_.notify_all();
}

void embedded_cluster::leaving(const stage& who) {
    const std::lock_guard lock{mutex_};
    leaving_.insert(who.name);
    moved_.notify_all();
}

std::unique_ptr<committer> embedded_cluster::make_committer(const stage& who, rd_kafka_t* /*consumer*/) {
    return std::make_unique<journal_committer>(*this, who);
}

result<std::vector<position>> embedded_cluster::committed(const stage& who, rd_kafka_t* /*consumer*/,
                                                          std::span<const topic_partition> wanted, duration patience) {
    std::unique_lock lock{mutex_};
    if (broken_) return *broken_;
    std::vector<position> found;
    for (const auto& of : wanted) {
        auto& lane = lanes_[of];
        // An offset past what has arrived in memory would be out of range.
        if (!moved_.wait_for(lock, patience,
                             [&] { return lane.all_delivered() || broken_ || leaving_.contains(who.name); }))
            return error{errc::timeout, "the embedded broker is slow to take records"};
        if (broken_) return *broken_;
        found.push_back({of, lane.offset_after(lane.passed_by(who.name))});
    }
    return found;
}

result<extent> embedded_cluster::ends_of(const topic_partition& which) {
    return error{errc::unsupported, "offsets of " + topic_name(which.name) + " change with each start"};
}

result<std::unique_ptr<changelog>> embedded_cluster::open_changelog(topic_partition which,
                                                                    const std::optional<resumption>& after) {
    if (after) return error{errc::conflict, "offsets of " + topic_name(which.name) + " change with each start"};
    auto extent = journal_->extent_after(which, 0);
    if (!extent) return extent.error();
    return std::unique_ptr<changelog>(std::make_unique<journal_changelog>(*journal_, which, extent.value().last));
}

outcome embedded_cluster::commit(const stage& who, const batch& what) {
    std::vector<journal_position> positions;
    {
        const std::lock_guard lock{mutex_};
        if (broken_) return {.what = verdict::aborted, .why = *broken_, .give_up = true};
        for (const auto& [of, next] : what.next) positions.push_back({of, lanes_[of].seq_before(who.name, next)});
    }
    auto done = journal_->commit(who.name, what.outputs, positions, now());
    if (!done) return {.what = verdict::aborted, .why = done.error(), .give_up = !is_retryable(done.error())};
    {
        const std::lock_guard lock{mutex_};
        for (const auto& [of, passed] : positions) lanes_[of].pass(who.name, passed);
    }
    note_appended(done.value());
    wait_for_room(who, done.value());
    return {};
}

result<> embedded_cluster::append(std::span<const output> records) {
    auto done = journal_->commit("", records, {}, now());
    if (!done) return done.error();
    note_appended(done.value());
    return {};
}

void embedded_cluster::note_appended(const std::vector<embedded_journal::appended>& ends) {
    {
        const std::lock_guard lock{mutex_};
        for (const auto& [of, last, bytes] : ends) lanes_[of].add_backlog(last, bytes);
    }
    work_.notify_all();
    moved_.notify_all();
}

// The batch is durable: waiting only slows the writer down, and ends at once when it is asked to stop.
void embedded_cluster::wait_for_room(const stage& who, const std::vector<embedded_journal::appended>& ends) {
    std::unique_lock lock{mutex_};
    moved_.wait(lock, [&] {
        if (stopping_ || broken_ || leaving_.contains(who.name)) return true;
        for (const auto& each : ends)
            if (lanes_[each.of].backlog_bytes() > limits_.backlog_bytes) return false;
        return true;
    });
}

void embedded_cluster::pump() {
    auto pruned = std::chrono::steady_clock::now();
    std::unique_lock lock{mutex_};
    while (!stopping_ && !broken_) {
        bool progress = false;
        std::vector<topic_partition> behind;
        for (const auto& [of, lane] : lanes_)
            if (lane.behind()) behind.push_back(of);
        for (const auto& of : behind) progress |= pump_lane(of, lock);
        lock.unlock();
        // Serves delivery reports; waits a little only while some are due.
        const bool due = rd_kafka_outq_len(producer_->get()) > 0;
        rd_kafka_poll(producer_->get(), due && !progress ? 2 : 0);
        if (const auto time = std::chrono::steady_clock::now(); time - pruned > prune_every) {
            prune();
            pruned = time;
        }
        lock.lock();
        if (!progress && !due) work_.wait_for(lock, prune_every);
    }
}

// True if something was produced.
bool embedded_cluster::pump_lane(const topic_partition& of, std::unique_lock<std::mutex>& lock) {
    auto& lane = lanes_[of];
    if (!lane.fits(1, limits_.in_memory)) return false;
    const auto after = lane.produced();
    lock.unlock();
    auto records = journal_->read(of, after, {});
    lock.lock();
    if (!records) {
        broken_ = records.error();
        return false;
    }
    bool produced = false;
    for (const auto& each : records.value()) {
        if (!lane.fits(each.bytes, limits_.in_memory)) break;
        output out;
        out.record = {
            .to = of.name, .key = each.key, .value = each.value, .partition = of.partition, .headers = each.headers};
        const auto offset = lane.produce(each.seq, each.bytes);
        lock.unlock();
        const auto code =
            producer_->enqueue(out, reinterpret_cast<void*>(static_cast<std::intptr_t>(offset)), each.written);
        lock.lock();
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
            broken_ = to_error(code, "the embedded broker, writing to " + topic_name(of.name));
            return false;
        }
        produced = true;
    }
    return produced;
}

void embedded_cluster::on_delivery(rd_kafka_t* /*client*/, const rd_kafka_message_t* message, void* self) {
    auto& on = *static_cast<embedded_cluster*>(self);
    const auto expected = static_cast<std::int64_t>(reinterpret_cast<std::intptr_t>(message->_private));
    const std::lock_guard lock{on.mutex_};
    if (on.stopping_) return;  // purged
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR || message->offset != expected) {
        on.broken_ = error{errc::internal, std::string{"the embedded broker did not take a record as expected: "} +
                                               rd_kafka_err2str(message->err) + ", offset " +
                                               std::to_string(message->offset) + " for " + std::to_string(expected)};
    } else if (const auto name = on.topic_of(rd_kafka_topic_name(message->rkt))) {
        on.lanes_[{*name, message->partition}].delivered();
    }
    on.moved_.notify_all();
}

void embedded_cluster::prune() {
    for (const topic t : all_topics) {
        for (std::int32_t p = 0; p < journal_->partitions(t); ++p) {
            // Nobody reads it: only the newest records are kept.
            journal_seq passed = std::numeric_limits<journal_seq>::max();
            {
                const std::lock_guard lock{mutex_};
                if (const auto it = lanes_.find({t, p}); it != lanes_.end()) passed = it->second.passed_by_all();
            }
            if (auto ok = journal_->prune({t, p}, passed, keep_records, now()); !ok)
                log::warning("could not prune the embedded broker's journal", {{"error", ok.error()}});
        }
    }
}

result<std::unique_ptr<cluster>> open_embedded_cluster(const kafka_config& config, const std::string& state_dir,
                                                       meter& /*counts*/) {
    auto made = embedded_cluster::open(config, state_dir);
    if (!made) return made.error();
    log::warning("the embedded broker runs inside this process: for a first look on one machine, not for production",
                 {{"state_dir", state_dir}});
    return std::unique_ptr<cluster>(std::move(made.value()));
}

}  // namespace feedwatch::kafka
