#include "producers/push/inbox.hpp"

#include <mutex>
#include <utility>

#include "producers/push/signature.hpp"

namespace feedwatch::push {
namespace {

http::served_reply reply_of(std::uint32_t status, std::string text, std::uint32_t retry_after_seconds = 0) {
    return {status, "text/plain; charset=utf-8", std::move(text), {}, retry_after_seconds};
}

http::receiver::admission refused(http::served_reply with) {
    http::receiver::admission out;
    out.refusal = std::move(with);
    return out;
}

}  // namespace

struct inbox::queue {
    std::mutex mutex;
    std::vector<letter> waiting;
    std::size_t bytes = 0;
    std::size_t letters = 0;
    waker* wakes = nullptr;  // nullptr: closed

    // Of a letter until its answer is sent; nullptr: there is none left.
    static std::shared_ptr<void> reserve(const std::shared_ptr<queue>& in, std::size_t size,
                                         const inbox_limits& limits) {
        const std::lock_guard lock(in->mutex);
        if (in->wakes == nullptr || in->letters >= limits.letters_max || in->bytes + size > limits.bytes_max)
            return nullptr;
        ++in->letters;
        in->bytes += size;
        return {static_cast<void*>(in.get()), [in, size](void*) {
                    const std::lock_guard again(in->mutex);
                    --in->letters;
                    in->bytes -= size;
                }};
    }
};

inbox::inbox(keys own, inbox_limits limits, meter& counts)
    : keys_(std::move(own)), limits_(limits), counts_(counts), queue_(std::make_shared<queue>()) {}

inbox::~inbox() {
    close();
}

http::receiver::admission inbox::admit(const http::received_request& head, std::optional<std::uint64_t> body_bytes) {
    if (!keys_.read_callback(head.path)) {
        if (head.is_post) counts_.count(delivery_outcome::unknown);
        return refused(reply_of(404, "nothing here\n"));
    }
    if (head.is_post && body_bytes && *body_bytes > limits_.body_bytes_max) {
        counts_.count(delivery_outcome::too_large);
        return refused(reply_of(413, "the request's body is too large\n"));
    }
    admission out;
    out.body_bytes_max = head.is_post ? limits_.body_bytes_max : 0;
    const std::size_t size = head.is_post ? static_cast<std::size_t>(body_bytes.value_or(out.body_bytes_max)) : 0;
    out.place = queue::reserve(queue_, size, limits_);
    if (out.place) return out;
    if (head.is_post) counts_.count(delivery_outcome::not_ready);
    return refused(reply_of(503, "not now; try again\n", 10));
}

void inbox::receive(http::received_request what, std::unique_ptr<http::pending_reply> reply) {
    letter one;
    one.to = keys_.read_callback(what.path).value();
    if (what.is_post) {
        const std::string* signature = what.header("x-hub-signature");
        if (signature == nullptr || !is_signed(*signature, what.body, keys_.hub_secret(one.to))) {
            counts_.count(delivery_outcome::forged);
            return reply->send(reply_of(403, "not signed with the subscription's secret\n"));
        }
        if (const std::string* type = what.header("content-type")) one.content_type = *type;
        one.body = std::move(what.body);
    } else {
        one.asks = read_intent(what.query);
        if (!one.asks) {
            counts_.count(intent_outcome::refused);
            return reply->send(reply_of(404, "no question of a hub\n"));
        }
    }
    one.reply = std::move(reply);
    one.place = std::move(what.place);
    const bool is_delivery = !one.asks;
    const std::lock_guard lock(queue_->mutex);
    if (queue_->wakes != nullptr) {
        queue_->waiting.push_back(std::move(one));
        queue_->wakes->wake();
    } else if (is_delivery) {
        counts_.count(delivery_outcome::not_ready);  // closed meanwhile: what is dropped is answered 503
    }
}

void inbox::open(waker& wakes) {
    const std::lock_guard lock(queue_->mutex);
    queue_->wakes = &wakes;
}

void inbox::close() {
    std::vector<letter> dropped;
    {
        const std::lock_guard lock(queue_->mutex);
        queue_->wakes = nullptr;
        dropped.swap(queue_->waiting);
    }
    dropped.clear();  // not under the lock: their places take it
}

std::vector<letter> inbox::take() {
    const std::lock_guard lock(queue_->mutex);
    return std::exchange(queue_->waiting, {});
}

}  // namespace feedwatch::push
