#include <array>

#include "sinks/storage/postgres_item_store.hpp"

namespace feedwatch::storage {
namespace {

// Never edit a version that was released: add the next one. No names of schemas: search_path decides.
constexpr std::string_view version_1 = R"sql(
CREATE TABLE items (
    id text NOT NULL PRIMARY KEY,
    story text NOT NULL,
    revision bigint NOT NULL,
    verdict text NOT NULL,
    feed text NOT NULL,
    publisher text NOT NULL,
    source text NOT NULL,
    guid text NOT NULL,
    url text NOT NULL,
    canonical_url text NOT NULL,
    title text NOT NULL,
    summary_html text NOT NULL,
    content_html text NOT NULL,
    text text NOT NULL,
    authors jsonb NOT NULL,
    categories jsonb NOT NULL,
    enclosures jsonb NOT NULL,
    comments text NOT NULL,
    published timestamptz,
    published_raw text NOT NULL,
    updated timestamptz,
    observed timestamptz NOT NULL,
    language text NOT NULL,
    origin text NOT NULL,
    tags jsonb NOT NULL,
    warnings jsonb NOT NULL
);
CREATE INDEX items_story ON items (story);
CREATE INDEX items_observed ON items (observed);
CREATE INDEX items_published ON items (published);
CREATE TABLE duplicates (
    id text NOT NULL,
    story text NOT NULL,
    of text NOT NULL,
    how text NOT NULL,
    similarity double precision NOT NULL,
    feed text NOT NULL,
    url text NOT NULL,
    publisher text NOT NULL,
    title text NOT NULL,
    observed timestamptz NOT NULL,
    lag_seconds double precision NOT NULL,
    PRIMARY KEY (id, story)
);
CREATE INDEX duplicates_story ON duplicates (story);
CREATE INDEX duplicates_observed ON duplicates (observed);
CREATE TABLE matches (
    item_id text NOT NULL,
    topic text NOT NULL,
    story text NOT NULL,
    revision bigint NOT NULL,
    version text NOT NULL,
    score double precision NOT NULL,
    severity text NOT NULL,
    shadow boolean NOT NULL,
    spans jsonb NOT NULL,
    notify jsonb NOT NULL,
    feed text NOT NULL,
    url text NOT NULL,
    publisher text NOT NULL,
    title text NOT NULL,
    language text NOT NULL,
    published timestamptz,
    observed timestamptz NOT NULL,
    origin text NOT NULL,
    PRIMARY KEY (item_id, topic)
);
CREATE INDEX matches_topic ON matches (topic, observed);
CREATE INDEX matches_observed ON matches (observed);
CREATE TABLE feeds (
    id text NOT NULL PRIMARY KEY,
    subscribed boolean NOT NULL DEFAULT false,
    url text NOT NULL DEFAULT '',
    title text NOT NULL DEFAULT '',
    publisher text NOT NULL DEFAULT '',
    tags jsonb NOT NULL DEFAULT '[]',
    interval_min_ms bigint,
    interval_start_ms bigint,
    interval_max_ms bigint,
    first_fetch text NOT NULL DEFAULT '',
    language text NOT NULL DEFAULT '',
    paused boolean NOT NULL DEFAULT false,
    full_text boolean NOT NULL DEFAULT false,
    credentials text NOT NULL DEFAULT '',
    polled_url text NOT NULL DEFAULT '',
    polled_at timestamptz,
    outcome text NOT NULL DEFAULT '',
    detail text NOT NULL DEFAULT '',
    status integer NOT NULL DEFAULT 0,
    redirected_to text NOT NULL DEFAULT '',
    next_due timestamptz,
    interval_ms bigint,
    failures integer NOT NULL DEFAULT 0,
    last_success timestamptz,
    items_new integer NOT NULL DEFAULT 0,
    items_updated integer NOT NULL DEFAULT 0,
    items_known integer NOT NULL DEFAULT 0,
    possibly_missed boolean NOT NULL DEFAULT false,
    poll_warnings jsonb NOT NULL DEFAULT '[]'
);
CREATE TABLE feedwatch_positions (
    cluster text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    next bigint NOT NULL,
    PRIMARY KEY (cluster, topic, partition)
);
)sql";

constexpr std::string_view version_2 = R"sql(
ALTER TABLE items ADD COLUMN origin_url text NOT NULL DEFAULT '', ADD COLUMN origin_publisher text NOT NULL DEFAULT '';
ALTER TABLE duplicates ADD COLUMN origin_url text NOT NULL DEFAULT '', ADD COLUMN origin_publisher text NOT NULL DEFAULT '';
)sql";

constexpr std::string_view version_3 = R"sql(
CREATE INDEX matches_story ON matches (story);
)sql";

constexpr std::array migrations{migration{1, version_1}, migration{2, version_2}, migration{3, version_3}};

}  // namespace

std::span<const migration> postgres_schema() noexcept {
    return migrations;
}

}  // namespace feedwatch::storage
