"""A webhook receiver that verifies every signature with the Standard Webhooks reference library."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks.webhooks import Webhook

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="


class Receiver:
    def __init__(self, secret=SECRET):
        self.verifier = Webhook(secret)
        self.accepted, self.refused, self.unverified = [], [], []
        self.fail_next = 0  # answer this many requests with 500
        self.lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = outer.take(body, {k.lower(): v for k, v in self.headers.items()})
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request, client_address):
                pass  # clients under test are killed on purpose

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, body, headers):
        with self.lock:
            try:
                self.verifier.verify(body, headers)
            except Exception as e:  # the library's own errors: kept and asserted on by the tests
                self.unverified.append((headers, body, repr(e)))
                return 400
            event = {"id": headers["webhook-id"], "body": json.loads(body), "at": time.time()}
            if self.fail_next > 0:
                self.fail_next -= 1
                self.refused.append(event)
                return 500
            self.accepted.append(event)
            return 204

    def ids(self):
        with self.lock:
            return [e["id"] for e in self.accepted]

    def close(self):
        self.server.shutdown()
        self.server.server_close()
