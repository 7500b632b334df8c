"""WebSub against a hub that is not ours, over real HTTP and a real Kafka: subscribed, verified, delivered once, renewed, polled
again when the hub falls silent, and left."""

import hashlib
import hmac
import signal
import time
import urllib.error
import urllib.request

import pytest
import yaml
from support.content import Writer, outlets
from support.feed_server import page
from support.hub import Hub, free_port
from support.wait import until

KEY = "push-key-marker-6f1d2c3b4a5e"


@pytest.fixture
def hub(tmp_path):
    h = Hub(tmp_path / "hub")
    yield h
    h.close()


class Publisher:
    """One feed that names the hub."""

    def __init__(self, world, hub, seed=5):
        self.world, self.hub = world, hub
        [self.outlet], self.writer = outlets(1), Writer(seed)
        self.topic = world.feeds.url(self.outlet.path)
        self.entries = []

    def write(self, tell_hub):
        entry = self.outlet.entry(self.writer.article())
        self.entries.append(entry)
        self.put()
        if tell_hub:
            self.hub.publish(self.topic)
        return entry

    def put(self):
        p = page(self.outlet.kind, self.outlet.name, self.outlet.site, self.entries)
        p.headers = self.hub.links(self.topic)
        self.world.feeds.put(self.outlet.path, p)

    def subscribe(self, low, high, feeds=1):
        self.world.write("feeds.yaml", yaml.safe_dump({"feeds": [
            {"url": self.topic, "title": self.outlet.name, "publisher": "p", "first_fetch": "all",
             "interval": {"min": low, "start": low, "max": high}}][:feeds]}))

    def titles(self):
        return [r.value["title"] for r in self.world.read("fetched")]


def config(world, port, lease="10d", **more):
    world.write("push.secret", KEY, 0o600)
    return world.config(storage=[], alerts={"channels": []}, http={"listen": f"127.0.0.1:{port}"},
                        push={"public_url": f"http://127.0.0.1:{port}/", "secret_file": f"{world.folder}/push.secret", "lease": lease},
                        **more)


def start(world, role="poll", lease="10d", name=None):
    port = free_port()
    p = world.start(role, name=name, config=config(world, port, lease))
    p.wait_ready()
    p.callback_base = f"http://127.0.0.1:{port}/"
    return p


def subscribed(hub, p):
    """The hub's view of the subscription of this process."""
    def find():
        return [s for s in hub.subscriptions() if s[1].startswith(p.callback_base)]
    return until(find, lambda: f"subscribed: {hub.subscriptions()}\n{hub.log()}\n{p.log()[-2000:]}", 30)[0]


def active(p):
    until(lambda: p.metric("feedwatch_push_subscriptions", state="active") == 1, lambda: p.log()[-2000:], 30)


def deliver(callback, body, secret=None, **headers):
    request = urllib.request.Request(callback, body, headers={"Content-Type": "application/rss+xml", **headers})
    if secret:
        request.add_header("X-Hub-Signature", "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest())
    try:
        with urllib.request.urlopen(request, timeout=30) as r:
            return r.status
    except urllib.error.HTTPError as e:
        return e.code


def test_an_item_is_delivered_once_and_a_forged_one_never(world, hub):
    news = Publisher(world, hub)
    first = news.write(tell_hub=False)
    news.subscribe("1h", "6h")
    p = start(world, "run")
    topic, callback, secret, _ = subscribed(hub, p)
    active(p)
    assert topic == news.topic and len(secret) < 200
    polls = world.feeds.count(news.outlet.path).requests

    second = news.write(tell_hub=True)
    until(lambda: second.title in news.titles(), lambda: f"{news.titles()}\n{hub.log()}", 30)
    assert world.feeds.count(news.outlet.path).requests == polls + 1, "the hub alone has asked the feed"

    # As the hub would, so that nothing but us takes time.
    third = news.outlet.entry(news.writer.article())
    body = page(news.outlet.kind, news.outlet.name, news.outlet.site, [third]).body
    began = time.monotonic()
    assert deliver(callback, body, secret) == 204
    took = time.monotonic() - began
    assert third.title in news.titles(), "acknowledged, so it is committed"
    print(f"committed and acknowledged after {took * 1000:.0f} ms")
    assert took < 1
    assert deliver(callback, body, secret) == 204  # a replay

    forged = page("rss", "x", "https://x.example", [news.outlet.entry(news.writer.article(), title="Forged")]).body
    assert deliver(callback, forged) == 403
    assert deliver(callback, forged, "another secret") == 403
    assert deliver(callback, forged, **{"X-Hub-Signature": "sha1=" + "0" * 40}) == 403
    assert deliver(callback[:-1] + ("a" if callback[-1] != "a" else "b"), forged, secret) == 404
    assert deliver(p.callback_base + "websub/", forged) == 404
    assert deliver(callback, b"not a feed at all", secret) == 400

    # The poll that comes by restart finds it all known.
    news.entries.append(third)
    news.put()
    assert p.stop() == 0
    p.start()
    p.wait_ready()
    fourth = news.write(tell_hub=True)
    until(lambda: fourth.title in news.titles(), lambda: f"{news.titles()}\n{hub.log()}", 30)
    assert sorted(news.titles()) == sorted(e.title for e in (first, second, third, fourth))
    assert p.metric("feedwatch_push_deliveries_total", outcome="accepted") == 1
    assert p.stop() == 0

    tag = callback.rsplit("/", 1)[1]
    for topic in ("feeds", "polls", "fetched"):
        for r in world.read(topic):
            for marker in (KEY, secret, tag):
                assert marker.encode() not in (r.raw or b""), topic
    assert not any(marker in p.log() for marker in (KEY, secret, tag))


def test_a_lease_is_renewed_under_the_same_callback(world, hub):
    news = Publisher(world, hub)
    news.write(tell_hub=False)
    news.subscribe("1h", "6h")
    p = start(world, lease="4s")
    _, callback, _, first_end = subscribed(hub, p)
    until(lambda: subscribed(hub, p)[3] > first_end + 8, lambda: f"renewed: {hub.subscriptions()}\n{hub.log()}", 60)
    assert [s[1] for s in hub.subscriptions()] == [callback]
    late = news.write(tell_hub=True)
    until(lambda: late.title in news.titles(), lambda: f"delivered after renewals\n{hub.log()}", 30)
    assert p.stop() == 0


def test_polls_are_rarer_while_the_hub_delivers_and_find_what_a_silent_one_keeps(world, hub):
    news = Publisher(world, hub)
    news.write(tell_hub=False)
    news.subscribe("500ms", "10s")
    p = start(world, lease="24s")  # silent after a quarter of it
    subscribed(hub, p)
    active(p)
    for n in range(6):
        entry = news.write(tell_hub=True)
        until(lambda: entry.title in news.titles(), lambda: f"item {n}\n{hub.log()}", 30)
    until(lambda: p.metric("feedwatch_push_deliveries_total", outcome="accepted") >= 6, "all are delivered", 30)

    lost = news.write(tell_hub=False)
    until(lambda: lost.title in news.titles(), "a poll finds it", 40)

    def silent():  # whatever was still on its way, it keeps all of these to itself
        if news.entries[-1].title in news.titles():
            news.write(tell_hub=False)
        return p.metric("feedwatch_push_subscriptions", state="silent") == 1
    until(silent, lambda: p.log()[-2000:], 60)
    assert "a hub has not delivered what a poll found" in p.log()
    for _ in range(3):
        again = news.write(tell_hub=False)
        until(lambda: again.title in news.titles(), "polls find it", 20)
    until(lambda: sorted(news.titles()) == sorted(e.title for e in news.entries), "each once", 20)
    assert p.stop() == 0


def test_a_removed_feed_leaves_its_hub(world, hub):
    news = Publisher(world, hub)
    news.write(tell_hub=False)
    news.subscribe("1h", "6h")
    p = start(world)
    _, callback, secret, _ = subscribed(hub, p)
    active(p)
    news.subscribe("1h", "6h", feeds=0)
    p.signal(signal.SIGHUP)
    until(lambda: hub.subscriptions() == [], lambda: f"left: {hub.subscriptions()}\n{hub.log()}\n{p.log()[-2000:]}", 30)
    body = page(news.outlet.kind, news.outlet.name, news.outlet.site, news.entries).body
    assert deliver(callback, body, secret) in (410, 503)  # 503 for the first minutes after an assignment
    assert p.stop() == 0


def test_who_takes_a_feed_over_subscribes_with_a_callback_of_its_own(world, hub):
    news = Publisher(world, hub)
    news.write(tell_hub=False)
    news.subscribe("1h", "6h")
    p = start(world, name="first")
    subscribed(hub, p)
    active(p)
    other = start(world, name="second")
    assert p.stop() == 0
    subscribed(hub, other)
    active(other)
    late = news.write(tell_hub=True)
    until(lambda: late.title in news.titles(), lambda: f"delivered to the other\n{hub.log()}", 60)
    assert news.titles().count(late.title) == 1
    assert other.stop() == 0
