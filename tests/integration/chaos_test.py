"""Kill test on a real broker: SIGKILL, SIGSTOP and SIGTERM to each role at random moments, and one broker restart, while
items flow; then every topic and both databases are compared by id. FEEDWATCH_CHAOS_SEED replays a run's choices."""

import os
import random
import signal
import time

import expected
from pipeline_test import wait_for

from support.content import Writer, outlets
from support.feed_server import page
from support.wait import until

FAULTS = int(os.environ.get("FEEDWATCH_CHAOS_FAULTS", "32"))
FEEDS, PER_ROUND = 6, 2


class Flow:
    """Publishes two articles and now and then a copy in each round; remembers what must come out."""

    def __init__(self, world, seed):
        self.world, self.writer, self.random = world, Writer(seed), random.Random(seed)
        self.outlets = outlets(FEEDS)
        self.entries = {o.path: [] for o in self.outlets}
        self.articles = []  # (article, outlet), oldest first
        self.copied = set()
        self.copies = []

    def publish_opening(self):
        """Enough items in each feed that its repeated closing words are known for what they are from the first poll on."""
        self.publish_round()
        self.publish_round()

    def publish_round(self):
        for o in self.outlets:
            for _ in range(PER_ROUND):
                topic = self.random.choice([None, None, None, "immigration-enforcement", "grid-failure"])
                article = self.writer.article(topic)
                self.articles.append((article, o))
                self.entries[o.path].append(o.entry(article))
        # A copy of something old enough to have been seen, so that the order of original and copy is known.
        old = [(a, o) for a, o in self.articles[:-FEEDS * PER_ROUND * 6] if a.number not in self.copied]
        if old:
            article, origin = self.random.choice(old)
            self.copied.add(article.number)
            other = self.random.choice([o for o in self.outlets if o is not origin])
            entry = other.entry(article, guid=f"copy-{article.number}", title=f"Copy of {article.number}")
            entry.link = f"{other.site}/syndicated/{article.number}"
            self.copies.append((article, entry))
            self.entries[other.path].append(entry)
        for o in self.outlets:
            self.world.feeds.put(o.path, page(o.kind, o.name, o.site, self.entries[o.path]))


def test_faults_lose_nothing_and_repeat_nothing(world):
    seed = int(os.environ.get("FEEDWATCH_CHAOS_SEED", random.SystemRandom().randrange(1 << 32)))
    print(f"FEEDWATCH_CHAOS_SEED={seed}")
    choose = random.Random(seed)
    flow = Flow(world, seed)
    flow.publish_opening()
    world.subscribe(flow.outlets, interval="300ms")
    # Short time-outs, so that a stopped process is replaced within the test.
    client = {"session.timeout.ms": "6000", "heartbeat.interval.ms": "1000", "transaction.timeout.ms": "10000"}
    config = world.config()
    config["kafka"]["client"] = client
    roles = {"poll-0": "poll", "poll-1": "poll", "process-0": "process", "process-1": "process", "sink-0": "sink"}
    processes = {name: world.start(role, name, config) for name, role in roles.items()}
    for p in processes.values():
        p.wait_ready(120)

    counts = {"SIGKILL": 0, "SIGSTOP": 0, "SIGTERM": 0, "broker": 0}
    for n in range(FAULTS):
        flow.publish_round()
        moment = time.monotonic() + choose.uniform(0.2, 1.5)
        until(lambda: time.monotonic() >= moment, "the chosen moment", 5, 0.02)
        name = choose.choice(list(processes))
        p = processes[name]
        if n == FAULTS // 2:
            counts["broker"] += 1
            world.broker.kill()
            world.broker.start()
            continue
        fault = choose.choice(["SIGKILL", "SIGKILL", "SIGSTOP", "SIGTERM"])
        counts[fault] += 1
        if fault == "SIGKILL":
            p.kill()
            p.start()
        elif fault == "SIGTERM":
            code = p.stop()
            assert code == 0, f"{name} ended with {code} on SIGTERM:\n{p.log()[-3000:]}"
            p.start()
        else:
            p.signal(signal.SIGSTOP)
            length = choose.choice([1.0, 8.0, 14.0])  # within, past the session, past the transaction time-out
            wake = time.monotonic() + length
            until(lambda: time.monotonic() >= wake, "the end of the pause", 20, 0.05)
            p.signal(signal.SIGCONT)
        for other_name, other in processes.items():
            if not other.alive():  # gave up after being fenced: a supervisor starts it again
                other.start()
    print("faults:", counts)
    assert sum(counts.values()) >= 30 or FAULTS < 30

    total = len(flow.articles)
    for name, p in processes.items():
        if not p.alive():
            p.start()
        p.wait_ready(120)
    wait_for(world, "items", total, 180)
    wait_for(world, "duplicates", len(flow.copies), 60)
    fetched, items, duplicates = expected.check_each_fetched_has_one_outcome(world)
    assert len(items) == total and len({r.value["id"] for r in items}) == total
    # Which of two that share a text is the story and which the copy depends on who was polled first; a poller that was
    # stopped comes late.
    heads = {r.value["title"] for r in items}
    shared = {a.title: e.title for a, e in flow.copies}
    assert sorted(shared.get(t, t) if t not in heads else t for t in (a.title for a, _ in flow.articles)) == sorted(heads)
    assert sorted(r.value["title"] for r in duplicates) == sorted(
        copy if original in heads else original for original, copy in shared.items())

    planted = sorted(shared.get(a.title, a.title) if a.title not in heads else a.title for a, _ in flow.articles if a.topics)
    wait_for(world, "flagged", len(planted), 60)
    flagged = world.read("flagged")
    assert sorted(r.value["title"] for r in flagged) == planted
    matches = len({(r.value["id"], m["topic"]) for r in flagged for m in r.value["matches"]})
    until(lambda: all(c == (total, len(flow.copies), matches) for c in expected.storage_counts(world)),
          lambda: f"storage {expected.storage_counts(world)}, want {(total, len(flow.copies), matches)}", 120)
    alerts = {(r.value["story"], m["topic"]) for r in flagged for m in r.value["matches"] if not m["shadow"]}
    until(lambda: len(set(world.receiver.ids())) >= len(alerts), lambda: f"{len(set(world.receiver.ids()))} of {len(alerts)} alerts", 120)
    expected.check_storage(world, items, duplicates, flagged)
    expected.check_alerts(world, flagged)
    for p in processes.values():
        assert p.stop() == 0


def test_two_pollers_and_two_processors_share_and_hand_over(world):
    flow = Flow(world, 77)
    flow.publish_opening()
    world.subscribe(flow.outlets, interval="300ms")
    a = {role: world.start(role, f"{role}-a") for role in ("poll", "process", "sink")}
    b = {role: world.start(role, f"{role}-b") for role in ("poll", "process")}
    for p in [*a.values(), *b.values()]:
        p.wait_ready()

    def share(p, stage):
        return p.metric("feedwatch_kafka_assigned_partitions", stage=stage)

    # Both pollers and both matchers hold partitions; dedup looks across all feeds, so one works and one stands by.
    until(lambda: share(a["poll"], "poll") == 3 and share(b["poll"], "poll") == 3,
          lambda: f"poll {share(a['poll'], 'poll')} + {share(b['poll'], 'poll')}", 60)
    until(lambda: share(a["process"], "match") == 3 and share(b["process"], "match") == 3, "match is shared", 60)
    until(lambda: share(a["process"], "dedup") + share(b["process"], "dedup") == 1, "dedup has one owner", 60)

    for _ in range(5):
        flow.publish_round()
        wait_for(world, "items", len(flow.articles), 60)
    for role in ("poll", "process"):
        owner = a if share(a["process"], "dedup") == 1 else b
        assert (owner if role == "process" else a)[role].stop() == 0
    for _ in range(5):
        flow.publish_round()
    survivors = [p for p in [*a.values(), *b.values()] if p.alive()]
    wait_for(world, "items", len(flow.articles), 120)
    fetched, items, duplicates = expected.check_each_fetched_has_one_outcome(world)
    assert sorted(r.value["title"] for r in items) == sorted(x.title for x, _ in flow.articles)
    assert len({r.value["id"] for r in items}) == len(items)
    for p in survivors:
        assert p.stop() == 0
