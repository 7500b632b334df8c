#include "tests/support/webhook_receiver.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace feedwatch::test {
namespace {

std::string decoded(std::string base64) {
    std::string out(base64.size(), '\0');
    const int size =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<const unsigned char*>(base64.data()), static_cast<int>(base64.size()));
    std::size_t length = size < 0 ? 0 : static_cast<std::size_t>(size);
    for (std::size_t i = base64.size(); i > 0 && base64[i - 1] == '='; --i) --length;  // it counts the padding
    out.resize(length);
    return out;
}

std::string expected_signature(const std::string& key, const webhook& w) {
    const std::string content = w.id + "." + w.timestamp + "." + w.body;
    std::array<unsigned char, 32> digest{};
    unsigned size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(content.data()),
         content.size(), digest.data(), &size);
    std::array<unsigned char, 48> text{};
    const int length = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(size));
    return "v1," + std::string(text.begin(), text.begin() + length);
}

}  // namespace

webhook_receiver::webhook_receiver(std::string secret) : key_(decoded(secret.substr(secret.find('_') + 1))) {
    server_.on("/hook", [this](const received_request& r) { return take(r); });
}

void webhook_receiver::answer_next(server_reply reply) {
    const std::lock_guard lock(mutex_);
    planned_.push_back(std::move(reply));
}

server_reply webhook_receiver::take(const received_request& r) {
    const webhook w{r.header("webhook-id"), r.header("webhook-timestamp"), r.body};
    const std::string signatures = " " + r.header("webhook-signature") + " ";
    server_reply reply;
    const std::lock_guard lock(mutex_);
    if (signatures.find(" " + expected_signature(key_, w) + " ") == std::string::npos) {
        ++unverified_;
        reply.status = 401;
        return reply;
    }
    reply.status = 204;
    if (!planned_.empty()) {
        reply = std::move(planned_.front());
        planned_.pop_front();
    }
    const bool ok = reply.status / 100 == 2 && reply.raw.empty() && reply.then == server_reply::ending::keep;
    (ok ? accepted_ : refused_).push_back(w);
    return reply;
}

std::vector<webhook> webhook_receiver::accepted() const {
    const std::lock_guard lock(mutex_);
    return accepted_;
}

std::vector<webhook> webhook_receiver::refused() const {
    const std::lock_guard lock(mutex_);
    return refused_;
}

std::size_t webhook_receiver::unverified() const {
    const std::lock_guard lock(mutex_);
    return unverified_;
}

}  // namespace feedwatch::test
