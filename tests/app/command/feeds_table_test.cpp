#include "app/command/feeds_table.hpp"

#include <gmock/gmock.h>

#include <sstream>

namespace feedwatch::app {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const timestamp now = parse_rfc3339("2026-11-27T12:00:00Z").value();

stored_feed stored(const std::string& id, const std::string& title) {
    stored_feed f;
    f.what.id = feed_id(id);
    f.what.url = "https://a.example/" + id;
    f.what.title = title;
    f.owner = "command";
    return f;
}
poll good_poll() {
    poll p;
    p.at = now - 5min;
    p.outcome = "ok";
    p.last_success = now - 5min;
    p.next_due = now + 10min;
    return p;
}
std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> out;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) out.push_back(line);
    return out;
}

TEST(feeds_table, says_health_times_rate_and_error) {
    stored_feed ok = stored("courier", "Courier");
    ok.last = good_poll();
    ok.last->window = {{"1", "", now}, {"2", "", now - 24h}, {"3", "", now - 48h}};
    stored_feed failing = stored("0123456789abcdef0123456789abcdef", "");
    failing.last = good_poll();
    failing.last->failures = 2;
    failing.last->outcome = "timeout";
    failing.last->detail = "no answer in 60s";
    failing.last->next_due = now - 1s;
    stored_feed paused = stored("p", "Paused");
    paused.what.asked.paused = true;
    const stored_feed fresh = stored("n", "New");
    const std::vector<const stored_feed*> all{&ok, &failing, &paused, &fresh};
    EXPECT_THAT(
        lines_of(feeds_table(all, now, 0)),
        ElementsAre(
            "ID        HEALTH        LAST OK  NEXT    A DAY  FEED                                                "
            "LAST ERROR",
            "courier   ok            5m ago   in 10m  1.0    Courier",
            "01234567  backoff       5m ago   now     -      "
            "https://a.example/0123456789abcdef0123456789abcdef  timeout: no answer in 60s",
            "p         paused        -        -       -      Paused",
            "n         never polled  -        now     -      New"));
}
TEST(feeds_table, fits_the_terminal_whatever_titles_and_servers_say) {
    stored_feed f =
        stored("id-of-a-feed-that-is-longer-than-any-table-has-room-for", "日本語の新聞 \x1b]0;owned\x07\xE2\x80\xAE");
    f.last = good_poll();
    f.last->failures = 1;
    f.last->outcome = "http";
    f.last->detail = "status 500 \x1b[31m" + std::string(400, 'x');
    const stored_feed* one = &f;
    for (const std::size_t columns : {80U, 100U, 132U}) {
        const std::string table = feeds_table({&one, 1}, now, columns);
        for (const std::string& line : lines_of(table)) EXPECT_LE(display_width(line), columns) << line;
        EXPECT_THAT(table, Not(HasSubstr("\x1b")));
        EXPECT_THAT(table, Not(HasSubstr("\xE2\x80\xAE")));
        EXPECT_THAT(table, HasSubstr("…"));
    }
}
TEST(feeds_table, ids_that_begin_alike_are_told_apart) {
    const stored_feed a = stored("0123456789abcdef0123456789abcdef", "a");
    const stored_feed b = stored("0123456789abffff0123456789abcdef", "b");
    const std::vector<const stored_feed*> all{&a, &b};
    EXPECT_THAT(feeds_table(all, now, 0), HasSubstr("0123456789abc "));
    EXPECT_THAT(feeds_table(all, now, 0), HasSubstr("0123456789abf "));
}
TEST(items_a_day, are_those_that_left_the_document) {
    poll p;
    EXPECT_FALSE(items_a_day(p));
    p.window = {{"1", "", now}, {"2", "", now}};
    EXPECT_FALSE(items_a_day(p)) << "none has left yet";
    for (int n = 1; n <= 20; ++n) p.window.push_back({std::to_string(n + 2), "", now - n * 12h});
    EXPECT_DOUBLE_EQ(*items_a_day(p), 2);
}
TEST(rough, durations_have_one_unit) {
    EXPECT_EQ(rough(-1s), "0s");
    EXPECT_EQ(rough(119s), "119s");
    EXPECT_EQ(rough(3min), "3m");
    EXPECT_EQ(rough(47h), "47h");
    EXPECT_EQ(rough(72h), "3d");
}
TEST(fitted, cuts_by_columns_not_bytes) {
    EXPECT_EQ(display_width("日本e\xCC\x81"), 5U);
    EXPECT_EQ(fitted("日本語", 6), "日本語");
    EXPECT_EQ(fitted("日本語", 5), "日本…");
    EXPECT_EQ(fitted("日本語", 4), "日…");
    EXPECT_EQ(fitted("abc", 0), "");
}
TEST(shown_feed, names_everything_and_hides_passwords) {
    stored_feed f = stored("a", "A");
    f.what.url = "https://user:hunter2@a.example/f";
    f.last = good_poll();
    f.last->warnings = {"date not understood: \x1b[31m"};
    f.last->backfill = backfill_progress{{}, "", "done", "paged", "", {}, 3, 17, 0, "the last page was read", {}};
    const std::string text = shown_feed(f, "feeds.yaml:3", now);
    EXPECT_THAT(text, HasSubstr("subscribed    by feeds.yaml:3\n"));
    EXPECT_THAT(text, HasSubstr("backfill      done, 3 pages, 17 items: the last page was read\n"));
    EXPECT_THAT(text, HasSubstr("warning       date not understood: "));
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
    EXPECT_THAT(text + listed_json(f), Not(HasSubstr("hunter2")));
}

TEST(find_feed, by_id_url_or_the_beginning_of_one) {
    stored_feeds all;
    for (const std::string id : {"abc", "abcd", "xyz"}) all.emplace(id, stored(id, ""));
    EXPECT_EQ((*find_feed(all, "abc"))->what.id, feed_id("abc")) << "exact before a beginning";
    EXPECT_EQ((*find_feed(all, "x"))->what.id, feed_id("xyz"));
    EXPECT_EQ((*find_feed(all, "https://a.example/abcd"))->what.id, feed_id("abcd"));
    EXPECT_EQ(find_feed(all, "ab").error().code, errc::conflict);
    EXPECT_THAT(find_feed(all, "ab").error().detail, HasSubstr("abcd https://a.example/abcd"));
    EXPECT_EQ(find_feed(all, "q").error().code, errc::not_found);
    EXPECT_EQ(find_feed(all, "").error().code, errc::not_found);
}

}  // namespace
}  // namespace feedwatch::app
