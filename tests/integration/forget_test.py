"""`feedwatch stories forget`: a story is taken down everywhere, and does not come back with the next poll."""

import json
import os
import pty
import shutil
import sqlite3
import subprocess

import expected
from stories_test import Desk
from support.wait import until


def forget(desk, named, *args, stdin=subprocess.DEVNULL, timeout=90):
    return subprocess.run([desk.world.binary, "stories", "forget", named, *args, "--config", desk.process.config_path],
                          cwd=desk.world.folder, capture_output=True, text=True, timeout=timeout, stdin=stdin)


def latest(world, topic):
    """Key to the last value, as compaction would leave it."""
    return {r.key: r.value for r in world.read(topic)}


def rows(world, story):
    """Of the story and its items, by table, in both databases."""
    found = []
    for query in (lambda q: expected.sqlite_rows(world.sqlite, q), lambda q: world.postgres.query(world.database, q)):
        found.append([query(f"SELECT count(*) FROM {t} WHERE story = '{story}'")[0][0] for t in ("items", "duplicates", "matches")])
    return found


def stored(world, story, counts):
    def equal():
        try:
            return rows(world, story) == [counts, counts]
        except sqlite3.OperationalError:  # not created yet
            return False
    until(equal, lambda: f"{story} in storage: {rows(world, story)}, not {counts}", 60, 0.2)


def test_a_story_goes_from_every_store_and_does_not_come_back(world):
    desk = Desk(world, 71, 3)
    first, second, third = desk.outlets
    article, other = desk.writer.article("grid-failure"), desk.writer.article("grid-failure")
    other_entries = [first.entry(other)]
    for o in desk.outlets:
        desk.publish(o, [])
    world.subscribe(desk.outlets)
    desk.process = world.start()
    desk.process.wait_ready()
    desk.publish(first, [first.entry(article), *other_entries])
    desk.count("items", 2)
    desk.publish(second, [second.entry(article, title="A headline of theirs")])
    desk.count("duplicates", 1)
    until(lambda: len(world.receiver.accepted) == 2, "both alerts", 60)
    story = next(r.value["id"] for r in world.read("items") if r.value["title"] == article.title)
    untouched = next(r.value["id"] for r in world.read("items") if r.value["title"] == other.title)
    copy = world.read("duplicates")[0].value
    stored(world, story, [1, 1, 1])
    stored(world, untouched, [1, 0, 1])
    until(lambda: {v["status"] for v in latest(world, "deliveries").values()} == {"delivered"}, "alerts are recorded", 60)

    # What would be done is said, and nothing is.
    before = {t: world.broker.ends(world.prefix + t) for t in ("fetched", "seen", "items", "duplicates", "flagged")}
    dry = forget(desk, copy["url"], "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert article.title in dry.stdout and "2 items of outlet0, outlet1" in dry.stdout and "dry run" in dry.stdout
    assert {t: world.broker.ends(world.prefix + t) for t in before} == before

    done = forget(desk, copy["url"] + "?utm_source=feed", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["state"], told["story"], told["title"]) == ("taken", story, article.title)
    assert (told["members"], told["publishers"]) == ([story, copy["id"]], ["outlet0", "outlet1"])
    by_topic = {t["topic"]: t for t in told["topics"]}
    assert {t: by_topic[t]["records"] for t in ("fetched", "items", "duplicates", "flagged", "dead")} == {
        "fetched": 2, "items": 1, "duplicates": 1, "flagged": 1, "dead": 0}
    assert by_topic["deliveries"]["records"] in (1, 2), "delivered, and that it was pending unless that is compacted"
    assert (by_topic["items"]["cleanup"], by_topic["items"]["retention_seconds"]) == (["delete"], 30 * 86400)
    assert (by_topic["seen"]["cleanup"], by_topic["seen"]["gone_by"], by_topic["seen"]["tombstone"]) == (["compact"], None, True)
    assert by_topic["fetched"]["retention_seconds"] == 7 * 86400 and by_topic["fetched"]["gone_by"] is not None

    def nothing_of_it():
        stored(world, story, [0, 0, 0])
        stored(world, untouched, [1, 0, 1])
        assert {r.key: r.value is None for t in ("items", "duplicates", "flagged") for r in world.read(t) if r.key == story} == {story: True}
        seen = latest(world, "seen")
        assert seen["id:" + story] is None and seen["id:" + copy["id"]] is None and seen["id:" + untouched] is not None
        for member in (story, copy["id"]):
            marker = seen["forgotten:" + member]
            assert (marker["story"], marker["fingerprint"], marker["evidence"], marker["feed"]) == (story, "", "", "")
        alerts = latest(world, "deliveries")
        assert sorted(v["story"] for v in alerts.values() if v is not None) == [untouched]
        assert world.read("dead") == []
    until(lambda: None in latest(world, "deliveries").values(), "the alert's record has its tombstone", 60)
    nothing_of_it()
    gone = desk.stories("show", story)
    assert gone.returncode == 1 and "was taken down" in gone.stderr

    # Feeds that carry it still, edited, under another id, and one that had not yet: what comes after it tells that
    # dedup has seen all of them.
    def publish_again(number):
        longer = [*article.paragraphs, f"A sentence was added, number {number}."]
        fences = [o.entry(desk.writer.article()) for o in desk.outlets]
        count = len(world.read("items"))
        desk.publish(first, [first.entry(article, title=f"Another title {number}", paragraphs=longer), *other_entries, fences[0]])
        desk.publish(second, [second.entry(article, guid=f"new-{number}", paragraphs=longer), fences[1]])
        desk.publish(third, [third.entry(article, guid=f"third-{number}"), fences[2]])
        desk.count("items", count + 3)

    publish_again(1)
    nothing_of_it()
    assert desk.process.metric("feedwatch_dedup_verdicts_total", verdict="forgotten") == 3
    assert desk.process.metric("feedwatch_storage_rows_removed_total") == 6
    # A restart reads its snapshot; without one it reads all of `seen`.
    for number, with_snapshot in ((2, True), (3, False)):
        assert desk.process.stop() == 0
        snapshots = os.path.join(world.folder, "state", "snapshots")
        assert os.listdir(snapshots)
        if not with_snapshot:
            shutil.rmtree(snapshots)
        desk.process.start()
        desk.process.wait_ready()
        publish_again(number)
        nothing_of_it()
        assert desk.process.metric("feedwatch_dedup_verdicts_total", verdict="forgotten") >= 2
    assert sorted(e["body"]["story"] for e in world.receiver.accepted) == sorted([story, untouched])

    # Asked again, by any name, it is the same.
    again = forget(desk, copy["id"], "--json")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["state"] == "taken"
    nothing_of_it()
    assert desk.process.stop() == 0


def test_a_request_waits_for_a_dedup_that_does_not_run(world):
    desk = Desk(world, 72, 1)
    [first] = desk.outlets
    article = desk.writer.article()
    desk.publish(first, [first.entry(article)])
    world.subscribe(desk.outlets)
    desk.process = world.start()
    desk.process.wait_ready()
    desk.count("items", 1)
    story = world.read("items")[0].value["id"]
    stored(world, story, [1, 0, 0])
    assert desk.process.stop() == 0
    late = forget(desk, story, "--wait", "1s")
    assert late.returncode == 1 and "no dedup has taken the request within 1s" in late.stderr
    unasked = forget(desk, story, "--wait", "soon")
    assert unasked.returncode == 2 and "--wait" in unasked.stderr
    desk.process.start()
    desk.process.wait_ready()
    stored(world, story, [0, 0, 0])
    nobody = forget(desk, "nobody-knows-this", "--json")
    assert nobody.returncode == 0, nobody.stderr
    told = json.loads(nobody.stdout)
    assert (told["story"], told["request"], told["state"]) == (None, "forget:item:nobody-knows-this", "taken")
    assert latest(world, "seen")["forgotten:nobody-knows-this"] is not None
    unknown = forget(desk, "https://outlet0.example/articles/4711", "--json")
    assert unknown.returncode == 0, unknown.stderr
    assert json.loads(unknown.stdout)["state"] == "taken"
    entry = first.entry(desk.writer.article())
    entry.link = "https://outlet0.example/articles/4711"
    desk.publish(first, [first.entry(article), entry, first.entry(desk.writer.article())])
    until(lambda: desk.process.metric("feedwatch_dedup_verdicts_total", verdict="forgotten") == 1, "it is held back", 60)
    assert desk.process.stop() == 0


def test_a_person_at_a_terminal_is_asked(world):
    desk = Desk(world, 73, 1)
    [first] = desk.outlets
    desk.publish(first, [first.entry(desk.writer.article())])
    desk.start()
    desk.count("items", 1)
    story = world.read("items")[0].value["id"]
    for answer, code in ((b"n\n", 1), (b"y\n", 0)):
        mine, its = pty.openpty()
        os.write(mine, answer)
        done = forget(desk, story, stdin=its)
        os.close(its)
        os.close(mine)
        assert done.returncode == code and "Take it down?" in done.stderr, done.stderr
        assert (None in latest(world, "items").values()) == (code == 0)
    assert desk.process.stop() == 0


def test_with_the_embedded_broker_the_next_run_does_it(world):
    desk = Desk(world, 74, 1)
    [first] = desk.outlets
    article = desk.writer.article()
    desk.publish(first, [first.entry(article)])
    world.subscribe(desk.outlets)
    config = world.config(storage=[{"sqlite": {"path": world.sqlite}}], kafka={"brokers": "embedded"})
    desk.process = world.start(config=config)

    def count():
        try:
            return expected.sqlite_rows(world.sqlite, "SELECT count(*) FROM items")[0][0]
        except sqlite3.OperationalError:  # not created yet
            return 0
    until(lambda: count() == 1, "stored", 60)
    [(story,)] = expected.sqlite_rows(world.sqlite, "SELECT story FROM items")
    owned = forget(desk, story)
    assert owned.returncode == 1 and "state" in owned.stderr and count() == 1
    assert forget(desk, story, "--dry-run").returncode == 0
    assert desk.process.stop() == 0
    asked = forget(desk, story)
    assert asked.returncode == 0 and "next `feedwatch run`" in asked.stdout, asked.stderr
    desk.process.start()
    until(lambda: count() == 0, "gone", 60)
    desk.publish(first, [first.entry(article, title="Edited"), first.entry(desk.writer.article())])
    until(lambda: count() == 1, "what came after it", 60)
    assert expected.sqlite_rows(world.sqlite, "SELECT count(*) FROM items WHERE title = 'Edited'") == [(0,)]
    assert desk.process.stop() == 0
