#include "app/command/word_diff.hpp"

#include <algorithm>
#include <cstdint>

namespace feedwatch::app {
namespace {

using tokens = std::vector<text::token>;

// A stretch of words of each text that stand in for each other.
struct place {
    std::size_t before_from, before_to, after_from, after_to;
};

// Myers, "An O(ND) Difference Algorithm" (1986), on what is left between the common beginning and the common end.
class edit_script {
  public:
    edit_script(const tokens& before, const tokens& after) : a_(before), b_(after) {
        const std::size_t shorter = std::min(a_.size(), b_.size());
        while (begin_ < shorter && a_[begin_].word == b_[begin_].word) ++begin_;
        while (end_ < shorter - begin_ && a_[a_.size() - 1 - end_].word == b_[b_.size() - 1 - end_].word) ++end_;
        n_ = static_cast<std::int64_t>(a_.size() - begin_ - end_);
        m_ = static_cast<std::int64_t>(b_.size() - begin_ - end_);
    }

    // Places in the texts' order; nullopt: more than so many edits.
    std::optional<std::vector<place>> places(std::size_t edits_max) {
        if (n_ == 0 && m_ == 0) return std::vector<place>{};
        if (n_ == 0 || m_ == 0) return std::vector<place>{place_of(0, n_, 0, m_)};
        const auto limit = std::min(static_cast<std::int64_t>(edits_max), n_ + m_);
        std::vector<std::int32_t> furthest(static_cast<std::size_t>(2 * limit + 3), 0);
        const std::int64_t middle = limit + 1;
        for (std::int64_t d = 0; d <= limit; ++d) {
            const auto* const from = furthest.data() + (middle - d);
            rounds_.emplace_back(from, from + 2 * d + 1);  // as the round before left them
            for (std::int64_t k = -d; k <= d; k += 2) {
                std::int64_t x =
                    step(d, k, [&](std::int64_t at) { return furthest[static_cast<std::size_t>(middle + at)]; });
                while (x < n_ && x - k < m_ && same(x, x - k)) ++x;
                furthest[static_cast<std::size_t>(middle + k)] = static_cast<std::int32_t>(x);
                if (x >= n_ && x - k >= m_) return traced(d);
            }
        }
        return std::nullopt;
    }

  private:
    [[nodiscard]] bool same(std::int64_t x, std::int64_t y) const {
        return a_[begin_ + static_cast<std::size_t>(x)].word == b_[begin_ + static_cast<std::size_t>(y)].word;
    }
    [[nodiscard]] place place_of(std::int64_t x, std::int64_t to_x, std::int64_t y, std::int64_t to_y) const {
        return {begin_ + static_cast<std::size_t>(x), begin_ + static_cast<std::size_t>(to_x),
                begin_ + static_cast<std::size_t>(y), begin_ + static_cast<std::size_t>(to_y)};
    }
    // Whether the furthest way to diagonal k with d edits ends with a word added (down) rather than removed.
    template <class At>
    static bool is_down(std::int64_t d, std::int64_t k, const At& at) {
        return k == -d || (k != d && at(k - 1) < at(k + 1));
    }
    template <class At>
    static std::int64_t step(std::int64_t d, std::int64_t k, const At& at) {
        if (d == 0) return 0;
        return is_down(d, k, at) ? at(k + 1) : at(k - 1) + 1;
    }

    [[nodiscard]] std::vector<place> traced(std::int64_t d) const {
        std::vector<place> out;  // from the end
        std::int64_t x = n_;
        std::int64_t y = m_;
        for (; d > 0; --d) {
            const auto& round = rounds_[static_cast<std::size_t>(d)];
            const auto at = [&](std::int64_t k) { return round[static_cast<std::size_t>(k + d)]; };
            const std::int64_t k = x - y;
            const bool down = is_down(d, k, at);
            const std::int64_t before_x = down ? at(k + 1) : at(k - 1);
            const std::int64_t before_y = before_x - (down ? k + 1 : k - 1);
            const std::int64_t after_x = down ? before_x : before_x + 1;
            const std::int64_t after_y = down ? before_y + 1 : before_y;
            const place one = place_of(before_x, after_x, before_y, after_y);
            if (!out.empty() && out.back().before_from == one.before_to && out.back().after_from == one.after_to) {
                out.back().before_from = one.before_from;
                out.back().after_from = one.after_from;
            } else {
                out.push_back(one);
            }
            x = before_x;
            y = before_y;
        }
        std::reverse(out.begin(), out.end());
        return out;
    }

    const tokens& a_;
    const tokens& b_;
    std::size_t begin_ = 0, end_ = 0;  // words in common
    std::int64_t n_ = 0, m_ = 0;       // words between
    std::vector<std::vector<std::int32_t>> rounds_;
};

std::string words_between(std::string_view text, const tokens& words, std::size_t from, std::size_t to,
                          std::size_t bytes_max) {
    if (from == to) return {};
    const std::size_t begin = words[from].offset;
    const std::size_t end = std::size_t{words[to - 1].offset} + words[to - 1].length;
    if (end - begin <= bytes_max) return std::string(text.substr(begin, end - begin));
    std::size_t cut = begin + bytes_max;
    while (cut > begin && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) --cut;  // not inside a character
    return std::string(text.substr(begin, cut - begin)) + "…";
}

}  // namespace

std::optional<word_diff> diff_words(text::analyser& with, std::string_view before, std::string_view after,
                                    const word_diff_limits& limits) {
    text::analysed_text a;
    text::analysed_text b;
    with.analyse(before, "", a);
    with.analyse(after, "", b);
    const auto places = edit_script(a.tokens, b.tokens).places(limits.edits_max);
    if (!places) return std::nullopt;
    word_diff out;
    out.places = places->size();
    for (const place& p : *places) {
        out.removed += p.before_to - p.before_from;
        out.added += p.after_to - p.after_from;
        if (out.shown.size() == limits.places_max) continue;
        out.shown.push_back({words_between(before, a.tokens, p.before_from, p.before_to, limits.shown_bytes_max),
                             words_between(after, b.tokens, p.after_from, p.after_to, limits.shown_bytes_max)});
    }
    return out;
}

}  // namespace feedwatch::app
