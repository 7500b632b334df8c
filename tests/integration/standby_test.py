"""Two `process` roles share dedup's one partition: the standby takes over where the other ended, with its memory of stories."""

import os

from support.content import Outlet, Writer
from support.feed_server import page
from support.wait import until


class Desk:
    """Outlets whose articles the first one writes and the others copy."""

    def __init__(self, world, seed):
        self.world, self.writer = world, Writer(seed)
        self.outlets = [Outlet(f"/feed{n}", kind, f"outlet{n}") for n, kind in enumerate(["rss", "atom", "json", "rss"])]
        self.articles = [self.writer.article() for _ in range(12)]
        for o in self.outlets:
            self.publish(o, [])
        world.subscribe(self.outlets)

    def publish(self, outlet, articles):
        """As they are, under its own links and ids; edited in one word by all but the first."""
        entries = []
        for a in articles:
            paragraphs = a.paragraphs
            if outlet is not self.outlets[0]:
                paragraphs = [a.paragraphs[0].replace(a.paragraphs[0].split()[5], "zeppelin", 1), *a.paragraphs[1:]]
            entries.append(outlet.entry(a, paragraphs=paragraphs))
        self.world.feeds.put(outlet.path, page(outlet.kind, outlet.name, outlet.site, entries))

    def count(self, topic, count):
        until(lambda: len(self.world.read(topic)) == count, lambda: f"{topic}: {len(self.world.read(topic))} of {count}", 60, 0.3)


def process(world, name):
    config = world.config(storage=[], state_dir=os.path.join(world.folder, f"state of {name}"))
    config["kafka"]["client"] = {"session.timeout.ms": 6000}
    p = world.start("process", name, config)
    p.wait_ready()
    return p


def owner(*processes):
    """Whose dedup has the partition."""
    def find():
        return [p for p in processes if p.alive() and p.metric("feedwatch_kafka_assigned_partitions", stage="dedup") == 1]
    return until(lambda: (found := find()) and len(found) == 1 and found[0], "one dedup has the partition", 60)


def test_a_standby_takes_over_with_the_memory_of_stories_and_a_snapshot_makes_its_return_fast(world):
    desk = Desk(world, 71)
    poll = world.start("poll", config=world.config(storage=[]))
    one, two = process(world, "one"), process(world, "two")
    poll.wait_ready()
    first = owner(one, two)
    standby = two if first is one else one
    desk.publish(desk.outlets[0], desk.articles)
    desk.count("items", 12)

    first.kill()
    desk.publish(desk.outlets[1], desk.articles)
    desk.count("duplicates", 12)
    assert owner(standby) is standby
    assert standby.metric("feedwatch_restore_records_total", stage="dedup") == 12

    assert standby.stop() == 0
    snapshot = os.path.join(world.folder, f"state of {standby.name}", "snapshots", "dedup-0.snapshot")
    assert os.path.exists(snapshot)
    first.start()  # has none: it was killed
    first.wait_ready()
    desk.publish(desk.outlets[2], desk.articles)
    desk.count("duplicates", 24)
    assert first.metric("feedwatch_restore_records_total", stage="dedup") == 24
    assert first.stop() == 0

    standby.start()  # goes on from what it kept, and reads what the other has written since
    standby.wait_ready()
    desk.publish(desk.outlets[3], desk.articles)
    desk.count("duplicates", 36)
    assert standby.metric("feedwatch_snapshots_total", stage="dedup", result="loaded") == 1
    assert 12 <= standby.metric("feedwatch_restore_records_total", stage="dedup") <= 24

    desk.count("items", 12)
    stories = {r.value["id"] for r in world.read("items")}
    copies = [(r.value["story"], r.value["publisher"]) for r in world.read("duplicates")]
    assert sorted(copies) == sorted((s, f"outlet{n}") for s in stories for n in (1, 2, 3))
    assert poll.stop() == 0 and standby.stop() == 0
