#include <array>

#include "sinks/storage/sqlite_item_store.hpp"

namespace feedwatch::storage {
namespace {

// Never edit a version that was released: add the next one. Dates are RFC 3339 with milliseconds, lists are JSON.
constexpr std::string_view version_1 = R"sql(
CREATE TABLE items (
    id TEXT NOT NULL PRIMARY KEY,
    story TEXT NOT NULL,
    revision INTEGER NOT NULL,
    verdict TEXT NOT NULL,
    feed TEXT NOT NULL,
    publisher TEXT NOT NULL,
    source TEXT NOT NULL,
    guid TEXT NOT NULL,
    url TEXT NOT NULL,
    canonical_url TEXT NOT NULL,
    title TEXT NOT NULL,
    summary_html TEXT NOT NULL,
    content_html TEXT NOT NULL,
    text TEXT NOT NULL,
    authors TEXT NOT NULL,
    categories TEXT NOT NULL,
    enclosures TEXT NOT NULL,
    comments TEXT NOT NULL,
    published TEXT,
    published_raw TEXT NOT NULL,
    updated TEXT,
    observed TEXT NOT NULL,
    language TEXT NOT NULL,
    origin TEXT NOT NULL,
    tags TEXT NOT NULL,
    warnings TEXT NOT NULL
);
CREATE INDEX items_story ON items (story);
CREATE INDEX items_observed ON items (observed);
CREATE INDEX items_published ON items (published);
CREATE TABLE duplicates (
    id TEXT NOT NULL,
    story TEXT NOT NULL,
    of TEXT NOT NULL,
    how TEXT NOT NULL,
    similarity REAL NOT NULL,
    feed TEXT NOT NULL,
    url TEXT NOT NULL,
    publisher TEXT NOT NULL,
    title TEXT NOT NULL,
    observed TEXT NOT NULL,
    lag_seconds REAL NOT NULL,
    PRIMARY KEY (id, story)
);
CREATE INDEX duplicates_story ON duplicates (story);
CREATE INDEX duplicates_observed ON duplicates (observed);
CREATE TABLE matches (
    item_id TEXT NOT NULL,
    topic TEXT NOT NULL,
    story TEXT NOT NULL,
    revision INTEGER NOT NULL,
    version TEXT NOT NULL,
    score REAL NOT NULL,
    severity TEXT NOT NULL,
    shadow INTEGER NOT NULL,
    spans TEXT NOT NULL,
    notify TEXT NOT NULL,
    feed TEXT NOT NULL,
    url TEXT NOT NULL,
    publisher TEXT NOT NULL,
    title TEXT NOT NULL,
    language TEXT NOT NULL,
    published TEXT,
    observed TEXT NOT NULL,
    origin TEXT NOT NULL,
    PRIMARY KEY (item_id, topic)
);
CREATE INDEX matches_topic ON matches (topic, observed);
CREATE INDEX matches_observed ON matches (observed);
CREATE TABLE feeds (
    id TEXT NOT NULL PRIMARY KEY,
    subscribed INTEGER NOT NULL DEFAULT 0,
    url TEXT NOT NULL DEFAULT '',
    title TEXT NOT NULL DEFAULT '',
    publisher TEXT NOT NULL DEFAULT '',
    tags TEXT NOT NULL DEFAULT '[]',
    interval_min_ms INTEGER,
    interval_start_ms INTEGER,
    interval_max_ms INTEGER,
    first_fetch TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL DEFAULT '',
    paused INTEGER NOT NULL DEFAULT 0,
    full_text INTEGER NOT NULL DEFAULT 0,
    credentials TEXT NOT NULL DEFAULT '',
    polled_url TEXT NOT NULL DEFAULT '',
    polled_at TEXT,
    outcome TEXT NOT NULL DEFAULT '',
    detail TEXT NOT NULL DEFAULT '',
    status INTEGER NOT NULL DEFAULT 0,
    redirected_to TEXT NOT NULL DEFAULT '',
    next_due TEXT,
    interval_ms INTEGER,
    failures INTEGER NOT NULL DEFAULT 0,
    last_success TEXT,
    items_new INTEGER NOT NULL DEFAULT 0,
    items_updated INTEGER NOT NULL DEFAULT 0,
    items_known INTEGER NOT NULL DEFAULT 0,
    possibly_missed INTEGER NOT NULL DEFAULT 0,
    poll_warnings TEXT NOT NULL DEFAULT '[]'
);
CREATE TABLE feedwatch_positions (
    cluster TEXT NOT NULL,
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    next INTEGER NOT NULL,
    PRIMARY KEY (cluster, topic, partition)
) WITHOUT ROWID;
)sql";

constexpr std::string_view version_2 = R"sql(
ALTER TABLE items ADD COLUMN origin_url TEXT NOT NULL DEFAULT '';
ALTER TABLE items ADD COLUMN origin_publisher TEXT NOT NULL DEFAULT '';
ALTER TABLE duplicates ADD COLUMN origin_url TEXT NOT NULL DEFAULT '';
ALTER TABLE duplicates ADD COLUMN origin_publisher TEXT NOT NULL DEFAULT '';
)sql";

constexpr std::string_view version_3 = R"sql(
CREATE INDEX matches_story ON matches (story);
)sql";

constexpr std::array migrations{migration{1, version_1}, migration{2, version_2}, migration{3, version_3}};

}  // namespace

std::span<const migration> sqlite_schema() noexcept {
    return migrations;
}

}  // namespace feedwatch::storage
