"""`brokers: embedded`: a restart, also by SIGKILL, repeats no row and no alert, and loses nothing."""

import os
import random
import signal
import sqlite3
import subprocess

import expected
import pytest
from pipeline_test import Newsroom
from support.wait import until


def embedded(world):
    config = world.config()
    config["kafka"] = {"brokers": "embedded"}
    config["storage"] = [{"sqlite": {"path": world.sqlite}}]
    return config


def rows(world, query):
    try:
        return expected.sqlite_rows(world.sqlite, query)
    except sqlite3.OperationalError:  # not created yet
        return []


def count(world, table):
    found = rows(world, f"SELECT count(*) FROM {table}")
    return found[0][0] if found else 0


def polled_again(world, news, times=2):
    before = {o.path: world.feeds.count(o.path).requests for o in news.outlets}
    until(lambda: all(world.feeds.count(p).requests >= n + times for p, n in before.items()), "polled again", 60)


def check(world, news):
    titles = sorted(t for (t,) in rows(world, "SELECT title FROM items"))
    assert titles == sorted(a.title for articles in news.articles.values() for a in articles)
    want = {(a.title, topic) for articles in news.articles.values() for a in articles for topic in a.topics}
    got = rows(world, "SELECT items.title, matches.topic FROM matches JOIN items ON items.id = matches.item_id "
                      "WHERE matches.topic <> 'shadowed'")
    assert sorted(got) == sorted(want)
    assert world.receiver.unverified == []
    alerted = [(e["body"]["title"], e["id"]) for e in world.receiver.accepted]
    assert {t for t, _ in alerted} == {t for t, _ in want}
    return alerted


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL], ids=["SIGTERM", "SIGKILL"])
def test_a_restart_repeats_nothing_and_loses_nothing(world, end):
    news = Newsroom(count=6, articles_each=20, seed=11)
    news.publish(world)
    world.subscribe(news.outlets)
    p = world.start(config=embedded(world))
    p.wait_ready()
    if end == signal.SIGTERM:
        until(lambda: count(world, "items") >= 120, lambda: f"{count(world, 'items')} of 120 items", 60)
        until(lambda: len(world.receiver.accepted) >= 24, lambda: f"{len(world.receiver.accepted)} of 24 alerts", 60)
        assert p.stop() == 0
    else:
        p.kill()  # somewhere in the middle
    p.start()
    p.wait_ready()
    until(lambda: count(world, "items") >= 120, lambda: f"{count(world, 'items')} of 120 items", 60)
    until(lambda: len(world.receiver.accepted) >= 24, lambda: f"{len(world.receiver.accepted)} of 24 alerts", 60)
    polled_again(world, news)
    alerted = check(world, news)
    if end == signal.SIGTERM:
        assert len(alerted) == 24, "an alert was sent twice"
    else:  # at least once: what was under way when the process died may be sent again, under its own id
        assert len({i for _, i in alerted}) == 24
    assert p.stop() == 0


def test_twenty_kills_in_a_row(world):
    choose = random.Random(int(os.environ.get("FEEDWATCH_CHAOS_SEED", "4")))
    news = Newsroom(count=4, articles_each=25, seed=12)
    everything = {o.path: list(news.entries[o.path]) for o in news.outlets}
    world.subscribe(news.outlets, interval="100ms")
    for o in news.outlets:
        news.entries[o.path] = everything[o.path][:5]
    news.publish(world)
    p = world.start(config=embedded(world))
    for n in range(20):
        for o in news.outlets:
            news.entries[o.path] = everything[o.path][:6 + n]
        news.publish(world)
        before = world.feeds.count(news.outlets[0].path).requests
        until(lambda: world.feeds.count(news.outlets[0].path).requests > before, "a poll", 30, 0.01)
        moment = choose.uniform(0, 0.3)
        import time
        end = time.monotonic() + moment
        until(lambda: time.monotonic() >= end, "the chosen moment", 5, 0.01)
        p.kill()
        p.start()
    p.wait_ready()
    until(lambda: count(world, "items") >= 100, lambda: f"{count(world, 'items')} of 100 items", 90)
    until(lambda: len(set(world.receiver.ids())) >= 20, lambda: f"{len(set(world.receiver.ids()))} of 20 alerts", 90)
    polled_again(world, news)
    check(world, news)
    assert count(world, "items") == 100
    assert p.stop() == 0


def test_a_full_disk_under_state_dir_is_waited_out_and_loses_nothing(world):
    """The state lies on a file system of its own, whose ballast goes once it has been full."""
    state = os.path.join(world.folder, "state")
    os.makedirs(state)
    script = f'mount -t tmpfs -o size=40m tmpfs {state} && head -c 41400000 /dev/zero > {state}/ballast && exec "$@"'
    wrapper = ["unshare", "--mount", "--map-root-user", "sh", "-c", script, "sh"]
    if subprocess.run([*wrapper, "true"], capture_output=True).returncode != 0:
        pytest.skip("this machine lets nobody mount a file system")
    news = Newsroom(count=6, articles_each=40, seed=13)
    news.publish(world)
    world.subscribe(news.outlets)
    p = world.start(config=embedded(world), wrapper=wrapper)
    until(lambda: "disk is full" in p.log(), lambda: f"the disk is full; log:\n{p.log()[-2000:]}", 60)
    assert p.alive()
    os.remove(f"/proc/{p.process.pid}/root{state}/ballast")
    until(lambda: count(world, "items") >= 240, lambda: f"{count(world, 'items')} of 240 items", 60)
    until(lambda: len(set(world.receiver.ids())) >= 48, lambda: f"{len(set(world.receiver.ids()))} of 48 alerts", 60)
    assert len(check(world, news)) == 48
    assert p.stop() == 0
