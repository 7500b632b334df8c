import hashlib
import os
import re

import pytest
import yaml

from support.broker import Broker
from support.content import TOPICS
from support.feed_server import FeedServer
from support.postgres import Postgres
from support.process import Feedwatch
from support.receiver import SECRET, Receiver

SOURCE = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))


@pytest.fixture(scope="session")
def binary():
    path = os.environ.get("FEEDWATCH_BIN") or os.path.join(SOURCE, "build", "dev", "app", "feedwatch")
    assert os.access(path, os.X_OK), f"{path} is not there; build it or set FEEDWATCH_BIN"
    return path


@pytest.fixture(scope="session")
def broker(tmp_path_factory):
    b = Broker(SOURCE, tmp_path_factory.mktemp("kafka"))
    yield b
    b.stop()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    folder = tmp_path_factory.mktemp("postgres")
    if os.geteuid() == 0:  # the server's own user must reach its folder
        for parent in (folder, *folder.parents):
            if str(parent).startswith(os.path.realpath("/tmp") + "/") or parent == folder:
                os.chmod(parent, 0o755)
    p = Postgres(folder)
    yield p
    p.close()


@pytest.fixture
def feeds():
    s = FeedServer()
    yield s
    s.close()


@pytest.fixture
def receiver():
    r = Receiver()
    yield r
    r.close()


class World:
    """One test's pipeline: its own topic prefix, databases, folders and processes."""

    def __init__(self, name, binary, broker, postgres, feeds, receiver, folder):
        self.binary, self.broker, self.postgres, self.feeds, self.receiver, self.folder = (
            binary, broker, postgres, feeds, receiver, str(folder))
        unique = hashlib.sha256(name.encode()).hexdigest()[:8]
        self.prefix = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] + f"-{unique}."
        self.database = postgres.create(re.sub(r"[^a-z0-9]+", "_", name.lower())[:40] + "_" + unique)
        self.sqlite = os.path.join(self.folder, "feedwatch.db")
        self.processes = []
        self.write("topics.yaml", TOPICS)
        self.write("hook.secret", SECRET, 0o600)
        self.write("pg.secret", postgres.password, 0o600)

    def write(self, name, text, mode=0o644):
        path = os.path.join(self.folder, name)
        with open(path, "w") as f:
            f.write(text)
        os.chmod(path, mode)
        return path

    def subscribe(self, outlets, interval="200ms", first_fetch="all"):
        """Writes feeds.yaml: the outlets, polled that often."""
        self.write("feeds.yaml", yaml.safe_dump({"feeds": [
            {"url": self.feeds.url(o.path), "title": o.name, "publisher": o.name, "first_fetch": first_fetch,
             "interval": {"min": interval, "start": interval, "max": interval}} for o in outlets]}))

    def config(self, **more):
        base = {
            "kafka": {"brokers": self.broker.bootstrap, "topic_prefix": self.prefix, "partitions": 6},
            "state_dir": os.path.join(self.folder, "state"),
            "feeds": {"files": [os.path.join(self.folder, "feeds.yaml")]},
            "topics": {"files": [os.path.join(self.folder, "topics.yaml")]},
            "storage": [{"sqlite": {"path": self.sqlite}},
                        {"postgres": {"dsn": self.postgres.dsn(self.database),
                                      "password_file": os.path.join(self.folder, "pg.secret")}}],
            "alerts": {"channels": [{"name": "ops", "type": "generic", "url": self.receiver.url,
                                     "secret_file": os.path.join(self.folder, "hook.secret")}]},
            "http": {"listen": "127.0.0.1:0"},
            "network": {"allow": ["127.0.0.0/8"]},
        }
        base.update(more)
        return base

    def start(self, command="run", name=None, config=None, wrapper=()):
        p = Feedwatch(self.binary, command, self.folder, config or self.config(), name, wrapper=wrapper)
        self.processes.append(p)
        return p

    def read(self, topic):
        return self.broker.read(self.prefix + topic)

    def close(self, failed):
        for p in self.processes:
            p.kill()
            if failed:
                print(f"--- log of {p.name}\n{p.log()[-6000:]}")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    if call.when == "call":
        item.failed_in_call = outcome.get_result().failed


@pytest.fixture
def world(request, binary, broker, postgres, feeds, receiver, tmp_path):
    w = World(request.node.name, binary, broker, postgres, feeds, receiver, tmp_path)
    yield w
    w.close(getattr(request.node, "failed_in_call", True))
