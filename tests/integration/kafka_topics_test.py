"""Topics that change under a running pipeline: more partitions, deleted, recreated, truncated."""

import expected
import pytest

from support.stream import Stream
from support.wait import until

CLIENT = {"session.timeout.ms": "6000", "heartbeat.interval.ms": "1000", "topic.metadata.refresh.interval.ms": "1000"}


def config(world, **client):
    c = world.config(storage=[{"sqlite": {"path": world.sqlite}}])
    c["kafka"]["client"] = {**CLIENT, **client}
    return c


def started(world, seed, **more):
    stream = Stream(world, seed=seed)
    stream.publish()
    p = world.start(config=config(world) | more)
    p.wait_ready()
    stream.check()
    return stream, p


def ended(p):
    until(lambda: not p.alive(), lambda: f"the process ends; log:\n{p.log()[-3000:]}", 30)
    return p.process.returncode


def test_more_partitions_of_items_lose_and_repeat_nothing(world):
    stream, p = started(world, 86)
    world.broker.grow(world.prefix + "items", 10)
    until(lambda: p.metric("feedwatch_kafka_assigned_partitions", stage="match") == 10, "match takes them", 60)
    stream.publish(5)
    stream.check()
    assert {r.partition for r in world.read("items")} & {6, 7, 8, 9}, "the new partitions are not used"
    assert p.stop() == 0


@pytest.mark.parametrize("topic, state", [("feeds", "polls"), ("fetched", "seen"), ("flagged", "deliveries")])
def test_more_partitions_of_a_topic_with_state_are_refused_in_words(world, topic, state):
    _, p = started(world, 87)
    world.broker.grow(world.prefix + topic, 10)
    assert ended(p) == 1
    assert f"{world.prefix}{state} has no partition" in p.log() and "topic_prefix" in p.log()


def test_a_deleted_topic_ends_the_process_and_so_does_one_that_is_made_anew_and_empty(world):
    stream, p = started(world, 88)
    world.broker.delete(world.prefix + "items")
    stream.publish(1)
    assert ended(p) == 1
    assert f"reading {world.prefix}items" in p.log()
    # Created anew it is empty: the store had read further, and says so instead of waiting for its old place.
    p.start()
    assert ended(p) == 1
    log = p.log()[p.log_start:]
    assert f"created, empty topic={world.prefix}items" in log
    assert "records that this stage has not read are gone" in log and "auto.offset.reset" in log


def test_a_deleted_output_topic_is_blamed_on_no_record(world):
    stream = Stream(world, seed=89)
    stream.publish()
    # Not told at once that the topic is gone, the producer tries and fails for a while.
    slow = config(world, **{"topic.metadata.refresh.interval.ms": "15000"})
    p, poll = [world.start(role, config=slow) for role in ("process", "poll")]
    stream.check(alerts=False)
    world.broker.delete(world.prefix + "duplicates")
    first, second = stream.outlets[:2]
    copy = second.entry(stream.articles[0], guid="copy", title="As others see it")
    copy.link = f"{second.site}/copy"
    stream.entries[second.path].append(copy)
    stream.publish(1)
    assert ended(p) == 1
    assert f"{world.prefix}duplicates" in p.log()
    p.start()
    stream.wait()
    until(lambda: [r.value["title"] for r in world.read("duplicates")] == ["As others see it"], "the copy", 60, 0.3)
    assert world.read("dead") == []
    assert p.stop() == 0 and poll.stop() == 0


def test_records_that_were_deleted_unread_are_never_skipped_in_silence(world):
    stream = Stream(world, seed=96)
    stream.publish()
    p, poll = [world.start(role, config=config(world)) for role in ("process", "poll")]
    stream.check(alerts=False)
    assert p.stop() == 0
    stream.publish(3)
    until(lambda: len(world.read("fetched")) == len(stream.articles), "the poller publishes", 60, 0.3)
    world.broker.truncate(world.prefix + "fetched")
    p.start()
    assert ended(p) == 1
    assert f"reading {world.prefix}fetched" in p.log() and "records that this stage has not read are gone" in p.log()
    assert poll.stop() == 0


def test_records_that_were_read_may_be_deleted_and_a_restart_goes_on(world):
    stream, p = started(world, 97)
    until(lambda: p.metric("feedwatch_kafka_consumer_lag_records") == 0, "everything is read", 60)
    assert p.stop() == 0
    for topic in ("fetched", "items", "flagged", "dead"):
        world.broker.truncate(world.prefix + topic)  # what ends each transaction goes along
    first = len(stream.articles)
    p.start()
    p.wait_ready()
    stream.publish(1)
    new = sorted(a.title for a in stream.articles[first:])
    until(lambda: sorted(r.value["title"] for r in world.read("items")) == new, "the new articles", 60, 0.3)
    until(lambda: len(expected.sqlite_rows(world.sqlite, "SELECT id FROM items")) == len(stream.articles), "all are stored", 60)
    assert p.stop() == 0


def test_wiped_state_costs_repeats_under_the_same_ids_and_no_second_alert(world):
    stream, p = started(world, 95, storage=[])
    before = world.read("items")
    assert p.stop() == 0
    alerts = len(world.receiver.accepted)

    def again(topics, into, count):
        for topic in topics:
            world.broker.set_topic(world.prefix + topic, cleanup_policy="delete")  # a compacted one refuses it
            world.broker.truncate(world.prefix + topic)
            world.broker.set_topic(world.prefix + topic, cleanup_policy="compact")
        p.start()
        p.wait_ready()
        until(lambda: len(world.read(into)) == count, lambda: f"{into}: {len(world.read(into))} of {count}", 60, 0.3)
        polls = world.feeds.count(stream.outlets[0].path).requests
        until(lambda: world.feeds.count(stream.outlets[0].path).requests > polls + 2, "polled again", 30)
        assert p.stop() == 0
        assert len(world.receiver.accepted) == alerts and world.read("dead") == []

    # The poller reads all as new; dedup knows it.
    again(["polls"], "duplicates", len(before))
    assert len(world.read("items")) == len(before)
    # Dedup has forgotten as well.
    again(["polls", "seen"], "items", 2 * len(before))
    assert {r.value["id"] for r in world.read("items")} == {r.value["id"] for r in before}
