"""The commands that look inside, against a live broker: `tap`, `dead`, `check --connect`."""

import json
import subprocess
import threading

from support.stream import Stream
from support.wait import until

POISON = b"{not json"


def feedwatch(world, p, *args):
    return subprocess.run([world.binary, *args, "--config", p.config_path], cwd=world.folder, capture_output=True, text=True, timeout=60)


def test_dead_shows_a_poison_record_and_replays_it_to_where_it_came_from(world):
    stream = Stream(world, seed=93)
    p = world.start(config=world.config(storage=[]))
    p.wait_ready()
    world.broker.produce(world.prefix + "fetched", [("who", POISON)])
    stream.publish(1)
    stream.wait()
    until(lambda: len(world.read("dead")) == 1, "the poison is dead", 60, 0.3)
    origin = next(r for r in world.read("fetched") if r.raw == POISON)

    listed = feedwatch(world, p, "dead", "list")
    [line] = listed.stdout.splitlines()
    place = line.split()[0]
    for word in ("dedup", "malformed", f"fetched/{origin.partition}/{origin.offset}"):
        assert word in line, line
    assert feedwatch(world, p, "dead", "list", "--stage", "match").stdout == ""

    [shown] = [json.loads(x) for x in feedwatch(world, p, "dead", "show", place).stdout.splitlines()]
    assert shown["value"] == POISON.decode() and shown["key"] == "who"
    assert shown["headers"]["feedwatch.dlq.topic"] == world.prefix + "fetched"
    assert shown["headers"]["feedwatch.dlq.offset"] == str(origin.offset)
    assert shown["headers"]["feedwatch.dlq.reason"] == "malformed"

    assert feedwatch(world, p, "dead", "replay", "0:4711").returncode == 1
    assert feedwatch(world, p, "dead", "replay", place).returncode == 0
    # It is as bad as before: dead again, from its new place, and nothing else is held up.
    until(lambda: len(world.read("dead")) == 2, "it is dead again", 60, 0.3)
    again = [r for r in world.read("fetched") if r.raw == POISON][-1]
    assert (again.key, again.headers["feedwatch.replay"]) == ("who", place)
    assert {r.headers["feedwatch.dlq.offset"] for r in world.read("dead")} == {str(origin.offset), str(again.offset)}
    assert p.metric("feedwatch_dlq_records_total", stage="dedup", reason="malformed") == 2
    assert p.stop() == 0


def test_a_replayed_record_that_is_good_now_comes_out_once(world):
    stream = Stream(world, seed=94)
    stream.publish(1)
    p = world.start(config=world.config(storage=[]))
    p.wait_ready()
    stream.check()
    # As if dedup had refused a record that was good: its letter, written by hand.
    good = world.read("fetched")[0]
    value = dict(good.value, id="0" * 32, guid="by-hand", title="Comes later", text="Nothing like it was ever written before.")
    world.broker.produce(world.prefix + "dead", [(good.key, json.dumps(value).encode())],
                         headers={"feedwatch.dlq.topic": world.prefix + "fetched", "feedwatch.dlq.partition": "0",
                                  "feedwatch.dlq.offset": "0", "feedwatch.dlq.stage": "dedup", "feedwatch.dlq.reason": "malformed"})
    done = feedwatch(world, p, "dead", "replay", "--all")
    assert done.returncode == 0 and done.stdout.startswith("1 record"), done.stdout + done.stderr
    until(lambda: [r.value["title"] for r in world.read("items")].count("Comes later") == 1, "the item", 60, 0.3)
    # Once more is a repeat, which dedup knows.
    assert feedwatch(world, p, "dead", "replay", "--all").returncode == 0
    until(lambda: [r.value["title"] for r in world.read("duplicates")] == ["Comes later"], "the repeat", 60, 0.3)
    assert [r.value["title"] for r in world.read("items")].count("Comes later") == 1
    assert p.stop() == 0


def test_tap_prints_committed_records_and_follows(world):
    stream = Stream(world, seed=95)
    stream.publish(1)
    p = world.start(config=world.config(storage=[]))
    p.wait_ready()
    stream.check()
    done = feedwatch(world, p, "tap", "items", "--from", "beginning", "--limit", str(len(stream.articles)))
    lines = [json.loads(x) for x in done.stdout.splitlines()]
    assert done.returncode == 0 and sorted(x["value"]["title"] for x in lines) == sorted(a.title for a in stream.articles)
    records = {(r.partition, r.offset): r for r in world.read("items")}
    for x in lines:
        r = records[x["partition"], x["offset"]]
        assert (x["key"], x["value"], x["headers"]["feedwatch-schema"]) == (r.key, r.value, "feedwatch.items/1")

    with subprocess.Popen([world.binary, "tap", "items", "flagged", "--config", p.config_path, "--from", "beginning"],
                          cwd=world.folder, stdout=subprocess.PIPE, text=True) as tap:
        late = threading.Timer(60, tap.kill)
        late.start()
        try:
            seen = []
            while len([x for x in seen if x["topic"].endswith("items")]) < len(stream.articles):
                seen.append(json.loads(tap.stdout.readline()))
            stream.publish(1)  # while it waits
            while len([x for x in seen if x["topic"].endswith("items")]) < len(stream.articles):
                seen.append(json.loads(tap.stdout.readline()))
        finally:
            late.cancel()
            tap.terminate()
    assert p.stop() == 0


def test_tap_of_a_topic_that_is_not_there_says_so(world):
    world.subscribe([])
    p = world.start(config=world.config(storage=[]))
    p.wait_ready()
    assert p.stop() == 0
    world.broker.delete(world.prefix + "flagged")
    missing = feedwatch(world, p, "tap", "flagged", "--limit", "1")
    assert missing.returncode == 1 and world.prefix + "flagged" in missing.stderr
    wrong = feedwatch(world, p, "tap", "nonsense")
    assert wrong.returncode == 2 and "nonsense" in wrong.stderr


def test_check_connect_says_what_answers_and_what_does_not(world):
    world.subscribe([])
    p = world.start()
    p.wait_ready()
    assert p.stop() == 0
    fine = feedwatch(world, p, "check", "--connect")
    assert fine.returncode == 0, fine.stderr
    assert f"kafka {world.broker.bootstrap}: fine" in fine.stdout and "storage-postgres: fine" in fine.stdout
    config = world.config()
    config["storage"][1]["postgres"]["dsn"] = config["storage"][1]["postgres"]["dsn"].replace(f"port={world.postgres.port}", "port=1")
    config["kafka"]["brokers"] = "127.0.0.1:1"
    broken = world.start(command="check", name="broken", config=config)
    broken.process.wait(30)
    done = feedwatch(world, broken, "check", "--connect")
    assert done.returncode == 1
    assert "127.0.0.1:1" in done.stderr and "storage-postgres: " in done.stderr and "storage-sqlite: fine" in done.stdout
    assert world.postgres.password not in done.stdout + done.stderr
