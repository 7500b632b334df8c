#include "sinks/storage/tables.hpp"

namespace feedwatch::storage {

using enum column_type;

const upsert items_table{.table = "items",
                         .columns = {{"id", text},
                                     {"story", text},
                                     {"revision", integer},
                                     {"verdict", text},
                                     {"feed", text},
                                     {"publisher", text},
                                     {"source", text},
                                     {"origin_url", text},
                                     {"origin_publisher", text},
                                     {"guid", text},
                                     {"url", text},
                                     {"canonical_url", text},
                                     {"title", text},
                                     {"summary_html", text},
                                     {"content_html", text},
                                     {"text", text},
                                     {"authors", json},
                                     {"categories", json},
                                     {"enclosures", json},
                                     {"comments", text},
                                     {"published", time},
                                     {"published_raw", text},
                                     {"updated", time},
                                     {"observed", time},
                                     {"language", text},
                                     {"origin", text},
                                     {"tags", json},
                                     {"warnings", json}},
                         .key = {"id"},
                         .newer = "excluded.revision > items.revision"};

const upsert duplicates_table{.table = "duplicates",
                              .columns = {{"id", text},
                                          {"story", text},
                                          {"of", text},
                                          {"how", text},
                                          {"similarity", real},
                                          {"feed", text},
                                          {"url", text},
                                          {"publisher", text},
                                          {"title", text},
                                          {"origin_url", text},
                                          {"origin_publisher", text},
                                          {"observed", time},
                                          {"lag_seconds", real}},
                              .key = {"id", "story"},
                              .newer = "excluded.observed > duplicates.observed"};

const upsert matches_table{
    .table = "matches",
    .columns = {{"item_id", text},
                {"topic", text},
                {"story", text},
                {"revision", integer},
                {"version", text},
                {"score", real},
                {"severity", text},
                {"shadow", boolean},
                {"spans", json},
                {"notify", json},
                {"feed", text},
                {"url", text},
                {"publisher", text},
                {"title", text},
                {"language", text},
                {"published", time},
                {"observed", time},
                {"origin", text}},
    .key = {"item_id", "topic"},
    // The same revision comes again with another version of the rule where items were replayed through changed rules.
    .newer =
        "excluded.revision > matches.revision OR "
        "(excluded.revision = matches.revision AND excluded.version <> matches.version)"};

const upsert subscriptions{.table = "feeds",
                           .columns = {{"id", text},
                                       {"subscribed", boolean},
                                       {"url", text},
                                       {"title", text},
                                       {"publisher", text},
                                       {"tags", json},
                                       {"interval_min_ms", integer},
                                       {"interval_start_ms", integer},
                                       {"interval_max_ms", integer},
                                       {"first_fetch", text},
                                       {"language", text},
                                       {"paused", boolean},
                                       {"full_text", boolean},
                                       {"credentials", text}},
                           .key = {"id"},
                           .newer = ""};

const upsert unsubscriptions{
    .table = "feeds", .columns = {{"id", text}, {"subscribed", boolean}}, .key = {"id"}, .newer = ""};

const upsert feed_health{.table = "feeds",
                         .columns = {{"id", text},
                                     {"polled_url", text},
                                     {"polled_at", time},
                                     {"outcome", text},
                                     {"detail", text},
                                     {"status", integer},
                                     {"redirected_to", text},
                                     {"next_due", time},
                                     {"interval_ms", integer},
                                     {"failures", integer},
                                     {"last_success", time},
                                     {"items_new", integer},
                                     {"items_updated", integer},
                                     {"items_known", integer},
                                     {"possibly_missed", boolean},
                                     {"poll_warnings", json}},
                         .key = {"id"},
                         .newer = "feeds.polled_at IS NULL OR excluded.polled_at > feeds.polled_at"};

}  // namespace feedwatch::storage
