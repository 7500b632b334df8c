// The poller: asks the feeds of its partitions when they are due, and publishes what is new or changed since the last
// time.
//
// It owns the feeds of the partitions of `feeds` that it is assigned, and keeps what it knows of each in the same
// partition of `polls`, written in one batch with the items of that poll. Fetching goes through http::exchange;
// everything else here is values. An aborted batch takes the answers of its polls back into the queue, so that they are
// worked through again against the state before: nothing is lost and nothing comes twice.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/config.hpp"
#include "core/error.hpp"
#include "core/meter.hpp"
#include "core/step.hpp"
#include "io/http/exchange.hpp"
#include "producers/poll/article_options.hpp"
#include "producers/push/inbox.hpp"

namespace feedwatch {

// What a feed's `credentials` reference ("bearer:env:…") stands for: a user with password, or a header.
struct credentials {
    secret basic;        // "user:password"
    std::string header;  // "Authorization", "X-Api-Key", "Cookie"; empty: basic
    secret value;        // of the header, one line

    // Besides, where the feed has them: PEM texts for TLS, and "user:password" for its proxy.
    secret certificate = {}, certificate_key = {}, certificate_passphrase = {};
    secret proxy = {};

    // Whether there is something that belongs to the feed's origin alone.
    [[nodiscard]] bool any() const { return !header.empty() || !basic.empty() || !certificate.empty(); }
};
// Errors say what is wrong with the reference (unreadable file, unset variable), never a value.
using authorizer = std::function<result<credentials>(std::string_view reference)>;
using secret_reader = std::function<result<secret>(std::string_view reference)>;

// With it, feeds that name a WebSub hub are subscribed there.
struct poller_push {
    push::inbox& letters;  // must outlive the poller
    waker& wakes;          // the runner's
    duration lease = std::chrono::days{10};
};

struct poller_options {
    fetch_limits limits;
    std::size_t items_per_feed_max = 2000;                 // of one document; the rest is counted
    duration window = std::chrono::days{30};               // how long an item that left the feed is remembered
    duration full_fetch_every = std::chrono::hours{24};    // without validators, in case the server's are wrong
    duration host_spacing = std::chrono::milliseconds{0};  // between two requests to one host
    std::size_t feed_series_max = 2000;                    // feeds with metrics of their own; 0: none
    std::uint64_t seed = 0;                                // of the jitter
    // Asked for each poll. None: feeds with a reference of that kind fail with "credentials".
    authorizer authorize;               // `credentials`
    secret_reader read_secret;          // certificates, keys, passphrases and proxies' passwords
    polling::article_options articles;  // for feeds with full_text
    std::optional<poller_push> push;    // none: feeds are polled only
};

class poller final : public step {
  public:
    // Both must outlive it.
    poller(poller_options options, http::exchange& fetches, meter& counts);
    ~poller() override;
    poller(const poller&) = delete;
    poller& operator=(const poller&) = delete;

    [[nodiscard]] std::string_view name() const override { return "poll"; }
    [[nodiscard]] std::vector<topic> inputs() const override { return {topic::feeds}; }
    [[nodiscard]] std::vector<topic> changelogs() const override { return {topic::feeds, topic::polls}; }

    void assigned(std::int32_t partition) override;
    result<> restore(const record_view& record) override;
    void restored(std::int32_t partition, timestamp now) override;
    void revoked(std::int32_t partition) override;

    void begin_batch(std::uint64_t batch) override;
    result<> process(const record_view& record, timestamp now, emitter& out) override;
    void tick(timestamp now, emitter& out) override;
    [[nodiscard]] std::optional<timestamp> next_tick() const override;
    void commit_batch(std::uint64_t batch) override;
    void rollback_batch(std::uint64_t batch) override;

    void drain() override;
    [[nodiscard]] bool drained() const override;

  private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace feedwatch
