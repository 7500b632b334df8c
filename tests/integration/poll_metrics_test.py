"""What a poller counts, poll by poll: each result and reason has exactly the value that the feeds' server saw."""

import re
import signal

import yaml

from support.content import Writer, outlets
from support.feed_server import Page, page
from support.wait import until

HOUR = {"min": "1h", "start": "1h", "max": "1h"}
OFTEN = {"min": "200ms", "start": "200ms", "max": "200ms"}


def subscribe(world, feeds):
    world.write("feeds.yaml", yaml.safe_dump({"feeds": [
        {"url": url if ":" in url else world.feeds.url(url), "title": f"feed {n}", "publisher": f"p{n}", "first_fetch": "all", **more}
        for n, (url, more) in enumerate(feeds.items())]}))


def document(outlet, writer, count):
    return page(outlet.kind, outlet.name, outlet.site, [outlet.entry(writer.article()) for _ in range(count)])


def values(p, family, label, names):
    return {n: p.metric(family, **{label: n}) for n in names}


def test_each_result_and_reason_is_counted_once(world):
    [outlet], writer = outlets(1), Writer(1)
    good = document(outlet, writer, 3)
    world.feeds.put("/good", good)
    world.feeds.put("/moved", Page(b"", status=301, headers={"Location": "/there"}))
    world.feeds.put("/there", document(outlet, writer, 2))
    world.feeds.put("/loop", Page(b"", status=302, headers={"Location": "/loop"}))
    world.feeds.put("/error", Page(b"", status=500))
    world.feeds.put("/gone", Page(b"", status=410))
    world.feeds.put("/login", Page(b"<html><body>Log in</body></html>", "text/html"))
    world.feeds.put("/bad", Page(b"<?xml version='1.0'?><note>&undefined;</nope>", "application/xml"))
    whole = document(outlet, writer, 2).body
    world.feeds.put("/cut", Page(whole[:whole.rindex(b"</description>")]))  # in the middle of the second item
    world.feeds.put("/gzip", Page(b"no gzip at all", headers={"Content-Encoding": "gzip"}))
    paths = ["/good", "/moved", "/loop", "/error", "/missing", "/gone", "/login", "/bad", "/cut", "/gzip", "http://127.0.0.1:1/refused",
             "http://10.0.0.1/private"]
    subscribe(world, {path: {"interval": HOUR} for path in paths})
    p = world.start("poll", config=world.config(storage=[], alerts={"channels": []}))
    p.wait_ready()
    until(lambda: p.metric("feedwatch_feed_polls_total") == len(paths), lambda: f"{p.metric('feedwatch_feed_polls_total')} polls", 60)
    assert values(p, "feedwatch_feed_polls_total", "result", ["ok", "not_modified", "failed"]) == {
        "ok": 3, "not_modified": 0, "failed": 9}
    series = re.finditer(r'feedwatch_feed_fetch_errors_total\{reason="(\w+)"\} (\S+)', p.get("/metrics")[1])
    assert {m[1]: float(m[2]) for m in series if float(m[2])} == {
        "http": 2, "gone": 1, "not_a_feed": 2, "redirects": 1, "protocol": 1, "connect": 1, "address_refused": 1}
    assert values(p, "feedwatch_feed_items_total", "kind", ["new", "seen", "updated", "rejected"]) == {
        "new": 6, "seen": 0, "updated": 0, "rejected": 0}
    assert values(p, "feedwatch_feeds", "state", ["ok", "backoff", "gone"]) == {"ok": 3, "backoff": 8, "gone": 1}
    assert p.metric("feedwatch_feed_item_delay_seconds_count") == 6
    assert p.stop() == 0


def test_not_modified_seen_and_updated_are_what_the_server_answered(world):
    [outlet], writer = outlets(1), Writer(2)
    articles = [writer.article() for _ in range(3)]
    entries = [outlet.entry(a) for a in articles]
    world.feeds.put("/feed", page(outlet.kind, outlet.name, outlet.site, entries))
    subscribe(world, {"/feed": {"interval": OFTEN}})
    p = world.start("poll", config=world.config(storage=[], alerts={"channels": []}))
    p.wait_ready()
    until(lambda: world.feeds.count("/feed").not_modified >= 5, "five answers of 304", 60)
    entries[0] = outlet.entry(articles[0], title="Corrected headline of the first")
    entries.append(outlet.entry(writer.article()))
    world.feeds.put("/feed", page(outlet.kind, outlet.name, outlet.site, entries))
    until(lambda: p.metric("feedwatch_feed_items_total", kind="new") == 4, "the fourth", 60)
    subscribe(world, {"/feed": {"interval": OFTEN, "paused": True}})
    p.signal(signal.SIGHUP)
    seen = world.feeds.count("/feed")
    until(lambda: p.metric("feedwatch_feed_polls_total") == seen.requests and "feeds applied feeds=1 added=0 changed=1" in p.log(),
          "all are counted", 30)
    assert p.metric("feedwatch_feed_polls_total", result="not_modified") == seen.not_modified
    assert p.metric("feedwatch_feed_polls_total", result="ok") == seen.requests - seen.not_modified
    kinds = values(p, "feedwatch_feed_items_total", "kind", ["new", "updated"])
    assert kinds == {"new": 4, "updated": 1}
    # Each whole document after the first had items that were known: two beside the corrected one, all four if asked again.
    assert p.metric("feedwatch_feed_items_total", kind="seen") >= 2
    assert p.metric("feedwatch_feed_fetch_errors_total") == 0
    assert p.stop() == 0
