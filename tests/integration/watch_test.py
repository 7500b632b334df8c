"""Every query of the dashboard and the rules returns data from a real Prometheus and a real PostgreSQL that the pipeline has
filled; nothing that is secret is in a log, a metric or a record."""

import os
import subprocess
import sys

import yaml

from pipeline_test import Newsroom, wait_for
from support.prometheus import Prometheus
from support.wait import until


def test_every_dashboard_query_returns_data(world, tmp_path):
    source = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
    news = Newsroom(count=4, articles_each=15, seed=31)
    copy = news.entries[news.outlets[0].path][0]
    news.publish(world)
    world.subscribe(news.outlets, interval="500ms")
    p = world.start()
    p.wait_ready()
    prometheus = Prometheus(tmp_path / "prometheus", [p.base().removeprefix("http://")])
    try:
        wait_for(world, "items", 60)
        other = news.outlets[1]
        news.entries[other.path].append(other.entry(news.articles[news.outlets[0].path][0], guid="copy", title="Elsewhere " + copy.title))
        news.publish(world)
        wait_for(world, "duplicates", 1)
        until(lambda: world.postgres.query(world.database, "SELECT count(*) FROM matches")[0][0] > 0, "matches are stored", 60)
        # rate() wants two scrapes after the counters moved, a panel some seconds of history.
        until(lambda: prometheus.query('sum(increase(feedwatch_feed_items_total[1m])) > 0'), "Prometheus saw the items", 60)
        until(lambda: prometheus.query("count_over_time(up[1m]) > 5"), "some seconds of history", 60)
        run = subprocess.run(
            [sys.executable, os.path.join(source, "tests", "deploy", "run_queries.py"), "--prometheus", prometheus.base, "--range", "5m",
             "--postgres", world.postgres.dsn(world.database, password=True)], capture_output=True, text=True, timeout=180)
        print(run.stdout)
        assert run.returncode == 0, run.stdout + run.stderr
    finally:
        prometheus.close()
    check = subprocess.run(["promtool", "check", "metrics"], input=p.get("/metrics")[1], capture_output=True, text=True)
    assert check.returncode == 0, check.stdout + check.stderr
    assert p.get("/healthz")[0] == 200 and p.get("/readyz")[0] == 200


def test_secrets_are_in_no_log_metric_or_record(world):
    news = Newsroom(count=2, articles_each=10, seed=32)
    news.publish(world)
    world.subscribe(news.outlets)
    feeds = os.path.join(world.folder, "feeds.yaml")
    reference = world.write("feed.secret", "user:feed-password-marker", 0o600)
    subscriptions = yaml.safe_load(open(feeds))
    subscriptions["feeds"][0]["credentials"] = f"file:{reference}"
    key = world.write("feed.key", "feed-key-marker", 0o600)
    subscriptions["feeds"][1]["credentials"] = f"header:X-Api-Key:file:{key}"
    open(feeds, "w").write(yaml.safe_dump(subscriptions))
    config = world.config(log={"level": "debug"})
    p = world.start(config=config)
    p.wait_ready()
    wait_for(world, "items", 20)
    until(lambda: len(set(world.receiver.ids())) >= 2, "alerts", 60)
    metrics = p.get("/metrics")[1] + p.get("/readyz")[1]
    assert p.stop() == 0
    secrets = ["feed-password-marker", "feed-key-marker", world.postgres.password, open(os.path.join(world.folder, "hook.secret")).read()]
    for secret in secrets:
        assert secret not in p.log() and secret not in metrics
        for topic in ("feeds", "polls", "fetched", "seen", "items", "duplicates", "flagged", "deliveries", "dead"):
            for r in world.read(topic):
                assert secret.encode() not in (r.raw or b""), f"{secret[:4]}… is in {topic}"
                assert secret not in (r.key or "") and secret not in str(r.headers)


def test_a_password_in_a_feed_url_is_refused_without_showing_it(world):
    feeds = world.write("feeds.yaml", "feeds:\n  - url: 'http://user:feed-password-marker@127.0.0.1/feed'\n")
    p = world.start()
    assert p.process.wait(30) == 2
    assert f"{feeds}:2:" in p.log() and "credentials" in p.log()
    assert "feed-password-marker" not in p.log()
