#include "producers/poll/renaming.hpp"

#include <array>
#include <cstdint>
#include <unordered_map>
#include <unordered_set>

namespace feedwatch::polling {
namespace {

struct key {
    std::uint32_t link = 0, title = 0, text = 0;
    friend bool operator==(const key&, const key&) = default;
};

struct key_hash {
    std::size_t operator()(const key& k) const noexcept {
        return ((std::size_t{k.link} << 32U ^ k.title) * 0x9E3779B97F4A7C15ULL) ^ k.text;
    }
};

enum class agreement { all, title_and_text, link_and_text, link_and_title };  // the surest first
constexpr std::array agreements{agreement::all, agreement::title_and_text, agreement::link_and_text,
                                agreement::link_and_title};

// What several items of one document have in common.
class shared_values {
  public:
    template <class Which>
    void add(std::span<const window_entry> entries, Which&& is_of_document) {
        key_sets seen;
        for (const window_entry& e : entries) {
            if (!is_of_document(e)) continue;
            note(e.link, seen.link, shared_.link);
            note(e.title, seen.title, shared_.title);
            note(e.text, seen.text, shared_.text);
        }
    }
    [[nodiscard]] key own(const window_entry& e) const {
        return {shared_.link.contains(e.link) ? 0 : e.link, shared_.title.contains(e.title) ? 0 : e.title,
                shared_.text.contains(e.text) ? 0 : e.text};
    }

  private:
    using values = std::unordered_set<std::uint32_t>;
    struct key_sets {
        values link, title, text;
    };
    static void note(std::uint32_t value, values& seen, values& shared) {
        if (!seen.insert(value).second) shared.insert(value);
    }
    key_sets shared_;
};

// nullopt: nothing that could agree.
std::optional<key> key_of(const window_entry& e, agreement what, const shared_values& shared) {
    const key own = shared.own(e);
    switch (what) {
        case agreement::all:
            if (e.link == 0 && e.title == 0 && e.text == 0) return std::nullopt;
            return key{e.link, e.title, e.text};
        case agreement::title_and_text:
            if (own.title == 0 || own.text == 0) return std::nullopt;
            return key{0, own.title, own.text};
        case agreement::link_and_text:
            if (own.link == 0 || own.text == 0) return std::nullopt;
            return key{own.link, 0, own.text};
        case agreement::link_and_title:
            if (e.link == 0 || own.title == 0) return std::nullopt;
            return key{e.link, own.title, 0};
    }
    return std::nullopt;
}

}  // namespace

std::vector<std::optional<std::size_t>> pair_up(const side& window, const side& document, timestamp last_document) {
    const auto in_last = [&](const window_entry& e) { return e.last_present == last_document; };
    shared_values shared;
    shared.add(window.entries, in_last);
    shared.add(document.entries, [](const window_entry&) { return true; });

    std::vector<std::optional<std::size_t>> out(document.entries.size());
    std::vector<bool> taken(window.entries.size());
    for (const agreement what : agreements) {
        std::unordered_map<key, std::vector<std::size_t>, key_hash> waiting;  // of each list the last is the next
        for (std::size_t at = window.entries.size(); at-- > 0;) {
            const window_entry& e = window.entries[at];
            if (!window.open[at] || taken[at]) continue;
            const auto k = key_of(e, what, shared);
            if (k && ((k->text != 0 && shared.own(e).text != 0) || in_last(e))) waiting[*k].push_back(at);
        }
        for (std::size_t at = 0; at < document.entries.size(); ++at) {
            if (!document.open[at] || out[at]) continue;
            const auto k = key_of(document.entries[at], what, shared);
            const auto found = k ? waiting.find(*k) : waiting.end();
            if (found == waiting.end() || found->second.empty()) continue;
            out[at] = found->second.back();
            taken[found->second.back()] = true;
            found->second.pop_back();
        }
    }
    return out;
}

bool is_mass_change(const change_of_ids& c) noexcept {
    return c.renamed > c.kept && c.renamed * 4 >= c.items && (c.renamed > 1 || c.same_words > 0);
}

}  // namespace feedwatch::polling
