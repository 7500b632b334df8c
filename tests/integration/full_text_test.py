"""Articles behind the items of a feed with full_text: read as robots.txt allows, from a real server by the real client."""

import yaml

from support.feed_server import Entry, Page, rss
from support.wait import until

SENTENCE = "The harbour office said on Tuesday that the northern basin would be dredged before winter, at the city's cost. "
HOUR = {"min": "1h", "start": "1h", "max": "1h"}


def html(text, head=""):
    body = f"<html><head>{head}</head><body><nav><a href=/>Home</a></nav><article><h1>Basin</h1><p>{text}</p></article></body></html>"
    return Page(body.encode(), "text/html; charset=utf-8")


def test_articles_are_read_where_robots_txt_allows_it(world):
    long = SENTENCE * 12
    entries = [Entry(g, g.title(), "<p>In short.</p>", world.feeds.url(f"/{g}")) for g in ("basin", "private/ferry", "gone", "moved")]
    world.feeds.put("/feed", Page(rss("Quay", world.feeds.base, entries)))
    world.feeds.put("/robots.txt", Page(b"User-agent: *\nDisallow: /\n\nUser-agent: feedwatch\nDisallow: /private\n", "text/plain"))
    world.feeds.put("/basin", html(long, "<link rel=canonical href='/2026/basin?utm_source=feed'>"))
    world.feeds.put("/private/ferry", html(long))
    world.feeds.put("/moved", Page(b"", status=301, headers={"Location": "/2026/moved"}))
    world.feeds.put("/2026/moved", html(long))
    world.write("feeds.yaml", yaml.safe_dump({"feeds": [
        {"url": world.feeds.url("/feed"), "publisher": "quay", "first_fetch": "all", "interval": HOUR, "full_text": True}]}))
    p = world.start("poll", config=world.config(storage=[], alerts={"channels": []}))
    p.wait_ready()
    until(lambda: p.metric("feedwatch_feed_polls_total") == 1, "the feed is concluded", 90)
    items = {r.value["guid"]: r.value for r in world.read("fetched")}
    assert sorted(items) == ["basin", "gone", "moved", "private/ferry"]
    assert items["basin"]["text"] == long.strip()
    assert items["basin"]["canonical_url"] == world.feeds.url("/2026/basin").replace("http:", "https:")  # canonical
    assert items["moved"]["text"] == long.strip()
    assert items["gone"]["text"] == items["private/ferry"]["text"] == "In short."
    assert items["gone"]["warnings"] == ["the article was not read: status 404"]
    assert items["private/ferry"]["warnings"] == ["the article was not read: robots.txt does not allow it"]
    assert world.feeds.count("/private/ferry").requests == 0
    assert world.feeds.count("/robots.txt").requests == 1
    assert {o: p.metric("feedwatch_full_text_fetches_total", outcome=o) for o in ("ok", "robots", "http")} == {
        "ok": 2, "robots": 1, "http": 1}
    [checkpoint] = [r.value for r in world.read("polls")]
    assert sorted(checkpoint["warnings"]) == ["1 article was not read: robots.txt does not allow it", "1 article was not read: status 404"]
    assert p.stop() == 0
