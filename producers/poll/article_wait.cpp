#include "producers/poll/article_wait.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "producers/poll/fetch_request.hpp"

namespace feedwatch::polling {

bool article_wait::park(const subscribed& f, answered& next, const outcome_options& how, timestamp now) {
    if (next.of.page || !f.what.full_text || !next.got.outcome) return false;
    const conclusion ahead = conclude(f.what, f.checkpoint, next.got, how);
    wanted_articles wanted = articles_wanted(ahead.items);
    if (wanted.urls.empty()) return false;
    const std::uint64_t number = ++last_order_;
    if (!articles_.has_room()) {
        next.articles = not_read(wanted.urls, "too many others are waited for");
        return false;
    }
    const auto with = credentials_of(f.what, options_.authorize, options_.read_secret);
    if (!with) {  // without them it would be another way than the feed's
        next.articles = not_read(wanted.urls, with.error().detail);
        return false;
    }
    articles_.order(number, wanted.urls, article_secrets_of(f.what, *with), now);
    next.left_out = std::move(wanted.left_out);
    parked_.emplace(number, std::move(next));
    return true;
}

void article_wait::release(std::deque<answered>& ready, timestamp now) {
    for (article_desk::finished& done : articles_.take_finished(now)) {
        auto node = parked_.extract(done.number);
        if (node.empty()) continue;
        done.read.merge(
            not_read(node.mapped().left_out, "past the limit of " + std::to_string(articles_max) + " for one poll"));
        node.mapped().articles = std::move(done.read);
        ready.push_back(std::move(node.mapped()));
    }
}

void article_wait::drop_all() {
    articles_.drop_all();
    parked_.clear();
}

bool article_wait::has(const subscribed& f) const {
    return std::any_of(parked_.begin(), parked_.end(), [&](const auto& entry) { return entry.second.of.is_of(f); });
}

}  // namespace feedwatch::polling
