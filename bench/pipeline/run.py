"""bench/run pipeline [--records N] [--rounds N] [--rules N] [--only throughput|latency]

Throughput: N `fetched` records (2.3 kB, every fifth a copy) wait in a topic of a real local broker. In turn, round by round:
  feedwatch       `feedwatch process`: dedup (identity and near duplicates) and match (N rules, spans), two hops
  bare copy       two processes of a librdkafka transactional copy that does no work: the limit for two hops. It compresses
                  what it writes as feedwatch does (lz4); without, it is no faster
  Kafka Streams   one hop, exactly_once_v2, key dedup, 100 phrases by String.contains
One round of each warms the broker up and does not count: a broker's first minutes are its compiler's.
Items per second = records in / (time of the last output record - time of the first), by the time at which the broker
appended them, so that starting up counts for nobody. CPU is user + system of the measured processes.
Latency: `feedwatch run` polls feeds that publish 100 items a second, each flagged; from the feed's response to the webhook."""

import argparse
import json
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time

SOURCE = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path[:0] = [os.path.join(SOURCE, "tests", "integration"), os.path.join(SOURCE, "bench")]

import figures  # noqa: E402
import yaml  # noqa: E402
from confluent_kafka import Consumer, TopicPartition  # noqa: E402
from support.broker import Broker  # noqa: E402
from support.content import Writer, outlets  # noqa: E402
from support.feed_server import FeedServer, page  # noqa: E402
from support.process import Feedwatch  # noqa: E402
from support.receiver import SECRET, Receiver  # noqa: E402
from support.wait import until  # noqa: E402

BUILD = os.path.join(SOURCE, "build", "bench")
# The broker stamps the output topics: Kafka Streams hands on the input records' times otherwise.
APPEND_TIME = {"message.timestamp.type": "LogAppendTime"}


def high_watermarks(broker, topic):
    consumer = Consumer({"bootstrap.servers": broker.bootstrap, "group.id": "watch"})
    try:
        partitions = consumer.list_topics(topic, timeout=20).topics[topic].partitions
        return {p: consumer.get_watermark_offsets(TopicPartition(topic, p), timeout=20)[1] for p in partitions}
    finally:
        consumer.close()


def committed_of(broker, topic):
    """How many committed records the topic holds, and the times of the first and last."""
    count, first, last = 0, None, None
    consumer = Consumer({"bootstrap.servers": broker.bootstrap, "group.id": "count", "isolation.level": "read_committed",
                         "enable.partition.eof": True, "auto.offset.reset": "earliest", "enable.auto.commit": False})
    waiting = set(consumer.list_topics(topic, timeout=20).topics[topic].partitions)
    consumer.assign([TopicPartition(topic, p, 0) for p in waiting])
    while waiting:
        for m in consumer.consume(1000, 10):
            if m.error():
                waiting.discard(m.partition())
                continue
            count += 1
            t = m.timestamp()[1]
            first = t if first is None else min(first, t)
            last = t if last is None else max(last, t)
    consumer.close()
    return count, first, last


def cpu_seconds(processes):
    ticks = os.sysconf("SC_CLK_TCK")
    total = 0
    for p in processes:
        fields = open(f"/proc/{p.pid}/stat").read().rsplit(")", 1)[1].split()
        total += (int(fields[11]) + int(fields[12])) / ticks
    return total


class Throughput:
    def __init__(self, broker, folder, records, rules):
        self.broker, self.folder, self.records, self.rules = broker, folder, records, rules
        self.source = "bench.source"
        self.broker.create({self.source: 1})
        out = subprocess.run([f"{BUILD}/bench/bench_load", broker.bootstrap, self.source, str(records), "20260101"],
                             check=True, capture_output=True, text=True)
        self.bytes_each = json.loads(out.stdout)["bytes_each"]
        self.outputs = None  # how many of the records are no copies
        with open(os.path.join(folder, "topics.yaml"), "w") as f:
            yaml.safe_dump({"topics": [{"id": f"rule-{i}", "query": f'"phrase{i} watch{i}"'} for i in range(rules)]}, f)

    def wait_for_end(self, processes, topics, expect):
        """Until the topics hold `expect` records, or nothing has come for 5 s when that number is not known yet."""
        last, since = None, time.monotonic()
        while True:
            for p in processes:
                assert p.poll() in (None, 0), f"a measured process ended with {p.returncode}"
            now = [sum(high_watermarks(self.broker, t).values()) for t in topics]
            if now != last:
                last, since = now, time.monotonic()
            quiet = time.monotonic() - since
            if now[-1] > 0 and quiet > (2 if expect else 5):
                return
            assert quiet < 120, f"nothing comes: {now}"
            time.sleep(0.25)

    def measure(self, topic, processes):
        cpu = cpu_seconds([p for p in processes if p.poll() is None])
        count, first, last = committed_of(self.broker, topic)
        return {"items_per_second": self.records / ((last - first) / 1000), "outputs": count,
                "cpu_us_per_item": cpu * 1e6 / self.records}

    def feedwatch(self, n):
        prefix = f"bench-fw{n}."
        self.broker.create({prefix + "fetched": 1, prefix + "items": 1})
        self.broker.create({prefix + "flagged": 1}, **APPEND_TIME)
        # The same bytes for everybody: the source is copied into the topic that feedwatch reads, outside the measurement.
        subprocess.run([f"{BUILD}/bench/bench_bare_copy", self.broker.bootstrap, self.source, prefix + "fetched", f"fill{n}",
                        str(self.records), "20000", "none"], check=True)
        config = {"kafka": {"brokers": self.broker.bootstrap, "topic_prefix": prefix, "partitions": 1},
                  "state_dir": os.path.join(self.folder, f"state{n}"), "topics": {"files": [os.path.join(self.folder, "topics.yaml")]},
                  "http": {"listen": "127.0.0.1:0"}}
        p = Feedwatch(f"{BUILD}/app/feedwatch", "process", self.folder, config, f"fw{n}")
        try:
            self.wait_for_end([p.process], [prefix + "items", prefix + "flagged"], self.outputs)
            return self.measure(prefix + "flagged", [p.process])
        finally:
            p.stop()

    def bare(self, n):
        middle, to = f"bench-bare{n}.middle", f"bench-bare{n}.out"
        self.broker.create({middle: 1})
        self.broker.create({to: 1}, **APPEND_TIME)
        copy = lambda a, b, g: subprocess.Popen([f"{BUILD}/bench/bench_bare_copy", self.broker.bootstrap, a, b, g,  # noqa: E731
                                                 str(self.records), "2000", "lz4"])
        processes = [copy(self.source, middle, f"bare{n}a"), copy(middle, to, f"bare{n}b")]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        for p in processes:
            assert p.wait(600) == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        count, first, last = committed_of(self.broker, to)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return {"items_per_second": self.records / ((last - first) / 1000), "outputs": count, "cpu_us_per_item": cpu * 1e6 / self.records}

    def streams(self, n):
        to = f"bench-streams{n}.out"
        self.broker.create({to: 1}, **APPEND_TIME)
        classes = os.path.join(BUILD, "peers", "kafka-streams", "target")
        p = subprocess.Popen(["java", "-Xmx1g", "-cp", f"{classes}/classes:{open(classes + '/classpath.txt').read().strip()}",
                              "feedwatch.Peer", self.broker.bootstrap, self.source, to, f"streams{n}",
                              os.path.join(self.folder, f"streams{n}")])
        try:
            self.wait_for_end([p], [to], self.outputs)
            return self.measure(to, [p])
        finally:
            p.send_signal(signal.SIGTERM)
            p.wait(60)


def latency(broker, folder, seconds, rate):
    """p50 and p99 from the moment a feed's response that holds the item first ends to the webhook's arrival."""
    feeds, receiver = FeedServer(), Receiver(SECRET)
    sources, writer = outlets(20), Writer(9)
    with open(os.path.join(folder, "hook.secret"), "w") as f:
        f.write(SECRET)
    os.chmod(os.path.join(folder, "hook.secret"), 0o600)
    with open(os.path.join(folder, "latency-topics.yaml"), "w") as f:
        f.write('topics:\n  - id: all\n    query: \'"immigration enforcement"\'\n')
    answered, pending = {}, {o.path: [] for o in sources}
    original = feeds.answer

    def answer(handler):  # a page is what was published up to the request; its items' time is the end of the response
        path = handler.path
        body = feeds.pages[path]
        original(handler)
        now = time.time()
        for title in getattr(body, "titles", ()):
            answered.setdefault(title, now)
    feeds.answer = answer
    entries = {o.path: [] for o in sources}

    def publish(outlet, articles):
        for a in articles:
            entries[outlet.path].append(outlet.entry(a))
        entries[outlet.path] = entries[outlet.path][-60:]
        p = page(outlet.kind, outlet.name, outlet.site, entries[outlet.path])
        p.titles = [e.title for e in entries[outlet.path]]
        feeds.put(outlet.path, p)
    for o in sources:
        o.footer = ""
        publish(o, [writer.article() for _ in range(5)])
    with open(os.path.join(folder, "latency-feeds.yaml"), "w") as f:
        yaml.safe_dump({"feeds": [{"url": feeds.url(o.path), "publisher": o.name, "first_fetch": "baseline",
                                   "interval": {"min": "500ms", "start": "500ms", "max": "500ms"}} for o in sources]}, f)
    config = {"kafka": {"brokers": broker.bootstrap, "topic_prefix": f"latency{int(time.time())}.", "partitions": 1},
              "state_dir": os.path.join(folder, "latency-state"), "feeds": {"files": [os.path.join(folder, "latency-feeds.yaml")]},
              "topics": {"files": [os.path.join(folder, "latency-topics.yaml")]}, "network": {"allow": ["127.0.0.0/8"]},
              "storage": [{"sqlite": {"path": os.path.join(folder, "latency.db")}}], "http": {"listen": "127.0.0.1:0"},
              "alerts": {"channels": [{"name": "ops", "type": "generic", "url": receiver.url,
                                       "secret_file": os.path.join(folder, "hook.secret")}]}}
    p = Feedwatch(f"{BUILD}/app/feedwatch", "run", folder, config, "latency")
    try:
        p.wait_ready()
        until(lambda: all(feeds.count(o.path).not_modified >= 1 for o in sources), "each feed was polled twice", 60)
        published = 0
        start = time.monotonic()
        turn = 0
        while time.monotonic() - start < seconds:
            o = sources[turn % len(sources)]
            turn += 1
            articles = [writer.article("immigration-enforcement") for _ in range(5)]
            publish(o, articles)
            published += len(articles)
            until(lambda: time.monotonic() - start >= published / rate, "the next turn", 10, 0.005)
        until(lambda: len(set(receiver.ids())) >= published, lambda: f"{len(set(receiver.ids()))} of {published} alerts", 60)
        delays = sorted(e["at"] - answered[e["body"]["title"]] for e in receiver.accepted)
        assert len(set(receiver.ids())) == published and not receiver.unverified
        return {"items": published, "rate": published / seconds, "p50_seconds": delays[len(delays) // 2],
                "p99_seconds": delays[int(len(delays) * 0.99)], "max_seconds": delays[-1]}
    finally:
        p.stop()
        feeds.close()
        receiver.close()


def main():
    parser = argparse.ArgumentParser(prog="bench/run pipeline", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rules", type=int, default=100, help="topic rules that feedwatch holds; Kafka Streams always has 100")
    parser.add_argument("--latency-seconds", type=int, default=30)
    parser.add_argument("--only", choices=["throughput", "latency"])
    parser.add_argument("--output", default=os.path.join(SOURCE, "bench", "results", "pipeline.json"))
    a = parser.parse_args()
    report = {"records": a.records, "rules": a.rules, "cores": os.cpu_count()}
    with tempfile.TemporaryDirectory(prefix="feedwatch-bench-") as folder:
        broker = Broker(SOURCE, os.path.join(folder, "kafka"), heap="-Xms1g -Xmx1g")
        try:
            if a.only != "latency":
                t = Throughput(broker, folder, a.records, a.rules)
                report["bytes_each"] = t.bytes_each
                contestants = (("bare copy", t.bare), ("feedwatch", t.feedwatch), ("Kafka Streams", t.streams))
                runs = {name: [] for name, _ in contestants}
                for name, run in contestants:
                    print(f"warming up: {name}", flush=True)
                    run("warm")
                for n in range(a.rounds):
                    for name, run in contestants:
                        runs[name].append(run(n))
                        print(f"round {n + 1}: {name:14} {runs[name][-1]['items_per_second']:9.0f} items/s "
                              f"{runs[name][-1]['cpu_us_per_item']:7.1f} us CPU/item  {runs[name][-1]['outputs']} out", flush=True)
                report["runs"] = runs
                ours = figures.spread([r["items_per_second"] for r in runs["feedwatch"]])
                report["throughput"] = []
                print(f"\n{'rival':14} {'ratio':>7} {'target':>7} {'':7} feedwatch items/s   rival items/s (min-max)")
                for rival, target in (("bare copy", 0.5), ("Kafka Streams", 4)):
                    theirs = figures.spread([r["items_per_second"] for r in runs[rival]])
                    ratio = statistics.median(f["items_per_second"] / r["items_per_second"]
                                              for f, r in zip(runs["feedwatch"], runs[rival]))
                    report["throughput"].append({"rival": rival, "ratio": ratio, "target": target, "met": ratio >= target, "feedwatch": ours, "figure": theirs})
                    print(f"{rival:14} {ratio:7.2f} {target:>7} {'met' if ratio >= target else 'missed':7} {ours['median']:9.0f}   {theirs['median']:9.0f} ({theirs['min']:.0f}-{theirs['max']:.0f})")
            if a.only != "throughput":
                report["latency"] = dict(latency(broker, folder, a.latency_seconds, 100), target_p99_seconds=1.0)
                print("\nfrom the feed's response to the webhook: " + ", ".join(
                    f"{k} {v:.3f}" for k, v in report["latency"].items()))
        finally:
            broker.stop()
    if os.path.exists(a.output) and a.only:
        report = {**json.load(open(a.output)), **report}
    figures.write(report, a.output)


if __name__ == "__main__":
    main()
