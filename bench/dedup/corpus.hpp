// Documents for bench/dedup: any of them can be made by its number alone, so that ten million need no room.
// Words of a made-up language with Zipf's frequencies, some in Cyrillic; 250 to 350 words each; one document in five is
// an edited copy of an earlier one.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace feedwatch::bench {

constexpr std::uint64_t mixed(std::uint64_t x) noexcept {  // SplitMix64
    x += 0x9E3779B97F4A7C15ULL;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31U);
}

class generator {
  public:
    explicit generator(std::uint64_t seed) : state_(mixed(seed)) {}
    std::uint64_t next() noexcept { return mixed(state_ += 0xD1342543DE82EF95ULL); }
    std::uint64_t below(std::uint64_t n) noexcept { return next() % n; }
    double share() noexcept { return static_cast<double>(next() >> 11U) * 0x1p-53; }

  private:
    std::uint64_t state_;
};

class corpus {
  public:
    struct document {
        std::uint64_t number = 0;
        std::uint64_t original = 0;  // itself where it is none's copy
        double edited = 0;           // share of the words that were replaced, dropped or preceded by another
        std::string text;
    };

    corpus(std::uint64_t seed, double edited_min, double edited_max)
        : seed_(seed), edited_min_(edited_min), edited_max_(edited_max) {
        constexpr std::size_t words = 50'000;
        double sum = 0;
        for (std::size_t rank = 0; rank < words; ++rank) {
            vocabulary_.push_back(word(rank));
            sum += 1.0 / static_cast<double>(rank + 3);
            upto_.push_back(sum);
        }
        for (double& s : upto_) s /= sum;
        // Where to begin looking for a share: a table instead of a search.
        starts_.resize(table + 1);
        for (std::size_t i = 0, at = 0; i <= table; ++i) {
            while (at + 1 < upto_.size() && upto_[at] < static_cast<double>(i) / table) ++at;
            starts_[i] = static_cast<std::uint32_t>(at);
        }
    }

    [[nodiscard]] document at(std::uint64_t number) const {
        document d{.number = number, .original = original_of(number), .edited = 0, .text = {}};
        write(d.original, d.text);
        if (d.original == number) return d;
        generator random(mixed(seed_ ^ 0xED17) ^ number);
        d.edited = edited_min_ + (edited_max_ - edited_min_) * random.share();
        d.text = edit(d.text, d.edited, random);
        return d;
    }

    [[nodiscard]] std::uint64_t original_of(std::uint64_t number) const {
        if (!is_copy(number)) return number;
        std::uint64_t of = mixed(seed_ ^ (number * 3)) % number;
        while (is_copy(of)) --of;  // document 0 is none
        return of;
    }

  private:
    static constexpr std::size_t table = 1U << 14U;

    [[nodiscard]] bool is_copy(std::uint64_t number) const { return number != 0 && mixed(seed_ + number) % 5 == 0; }

    static std::string word(std::size_t rank) {
        static constexpr const char* latin[] = {"ka",  "lo",  "mi", "ren", "su",  "ta",  "vor", "we", "zil", "po",
                                                "dan", "ich", "en", "or",  "ast", "qui", "bre", "fu", "gla", "ny"};
        static constexpr const char* cyrillic[] = {"ка",  "ло", "ми", "рен", "су",  "та", "вор", "ве", "зил", "по",
                                                   "дан", "ич", "ен", "ор",  "аст", "ки", "бре", "фу", "гла", "ны"};
        const bool other = mixed(rank) % 100 < 12;
        std::string out;
        for (std::size_t n = rank + 1; n > 0; n /= 20) out += (other ? cyrillic : latin)[n % 20];
        return out;
    }

    [[nodiscard]] const std::string& draw(generator& random) const {
        const double share = random.share();
        std::size_t rank = starts_[static_cast<std::size_t>(share * table)];
        while (rank + 1 < upto_.size() && upto_[rank] < share) ++rank;
        return vocabulary_[rank];
    }

    void write(std::uint64_t number, std::string& out) const {
        generator random(mixed(seed_) ^ (number * 2));
        const std::uint64_t words = 250 + random.below(101);
        for (std::uint64_t i = 0; i < words; ++i) {
            if (i != 0) out += i % 12 == 0 ? ". " : " ";
            out += draw(random);
        }
    }

    [[nodiscard]] std::string edit(const std::string& text, double part, generator& random) const {
        std::string out;
        std::size_t at = 0;
        while (at < text.size()) {
            const std::size_t end = std::min(text.find(' ', at), text.size());
            const std::string_view word = std::string_view(text).substr(at, end - at);
            at = end + 1;
            const bool edits = random.share() < part;
            const std::uint64_t how = edits ? random.below(3) : 3;  // replaced, dropped, preceded by another
            if (how == 1) continue;
            if (!out.empty()) out += ' ';
            if (how == 0 || how == 2) out += draw(random);
            if (how == 0) continue;
            if (how == 2) out += ' ';
            out += word;
        }
        return out;
    }

    std::uint64_t seed_;
    double edited_min_, edited_max_;
    std::vector<std::string> vocabulary_;
    std::vector<double> upto_;
    std::vector<std::uint32_t> starts_;
};

}  // namespace feedwatch::bench
