"""A real single-node Kafka broker (deploy/kafka/local) and an independent client (confluent-kafka, its own librdkafka)."""

import json
import os
import signal
import subprocess
import time
import uuid
from dataclasses import dataclass, field

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, NewTopic


@dataclass
class Record:
    topic: str
    partition: int
    offset: int
    key: str | None
    value: dict | None
    raw: bytes | None
    headers: dict = field(default_factory=dict)
    timestamp: int = 0


class Broker:
    def __init__(self, source_dir, data_dir, heap="-Xmx512m"):
        self.script = os.path.join(source_dir, "deploy", "kafka", "local")
        self.data, self.heap = str(data_dir), heap
        self.port = 0
        self.bootstrap = None
        self.start()

    def start(self):
        out = subprocess.run([self.script, "start", "--data", self.data, "--port", str(self.port)],
                             env={**os.environ, "KAFKA_HEAP_OPTS": self.heap}, capture_output=True, text=True, timeout=300)
        assert out.returncode == 0, f"the broker did not start: {out.stdout}{out.stderr}"
        self.bootstrap = out.stdout.strip().splitlines()[-1].split()[-1]
        self.port = int(self.bootstrap.rsplit(":", 1)[1])

    def stop(self):
        subprocess.run([self.script, "stop", "--data", self.data], check=True, capture_output=True, text=True, timeout=120)

    def pid(self):
        for name in ("kafka.pid", "pid", "broker.pid"):
            path = os.path.join(self.data, name)
            if os.path.exists(path):
                return int(open(path).read().strip())
        raise AssertionError("deploy/kafka/local left no pid file in " + self.data)

    def kill(self):
        pid = self.pid()
        os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                os.kill(pid, 0)
                state = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[0]
                if state == "Z":
                    return
            except (ProcessLookupError, FileNotFoundError):
                return
            time.sleep(0.05)
        raise AssertionError("the broker did not die")

    def admin(self):
        return AdminClient({"bootstrap.servers": self.bootstrap})

    def create(self, topics, **config):
        """Topics by name with their number of partitions; `config` is the topics' own."""
        admin = self.admin()
        for future in admin.create_topics([NewTopic(name, n, 1, config=config) for name, n in topics.items()]).values():
            future.result(30)

    def topic_configs(self, names):
        admin = self.admin()
        futures = admin.describe_configs([ConfigResource("topic", name) for name in names])
        return {r.name: {k: e.value for k, e in f.result(20).items()} for r, f in futures.items()}

    def topics(self, prefix):
        admin = self.admin()
        listed = admin.list_topics(timeout=20).topics
        return {name: len(t.partitions) for name, t in listed.items() if name.startswith(prefix)}

    def read(self, topic, isolation="read_committed"):
        """Every committed record of the topic up to its end now, in order of partition and offset."""
        consumer = Consumer({"bootstrap.servers": self.bootstrap, "group.id": "check-" + uuid.uuid4().hex,
                             "isolation.level": isolation, "enable.auto.commit": False, "auto.offset.reset": "earliest",
                             "enable.partition.eof": True})
        try:
            meta = consumer.list_topics(topic, timeout=20).topics[topic]
            if meta.error is not None:
                return []
            consumer.assign([TopicPartition(topic, p, 0) for p in meta.partitions])
            waiting, records = set(meta.partitions), []
            while waiting:
                message = consumer.poll(20)
                assert message is not None, f"{topic}: no end of partition within 20 s"
                if message.error():
                    if message.error().name() == "_PARTITION_EOF":
                        waiting.discard(message.partition())
                        continue
                    raise AssertionError(str(message.error()))
                records.append(to_record(message))
            return sorted(records, key=lambda r: (r.partition, r.offset))
        finally:
            consumer.close()

    def produce(self, topic, records):
        producer = Producer({"bootstrap.servers": self.bootstrap, "enable.idempotence": True})
        for key, value in records:
            producer.produce(topic, key=key, value=value)
        assert producer.flush(30) == 0


def to_record(message):
    raw = message.value()
    try:
        value = json.loads(raw) if raw is not None else None
    except ValueError:
        value = None
    key = message.key().decode() if message.key() is not None else None
    headers = {k: (v or b"").decode("utf-8", "replace") for k, v in (message.headers() or [])}
    return Record(message.topic(), message.partition(), message.offset(), key, value, raw, headers, message.timestamp()[1])
