#include "producers/extract/notices.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "core/text/lower.hpp"

namespace feedwatch {
namespace {

constexpr std::size_t notice_bytes_max = 240;
constexpr std::size_t share_bar_bytes_max = 160;
constexpr std::size_t share_words_min = 2;  // one may be a heading

// Lower case; what a notice begins with.
constexpr std::array<std::string_view, 33> beginnings{"we use cookies",
                                                      "this site uses cookies",
                                                      "this website uses cookies",
                                                      "by continuing to use",
                                                      "wir verwenden cookies",
                                                      "diese website verwendet cookies",
                                                      "diese seite verwendet cookies",
                                                      "nous utilisons des cookies",
                                                      "ce site utilise des cookies",
                                                      "utilizamos cookies",
                                                      "usamos cookies",
                                                      "este sitio utiliza cookies",
                                                      "este site utiliza cookies",
                                                      "utilizziamo i cookie",
                                                      "questo sito utilizza",
                                                      "wij gebruiken cookies",
                                                      "vi använder cookies",
                                                      "używamy plików cookie",
                                                      "мы используем файлы cookie",
                                                      "please enable javascript",
                                                      "javascript is disabled",
                                                      "javascript is required",
                                                      "you need to enable javascript",
                                                      "bitte aktivieren sie javascript",
                                                      "veuillez activer javascript",
                                                      "your browser does not support",
                                                      "ihr browser unterstützt",
                                                      "this video is not available",
                                                      "this video is unavailable",
                                                      "unfortunately, this video",
                                                      "this feature is temporarily unavailable",
                                                      "thank you for subscribing",
                                                      "thanks for subscribing"};

constexpr std::array<std::string_view, 40> share_words{
    "facebook", "twitter",   "x",         "whatsapp",  "linkedin",  "pinterest", "reddit",    "tumblr",
    "telegram", "email",     "e",         "mail",      "print",     "copy",      "link",      "share",
    "tweet",    "pocket",    "flipboard", "messenger", "threads",   "bluesky",   "mastodon",  "xing",
    "vk",       "instagram", "youtube",   "google",    "plus",      "sms",       "signal",    "line",
    "teilen",   "drucken",   "partager",  "imprimer",  "compartir", "imprimir",  "condividi", "on"};
constexpr std::array<std::string_view, 14> networks{"facebook", "twitter", "whatsapp",  "linkedin",  "pinterest",
                                                    "reddit",   "tumblr",  "telegram",  "flipboard", "bluesky",
                                                    "mastodon", "xing",    "messenger", "threads"};

bool is_one_of(std::string_view word, const auto& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

bool is_notice(std::string_view block) {
    if (block.size() > notice_bytes_max) return false;
    const std::string text = lower_of(block);
    return std::any_of(beginnings.begin(), beginnings.end(), [&](std::string_view b) { return text.starts_with(b); });
}

bool is_share_bar(std::string_view block) {
    if (block.size() > share_bar_bytes_max) return false;
    const std::string text = lower_of(block);
    std::size_t words = 0;
    bool network = false;
    for (std::size_t at = 0; at < text.size();) {
        const auto is_letter = [&](std::size_t i) {
            return (text[i] >= 'a' && text[i] <= 'z') || static_cast<unsigned char>(text[i]) >= 0x80;
        };
        std::size_t end = at;
        while (end < text.size() && is_letter(end)) ++end;
        if (end == at) {  // numbers count shares; a sentence's end makes prose of it
            if (text[at] == '.' || text[at] == '?' || text[at] == '!') return false;
            ++at;
            continue;
        }
        const std::string_view word = std::string_view(text).substr(at, end - at);
        if (!is_one_of(word, share_words)) return false;
        network = network || is_one_of(word, networks);
        ++words;
        at = end;
    }
    return network && words >= share_words_min;
}

}  // namespace feedwatch
