"""`feedwatch stories` against a live broker, and what a backfill does to stories."""

import json
import os
import pty
import subprocess

from support.content import Outlet, Writer
from support.feed_server import page
from support.wait import until


class Desk:
    def __init__(self, world, seed, outlets):
        self.world, self.writer = world, Writer(seed)
        self.outlets = [Outlet(f"/feed{n}", kind, f"outlet{n}") for n, kind in enumerate(["rss", "atom", "json"][:outlets])]
        self.process = None

    def publish(self, outlet, entries, path=None):
        self.world.feeds.put(path or outlet.path, page(outlet.kind, outlet.name, outlet.site, entries))

    def start(self):
        self.world.subscribe(self.outlets)
        self.process = self.world.start(config=self.world.config(storage=[]))
        self.process.wait_ready()

    def stories(self, *args):
        return subprocess.run([self.world.binary, "stories", *args, "--config", self.process.config_path], cwd=self.world.folder,
                              capture_output=True, text=True, timeout=90)

    def shown(self, named):
        done = self.stories("show", named, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def count(self, topic, count):
        until(lambda: len(self.world.read(topic)) == count, lambda: f"{topic}: {len(self.world.read(topic))} of {count}", 60, 0.3)


def test_show_lists_the_members_of_a_story_and_the_words_that_differ(world):
    desk = Desk(world, 61, 3)
    first, second, third = desk.outlets
    for o in desk.outlets:
        desk.publish(o, [])
    desk.start()
    article, other = desk.writer.article(), desk.writer.article()
    desk.publish(first, [first.entry(article), first.entry(other)])
    desk.count("items", 2)
    edited = [article.paragraphs[0].replace(article.paragraphs[0].split()[5], "zeppelin", 1), *article.paragraphs[1:]]
    desk.publish(second, [second.entry(article, paragraphs=edited, title="Another headline of theirs")])
    desk.count("duplicates", 1)
    longer = [*article.paragraphs[:-1], article.paragraphs[-1] + " The mayor could not be reached."]
    desk.publish(first, [first.entry(article, paragraphs=longer), first.entry(other)])
    desk.count("items", 3)
    desk.publish(third, [third.entry(article)])
    desk.count("duplicates", 2)

    head = next(r.value for r in world.read("items") if r.value["title"] == article.title)
    copies = {r.value["publisher"]: r.value for r in world.read("duplicates")}
    named = [head["id"], head["url"] + "?utm_source=feed", copies["outlet1"]["id"], copies["outlet1"]["url"]]
    told = [desk.shown(n) for n in named]
    assert told[1:] == told[:1] * 3
    story = told[0]
    assert (story["story"], story["publishers"], story["left_out"]) == (head["id"], 3, 0)
    one, two, three = story["members"]
    assert (one["how"], one["publisher"], one["erased"], one["not_compared"]) == ("head", "outlet0", False, None)
    for m, name in ((two, "outlet1"), (three, "outlet2")):
        assert {k: m[k] for k in ("id", "of", "how", "similarity", "lag_seconds", "url", "title", "observed")} == {
            k: copies[name][k] for k in ("id", "of", "how", "similarity", "lag_seconds", "url", "title", "observed")}
    assert two["lag_seconds"] < three["lag_seconds"]
    assert two["differs"]["shown"] == [{"removed": article.paragraphs[0].split()[5].strip("."), "added": "zeppelin"}]
    assert three["differs"]["shown"] == [{"removed": "The mayor could not be reached", "added": ""}]
    before, after = story["revisions"]
    assert (before["revision"], before["changed"], after["revision"]) == (1, None, 2)
    assert after["changed"]["text"] and not after["changed"]["title"]
    assert after["differs"] == {"removed": 0, "added": 6, "places": 1,
                                "shown": [{"removed": "", "added": "The mayor could not be reached"}]}

    text = desk.stories("show", head["id"])
    assert text.returncode == 0 and "3 items of 3 publishers, 2 revisions" in text.stdout
    assert "{+zeppelin+}" in text.stdout and "Another headline of theirs" in text.stdout
    assert text.stderr == ""
    mine, its = pty.openpty()
    on_terminal = subprocess.run([world.binary, "stories", "show", head["id"], "--config", desk.process.config_path],
                                 stdout=subprocess.PIPE, stderr=its, text=True, timeout=90)
    os.close(its)
    progress = os.read(mine, 1 << 16).decode()
    os.close(mine)
    assert on_terminal.stdout == text.stdout
    assert all(f"{topic}: 0 records read" in progress for topic in ("items", "duplicates", "fetched"))
    assert progress.endswith("\r\x1b[K")

    # What retention does: the records of `fetched` are gone, the story is not.
    assert desk.process.stop() == 0
    world.broker.delete(world.prefix + "fetched")
    assert [m["not_compared"] for m in desk.shown(head["id"])["members"]] == [None, "text-erased", "text-erased"]
    assert "retention has erased it" in desk.stories("show", head["id"]).stdout

    for nobody in ("nobody", "https://outlet0.example/articles/4711"):
        missing = desk.stories("show", nobody)
        assert missing.returncode == 1 and nobody in missing.stderr and missing.stdout == ""


def test_a_backfill_joins_stories_without_alerts_and_the_first_live_copy_tells_of_them(world):
    desk = Desk(world, 62, 2)
    first, second = desk.outlets
    known, old, late = (desk.writer.article("grid-failure") for _ in range(3))
    desk.publish(first, [first.entry(known)])
    desk.publish(second, [second.entry(desk.writer.article())])
    desk.publish(second, [second.entry(known), second.entry(old)], second.path + "?paged=2")
    desk.start()
    until(lambda: len(world.receiver.accepted) == 1, "the alert of what is live", 60)
    done = subprocess.run([world.binary, "feeds", "backfill", world.feeds.url(second.path), "--pages", "1", "--config",
                           desk.process.config_path], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    desk.count("duplicates", 1)
    desk.count("items", 3)
    [copy] = world.read("duplicates")
    head = next(r.value for r in world.read("items") if r.value["title"] == known.title)
    assert (copy.value["story"], copy.value["publisher"], head["publisher"]) == (head["id"], "outlet1", "outlet0")
    # Nobody was alerted of what only the backfill brought: its first live copy is, and updates the story.
    desk.publish(first, [first.entry(known), first.entry(old), first.entry(late)])
    until(lambda: len(world.receiver.accepted) == 3, "the alerts of what is new and of what is live now", 60)
    desk.count("items", 5)
    [told] = [r.value for r in world.read("items") if r.value["verdict"] == "update"]
    assert (told["title"], told["publisher"], told["origin"], told["revision"]) == (old.title, "outlet0", "live", 2)
    assert not told["changed"]["title"] and not told["changed"]["text"]
    assert len(world.read("duplicates")) == 1
    shown = desk.shown(f"https://outlet0.example/articles/{old.number}")
    assert [(m["publisher"], m["how"]) for m in shown["members"]] == [("outlet1", "head"), ("outlet0", "update")]
    assert sorted(e["body"]["title"] for e in world.receiver.accepted) == sorted([known.title, old.title, late.title])
    assert sorted(r.value["title"] for r in world.read("flagged")) == sorted([known.title, old.title, old.title, late.title])
    assert desk.process.stop() == 0
