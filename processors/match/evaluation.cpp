#include "processors/match/evaluation.hpp"

#include <algorithm>
#include <functional>

namespace feedwatch::match_query {
namespace {

using positions = std::span<const std::uint32_t>;

bool holds(positions p, std::uint32_t at) {
    return std::binary_search(p.begin(), p.end(), at);
}

// A choice of one position for each word of a sloppy phrase such that none is taken twice: words choose among the
// positions of a window, by augmenting paths.
class distinct_choice {
  public:
    explicit distinct_choice(std::vector<positions> options) : options_(std::move(options)) {}

    bool exists() {
        for (std::size_t i = 0; i < options_.size(); ++i) {
            tried_.clear();
            if (!place(i)) return false;
        }
        return true;
    }
    [[nodiscard]] stretch hull() const {
        stretch s{taken_.front().first, taken_.front().first};
        for (const auto& [at, word] : taken_) {
            s.first = std::min(s.first, at);
            s.last = std::max(s.last, at);
        }
        return s;
    }

  private:
    bool place(std::size_t word) {
        for (const std::uint32_t at : options_[word]) {
            if (std::find(tried_.begin(), tried_.end(), at) != tried_.end()) continue;
            tried_.push_back(at);
            const auto holder =
                std::find_if(taken_.begin(), taken_.end(), [&](const auto& t) { return t.first == at; });
            if (holder == taken_.end()) {
                taken_.emplace_back(at, word);
                return true;
            }
            if (place(holder->second)) {
                // taken_ may have moved.
                std::find_if(taken_.begin(), taken_.end(), [&](const auto& t) { return t.first == at; })->second = word;
                return true;
            }
        }
        return false;
    }

    std::vector<positions> options_;
    std::vector<std::pair<std::uint32_t, std::size_t>> taken_;
    std::vector<std::uint32_t> tried_;
};

void tidy(std::vector<stretch>& out) {
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
}

}  // namespace

bool evaluation::in_field(const compiled_node& n, std::size_t field_number) const {
    return n.in == field::any || (n.in == field::title) == (field_number == 0);
}

void evaluation::phrase(const compiled_node& n, std::size_t field, std::vector<stretch>& out) {
    const term_number* slots = program_.slots.data() + n.first;
    std::uint32_t rarest = 0;
    for (std::uint32_t i = 1; i < n.count; ++i) {
        if (where_.of(slots[i], field).size() < where_.of(slots[rarest], field).size()) rarest = i;
    }
    for (const std::uint32_t at : where_.of(slots[rarest], field)) {
        if (at < rarest) continue;
        const std::uint32_t first = at - rarest;
        bool all = true;
        for (std::uint32_t i = 0; i < n.count && all; ++i)
            all = i == rarest || holds(where_.of(slots[i], field), first + i);
        if (all) out.push_back({first, first + n.count - 1});
    }
}

// Lucene's slop: the words may stand anywhere, as long as their distances from where an exact phrase would have them
// differ by no more than the slop. No word of the text stands for two words of the phrase.
void evaluation::sloppy(const compiled_node& n, std::size_t field, std::vector<stretch>& out) {
    const term_number* slots = program_.slots.data() + n.first;
    std::vector<std::int64_t> anchors;
    for (std::uint32_t i = 0; i < n.count; ++i) {
        for (const std::uint32_t at : where_.of(slots[i], field)) anchors.push_back(std::int64_t{at} - i);
    }
    std::sort(anchors.begin(), anchors.end());
    anchors.erase(std::unique(anchors.begin(), anchors.end()), anchors.end());
    for (const std::int64_t anchor : anchors) {
        std::vector<positions> options;
        for (std::uint32_t i = 0; i < n.count; ++i) {
            const positions all = where_.of(slots[i], field);
            const std::int64_t low = std::max<std::int64_t>(0, anchor + i);
            const auto from =
                std::lower_bound(all.begin(), all.end(), low, [](std::uint32_t p, std::int64_t l) { return p < l; });
            const auto to = std::upper_bound(from, all.end(), anchor + i + n.distance,
                                             [](std::int64_t h, std::uint32_t p) { return h < p; });
            if (from == to) break;
            options.emplace_back(from, to);
        }
        if (options.size() < n.count) continue;
        distinct_choice choice(std::move(options));
        if (choice.exists()) out.push_back(choice.hull());
    }
}

void evaluation::near(const compiled_node& n, std::size_t field, std::vector<stretch>& out) {
    std::vector<stretch> left;
    std::vector<stretch> right;
    places(program_.children[n.first], field, left);
    if (left.empty()) return;
    places(program_.children[n.first + 1], field, right);
    // Right operands by their first word, so that a window finds those after; and by their last, for those before.
    std::vector<stretch> by_last = right;
    std::sort(by_last.begin(), by_last.end(), [](const stretch& a, const stretch& b) { return a.last < b.last; });
    for (const stretch& l : left) {
        if (out.size() >= near_stretches_max) break;
        const std::uint64_t reach = std::uint64_t{l.last} + 1 + n.distance;
        auto r = std::upper_bound(right.begin(), right.end(), l.last,
                                  [](std::uint32_t last, const stretch& s) { return last < s.first; });
        for (; r != right.end() && r->first <= reach; ++r) out.push_back({l.first, r->last});
        if (n.ordered) continue;
        const std::uint32_t back = l.first > n.distance + 1 ? l.first - n.distance - 1 : 0;
        auto b = std::lower_bound(by_last.begin(), by_last.end(), back,
                                  [](const stretch& s, std::uint32_t at) { return s.last < at; });
        for (; b != by_last.end() && b->last < l.first; ++b) out.push_back({b->first, l.last});
    }
}

void evaluation::places(std::uint32_t node, std::size_t field, std::vector<stretch>& out) {
    const compiled_node& n = program_.nodes[node];
    if (n.is == kind::any) {
        for (std::uint32_t i = 0; i < n.count; ++i) {
            std::vector<stretch> some;
            places(program_.children[n.first + i], field, some);
            out.insert(out.end(), some.begin(), some.end());
        }
        return tidy(out);
    }
    if (n.is == kind::near) {
        near(n, field, out);
        return tidy(out);
    }
    if (!in_field(n, field) || n.count == 0) return;
    if (n.count == 1) {
        for (const std::uint32_t at : where_.of(program_.slots[n.first], field)) out.push_back({at, at});
        return;
    }
    if (n.distance == 0) return phrase(n, field, out);
    sloppy(n, field, out);
    tidy(out);
}

bool evaluation::is_true(std::uint32_t node) {
    const compiled_node& n = program_.nodes[node];
    const auto child = [&](std::uint32_t i) { return program_.children[n.first + i]; };
    switch (n.is) {
        case kind::all:
            for (std::uint32_t i = 0; i < n.count; ++i) {
                if (!is_true(child(i))) return false;
            }
            return true;
        case kind::any:
            for (std::uint32_t i = 0; i < n.count; ++i) {
                if (is_true(child(i))) return true;
            }
            return false;
        case kind::without:
            return !is_true(child(0));
        case kind::words:
            if (n.count == 1) {
                return (in_field(n, 0) && !where_.of(program_.slots[n.first], 0).empty()) ||
                       (in_field(n, 1) && !where_.of(program_.slots[n.first], 1).empty());
            }
            [[fallthrough]];
        case kind::near: {
            std::vector<stretch> some;
            for (std::size_t f = 0; f < fields && some.empty(); ++f) places(node, f, some);
            return !some.empty();
        }
    }
    return false;
}

void evaluation::collect(std::uint32_t node, std::vector<found_clause>& out) {
    const compiled_node& n = program_.nodes[node];
    if (n.is == kind::without) return;
    if (n.is == kind::all || n.is == kind::any) {
        for (std::uint32_t i = 0; i < n.count; ++i) {
            const std::uint32_t child = program_.children[n.first + i];
            if (n.is == kind::all || is_true(child)) collect(child, out);
        }
        return;
    }
    for (std::size_t f = 0; f < fields; ++f) {
        found_clause found{n.clause, f, {}};
        places(node, f, found.where);
        if (found.where.empty()) continue;
        // Places of one clause that overlap say the same thing: the first of them stands.
        std::vector<stretch> apart;
        for (const stretch& s : found.where) {
            if (apart.empty() || s.first > apart.back().last) apart.push_back(s);
        }
        found.where = std::move(apart);
        out.push_back(std::move(found));
    }
}

}  // namespace feedwatch::match_query
