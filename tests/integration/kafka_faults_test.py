"""A real broker that goes away, and processes that are stopped, join and leave while items flow: nothing is lost, nothing
comes twice."""

import signal
import time

from support.stream import Stream
from support.wait import until

# Short time-outs, so that the broker gives up on a stopped process within the test.
QUICK = {"session.timeout.ms": "6000", "heartbeat.interval.ms": "1000", "transaction.timeout.ms": "6000"}


def config(world, **client):
    c = world.config(storage=[{"sqlite": {"path": world.sqlite}}])
    c["kafka"]["client"] = {**QUICK, **client}
    return c


def test_a_process_that_is_stopped_inside_a_transaction_past_every_timeout_recovers_alone(world):
    stream = Stream(world, seed=78)
    p = world.start(config=config(world))
    p.wait_ready()
    stream.publish()
    stream.wait()
    topics = [world.prefix + t for t in ("polls", "fetched", "items", "duplicates", "seen")]

    def stopped_inside():
        stream.publish(1)
        p.signal(signal.SIGSTOP)
        if all(world.broker.open_transactions(*topics) for _ in range(10)):  # one that is being committed ends at once
            return True
        p.signal(signal.SIGCONT)
        return False

    until(stopped_inside, "stopped with a transaction open", 60, 0)
    until(lambda: not world.broker.open_transactions(*topics), "the broker aborts the transaction", 60, 0.5)
    until(lambda: not any(world.broker.members(world.prefix + s) for s in ("poll", "dedup", "match", "alerts")),
          "the groups are empty", 30, 0.5)
    stream.publish(1)
    p.signal(signal.SIGCONT)
    stream.check(90)
    assert p.alive() and p.metric("feedwatch_kafka_fenced_total") >= 1
    p.wait_ready()
    assert p.stop() == 0


def test_an_outage_of_all_brokers_is_shown_and_made_up_for(world):
    stream = Stream(world, seed=84)
    roles = [world.start(role, config=config(world)) for role in ("poll", "process", "sink")]
    for p in roles:
        p.wait_ready()
    stream.publish()
    stream.check()
    world.broker.kill()
    try:
        stream.publish(5)
        check_outage(world, stream, roles)
    finally:
        world.broker.start()
    stream.check(120)
    for p in roles:
        p.wait_ready()
        assert p.stop() == 0


def check_outage(world, stream, roles):
    for p in roles:
        until(lambda: p.get("/readyz")[0] == 503, lambda: f"{p.name} says that it is not ready: {p.get('/readyz')}", 20)
        assert world.broker.bootstrap in p.get("/readyz")[1]

    def fetches_stand_still():
        def count():
            return sum(world.feeds.count(o.path).requests for o in stream.outlets)
        before, end = count(), time.monotonic() + 5  # 25 intervals
        until(lambda: time.monotonic() > end, "five seconds", 10, 0.2)
        return count() == before

    until(fetches_stand_still, "nothing is fetched any more that could not be written", 40, 0)
    assert all(p.alive() and p.get("/healthz")[0] == 200 for p in roles)


def test_a_rebalance_every_two_seconds_loses_and_repeats_nothing(world):
    stream = Stream(world, seed=92)
    stays = [world.start(role, config=config(world)) for role in ("poll", "process", "sink")]
    for p in stays:
        p.wait_ready()
    comes = world.start("process", "guest", config(world))
    before = stays[1].metric("feedwatch_kafka_rebalances_total", stage="match")
    for n in range(10):
        end = time.monotonic() + 2
        until(lambda: stream.publish(1) or time.monotonic() > end, "", 20, 0.2)
        if comes.alive():
            comes.kill() if n % 4 == 0 else comes.stop()
        else:
            comes.start()
    assert stays[1].metric("feedwatch_kafka_rebalances_total", stage="match") >= before + 5
    stream.check(90)
    for p in [*stays, comes]:
        p.stop()


def test_positions_pass_what_ends_the_transactions_of_a_quiet_topic_within_about_a_minute(world):
    stream = Stream(world, seed=97)
    p = world.start(config=config(world))
    p.wait_ready()
    stream.publish()
    stream.check()
    inputs = {"dedup": "fetched", "match": "items", "alerts": "flagged"}

    def behind():
        found = set()
        for stage, topic in inputs.items():
            committed = world.broker.committed(world.prefix + stage, world.prefix + topic)
            ends = world.broker.ends(world.prefix + topic)
            found |= {(stage, n, committed.get(n), end) for n, end in ends.items() if end and committed.get(n) != end}
        return found

    assert {stage for stage, *_ in behind()} >= {"dedup", "match"}, "a topic does not end with what ended its last transaction"
    until(lambda: not behind(), lambda: f"(stage, partition, committed, end): {behind()}", 75, 1)
    assert p.stop() == 0
