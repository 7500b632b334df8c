"""`feedwatch feeds` against a live broker and against the embedded one."""

import contextlib
import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import termios
import time
import xml.etree.ElementTree

import pytest
from support.content import Outlet, Writer
from support.feed_server import Page, page
from support.wait import until


class Desk:
    """Outlets whose feeds hold what the test says, and the commands."""

    def __init__(self, world, seed):
        self.world, self.writer = world, Writer(seed)
        self.config_path = None

    def outlet(self, number, kind="rss"):
        return Outlet(f"/feed{number}", kind, f"outlet{number}")

    def publish(self, outlet, articles, path=None):
        entries = [outlet.entry(a) for a in articles]
        self.world.feeds.put(path or outlet.path, page(outlet.kind, outlet.name, outlet.site, entries))

    def articles(self, count, topic=None):
        return [self.writer.article(topic) for _ in range(count)]

    def feeds(self, *args, **more):
        return subprocess.run([self.world.binary, "feeds", *args, "--config", self.config_path], cwd=self.world.folder,
                              capture_output=True, text=True, timeout=90, **more)

    def did(self, *args, **more):
        done = self.feeds(*args, **more)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def listed(self):
        return {x["url"]: x for x in map(json.loads, self.did("list", "--json").splitlines())}

    def polls(self, outlet):
        return self.world.feeds.count(outlet.path).requests

    def polled_again(self, outlet):
        before = self.polls(outlet)
        until(lambda: self.polls(outlet) > before, f"{outlet.path} is polled again", 60)

    def holds_still(self, outlet, seconds=1.5):
        """The feed, due every 200 ms, has not been asked for so long."""
        last = {"count": -1, "since": 0.0}

        def quiet():
            now, count = time.monotonic(), self.polls(outlet)
            if count != last["count"]:
                last.update(count=count, since=now)
            return now - last["since"] > seconds
        until(quiet, f"{outlet.path} is left alone", 60)


def embedded(world, **more):
    config = world.config(storage=[], alerts={}, **more)
    config["kafka"] = {"brokers": "embedded"}
    return config


def test_feeds_come_and_go_by_command_beside_those_of_files(world):
    desk = Desk(world, 41)
    of_file, mine = desk.outlet(0), desk.outlet(1, "atom")
    for o in (of_file, mine):
        desk.publish(o, desk.articles(2))
    world.feeds.put("/site", Page(b"<html><head><link rel=alternate type='application/atom+xml' href='/feed1'>"
                                  b"<link rel=alternate type='text/xml' href='/nothing'></head></html>", "text/html"))
    world.subscribe([of_file])
    p = world.start(config=world.config(storage=[]))
    desk.config_path = p.config_path
    p.wait_ready()

    said = desk.did("add", world.feeds.url("/site"), "--tag", "news", "--first-fetch", "all")
    assert world.feeds.url(mine.path) in said and "named by the page" in said
    until(lambda: len(world.read("fetched")) == 4, "the items of both", 60, 0.3)
    [record] = [r for r in world.read("feeds") if r.value["url"] == world.feeds.url(mine.path)]
    assert record.headers["feedwatch.applied-from"] == "command" and record.value["tags"] == ["news"]
    again = desk.feeds("add", world.feeds.url(mine.path))
    assert again.returncode == 1 and "is there already" in again.stderr

    until(lambda: all(x["health"] == "ok" for x in desk.listed().values()), lambda: desk.listed(), 30, 0.3)
    listed = desk.listed()
    assert {u: x["owner"] for u, x in listed.items()} == {world.feeds.url("/feed0"): "files", world.feeds.url("/feed1"): "command"}
    table = desk.did("list").splitlines()
    assert len(table) == 3 and table[0].startswith("ID ") and " ok " in table[1] and "outlet0" in table[1]
    assert desk.did("list", "--tag", "news").count("\n") == 2
    assert desk.did("list", "--failing") == ""
    shown = desk.did("show", world.feeds.url("/feed0"))
    assert "feeds.yaml:" in shown and "last success" in shown

    refused = desk.feeds("remove", world.feeds.url(of_file.path))
    assert refused.returncode == 1 and "feeds.yaml:" in refused.stderr and "SIGHUP" in refused.stderr
    assert "removed" in desk.did("remove", record.value["id"][:10])
    assert list(desk.listed()) == [world.feeds.url(of_file.path)]
    missing = desk.feeds("show", "nobody")
    assert missing.returncode == 1 and "nobody" in missing.stderr
    assert p.stop() == 0


def test_what_is_asked_of_a_feed_survives_its_file(world):
    desk = Desk(world, 42)
    often, seldom = desk.outlet(0), desk.outlet(1)
    for o in (often, seldom):
        desk.publish(o, desk.articles(1))
    world.subscribe([often])
    p = world.start(config=world.config(storage=[]))
    desk.config_path = p.config_path
    p.wait_ready()
    desk.did("add", world.feeds.url(seldom.path))
    until(lambda: desk.polls(seldom) == 2, "asked by `add`, then by the poller", 60)
    desk.did("poll-now", world.feeds.url(seldom.path))
    until(lambda: desk.polls(seldom) == 3, "polled at once", 60)

    desk.polled_again(often)
    desk.did("pause", world.feeds.url(often.path))
    desk.holds_still(often)
    assert desk.listed()[world.feeds.url(often.path)]["health"] == "paused"
    now = desk.feeds("poll-now", world.feeds.url(often.path))
    assert now.returncode == 1 and "paused" in now.stderr
    renamed = Outlet(often.path, often.kind, "renamed")
    world.subscribe([renamed])
    p.signal(signal.SIGHUP)
    until(lambda: desk.listed()[world.feeds.url(often.path)]["title"] == "renamed", "the file was read again", 30, 0.3)
    desk.holds_still(often)
    desk.did("resume", world.feeds.url(often.path))
    desk.polled_again(often)
    assert p.stop() == 0


def test_a_backfill_brings_what_is_older_without_alerts(world):
    desk = Desk(world, 43)
    o = desk.outlet(0)
    newest, older, oldest = desk.articles(2, "grid-failure"), desk.articles(3, "grid-failure"), desk.articles(2)
    desk.publish(o, newest)
    desk.publish(o, older, o.path + "?paged=2")
    desk.publish(o, oldest, o.path + "?paged=3")
    world.feeds.put(o.path + "?paged=4", Page(b"gone\n", "text/plain", 404))
    world.subscribe([o])
    p = world.start(config=world.config(storage=[]))
    desk.config_path = p.config_path
    p.wait_ready()
    until(lambda: len(world.receiver.accepted) == 2, "the live items' alerts", 60)
    desk.did("backfill", world.feeds.url(o.path), "--pages", "10")
    until(lambda: len(world.read("flagged")) == 5, lambda: f"{len(world.read('flagged'))} of 5 flagged", 60, 0.3)
    until(lambda: len(world.read("fetched")) == 7, lambda: f"{len(world.read('fetched'))} of 7 fetched", 60, 0.3)
    origins = {r.value["title"]: r.value["origin"] for r in world.read("fetched")}
    assert origins == {**{a.title: "live" for a in newest}, **{a.title: "backfill" for a in older + oldest}}
    until(lambda: "done, 2 pages, 5 items: page 4 is not there" in desk.did("show", world.feeds.url(o.path)),
          lambda: desk.did("show", world.feeds.url(o.path)), 30, 0.3)
    # An alert that comes after them shows that theirs would have come.
    late = desk.articles(1, "grid-failure")
    desk.publish(o, late + newest)
    until(lambda: len(world.receiver.accepted) == 3, "the alert of one more live item", 60)
    assert sorted(e["body"]["title"] for e in world.receiver.accepted) == sorted(a.title for a in newest + late)
    assert p.stop() == 0


def test_lists_are_imported_and_exported_whole(world):
    desk = Desk(world, 44)
    world.subscribe([])
    p = world.start(config=world.config(storage=[]), command="process")
    desk.config_path = p.config_path
    p.wait_ready()
    outlines = "".join(f'<outline text="Feed {n}" category="x,y" xmlUrl="https://f{n}.example/feed"/>' for n in range(1200))
    opml = world.write("list.opml", f'<opml version="2.0"><body><outline text="Fol,der">{outlines}</outline>'
                                    '<outline text="bad" xmlUrl="gopher://x.example/"/></body></opml>')
    done = desk.feeds("import", opml)
    assert done.returncode == 0 and done.stdout == "1200 added, 0 already there, 1 refused\n"
    assert "gopher://x.example/" in done.stderr
    with open(opml) as f:
        assert desk.did("import", "-", stdin=f) == "0 added, 1200 already there, 1 refused\n"
    exported = desk.did("export")
    tree = xml.etree.ElementTree.fromstring(exported)
    assert tree.get("version") == "2.0"
    assert {o.get("xmlUrl"): (o.get("text"), o.get("category")) for o in tree.iter("outline") if o.get("xmlUrl")} == {
        f"https://f{n}.example/feed": (f"Feed {n}", "x,y") for n in range(1200)}
    as_yaml = world.write("exported.yaml", desk.did("export", "--format", "yaml"))
    assert desk.did("import", as_yaml) == "0 added, 1200 already there, 0 refused\n"
    wrong = world.write("wrong.yaml", "feeds:\n  - { url: 'https://a.example/', titel: x }\n")
    refused = desk.feeds("import", wrong)
    assert refused.returncode == 1 and "wrong.yaml:2:" in refused.stderr and "titel" in refused.stderr
    assert p.stop() == 0


def test_discover_finds_what_a_page_names_and_else_where_feeds_usually_are(world):
    desk = Desk(world, 45)
    o, j = desk.outlet(0), Outlet("/blog/feed.json", "json", "outlet1")
    for each in (o, j):
        desk.publish(each, desk.articles(3))
    world.feeds.put("/", Page(b"<link rel=alternate type=application/rss+xml href=feed0><a rel=feed href=/blog/feed.json>j</a>", "text/html"))
    world.feeds.put("/blog", Page(b"<html>no links</html>", "text/html"))
    world.feeds.put("/login", Page(b"<html>no links</html>", "text/html"))

    def discover(path, *more):
        return subprocess.run([world.binary, "feeds", "discover", world.feeds.url(path), "--allow", "127.0.0.0/8", *more],
                              cwd=world.folder, capture_output=True, text=True, timeout=60)
    found = [json.loads(x) for x in discover("/", "--json").stdout.splitlines()]
    assert found == [{"url": world.feeds.url("/feed0"), "title": "outlet0", "format": "RSS 2.0", "items": 3},
                     {"url": world.feeds.url("/blog/feed.json"), "title": "outlet1", "format": "JSON Feed", "items": 3}]
    assert discover("/blog").stdout == f"{world.feeds.url('/blog/feed.json')}  JSON Feed, 3 items  outlet1\n"
    assert discover("/feed0").stdout.startswith(world.feeds.url("/feed0") + "  RSS 2.0")
    nothing = discover("/login/deep")
    assert nothing.returncode == 1 and "404" in nothing.stderr
    guarded = subprocess.run([world.binary, "feeds", "discover", world.feeds.url("/")], cwd=world.folder, capture_output=True, text=True, timeout=60)
    assert guarded.returncode == 1 and "--allow" in guarded.stderr


def test_the_embedded_broker_takes_changes_whether_it_runs_or_not(world):
    desk = Desk(world, 46)
    first, second = desk.outlet(0), desk.outlet(1)
    for o in (first, second):
        desk.publish(o, desk.articles(2))
    p = world.start(config=embedded(world, feeds={"files": [], "defaults": {"first_fetch": "all", "interval": {"min": "200ms", "start": "200ms", "max": "200ms"}}}))
    desk.config_path = p.config_path
    p.wait_ready()
    assert p.stop() == 0
    # Nobody runs it: the command writes itself.
    desk.did("add", world.feeds.url(first.path))
    assert desk.listed()[world.feeds.url(first.path)]["health"] == "never polled"
    p.start()
    p.wait_ready()
    desk.polled_again(first)
    # Somebody does: it is handed over.
    desk.did("add", world.feeds.url(second.path), "--id", "second")
    desk.polled_again(second)
    again = desk.feeds("add", world.feeds.url(second.path))
    assert again.returncode == 1 and "there already" in again.stderr
    desk.did("pause", "second")
    desk.holds_still(second)
    until(lambda: desk.listed()[world.feeds.url(first.path)]["health"] == "ok", lambda: desk.listed(), 30, 0.3)
    assert desk.listed()[world.feeds.url(second.path)]["health"] == "paused"
    # What others put there is not believed.
    folder = os.path.join(world.folder, "state", "feed-changes")
    with open(os.path.join(folder, "0.changes"), "w") as f:
        f.write('{"do":"add","feed":{"id":"evil\\n","url":"https://u:p@evil.example/"}}\n')
    until(lambda: os.listdir(folder) == ["0.changes.refused"], lambda: os.listdir(folder), 30)
    assert "evil" not in desk.did("list", "--json") and p.alive()
    p.kill()
    p.start()
    p.wait_ready()
    desk.polled_again(first)
    desk.holds_still(second)
    desk.did("resume", "second")
    desk.polled_again(second)
    assert p.stop() == 0


@pytest.mark.parametrize("columns", [80, 200])
def test_the_table_fits_the_terminal(world, columns):
    desk = Desk(world, 47)
    p = world.start(config=embedded(world, feeds={"files": []}))
    desk.config_path = p.config_path
    p.wait_ready()
    assert p.stop() == 0
    desk.did("add", world.feeds.url("/none"), "--unseen", "--title", "日本語 " + "long " * 60)
    # On a terminal of that width.
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    try:
        done = subprocess.run([world.binary, "feeds", "list", "--config", p.config_path], stdout=theirs, cwd=world.folder, timeout=60)
    finally:
        os.close(theirs)
    with os.fdopen(ours, "rb") as terminal:
        shown = b""
        with contextlib.suppress(OSError):  # EIO: nobody writes any more
            while part := terminal.read1():
                shown += part
    lines = shown.decode().replace("\r", "").splitlines()
    assert done.returncode == 0 and len(lines) == 2
    assert all(len(x) + sum(c > "\u2e80" for c in x) <= columns for x in lines), lines
