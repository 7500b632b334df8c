#include "tests/sinks/storage/records.hpp"

namespace feedwatch::test {

timestamp at(const char* rfc3339) {
    return parse_rfc3339(rfc3339).value();
}

story_item item_of(const std::string& id, std::uint32_t revision) {
    story_item i;
    i.id = item_id(id);
    i.story = story_id(id);
    i.revision = revision;
    i.verdict = revision == 1 ? verdict::new_story : verdict::update;
    i.feed = feed_id("feed-1");
    i.publisher = "example.org";
    i.origin_url = "https://first.example/" + id;
    i.origin_publisher = "first.example";
    i.url = "https://example.org/" + id;
    i.canonical_url = i.url;
    i.title = "Title of " + id + ", revision " + std::to_string(revision);
    i.text = "What there is to say about " + id;
    i.authors = {{"A. \"Quote\" Author", "a@example.org", ""}};
    i.categories = {"one", "two, with {braces}"};
    i.enclosures = {{"https://example.org/a.mp3", "audio/mpeg", 123}, {"https://example.org/b", "", std::nullopt}};
    i.published = at("2026-01-02T03:04:05Z");
    i.observed = at("2026-01-02T03:05:00.250Z");
    i.language = "en";
    return i;
}

flagged_item flagged_of(const std::string& id, const std::vector<std::string>& topics, std::uint32_t revision) {
    flagged_item f;
    static_cast<story_item&>(f) = item_of(id, revision);
    for (const std::string& t : topics) {
        topic_match m;
        m.topic = topic_id(t);
        m.version = "v1";
        m.score = 1.5;
        m.severity = "high";
        m.spans = {{"title", 0, 5, "Title", "title:title"}};
        f.matches.push_back(m);
    }
    return f;
}

duplicate duplicate_of(const std::string& id, const std::string& story) {
    duplicate d;
    d.id = item_id(id);
    d.story = story_id(story);
    d.of = item_id(story);
    d.feed = feed_id("feed-2");
    d.publisher = "example.com";
    d.url = "https://example.com/" + id;
    d.title = "Copy " + id;
    d.origin_url = "https://first.example/" + id;
    d.origin_publisher = "first.example";
    d.observed = at("2026-01-02T04:00:00Z");
    d.how = likeness::near;
    d.similarity = 0.875;
    d.lag_seconds = 3300;
    return d;
}

feed feed_of(const std::string& id) {
    feed f;
    f.id = feed_id(id);
    f.url = "https://example.org/" + id + ".xml";
    f.title = "Feed " + id;
    f.tags = {"news"};
    return f;
}

poll poll_of(const std::string& feed, timestamp when) {
    poll p;
    p.feed = feed_id(feed);
    p.url = "https://example.org/" + feed + ".xml";
    p.at = when;
    p.outcome = "ok";
    p.status = 200;
    p.next_due = when + std::chrono::minutes(15);
    p.interval = std::chrono::minutes(15);
    p.last_success = when;
    p.items_new = 3;
    return p;
}

batch& batch::put(topic to, std::string key, std::optional<std::string> value, std::int32_t partition) {
    record_view v;
    v.from = to;
    v.partition = partition;
    v.offset = static_cast<std::int64_t>(views_.size());
    v.key = bytes_.emplace_back(std::move(key));
    if (value) v.value = bytes_.emplace_back(std::move(*value));
    views_.push_back(v);
    return *this;
}

}  // namespace feedwatch::test
