#include "tests/core/record/samples.hpp"

#include <limits>

namespace feedwatch::samples {
namespace {

using namespace std::chrono_literals;
constexpr timestamp noon = std::chrono::sys_days{std::chrono::year{2026} / 11 / 25} + 12h + 7ms;

template <class Record>
void add(std::vector<std::pair<std::string, std::string>>& out, std::string_view topic, const Record& record) {
    out.emplace_back(topic, to_json(record));
}

void make_hostile(item& i) {
    const std::string bad = hostile_text();
    i.feed = feed_id(bad);
    for (std::string* field :
         {&i.publisher, &i.source, &i.origin_url, &i.origin_publisher, &i.guid, &i.url, &i.canonical_url, &i.title,
          &i.summary_html, &i.content_html, &i.text, &i.comments, &i.published_raw, &i.language})
        *field = bad;
    i.authors = {{bad, bad, bad}};
    i.categories = i.tags = i.warnings = {bad, ""};
    i.enclosures = {{bad, bad, std::numeric_limits<std::uint64_t>::max()}, {"", "", std::nullopt}};
    i.published = timestamp::max();
    i.updated = timestamp::min();
}

}  // namespace

std::string hostile_text() {
    std::string text = "\"\\/</script>&\x7f\xED\xA0\x80 \xC0\xAF \xFF\xF4\x90\x80\x80 \xE2\x80\xA8 {}[],:";
    for (int c = 0; c < 0x20; ++c) text += static_cast<char>(c);
    return text + "\xF0\x9F\x92\xA9 \xE2\x82";
}

item plain_item() {
    item i;
    i.id = item_id("i1");
    i.feed = feed_id("f1");
    i.publisher = "example.org";
    i.source = "AP";
    i.origin_url = "https://apnews.com/article/1";
    i.origin_publisher = "apnews.com";
    i.guid = "tag:example.org,2026:1";
    i.url = "https://example.org/a?utm_source=x";
    i.canonical_url = "https://example.org/a";
    i.title = "Größe \xE2\x80\x9Cquoted\xE2\x80\x9D";
    i.summary_html = "<p class=\"x\">s</p>\n";
    i.content_html = "<p>c</p>";
    i.text = "The text.\n\nMore of it.";
    i.authors = {{"A. Writer", "a@example.org", "https://example.org/~a"}, {"B", "", ""}};
    i.categories = {"Politics", "U.S."};
    i.enclosures = {{"https://example.org/a.mp3", "audio/mpeg", 12345}, {"https://example.org/b", "", std::nullopt}};
    i.comments = "https://example.org/a#comments";
    i.published = noon;
    i.published_raw = "Wed, 25 Nov 2026";
    i.updated = noon + 1s;
    i.observed = noon + 1min;
    i.language = "en";
    i.origin = origin::backfill;
    i.tags = {"us", "politics"};
    i.warnings = {"no time zone"};
    return i;
}

story_item plain_story_item() {
    story_item i;
    static_cast<item&>(i) = plain_item();
    i.story = story_id("i0");
    i.revision = 3;
    i.verdict = verdict::update;
    i.changed = change{.title = true, .text = true, .similarity = 0.25, .words_before = 300, .words = 340};
    return i;
}

flagged_item plain_flagged_item() {
    flagged_item i;
    static_cast<story_item&>(i) = plain_story_item();
    topic_match m;
    m.topic = topic_id("immigration");
    m.version = "v1-0123456789abcdef";
    m.score = 2.75;
    m.severity = "high";
    m.shadow = true;
    m.spans = {{"title", 0, 7, "Größe", "größe"}, {"text", 4, 4, "text", "text*"}};
    m.notify = {"ops"};
    i.matches = {m, {}};
    return i;
}

feed plain_feed() {
    feed f;
    f.id = feed_id("f1");
    f.url = "https://example.org/feed.xml";
    f.title = "Example";
    f.publisher = "example.org";
    f.tags = {"us"};
    f.interval = {30s, 10min, 24h};
    f.first_fetch = {first_fetch::policy::latest, 5};
    f.language = "en";
    f.paused = true;
    f.full_text = true;
    f.credentials = "env:EXAMPLE_TOKEN";
    f.asked = {true, noon, backfill_request{noon - 1h, 50, noon - 24h * 365}};
    return f;
}

poll plain_poll() {
    poll p;
    p.feed = feed_id("f1");
    p.url = "https://example.org/feed.xml";
    p.at = noon;
    p.outcome = "ok";
    p.detail = "200";
    p.status = 200;
    p.etag = "\"abc\"";
    p.last_modified = "Wed, 25 Nov 2026 12:00:00 GMT";
    p.body_hash = "00ff";
    p.redirected_to = "https://example.org/new.xml";
    p.redirected_since = noon - 24h;
    p.next_due = noon + 15min;
    p.interval = 15min;
    p.gap = 42min;
    p.host_pace = 2s;
    p.failures = 2;
    p.last_success = noon - 1h;
    p.items_new = 1;
    p.items_updated = 2;
    p.items_known = 3;
    p.possibly_missed = true;
    p.window = {{"i1", "aa", noon}, {"i2", "bb", noon - 1h}};
    p.boilerplate = {"0123456789abcdef"};
    p.warnings = {"not well-formed: line 3"};
    p.window[1].alias = "i2b";
    p.window[1].link = 1;
    p.window[1].title = 4294967295;
    p.window[1].text = 3;
    p.window[1].retracted = true;
    p.events = {{"retracted", 2, "", {"i2"}, {}},
                {"suspicious", 1, "items: example.org, now example.net", {}, {"items"}}};
    p.look = {"example.org", "example.org", "example.net", "en", "Example"};
    p.identity = {identity_rule::link, noon - 2h, "5 of 5 items share a guid", 1, "2026.11"};
    push_subscription& s = p.push.emplace();
    s.hub = "https://hub.example/";
    s.topic = "https://example.org/feed.xml";
    s.callback = "https://feedwatch.example/";
    s.number = 1'764'072'000'000;
    s.is = push_subscription::state::active;
    s.next_step = noon + 24h * 8;
    s.asked = noon - 1h;
    s.active_since = noon - 24h;
    s.lease_until = noon + 24h * 10;
    s.last_delivery = noon - 10min;
    s.unheard_since = noon;
    s.deliveries = 4;
    s.items = 3;
    s.failures = 1;
    p.backfill =
        backfill_progress{noon - 1h, p.url, "running", "paged",         "https://example.org/feed.xml?paged=3", noon, 2,
                          17,        1,     "timeout", {"0011", "2233"}};
    return p;
}

seen plain_seen() {
    seen s;
    s.story = story_id("i0");
    s.item = item_id("i1");
    s.feed = feed_id("f1");
    s.publisher = "example.org";
    s.source = "AP";
    s.revision = 2;
    s.live = false;
    s.url_hash = "0123456789abcdef";
    s.title_hash = "fedcba9876543210";
    s.text_hash = "00000000000000ff";
    s.words = 312;
    s.hashes = 2;
    s.fingerprint = {0, 1, 0xFFFFFFFF, 0x12345678};
    s.evidence = {0, 1, 0xFFFF};
    s.shingles = 300;
    s.names = {7};
    s.numbers = {9, 10};
    s.first_seen = noon;
    s.last_seen = noon + 1h;
    return s;
}

duplicate plain_duplicate() {
    duplicate d;
    d.id = item_id("i2");
    d.feed = feed_id("f2");
    d.publisher = "example.net";
    d.url = "https://example.net/b";
    d.title = "Title";
    d.observed = noon;
    d.story = story_id("i0");
    d.of = item_id("i1");
    d.how = likeness::near;
    d.similarity = 0.875;
    d.lag_seconds = 61.25;
    d.origin_url = "https://apnews.com/article/1";
    d.origin_publisher = "apnews.com";
    return d;
}

delivery plain_delivery() {
    delivery d;
    d.channel = "ops";
    d.webhook_id = "wh-1";
    d.topic = topic_id("immigration");
    d.story = story_id("i0");
    d.status = delivery::state::dead;
    d.attempts = 9;
    d.next_attempt = noon;
    d.changed = noon + 1s;
    d.last_error = "http 503";
    d.body = R"({"type":"feedwatch.flagged"})";
    return d;
}

std::vector<std::pair<std::string, std::string>> all_as_written() {
    std::vector<std::pair<std::string, std::string>> out;
    const std::string bad = hostile_text();
    add(out, "feeds", plain_feed());
    add(out, "polls", plain_poll());
    add(out, "fetched", plain_item());
    add(out, "seen", plain_seen());
    add(out, "items", plain_story_item());
    add(out, "duplicates", plain_duplicate());
    add(out, "flagged", plain_flagged_item());
    add(out, "deliveries", plain_delivery());

    flagged_item hostile = plain_flagged_item();
    make_hostile(hostile);
    hostile.matches[0].spans[0] = {bad, 1, 2, bad, bad};
    hostile.matches[0].score = std::numeric_limits<double>::quiet_NaN();
    add(out, "flagged", hostile);
    add(out, "items", static_cast<const story_item&>(hostile));
    add(out, "fetched", static_cast<const item&>(hostile));

    feed f = plain_feed();
    f.url = f.title = f.publisher = f.language = f.credentials = bad;
    f.client_certificate = f.client_key = f.client_key_passphrase = f.proxy = f.proxy_credentials = bad;
    f.tags = {bad};
    f.first_fetch = {first_fetch::policy::all, 0};
    f.asked = {};
    add(out, "feeds", f);
    poll p = plain_poll();
    p.url = p.outcome = p.detail = p.etag = p.last_modified = p.redirected_to = bad;
    p.interval = -5s;
    p.skip_days = {bad};
    p.window = {{bad, bad, timestamp{}, bad}};
    p.events = {{bad, 0, bad, {bad}, {bad}}};
    p.look = {bad, bad, bad, bad, bad};
    p.push->hub = p.push->topic = p.push->callback = bad;
    p.backfill = backfill_progress{{}, bad, bad, bad, bad, {}, 0, 0, 0, bad, {bad}};
    add(out, "polls", p);
    duplicate d = plain_duplicate();
    d.publisher = d.url = d.title = bad;
    d.similarity = 1;
    d.lag_seconds = 0;
    add(out, "duplicates", d);
    delivery w = plain_delivery();
    w.last_error = w.body = bad;
    w.status = delivery::state::pending;
    add(out, "deliveries", w);
    seen s;
    s.story = story_id("i0");
    s.item = item_id(bad);
    s.publisher = s.source = bad;
    add(out, "seen", s);
    return out;
}

}  // namespace feedwatch::samples
