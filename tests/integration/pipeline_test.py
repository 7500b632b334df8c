"""Feeds with known content go in; what comes out of every topic, both databases and the receiver is compared exactly."""

import expected
import pytest
from support.content import PLANTS, Writer, outlets
from support.feed_server import page
from support.wait import until


def publish(world, published):
    for outlet, entries in published.items():
        world.feeds.put(outlet.path, page(outlet.kind, outlet.name, outlet.site, entries))


def wait_for(world, topic, count, seconds=60):
    until(lambda: len(world.read(topic)) >= count, lambda: f"{topic}: {len(world.read(topic))} of {count}", seconds, 0.3)


class Newsroom:
    """Outlets and their pages, as objects that can be hashed."""

    def __init__(self, count, articles_each, seed):
        self.outlets, self.writer = outlets(count), Writer(seed)
        self.by_path = {o.path: o for o in self.outlets}
        self.articles = {o.path: [self.writer.article(self.topic(i)) for i in range(articles_each)] for o in self.outlets}
        self.entries = {o.path: [o.entry(a) for a in self.articles[o.path]] for o in self.outlets}

    @staticmethod
    def topic(i):
        return {3: "immigration-enforcement", 7: "grid-failure"}.get(i % 10)

    def publish(self, world):
        for o in self.outlets:
            world.feeds.put(o.path, page(o.kind, o.name, o.site, self.entries[o.path]))


@pytest.mark.parametrize("roles", [["run"], ["poll", "process", "sink"]], ids=["one-process", "one-role-each"])
def test_known_feeds_come_out_exactly(world, roles):
    news = Newsroom(count=9, articles_each=30, seed=20260101)
    news.publish(world)
    world.subscribe(news.outlets)
    processes = [world.start(role) for role in roles]
    for p in processes:
        p.wait_ready()

    # 1. Originals: each article is a story of its own.
    total = 9 * 30
    wait_for(world, "items", total)
    originals = expected.by_title(world.read("items"))
    assert len(originals) == total

    # 2. Copies across outlets: another outlet carries the text under a headline of its own.
    first, second = news.outlets[0], news.outlets[1]
    copies = []
    for article in news.articles[first.path][:10]:
        entry = second.entry(article, guid=f"copy-{article.number}", title="As others see it " + str(article.number))
        entry.link = f"{second.site}/syndicated/{article.number}"
        copies.append((article, entry))
        news.entries[second.path].append(entry)
    news.publish(world)
    wait_for(world, "duplicates", len(copies))

    # 3. Changed items under the same guid: an update of the same story.
    changed = []
    third = news.outlets[2]
    for i, article in enumerate(news.articles[third.path][:5]):
        paragraphs = article.paragraphs[:-1] + [news.writer.sentence(20), news.writer.sentence(20)]
        news.entries[third.path][i] = third.entry(article, title=article.title + " (corrected)", paragraphs=paragraphs)
        changed.append(article)
    news.publish(world)
    wait_for(world, "items", total + len(changed))

    # 4. Nothing new for several polls: nothing more comes out.
    before = {o.path: world.feeds.count(o.path).requests for o in news.outlets}
    until(lambda: all(world.feeds.count(p).requests >= n + 3 for p, n in before.items()), "three more polls of each feed", 60)
    assert all(world.feeds.count(p).not_modified >= 3 for p in before), "conditional GET is not used"

    fetched, items, duplicates = expected.check_each_fetched_has_one_outcome(world)
    assert len(items) == total + len(changed)
    assert len(duplicates) == len(copies)

    for article, entry in copies:
        record = next(r.value for r in duplicates if r.value["title"] == entry.title)
        original = originals[article.title]
        assert (record["story"], record["of"]) == (original["story"], original["id"])
        assert record["publisher"] == second.name and record["how"] in ("same-text", "near")
        assert record["lag_seconds"] >= 0
    for article in changed:
        record = next(r.value for r in items if r.value["title"] == article.title + " (corrected)")
        original = originals[article.title]
        assert (record["verdict"], record["revision"]) == ("update", 2)
        assert (record["id"], record["story"]) == (original["id"], original["story"])

    # Boilerplate that names other topics is in no text and raises no flag; what was planted is found, with its place.
    assert not any("Subscribe now" in r.value["text"] for r in items)
    by_article = {a.title: a for articles in news.articles.values() for a in articles}
    planted = {t for t, a in by_article.items() if a.topics}
    flagged_want = len(planted) + sum(1 for a in changed if a.topics)
    wait_for(world, "flagged", flagged_want)
    flagged = world.read("flagged")
    assert len(flagged) == flagged_want
    for r in flagged:
        article = by_article[r.value["title"].removesuffix(" (corrected)")]
        assert {m["topic"] for m in r.value["matches"]} - {"shadowed"} == article.topics
        for m in r.value["matches"]:
            for s in m["spans"]:
                text = r.value[s["field"]].encode()[s["offset"]:s["offset"] + s["length"]].decode()
                assert text == s["text"] and text in PLANTS[next(iter(article.topics))]

    alerts = {(r.value["story"], m["topic"]) for r in flagged for m in r.value["matches"] if not m["shadow"]}
    until(lambda: len(set(world.receiver.ids())) >= len(alerts), "all alerts", 60)
    until(lambda: all(c == (total, len(copies), len({(r.value['id'], m['topic']) for r in flagged for m in r.value['matches']}))
                      for c in expected.storage_counts(world)), lambda: f"storage: {expected.storage_counts(world)}", 60)
    expected.check_storage(world, items, duplicates, flagged)
    expected.check_alerts(world, flagged)

    for p in processes:
        assert p.stop() == 0
    # A new start repeats nothing.
    offsets = {t: len(world.read(t)) for t in ("fetched", "items", "duplicates", "flagged")}
    alerts_before = len(world.receiver.accepted)
    for p in processes:
        p.start()
    for p in processes:
        p.wait_ready()
    before = {o.path: world.feeds.count(o.path).requests for o in news.outlets}
    until(lambda: all(world.feeds.count(p).requests >= n + 2 for p, n in before.items()), "two more polls of each feed", 60)
    assert {t: len(world.read(t)) for t in offsets} == offsets
    assert len(world.receiver.accepted) == alerts_before


def test_topics_are_created_as_the_design_says(world):
    world.subscribe([])
    world.start().wait_ready()
    got = world.broker.topics(world.prefix)
    single = {"fetched", "seen"}
    names = {"feeds", "polls", "fetched", "seen", "items", "duplicates", "flagged", "deliveries", "dead"}
    assert got == {world.prefix + n: 1 if n in single else 6 for n in names}

    configs = world.broker.topic_configs([world.prefix + n for n in names])
    policies = {name.removeprefix(world.prefix): config for name, config in configs.items()}
    day = 86_400_000
    for name in names:
        compact = name in {"feeds", "polls", "seen", "deliveries"}
        assert policies[name]["cleanup.policy"] == ("compact" if compact else "delete"), name
        if not compact:
            assert policies[name]["retention.ms"] == str((7 if name == "fetched" else 30) * day), name


def test_a_poison_record_goes_to_dead_with_its_origin_and_the_rest_goes_on(world):
    news = Newsroom(count=1, articles_each=5, seed=5)
    world.subscribe([])
    p = world.start()
    p.wait_ready()
    world.broker.produce(world.prefix + "fetched", [("x", b"{not json"), ("x", b'{"title":"no id"}')])
    news.publish(world)
    world.subscribe(news.outlets)
    import signal
    p.signal(signal.SIGHUP)
    wait_for(world, "items", 5)
    wait_for(world, "dead", 2)
    dead = sorted(world.read("dead"), key=lambda r: int(r.headers["feedwatch.dlq.offset"]))
    assert [r.raw for r in dead] == [b"{not json", b'{"title":"no id"}']
    for r in dead:
        assert r.headers["feedwatch.dlq.topic"] == world.prefix + "fetched"
        assert r.headers["feedwatch.dlq.stage"] == "dedup"
        assert r.headers["feedwatch.dlq.reason"] == "malformed"


def test_feed_dates_are_never_record_timestamps(world):
    import time
    from support.content import outlets as make_outlets
    [outlet] = make_outlets(1)
    article = Writer(3).article()
    entry = outlet.entry(article)
    entry.published = time.time() + 5 * 86400
    old = outlet.entry(Writer(4).article(), guid="old")
    old.published = 1000
    world.feeds.put(outlet.path, page(outlet.kind, outlet.name, outlet.site, [entry, old]))
    world.subscribe([outlet])
    world.start().wait_ready()
    wait_for(world, "items", 2)
    now = time.time() * 1000
    for topic in ("fetched", "items"):
        assert all(abs(r.timestamp - now) < 120_000 for r in world.read(topic))
