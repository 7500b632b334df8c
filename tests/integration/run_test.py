"""`feedwatch run` and the roles, as an operator handles them: signals, reloads, hanging peers, scrapers."""

import concurrent.futures
import os
import signal
import socket
import threading
import time
import urllib.request

import psycopg
import pytest

from support.stream import Stream
from support.wait import until


def only_sqlite(world):
    return world.config(storage=[{"sqlite": {"path": world.sqlite}}])


def reloaded(p):
    return p.metric("feedwatch_config_last_reload_successful")


def test_a_bad_configuration_on_sighup_changes_nothing_until_it_is_mended(world):
    stream = Stream(world, seed=122)
    p = world.start(config=only_sqlite(world))
    p.wait_ready()
    assert reloaded(p) == 1
    good = open(p.config_path).read()
    for bad in (good + "\nnonsense: 1\n", good.replace("feeds.yaml", "missing.yaml"), "kafka: [\n"):
        open(p.config_path, "w").write(bad)
        p.signal(signal.SIGHUP)
        until(lambda: reloaded(p) == 0, "the refusal is shown", 10)
        stream.publish(1)
        stream.check()
        open(p.config_path, "w").write(good)
        p.signal(signal.SIGHUP)
        until(lambda: reloaded(p) == 1, "the mended one is taken", 10)
    assert "unknown key nonsense" in p.log() and "missing.yaml" in p.log()
    assert p.stop() == 0


def test_sighup_takes_new_feeds_on_and_drops_removed_ones(world):
    stream = Stream(world, feeds=3, seed=123)
    first, second, third = stream.outlets
    world.subscribe([first, second])
    stream.publish()
    p = world.start(config=only_sqlite(world))
    p.wait_ready()
    until(lambda: len(world.read("items")) == 4, "the first two feeds", 60, 0.3)
    assert world.feeds.count(third.path).requests == 0
    world.subscribe([second, third])
    p.signal(signal.SIGHUP)
    stream.wait()
    until(lambda: p.metric("feedwatch_feeds") == 2, lambda: f"{p.metric('feedwatch_feeds')} feeds", 30)
    polled = world.feeds.count(first.path).requests
    others = world.feeds.count(third.path).requests
    until(lambda: world.feeds.count(third.path).requests > others + 5, "the new one is polled on and on", 30)
    assert world.feeds.count(first.path).requests == polled
    assert reloaded(p) == 1 and p.stop() == 0


def test_a_changed_topics_file_is_taken_without_a_signal_and_a_broken_one_is_not(world):
    stream = Stream(world, seed=124)
    p = world.start(config=only_sqlite(world))
    p.wait_ready()
    stream.publish(1)
    stream.check()
    topics = os.path.join(world.folder, "topics.yaml")
    good = open(topics).read()
    open(topics, "w").write("topics:\n  - { id: broken, query: '(a AND' }\n")
    until(lambda: reloaded(p) == 0, "the broken one is refused", 10)
    assert p.metric("feedwatch_match_rules") == 3
    word = "dirigible"  # in no other article
    open(topics, "w").write(good + f"  - id: new-one\n    query: '{word}'\n")
    until(lambda: reloaded(p) == 1, "the mended one is taken", 10)
    stream.articles.append(stream.writer.article())
    stream.articles[-1].title += f" {word}"
    outlet = stream.outlets[0]
    stream.entries[outlet.path].append(outlet.entry(stream.articles[-1]))
    stream.publish(1)
    until(lambda: [r.value["title"] for r in world.read("flagged") for m in r.value["matches"] if m["topic"] == "new-one"]
          == [a.title for a in stream.articles if word in a.title], "the new topic flags", 60, 0.3)
    assert p.metric("feedwatch_match_rules") == 4
    assert p.stop() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_ends_at_once(world, number):
    stream = Stream(world, seed=125)
    with Hanging() as hook:
        p = world.start(config=with_hook(world, hook.url))
        p.wait_ready()
        stream.publish(5)
        until(lambda: hook.connections > 0, "an alert is under way", 60)
        p.signal(number)
        until(lambda: "stopping" in p.log(), "it stops", 10)
        assert p.alive()
        p.signal(number)
        begun = time.monotonic()
        assert p.process.wait(5) == 1
        assert time.monotonic() - begun < 2 and "second time" in p.log()


class Hanging:
    """A receiver that takes connections and never answers."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/hook"
        self.connections, self.kept = 0, []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                self.kept.append(self.listener.accept()[0])
                self.connections += 1
            except OSError:
                return

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()
        for s in self.kept:
            s.close()


def with_hook(world, url, **more):
    config = world.config(storage=[{"sqlite": {"path": world.sqlite}}], **more)
    config["alerts"]["channels"][0]["url"] = url
    return config


def test_shutdown_timeout_is_kept_while_a_webhook_hangs(world):
    stream = Stream(world, seed=126)
    with Hanging() as hook:
        p = world.start(config=with_hook(world, hook.url, shutdown_timeout="5s"))
        p.wait_ready()
        stream.publish(5)
        until(lambda: hook.connections > 0, "an alert is under way", 60)
        begun = time.monotonic()
        code = p.stop()
        assert time.monotonic() - begun < 6, f"{time.monotonic() - begun:.1f} s"
        assert code == 0
    p = world.start(name="again", config=only_sqlite(world) | {"instance": "run"})
    stream.check()  # what was under way is sent again, under its own id
    assert p.stop() == 0


def test_shutdown_timeout_is_kept_while_postgres_hangs(world):
    stream = Stream(world, seed=127)
    config = world.config(shutdown_timeout="5s")
    config["kafka"]["client"] = {"session.timeout.ms": "6000", "heartbeat.interval.ms": "1000"}
    p = world.start(config=config)
    p.wait_ready()
    stream.publish(1)
    stream.check()
    with psycopg.connect(world.postgres.dsn(world.database, password=True)) as holder:
        holder.execute("LOCK TABLE items IN ACCESS EXCLUSIVE MODE")
        stream.publish(1)
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
        until(lambda: world.postgres.query("postgres", waiting, world.database)[0][0] > 0, "a write waits for the lock", 60)
        begun = time.monotonic()
        assert p.stop() == 1  # not everything was in order
        assert time.monotonic() - begun < 6, f"{time.monotonic() - begun:.1f} s"
    p.start()
    stream.check()
    until(lambda: world.postgres.query(world.database, "SELECT count(*) FROM items")[0][0] == len(stream.articles), "the rows", 60)
    assert p.stop() == 0


def test_a_hundred_scrapes_at_once_and_a_slow_reader_hold_nothing_up(world):
    stream = Stream(world, seed=128)
    p = world.start(config=only_sqlite(world))
    p.wait_ready()
    host, port = p.base().removeprefix("http://").split(":")
    slow = []
    for _ in range(20):
        s = socket.create_connection((host, int(port)))
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        s.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n" * 3)  # and never reads
        slow.append(s)

    def scrape(_):
        with urllib.request.urlopen(p.base() + "/metrics", timeout=20) as r:
            return r.status, "feedwatch_feeds" in r.read().decode()

    with concurrent.futures.ThreadPoolExecutor(100) as pool:
        for _ in range(3):
            stream.publish(1)
            assert set(pool.map(scrape, range(100))) == {(200, True)}
    stream.check()
    for s in slow:
        s.close()
    assert p.stop() == 0


def test_show_prints_flagged_items_with_the_words_that_raised_them(world):
    stream = Stream(world, seed=129)
    p = world.start(command=["run", "--show"], name="run", config=only_sqlite(world))
    p.wait_ready()
    stream.publish()
    stream.check()
    planted = [a.title for a in stream.articles if a.topics]
    until(lambda: all(t in p.log() for t in planted), "they are shown", 30)
    assert "grid-failure: power cut" in p.log() and "copies joined so far" in p.log()
    assert p.stop() == 0
