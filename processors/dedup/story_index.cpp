#include "processors/dedup/story_index.hpp"

#include <algorithm>
#include <limits>

#include "core/hash.hpp"
#include "core/text/plain.hpp"
#include "core/url/url.hpp"
#include "processors/dedup/piece.hpp"

namespace feedwatch::dedup {
namespace {

// A jump of the stream's time may end the window of many at once: their tombstones are spread over the items that
// follow. Until then they are as good as gone (alive() says no).
constexpr int expired_per_item_max = 64;
// A member that is seen again keeps those alive that stand for its story; not each time, since each writes a record.
constexpr int refreshes_per_window = 32;
// Of a head's earlier versions so many are remembered, the last ones.
constexpr int versions_max = 3;

std::string version_id(std::string_view story, int number) {
    return std::string(story) + '#' + std::to_string(number);
}

std::uint64_t hash_of_url(const item& i) {
    if (i.canonical_url.empty() && i.url.empty()) return 0;
    const std::uint64_t hash = hash64(i.canonical_url.empty() ? canonical_url(i.url) : i.canonical_url);
    return hash == 0 ? 1 : hash;
}

std::string publisher_of(const item& i) {
    if (!i.publisher.empty()) return i.publisher;
    const std::string& url = i.url.empty() ? i.canonical_url : i.url;
    std::string domain = url.empty() ? std::string{} : registrable_domain(url);
    return domain.empty() ? i.feed.str() : domain;
}

double seconds_between(timestamp from, timestamp to) noexcept {
    return std::max(0.0, std::chrono::duration<double>(to - from).count());
}

}  // namespace

std::string_view name_of(decision::kind k) noexcept {
    switch (k) {
        case decision::kind::new_story:
            return "new";
        case decision::kind::update:
            return "update";
        case decision::kind::duplicate:
            return "duplicate";
        case decision::kind::forgotten:
            return "forgotten";
    }
    return "";
}

story_index::story_index(index_options options) : options_(std::move(options)) {}

decision story_index::decide(const item& i) {
    clear_changes();
    fingerprinter_.take(i.title, text::main_text_of(i.text, i.content_html, i.summary_html, plain_), print_);
    for (const std::uint32_t anchor : print_.asked) store_.expect_anchor(anchor);
    const piece p{.id = i.id.str(),
                  .feed = i.feed.str(),
                  .publisher = family_of(publisher_of(i)),
                  .source = i.source,
                  .url_hash = hash_of_url(i),
                  .observed = i.observed,
                  .live = i.origin == origin::live,
                  .print = &print_};
    store_.advance(p.observed);
    expire();
    expire_markers();
    decision d;
    const auto known = find_alive(p.id);
    if (known && !store_.at(*known).is_version()) {
        comparer_.load(print_);
        d = decide_known(p, *known);
    } else if (const auto held = hold_back(p, i)) {
        d = *held;
    } else {
        make_room_for(p.id);
        comparer_.load(print_);
        auto m = match_url(p);
        if (!m) m = match_text(p);
        if (!m) m = match_likeness(p);
        d = m ? join_story(p, *m) : start_story(p);
    }
    keep_within_budget();
    return d;
}

// Whatever has the id is forgotten: an item whose time is up, or a version that an item now has the name of. The item's
// own record takes the place of its.
void story_index::make_room_for(std::string_view id) {
    const auto s = store_.find(id);
    if (!s) return;
    if (store_.at(*s).is_head()) drop_versions(id);
    store_.remove(*s);
}

std::string story_index::family_of(std::string_view publisher) const {
    return (options_.families ? *options_.families : publisher_families::shipped()).family_of(publisher);
}

bool story_index::alive(const document_view& d) const noexcept {
    return d.last_seen >= oldest_alive();
}

timestamp story_index::oldest_alive() const noexcept {
    const timestamp now = store_.stream_time();
    return now < timestamp::min() + options_.window ? timestamp::min() : now - options_.window;
}

std::optional<slot> story_index::find_alive(std::string_view id) const {
    const auto s = store_.find(id);
    return s && alive(store_.at(*s)) ? s : std::nullopt;
}

std::optional<slot> story_index::head_of(const document_view& d) const {
    const auto s = store_.find_packed(d.packed_story());
    return s && alive(store_.at(*s)) ? s : std::nullopt;
}

// What is remembered of the item says nothing about its words, which are taken to be what they were.
decision story_index::learn_words(const piece& p, slot s) {
    const document_view d = store_.at(s);
    const std::string story = d.story();
    document same = make_document(p, p.id, story, true);
    same.first_seen = d.first_seen;
    same.last_seen = std::max(d.last_seen, p.observed);
    same.revision = d.revision;
    same.live = d.live;
    store_.replace(s, same);
    remember(s);
    return duplicate_of(p, {.at = s, .how = likeness::same_id, .similarity = 1});
}

// Whether a change of this member is the story's: it is the head, or what the head's feed put in its place under
// another id.
bool story_index::speaks_for_story(const document_view& d) const {
    if (d.is_head()) return true;
    const auto head = head_of(d);
    if (!head) return false;
    const document_view h = store_.at(*head);
    return !d.feed().empty() && d.feed() == h.feed() && d.url_hash != 0 && d.url_hash == h.url_hash;
}

decision story_index::decide_known(const piece& p, slot s) {
    const document_view d = store_.at(s);
    if (!d.comparable) return learn_words(p, s);
    if (p.same_words(d)) {
        if (p.observed > d.last_seen) store_.touch(s, p.observed);
        remember(s);
        return duplicate_of(p, {.at = s, .how = likeness::same_id, .similarity = 1});
    }
    const auto head = head_of(d);
    if (head && speaks_for_story(d)) return update_story(p, *head, d.is_head() ? std::nullopt : std::optional{s});

    // A copy was changed by who carries it: the story as such was not.
    if (is_news(p, head)) {
        replace_copy(p, s);
        return announce(p, *head);
    }
    const document_view of = head ? store_.at(*head) : d;
    const double similarity = p.print->text_hash == of.text_hash ? 1 : comparer_.compare(of).resemblance;
    replace_copy(p, s);
    return duplicate_of(p, {.at = head.value_or(s), .how = likeness::same_id, .similarity = similarity});
}

void story_index::replace_copy(const piece& p, slot s) {
    const document_view d = store_.at(s);
    const std::string story = d.story();
    document changed = make_document(p, p.id, story, d.is_indexed());
    changed.first_seen = d.first_seen;
    changed.last_seen = std::max(d.last_seen, p.observed);
    store_.replace(s, changed);
    remember(s);
}

decision story_index::start_story(const piece& p) {
    document d = make_document(p, p.id, p.id, true);
    d.revision = 1;
    d.live = p.live;
    remember(store_.add(d));
    return {.what = decision::kind::new_story, .story = story_id{std::string(p.id)}};
}

decision story_index::join_story(const piece& p, const match& m) {
    const document_view of = store_.at(m.at);
    const auto head = head_of(of);
    const bool reissued = m.how == likeness::same_url && !p.feed.empty() && head && p.feed == store_.at(*head).feed() &&
                          p.url_hash == store_.at(*head).url_hash && !p.same_words(store_.at(*head));
    if (reissued) return update_story(p, *head, std::nullopt);
    const slot added = store_.add(make_document(p, p.id, of.story(), !m.stands_for_it));
    if (is_news(p, head)) {
        remember(added);
        if (*head != m.at) refresh(m.at, p.observed);
        return announce(p, *head);
    }
    const decision d = duplicate_of(p, m);
    refresh(m.at, p.observed);
    if (head && *head != m.at) refresh(*head, p.observed);
    remember(added);
    return d;
}

// Whether the item is the first live one of a story that only baselines and backfills have brought. The head's own feed
// brings it as it was already: its first fetch was to raise nothing.
bool story_index::is_news(const piece& p, std::optional<slot> head) const {
    if (!p.live || !head) return false;
    const document_view h = store_.at(*head);
    return !h.live && !(p.feed == h.feed() && !p.feed.empty() && p.same_words(h));
}

// Tells of a copy as an update; what the head says stays.
decision story_index::announce(const piece& p, slot head) {
    const document_view h = store_.at(head);
    const std::string story = h.id();
    const change what_changed = change_of(p, h);
    unpacked buffers;
    document told = unpack(h, buffers);
    told.last_seen = std::max(h.last_seen, p.observed);
    told.revision = h.revision + 1;
    told.live = true;
    store_.replace(head, told);
    remember(head);
    return {
        .what = decision::kind::update, .story = story_id{story}, .revision = told.revision, .changed = what_changed};
}

change story_index::change_of(const piece& p, const document_view& before) {
    const bool text = p.print->text_hash != before.text_hash;
    return {.title = p.print->title_hash != before.title_hash,
            .text = text,
            .similarity = text ? comparer_.compare(before).resemblance : 1,
            .words_before = before.words,
            .words = p.print->words};
}

std::optional<slot> story_index::find_version(std::string_view story, int number) const {
    const auto s = store_.find(version_id(story, number));
    return s && store_.at(*s).is_version() && store_.at(*s).story() == story ? s : std::nullopt;
}

// The name that the next version to be kept has: a free one, else that of the oldest. Empty: items have them all.
std::string story_index::place_for_version(std::string_view story) const {
    std::string oldest;
    std::uint32_t oldest_revision = std::numeric_limits<std::uint32_t>::max();
    for (int n = 1; n <= versions_max; ++n) {
        const std::string id = version_id(story, n);
        if (!store_.find(id)) return id;
        const auto s = find_version(story, n);
        if (!s || store_.at(*s).revision >= oldest_revision) continue;
        oldest = id;
        oldest_revision = store_.at(*s).revision;
    }
    return oldest;
}

// Partners go on carrying what the head said before.
void story_index::keep_version(const piece& p, slot head) {
    const document_view h = store_.at(head);
    if (stands_for(p, h)) return;
    const std::string id = place_for_version(h.id());
    if (id.empty()) return;
    unpacked buffers;
    document version = unpack(h, buffers);
    version.id = id;
    version.url_hash = 0;
    version.live = true;
    version.last_seen = std::max(h.last_seen, p.observed);
    if (const auto taken = store_.find(id)) {
        store_.replace(*taken, version);
        remember(*taken);
    } else {
        remember(store_.add(version));
    }
}

void story_index::drop_versions(std::string_view story) {
    for (int n = 1; n <= versions_max; ++n) {
        if (const auto s = find_version(story, n)) drop(*s);
    }
}

// `own`: where the item that brings the change is remembered, unless it is the head or not remembered yet.
decision story_index::update_story(const piece& p, slot head, std::optional<slot> own) {
    const document_view h = store_.at(head);
    const std::string story{h.id()};
    const change what_changed = change_of(p, h);
    keep_version(p, head);
    const timestamp first_of_item = own ? store_.at(*own).first_seen : p.observed;
    const timestamp last_of_item = own ? std::max(store_.at(*own).last_seen, p.observed) : p.observed;
    document changed = make_document(p, story, story, true);
    changed.first_seen = h.first_seen;
    changed.last_seen = std::max(h.last_seen, p.observed);
    changed.revision = h.revision + 1;
    changed.live = h.live || p.live;
    const std::uint32_t revision = changed.revision;
    store_.replace(head, changed);
    remember(head);
    if (p.id != story) {
        document successor = make_document(p, p.id, story, false);
        successor.first_seen = first_of_item;
        successor.last_seen = last_of_item;
        if (own) {
            store_.replace(*own, successor);
        } else {
            own = store_.add(successor);
        }
        remember(*own);
    }
    return {.what = decision::kind::update, .story = story_id{story}, .revision = revision, .changed = what_changed};
}

decision story_index::duplicate_of(const piece& p, const match& m) {
    const document_view of = store_.at(m.at);
    const auto head = head_of(of);
    return {.what = decision::kind::duplicate,
            .story = story_id{std::string(of.story())},
            .revision = head ? store_.at(*head).revision : 1,
            .of = item_id{of.is_version() ? of.story() : of.id()},
            .how = m.how,
            .similarity = m.similarity,
            .lag_seconds = seconds_between(store_.at(head.value_or(m.at)).first_seen, p.observed)};
}

document story_index::make_document(const piece& p, std::string_view id, std::string_view story, bool indexed) const {
    document d{.id = id, .story = story, .feed = p.feed, .publisher = p.publisher, .source = p.source};
    d.indexed = indexed && p.print->distinct() > 0;
    if (d.indexed) {
        d.anchors = p.print->anchors;
        d.evidence = p.print->evidence();
        d.names = p.print->names;
        d.numbers = p.print->numbers;
        d.distinct = p.print->distinct();
    }
    d.url_hash = p.url_hash;
    d.title_hash = p.print->title_hash;
    d.text_hash = p.print->text_hash;
    d.words = p.print->words;
    d.first_seen = d.last_seen = p.observed;
    return d;
}

void story_index::remember(slot s) {
    remembered_.push_back(s);
}

void story_index::refresh(slot s, timestamp observed) {
    if (observed <= store_.at(s).last_seen + options_.window / refreshes_per_window) return;
    store_.touch(s, observed);
    remember(s);
}

void story_index::drop(slot s) {
    const document_view d = store_.at(s);
    const std::string id = d.id();
    const bool has_versions = d.is_head() && d.revision > 1;
    std::erase(remembered_, s);
    store_.remove(s);
    forgotten_.push_back(id);
    if (has_versions) drop_versions(id);
}

void story_index::expire() {
    for (int n = 0; n < expired_per_item_max; ++n) {
        const auto s = store_.oldest();
        if (!s || alive(store_.at(*s))) return;
        drop(*s);
    }
}

void story_index::keep_within_budget() {
    const std::size_t before = forgotten_.size();
    while ((bytes() > options_.bytes_max || store_.size() > options_.documents_max) && store_.size() > 1) {
        drop(*store_.oldest());
    }
    evicted_ = forgotten_.size() - before;
}

result<> story_index::restore(const seen& s) {
    auto d = to_document(s);
    if (!d) return d.error();
    store_.expect(*d);
    const std::string family = family_of(s.publisher);  // families may have been added since it was written
    d->publisher = family;
    store_.advance(s.last_seen);
    if (const auto known = store_.find(s.item.str())) {
        store_.replace(*known, *d);
    } else {
        store_.add(*d);
    }
    return {};
}

void story_index::forget(std::string_view id) {
    if (const auto s = store_.find(id)) store_.remove(*s);
}

void story_index::clear_changes() {
    remembered_.clear();
    forgotten_.clear();
    marked_.clear();
    unmarked_.clear();
    evicted_ = 0;
}

void story_index::save(byte_writer& out) const {
    store_.save(out);
    markers_.save(out);
}

void story_index::begin_batch(std::uint64_t batch) {
    store_.begin_batch(batch);
    markers_.begin_batch(batch);
}

void story_index::commit_batch(std::uint64_t batch) {
    store_.commit_batch(batch);
    markers_.commit_batch(batch);
}

void story_index::rollback_batch(std::uint64_t batch) {
    store_.rollback_batch(batch);
    markers_.rollback_batch(batch);
}

}  // namespace feedwatch::dedup
