#include "producers/poll/numbering.hpp"

#include <algorithm>
#include <utility>

#include "core/url/url.hpp"

namespace feedwatch::polling {
namespace {

class numbering {
  public:
    numbering(std::vector<item>& items, const feed& of, const poll& before, timestamp at, const window_limits& limits,
              bool whole)
        : items_(items), of_(of), before_(before), at_(at), limits_(limits), whole_(whole) {
        out_.identity = before.identity;
    }

    numbered document() && {
        const identity_rule rule = before_.identity.rule;
        if (auto better = judge_document(items_, of_.id, rule)) {
            downgrade(*std::move(better));
        } else {
            compare_by(rule);
            count_changes();
            const std::size_t renamed = out_.seen.renamed.size();
            if (out_.identity.changes >= changes_max) {
                auto safer = judge_changes(items_, of_.id, rule, renamed, with_same_link());
                if (safer) downgrade(*std::move(safer));
            }
        }
        out_.identity.urls = canonical_url_version();
        publish_known();
        return std::move(out_);
    }

    numbered part() && {
        whole_ = false;
        compare_by(before_.identity.rule);
        publish_known();
        return std::move(out_);
    }

  private:
    void compare_by(identity_rule rule) {
        out_.ids = identify(items_, of_.id, rule);
        const renumbering otherwise{std::vector<std::string>(items_.size())};
        // A release whose canonical URLs are others makes other ids of links.
        out_.ours = !before_.window.empty() && before_.identity.urls != canonical_url_version();
        out_.seen = compare(before_.window, items_, at_, limits_, whole_,
                            {out_.ours ? &otherwise : nullptr, rule != identity_rule::title});
    }

    void downgrade(identity_verdict to) {
        renumbered again = renumber(items_, of_.id, before_.identity.rule, to.rule);
        out_.hidden = again.hidden && before_.last_success;
        out_.ids = std::move(again.ids);
        out_.seen = compare(before_.window, items_, at_, limits_, whole_, {&again.otherwise, false});
        out_.ours = true;
        out_.identity.rule = to.rule;
        out_.identity.since = at_;
        out_.identity.reason = to.reason;
        out_.identity.changes = 0;
        out_.downgrade = std::move(to);
    }

    // A document of nothing but new items says nothing.
    void count_changes() {
        if (out_.ours) return;
        if (!out_.seen.renamed.empty()) {
            ++out_.identity.changes;
        } else if (out_.seen.overlap) {
            out_.identity.changes = 0;
        }
    }

    [[nodiscard]] std::size_t with_same_link() const {
        const auto same = [&](std::size_t at) {
            const window_entry& is = out_.seen.window[at];
            const auto was = std::find_if(before_.window.begin(), before_.window.end(),
                                          [&](const window_entry& e) { return e.id == is.id; });
            return was != before_.window.end() && was->link == is.link;
        };
        return static_cast<std::size_t>(std::count_if(out_.seen.renamed.begin(), out_.seen.renamed.end(), same));
    }

    void publish_known() {
        for (std::size_t at = 0; at < items_.size(); ++at) {
            if (!out_.seen.window[at].alias.empty()) items_[at].id = item_id(out_.seen.window[at].id);
        }
    }

    std::vector<item>& items_;
    const feed& of_;
    const poll& before_;
    timestamp at_;
    const window_limits& limits_;
    bool whole_;
    numbered out_;
};

}  // namespace

numbered number(std::vector<item>& items, const feed& of, const poll& before, timestamp at, const window_limits& limits,
                bool whole) {
    return numbering(items, of, before, at, limits, whole).document();
}

numbered number_part(std::vector<item>& items, const feed& of, const poll& before, timestamp at,
                     const window_limits& limits) {
    return numbering(items, of, before, at, limits, false).part();
}

}  // namespace feedwatch::polling
