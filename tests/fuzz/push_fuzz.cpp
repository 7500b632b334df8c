// What strangers send to callbacks, and what feeds write into Link headers.
#include "core/url/url.hpp"
#include "producers/push/discovery.hpp"
#include "producers/push/form.hpp"
#include "producers/push/intent.hpp"
#include "producers/push/keys.hpp"
#include "producers/push/signature.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace feedwatch;
    const std::string_view text = fuzz::text(data, size);
    const push::advertised seen = push::discover({{"link", std::string(text)}}, {}, "https://news.example/feed");
    for (const std::string& hub : seen.hubs) fuzz::require(!origin_of(hub).empty(), "only web addresses are hubs");
    fuzz::require(seen.hubs.empty() == seen.topic.empty(), "a topic where there is a hub");
    const push::form fields = push::read_form(text);
    fuzz::require(push::read_form(push::write_form(fields)) == fields, "a form comes back as it was written");
    if (const auto asks = push::read_intent(text)) {
        fuzz::require(!asks->topic.empty(), "a question names its topic");
        fuzz::require(asks->challenge.size() <= push::challenge_bytes_max, "challenges are bounded");
    }
    static const push::keys own(secret("a key that nobody guesses, surely"), "https://feedwatch.example/");
    fuzz::require(!own.read_callback(text), "no callback is guessed");
    fuzz::require(!push::is_signed(text, "body", "secret"), "no signature is guessed");
    const push::address of{feed_id(std::string(text)), size};
    const std::string callback = own.callback(of);
    fuzz::require(own.read_callback(callback.substr(callback.find("/websub/"))) == of, "a callback names its feed");
    return 0;
}
