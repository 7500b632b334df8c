"""A real single-node Kafka broker (deploy/kafka/local) and an independent client (confluent-kafka, its own librdkafka)."""

import ctypes
import json
import os
import signal
import subprocess
import time
import uuid
from dataclasses import dataclass, field

from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, IsolationLevel, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import (AclBinding, AclBindingFilter, AclOperation, AclPermissionType, AdminClient, AlterConfigOpType,
                                   ConfigEntry, ConfigResource, NewPartitions, NewTopic, OffsetSpec, ResourcePatternType, ResourceType)

from .wait import until


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
    def __init__(self, source_dir, data_dir, heap="-Xmx512m", properties=None, port=0, cluster_id=""):
        self.script = os.path.join(source_dir, "deploy", "kafka", "local")
        self.data, self.port = str(data_dir), port
        self.env = {**os.environ, "KAFKA_HEAP_OPTS": heap, "KAFKA_CLUSTER_ID": cluster_id}
        self.options = [x for name, value in (properties or {}).items() for x in ("--set", f"{name}={value}")]
        self.bootstrap = self.client = None
        self.start()

    def start(self):
        out = subprocess.run([self.script, "start", "--data", self.data, "--port", str(self.port), *self.options],
                             env=self.env, capture_output=True, text=True, timeout=300)
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
        if self.client is None:  # kept: its answers are lost when it goes
            self.client = AdminClient({"bootstrap.servers": self.bootstrap})
        return self.client

    def create(self, topics, **config):
        """Topics by name with their number of partitions; `config` is the topics' own."""
        admin = self.admin()
        for future in admin.create_topics([NewTopic(name, n, 1, config=config) for name, n in topics.items()]).values():
            future.result(30)

    def delete(self, *topics):
        admin = self.admin()
        for future in admin.delete_topics(list(topics), operation_timeout=30).values():
            future.result(30)
        until(lambda: not set(topics) & set(admin.list_topics(timeout=20).topics), f"{topics} are gone", 30)

    def grow(self, topic, partitions):
        for future in self.admin().create_partitions([NewPartitions(topic, partitions)]).values():
            future.result(30)

    def set_topic(self, topic, **config):
        resource = ConfigResource("topic", topic)
        for name, value in config.items():
            resource.add_incremental_config(ConfigEntry(name.replace("_", "."), value, incremental_operation=AlterConfigOpType.SET))
        for future in self.admin().incremental_alter_configs([resource]).values():
            future.result(30)

    def truncate(self, topic):
        """Deletes every record of the topic, as retention does."""
        admin = self.admin()
        partitions = [TopicPartition(topic, p, -1) for p in admin.list_topics(topic, timeout=20).topics[topic].partitions]

        def delete():
            # confluent-kafka 2.6 releases the list once more than it took it (its issue 2275): a crash, sooner or later.
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(partitions))
            try:
                return [f.result(30) for f in admin.delete_records(partitions).values()]
            except KafkaException as e:
                assert e.args[0].name() == "POLICY_VIOLATION", e  # a change of cleanup.policy takes a moment
        until(delete, f"the records of {topic} are deleted", 30)

    def deny(self, kind, name, operation):
        """The rule that nobody may do this, but all else. Needs a broker with an authorizer."""
        rules = [AclBinding(ResourceType[kind], name, ResourcePatternType.LITERAL, "User:*", "*", AclOperation[what],
                            AclPermissionType[how]) for what, how in ((operation, "DENY"), ("ALL", "ALLOW"))]
        for future in self.admin().create_acls(rules).values():
            future.result(30)

    def allow(self, kind, name, operation):
        """Takes back what deny() ruled."""
        rule = AclBindingFilter(ResourceType[kind], name, ResourcePatternType.LITERAL, None, None, AclOperation[operation],
                                AclPermissionType.DENY)
        for future in self.admin().delete_acls([rule]).values():
            future.result(30)

    def members(self, group):
        described = self.admin().describe_consumer_groups([group])[group].result(20)
        return len(described.members)

    def open_transactions(self, *topics):
        """Topics with records that belong to a transaction which has not ended."""
        return {t for t in topics if self.ends(t, IsolationLevel.READ_COMMITTED) != self.ends(t)}

    def ends(self, topic, level=IsolationLevel.READ_UNCOMMITTED):
        """Partition to the offset of what is written next; READ_COMMITTED: of what is yet undecided."""
        admin = self.admin()
        which = [TopicPartition(topic, p) for p in admin.list_topics(topic, timeout=20).topics[topic].partitions]
        futures = admin.list_offsets({p: OffsetSpec.latest() for p in which}, isolation_level=level)
        return {p.partition: f.result(20).offset for p, f in futures.items()}

    def committed(self, group, topic):
        """Partition to the offset that the group has committed."""
        answer = self.admin().list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)])[group].result(20)
        return {p.partition: p.offset for p in answer.topic_partitions if p.topic == topic}

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

    def produce(self, topic, records, headers=None):
        producer = Producer({"bootstrap.servers": self.bootstrap, "enable.idempotence": True})
        for key, value in records:
            producer.produce(topic, key=key, value=value, headers=headers)
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
