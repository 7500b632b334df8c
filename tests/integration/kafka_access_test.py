"""A right that is denied ends the process with a message that names the topic or the group, and loses nothing."""

import os

import pytest

from support.broker import Broker
from support.stream import Stream
from support.wait import until


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    source = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
    b = Broker(source, tmp_path_factory.mktemp("kafka-acl"),
               properties={"authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                           "allow.everyone.if.no.acl.found": "true"})
    yield b
    b.stop()


DENIED = [
    ("TOPIC", "items", "DESCRIBE"),
    ("TOPIC", "items", "WRITE"),
    ("TOPIC", "items", "READ"),
    ("TOPIC", "polls", "READ"),
    ("GROUP", "dedup", "READ"),
    ("TRANSACTIONAL_ID", "dedup-run", "WRITE"),
]


@pytest.mark.parametrize("kind, name, operation", DENIED, ids=["-".join(d).lower() for d in DENIED])
def test_a_denied_right_is_named(world, kind, name, operation):
    stream = Stream(world, seed=89)
    config = world.config(storage=[{"sqlite": {"path": world.sqlite}}])
    p = world.start(config=config)
    p.wait_ready()
    assert p.stop() == 0
    world.broker.deny(kind, world.prefix + name, operation)
    stream.publish()
    p.start()
    until(lambda: not p.alive(), lambda: f"the process ends; log:\n{p.log()[-3000:]}", 30)
    errors = [line for line in p.log().splitlines() if " error " in line]
    assert p.process.returncode == 1
    assert any(world.prefix + name in e and "AUTHORIZATION_FAILED" in e for e in errors), errors
    world.broker.allow(kind, world.prefix + name, operation)
    p.start()
    stream.check()
    assert p.stop() == 0
