// Texts and items for dedup's tests.
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "core/record/item.hpp"

namespace feedwatch::dedup {

struct sample {
    std::string id;
    std::string title = {};
    std::string text = {};
    std::string publisher = {};
    std::string feed = {};
    std::string url = {};
    timestamp observed{};
};

inline item to_item(const sample& s) {
    item i;
    i.id = item_id{s.id};
    i.title = s.title;
    i.text = s.text;
    i.publisher = s.publisher;
    i.feed = feed_id{s.feed};
    i.url = s.url;
    i.observed = s.observed;
    return i;
}

// Words of a made-up language, the same for the same seed.
inline std::string prose(std::uint64_t seed, int words) {
    std::mt19937_64 random(seed);
    const auto vocabulary = [](std::uint64_t n) {
        static constexpr const char* syllables[] = {"ka", "lo", "mi", "ren", "su", "ta", "vor", "we", "zil", "po"};
        std::string word;
        for (n += 10; n > 0; n /= 10) word += syllables[n % 10];
        return word;
    };
    std::string text;
    for (int i = 0; i < words; ++i) {
        text += vocabulary(random() % 3000);
        text += i % 12 == 11 ? ". " : " ";
    }
    return text;
}

// `text` with `percent` of its words replaced, dropped or preceded by another.
inline std::string edited(const std::string& text, std::uint64_t seed, int percent) {
    std::mt19937_64 random(seed);
    std::string out;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        const std::string word = text.substr(at, end - at);
        at = end + 1;
        const bool edit = static_cast<int>(random() % 100) < percent;
        const std::string other = "x" + std::to_string(random() % 100000) + "y";
        const std::uint64_t kind = random() % 3;
        if (!edit) {
            out += word + " ";
        } else if (kind == 0) {
            out += other + " ";
        } else if (kind == 1) {
            out += other + " " + word + " ";
        }
    }
    return out;
}

}  // namespace feedwatch::dedup
