"""Three real Kafka nodes, each broker and controller, every topic on all of them."""

import contextlib
import os
import random
import socket
from concurrent.futures import ThreadPoolExecutor

from confluent_kafka import ConsumerGroupState, ElectionType, KafkaException
from confluent_kafka.admin import AdminClient

from .broker import Broker
from .wait import until

# Nothing is acknowledged that one node alone has. A killed broker's leaders move after its session's time-out.
PROPERTIES = {
    "default.replication.factor": "3", "min.insync.replicas": "2", "offsets.topic.replication.factor": "3",
    "transaction.state.log.replication.factor": "3", "transaction.state.log.min.isr": "2",
    "broker.session.timeout.ms": "3000", "broker.heartbeat.interval.ms": "500",
}
JAVA = "-Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1"  # three of them start at once
CLUSTER_ID = "feedwatch-three-nodesA"  # as long as Kafka wants it
INTERNAL = ("__consumer_offsets", "__transaction_state")


class Cluster(Broker):
    """To a client one broker with three addresses; `nodes` can be stopped and started one by one."""

    def __init__(self, source_dir, data_dir):
        clients, controllers = (ports := free_ports(6))[:3], ports[3:]
        voters = ",".join(f"{n}@127.0.0.1:{port}" for n, port in enumerate(controllers, 1))

        def start(n):
            listeners = f"PLAINTEXT://127.0.0.1:{clients[n - 1]},CONTROLLER://127.0.0.1:{controllers[n - 1]}"
            own = {"node.id": n, "controller.quorum.voters": voters, "listeners": listeners}
            return Broker(source_dir, os.path.join(data_dir, str(n)), JAVA, PROPERTIES | own, clients[n - 1], CLUSTER_ID)

        with ThreadPoolExecutor(3) as pool:  # none gets done without another
            starting = {n: pool.submit(start, n) for n in (1, 2, 3)}
        failures = [f.exception() for f in starting.values() if f.exception()]
        self.nodes = {n: f.result() for n, f in starting.items() if not f.exception()}
        if failures:
            self.stop()
            raise failures[0]
        self.bootstrap, self.client = ",".join(n.bootstrap for n in self.nodes.values()), None
        until(lambda: len(self.admin().list_topics(timeout=20).brokers) == 3, "three brokers", 30)

    def stop(self):
        with ThreadPoolExecutor(3) as pool:  # the last of a cluster has nobody to hand over to
            list(pool.map(Broker.stop, self.nodes.values()))

    def partitions(self, prefix):
        """(topic, partition) to its metadata, of the topics with the prefix and Kafka's own."""
        def ask():
            with contextlib.suppress(KafkaException):  # asked one that was killed just now
                return self.admin().list_topics(timeout=2).topics
        topics = until(ask, "a broker tells the topics", 20)
        return {(name, p): of for name, t in topics.items() if name.startswith((prefix, *INTERNAL))
                for p, of in t.partitions.items()}

    def leaders(self, prefix):
        return {name: of.leader for name, of in self.partitions(prefix).items()}

    def coordinator(self, group):
        """The node that coordinates the group, or why there is none, as text."""
        admin = AdminClient({"bootstrap.servers": self.bootstrap})  # one that is kept asks the node it knows, gone or not
        try:
            described = admin.describe_consumer_groups([group])[group].result(20)
        except (KafkaException, TimeoutError) as e:
            return repr(e)
        return described.coordinator.id if described.state == ConsumerGroupState.STABLE else str(described.state)

    def wait_in_sync(self, prefix):
        until(lambda: all(len(of.isrs) == 3 for of in self.partitions(prefix).values()), "all replicas are in sync", 60, 0.2)

    def elect_preferred(self):
        """Gives each partition to the first of its replicas."""
        with contextlib.suppress(KafkaException):
            self.admin().elect_leaders(ElectionType.PREFERRED).result(30)


def free_ports(count):
    """Below Linux's range for outgoing connections, as deploy/kafka/local chooses them."""
    held = []
    while len(held) < count:
        s = socket.socket()
        try:
            s.bind(("127.0.0.1", random.randrange(10000, 32000)))
            held.append(s)
        except OSError:
            s.close()
    ports = [s.getsockname()[1] for s in held]
    for s in held:
        s.close()
    return ports
