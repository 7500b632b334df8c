"""Webhooks go to no private address that is not allowed, however it is written: nothing connects."""

import socket
import threading

import pytest

from support.stream import Stream
from support.wait import until


class Listener:
    """Counts connections on every loopback address, IPv4 and IPv6; answers none."""

    def __init__(self):
        self.socket = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
        self.port, self.connections = self.socket.getsockname()[1], 0
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                self.socket.accept()[0].close()
                self.connections += 1
            except OSError:
                return


@pytest.mark.parametrize("host", ["127.0.0.2", "[::1]", "0.0.0.0", "2130706434", "0x7f.2", "0177.2", "[::ffff:127.0.0.2]"])
def test_a_webhook_at_a_private_address_is_refused_before_it_connects(world, host):
    listener = Listener()
    stream = Stream(world, feeds=1, seed=41)
    config = world.config(storage=[], network={"allow": ["127.0.0.1/32"]})  # the feeds' server
    config["alerts"]["channels"][0]["url"] = f"http://{host}:{listener.port}/hook"
    p = world.start(config=config)
    try:
        p.wait_ready()
        stream.publish(2)
        until(lambda: p.metric("feedwatch_alert_deliveries_total", channel="ops", result="failed") >= 1, "the attempt is refused", 60)
        assert {r.value["last_error"] for r in world.read("deliveries") if r.value.get("last_error")} == {"address_refused"}
        assert "an alert was not delivered channel=ops reason=address_refused" in p.log()
        assert p.stop() == 0
        assert listener.connections == 0
    finally:
        listener.socket.close()
