"""Leaders and coordinators that move between three real brokers while items flow: nothing is lost, nothing comes twice."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.cluster import Cluster
from support.stream import Stream
from support.wait import until


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    c = Cluster(os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..")), tmp_path_factory.mktemp("kafka-cluster"))
    yield c
    c.stop()


def test_leaders_and_coordinators_that_move_lose_and_repeat_nothing(world):
    config = world.config(storage=[{"sqlite": {"path": world.sqlite}}])
    config["kafka"]["replication_factor"] = 3
    stream = Stream(world, seed=83)
    roles = [world.start(role, config=config) for role in ("poll", "process", "sink")]
    for p in roles:
        p.wait_ready()
    stream.publish()
    stream.wait()
    cluster, groups = world.broker, [world.prefix + s for s in ("poll", "dedup", "match", "alerts")]
    cluster.wait_in_sync(world.prefix)
    now, seen = {}, {}  # (topic, partition) or group: its node

    def look():
        """Who leads or coordinates something; notes what."""
        now.update({**cluster.leaders(world.prefix), **{g: cluster.coordinator(g) for g in groups}})
        for what, node in now.items():
            seen.setdefault(what, set()).add(node)
        return set(now.values())

    def meanwhile(condition, what):
        until(lambda: stream.publish(1) or condition(), what, 60, 0.3)

    def without(n, end):
        end()
        others = cluster.nodes.keys() - {n}
        meanwhile(lambda: look() <= others,
                  lambda: f"others take over from {n}: {[(what, at) for what, at in now.items() if at not in others]}")

    def back(n):
        with ThreadPoolExecutor(1) as pool:
            started = pool.submit(cluster.nodes[n].start)
            meanwhile(started.done, f"{n} starts")
            started.result()
        cluster.wait_in_sync(world.prefix)

    look()
    without(1, cluster.nodes[1].stop)
    back(1)
    without(2, cluster.nodes[2].kill)
    back(2)
    cluster.elect_preferred()
    meanwhile(lambda: look() >= {1, 2, 3}, "the leaders are spread again")
    without(3, cluster.nodes[3].kill)
    stream.check(90)
    unmoved = [what for what, nodes in seen.items() if len(nodes & cluster.nodes.keys()) < 2]
    assert unmoved == []
    for p in roles:
        p.wait_ready()
        assert p.stop() == 0
