"""Feeds that keep publishing, and the check that each article came out exactly once."""

import expected

from .content import Writer, outlets
from .feed_server import page
from .wait import until


class Stream:
    def __init__(self, world, feeds=4, seed=1, interval="200ms", first_fetch="all"):
        self.world, self.writer = world, Writer(seed)
        self.outlets = outlets(feeds)
        for o in self.outlets:
            o.footer = ""
        self.entries = {o.path: [] for o in self.outlets}
        self.articles = []
        world.subscribe(self.outlets, interval, first_fetch)

    def publish(self, each=2):
        """That many new articles in each feed, every fifth with words that raise an alert."""
        for o in self.outlets:
            for _ in range(each):
                topic = "grid-failure" if self.writer.count % 5 == 0 else None
                self.articles.append(self.writer.article(topic))
                self.entries[o.path].append(o.entry(self.articles[-1]))
            self.world.feeds.put(o.path, page(o.kind, o.name, o.site, self.entries[o.path]))

    def wait(self, seconds=60):
        """Until the topic `items` has every article."""
        until(lambda: len(self.world.read("items")) >= len(self.articles),
              lambda: f"items: {len(self.world.read('items'))} of {len(self.articles)}", seconds, 0.3)

    def check(self, seconds=60, alerts=True):
        """Each article came out once: as an item, as its alert, and nothing else did."""
        self.wait(seconds)
        fetched, items, duplicates = expected.check_each_fetched_has_one_outcome(self.world)
        assert sorted(r.value["title"] for r in items) == sorted(a.title for a in self.articles)
        assert len({r.value["id"] for r in items}) == len(items) and duplicates == []
        if not alerts:
            return
        planted = {a.title for a in self.articles if a.topics}
        until(lambda: {e["body"]["title"] for e in self.world.receiver.accepted} >= planted,
              lambda: f"{len(self.world.receiver.accepted)} of {len(planted)} alerts", seconds)
        flagged = self.world.read("flagged")
        assert sorted(r.value["title"] for r in flagged) == sorted(planted), "flagged twice, or what has no such words"
        expected.check_alerts(self.world, flagged)
