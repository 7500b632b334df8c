#include "producers/poll/window.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "producers/poll/content.hpp"
#include "producers/poll/renaming.hpp"
#include "producers/poll/retraction.hpp"

namespace feedwatch::polling {
namespace {

timestamp last_present(std::span<const window_entry> window) {
    timestamp latest{};
    for (const window_entry& e : window) latest = std::max(latest, e.last_present);
    return latest;
}

// Of what is not in the document now, even where the clock was set back: the last document's are the latest.
timestamp in_past(timestamp t, timestamp now) {
    return std::min(t, now - std::chrono::milliseconds{1});
}

void bound(std::vector<window_entry>& window, timestamp now, const window_limits& limits) {
    std::erase_if(window, [&](const window_entry& e) { return e.last_present < now - limits.keep; });
    if (window.size() <= limits.entries_max) return;
    std::stable_sort(window.begin(), window.end(),
                     [](const window_entry& a, const window_entry& b) { return a.last_present > b.last_present; });
    window.resize(limits.entries_max);
}

const std::string& name_in_document(const window_entry& e) {
    return e.alias.empty() ? e.id : e.alias;
}

window_entry entry_of(const item& i, timestamp now) {
    const content_keys keys = keys_of(i);
    window_entry out{i.id.str(), keys.all, now};
    out.link = keys.link;
    out.title = keys.title;
    out.text = keys.text;
    return out;
}

const std::string& published_id(const window_entry& e) {
    return e.id;
}

class comparing {
  public:
    comparing(std::span<const window_entry> before, std::span<const item> items, timestamp now, const compare_by& by)
        : before_(before),
          items_(items),
          otherwise_(by.otherwise),
          links_(by.links && by.otherwise == nullptr),
          last_document_(last_present(before)),
          found_(items.size()),
          left_(before.size(), true) {
        out_.window.reserve(items.size() + before.size());
        for (const item& i : items) out_.window.push_back(entry_of(i, now));
    }

    comparison run(timestamp now, const window_limits& limits, bool whole) {
        const auto own_id = [this](std::size_t at) -> const std::string& { return items_[at].id.str(); };
        find([](const window_entry&) { return true; }, name_in_document, own_id);
        find([](const window_entry& e) { return !e.alias.empty(); }, published_id, own_id);
        if (otherwise_ != nullptr) {
            const auto old_id = [this](std::size_t at) -> const std::string& { return otherwise_->before[at]; };
            find([](const window_entry&) { return true; }, name_in_document, old_id);
            find([](const window_entry& e) { return !e.alias.empty(); }, published_id, old_id);
        }
        rename();
        if (whole && out_.renamed.empty() && otherwise_ == nullptr) retract();
        for (std::size_t at = 0; at < items_.size(); ++at) judge(at);
        for (std::size_t at = 0; at < before_.size(); ++at) {
            if (!left_[at]) continue;
            out_.window.push_back(before_[at]);
            out_.window.back().last_present = in_past(before_[at].last_present, now);
            out_.window.back().retracted |= std::binary_search(taken_back_.begin(), taken_back_.end(), at);
        }
        bound(out_.window, now, limits);
        return std::move(out_);
    }

  private:
    [[nodiscard]] bool was_in_last(std::size_t at) const { return before_[at].last_present == last_document_; }

    // By id: each entry is one item, the first that has its name.
    template <class Which, class Name, class Id>
    void find(Which&& counts, Name&& name_of, Id&& id_at) {
        std::unordered_map<std::string_view, std::size_t> named;
        for (std::size_t at = 0; at < before_.size(); ++at) {
            if (left_[at] && counts(before_[at])) named.emplace(name_of(before_[at]), at);
        }
        for (std::size_t at = 0; at < items_.size(); ++at) {
            if (found_[at]) continue;
            const auto it = named.find(id_at(at));
            if (it == named.end() || !left_[it->second]) continue;
            found_[at] = it->second;
            left_[it->second] = false;
        }
    }

    [[nodiscard]] std::vector<std::optional<std::size_t>> partners() const {
        std::vector<bool> unknown(items_.size());
        for (std::size_t at = 0; at < items_.size(); ++at) unknown[at] = !found_[at];
        return pair_up({before_, left_}, {out_.window, unknown}, last_document_);
    }

    void rename() {
        change_of_ids c;
        c.items = items_.size();
        c.kept = static_cast<std::size_t>(
            std::count_if(found_.begin(), found_.end(), [](const auto& f) { return f.has_value(); }));
        const bool forced = otherwise_ != nullptr;
        if (!forced && c.items - c.kept <= c.kept) return;  // before the work: no mass change either way
        const auto pairs = partners();
        for (std::size_t at = 0; at < items_.size(); ++at) {
            if (!pairs[at]) continue;
            ++c.renamed;
            c.same_words += same_words(out_.window[at], before_[*pairs[at]]);
        }
        if (!forced && !is_mass_change(c)) return;
        for (std::size_t at = 0; at < items_.size(); ++at) {
            if (!pairs[at]) continue;
            found_[at] = pairs[at];
            left_[*pairs[at]] = false;
            out_.renamed.push_back(at);
        }
    }

    static bool same_words(const window_entry& a, const window_entry& b) {
        return a.title == b.title && a.text == b.text && a.text != 0;
    }

    void retract() {
        std::vector<was_there> last;
        std::vector<std::size_t> entry;  // of each in `last`
        std::vector<std::size_t> place_of(before_.size());
        for (std::size_t at = 0; at < before_.size(); ++at) {
            if (!was_in_last(at)) continue;
            place_of[at] = last.size();
            last.emplace_back();
            entry.push_back(at);
        }
        std::vector<bool> known(items_.size());
        for (std::size_t at = 0; at < items_.size(); ++at) {
            if (!found_[at] || !was_in_last(*found_[at])) continue;
            known[at] = true;
            last[place_of[*found_[at]]] = {at, before_[*found_[at]].content_hash != out_.window[at].content_hash};
        }
        const auto vanished = retracted(last, order_of(items_, known));
        if (vanished.empty()) return;
        // What is there under another id was not taken back.
        const auto pairs = partners();
        for (const std::size_t place : vanished) {
            if (std::find(pairs.begin(), pairs.end(), std::optional(entry[place])) != pairs.end()) continue;
            taken_back_.push_back(entry[place]);
            out_.retracted.push_back(before_[entry[place]].id);
        }
    }

    void judge(std::size_t at) {
        if (!found_[at]) {
            out_.fresh.push_back(at);
            return;
        }
        const window_entry& was = before_[*found_[at]];
        window_entry& is = out_.window[at];
        // The link may have changed with the id, and that is no update.
        const bool same = !links_ || std::binary_search(out_.renamed.begin(), out_.renamed.end(), at)
                              ? is.title == was.title && is.text == was.text
                              : is.content_hash == was.content_hash;
        if (same) {
            ++out_.known;
        } else {
            out_.updated.push_back(at);
        }
        out_.overlap |= was_in_last(*found_[at]);
        if (was.retracted) out_.reappeared.push_back(at);
        if (is.id == was.id) return;
        is.alias = std::move(is.id);
        is.id = was.id;
    }

    std::span<const window_entry> before_;
    std::span<const item> items_;
    const renumbering* otherwise_;
    bool links_;
    timestamp last_document_;
    std::vector<std::optional<std::size_t>> found_;  // for each item, its entry in `before_`
    std::vector<bool> left_;                         // of `before_`: not in the document
    std::vector<std::size_t> taken_back_;            // of `before_`, ascending
    comparison out_;
};

}  // namespace

comparison compare(std::span<const window_entry> before, std::span<const item> items, timestamp now,
                   const window_limits& limits, bool whole, const compare_by& by) {
    return comparing(before, items, now, by).run(now, limits, whole);
}

std::vector<window_entry> refreshed(std::span<const window_entry> before, timestamp now, const window_limits& limits) {
    std::vector<window_entry> out(before.begin(), before.end());
    const timestamp latest = last_present(before);
    for (window_entry& e : out) e.last_present = e.last_present == latest ? now : in_past(e.last_present, now);
    bound(out, now, limits);
    return out;
}

std::uint32_t present_in_last(std::span<const window_entry> window) {
    const timestamp latest = last_present(window);
    return static_cast<std::uint32_t>(
        std::count_if(window.begin(), window.end(), [&](const window_entry& e) { return e.last_present == latest; }));
}

}  // namespace feedwatch::polling
