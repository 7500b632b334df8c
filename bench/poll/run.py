"""bench/run poll [--rounds N] [--polls N]

CPU per poll with 256 in flight, client on one core, nginx on the other, in turn round by round: feedwatch's HTTP client and parser,
a bare libcurl loop (which parses nothing) and Go's net/http (with gofeed). What is asked:
  304 keep-alive        a conditional request on a kept connection
  304 new connection    each on a connection of its own, as real feeds are, each on its host once an hour
  304 new TLS           the same over TLS with session resumption
  200 parsed            170 kB documents, read and parsed to records (HTML as written, which is what gofeed does)
  200 whole             the same with the HTML sanitised and the main text, which gofeed does not do"""

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.join(SOURCE, "build", "bench")
sys.path[:0] = [os.path.join(SOURCE, "bench"), os.path.join(SOURCE, "bench", "parse")]
import corpus  # noqa: E402
import figures  # noqa: E402

DOCUMENTS = 64
OURS, CURL, GO = f"{BUILD}/bench/bench_poll", f"{BUILD}/bench/bench_poll_curl", f"{BUILD}/peers/go-poll/go-poll"
# what -> (mode of ours, of curl, of Go; which server; polls)
KINDS = {"304 keep-alive": ("not_modified", "not_modified", "not_modified", "kept", 20000),
         "304 new connection": ("not_modified", "not_modified", "not_modified", "closed", 10000),
         "304 new TLS": ("not_modified", "not_modified", "not_modified", "tls", 4000),
         "200 parsed": ("parse", "read", "parse", "kept", 1000),
         "200 whole": ("parse_whole", "read", "parse", "kept", 1000)}
TARGETS = {("304 new connection", "Go"): 1.6, ("304 new TLS", "Go"): 1.5, ("200 parsed", "Go"): 25}


def free_ports(n):
    sockets = [socket.socket() for _ in range(n)]
    for s in sockets:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


class Nginx:
    def __init__(self, folder):
        self.folder = folder
        os.makedirs(f"{folder}/www")
        os.makedirs(f"{folder}/tmp")
        corpus.write(f"{folder}/corpus", 2 * DOCUMENTS, 20260101)
        files = [f"{folder}/corpus/{kind}/{name}" for kind in ("rss", "atom") for name in sorted(os.listdir(f"{folder}/corpus/{kind}"))]
        for n, file in enumerate(files[:DOCUMENTS]):
            shutil.copy(file, f"{folder}/www/{n}.xml")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                        "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", f"{folder}/key.pem",
                        "-out", f"{folder}/cert.pem"], check=True, capture_output=True)
        kept, closed, tls = free_ports(3)
        common = f"root {folder}/www; etag on; access_log off;"
        with open(f"{folder}/nginx.conf", "w") as f:
            f.write(f"daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;\n"
                    "events { worker_connections 4096; }\n"
                    f"http {{ client_body_temp_path {folder}/tmp; proxy_temp_path {folder}/tmp; fastcgi_temp_path {folder}/tmp; "
                    f"uwsgi_temp_path {folder}/tmp; scgi_temp_path {folder}/tmp; types {{ application/xml xml; }}\n"
                    f"server {{ listen 127.0.0.1:{kept} backlog=4096; keepalive_timeout 60; keepalive_requests 1000000; {common} }}\n"
                    f"server {{ listen 127.0.0.1:{closed} backlog=4096; keepalive_timeout 0; {common} }}\n"
                    f"server {{ listen 127.0.0.1:{tls} ssl backlog=4096; keepalive_timeout 0; ssl_certificate {folder}/cert.pem; "
                    f"ssl_certificate_key {folder}/key.pem; ssl_session_cache shared:s:10m; {common} }} }}\n")
        self.urls = {"kept": f"http://127.0.0.1:{kept}/", "closed": f"http://127.0.0.1:{closed}/", "tls": f"https://127.0.0.1:{tls}/"}
        self.process = subprocess.Popen(["taskset", "-c", "0", "nginx", "-c", f"{folder}/nginx.conf", "-p", folder, "-e", f"{folder}/error.log"])
        deadline = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", tls), 1).close()
                return
            except OSError:
                assert self.process.poll() is None and time.monotonic() < deadline, "nginx did not start"
                time.sleep(0.05)

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


def run(program, mode, url, polls, ca):
    out = subprocess.run(["taskset", "-c", str(os.cpu_count() - 1), program, mode, url, str(DOCUMENTS), "256", str(polls), ca],
                         check=True, capture_output=True, text=True)
    got = json.loads(out.stdout)
    assert got["failed"] == 0, f"{program} {mode}: {got['failed']} polls failed: {out.stderr}"
    assert got["not_modified"] == (polls if mode == "not_modified" else 0), got
    return dict(got, us_per_poll=got["cpu_seconds"] * 1e6 / polls)


def main():
    parser = argparse.ArgumentParser(prog="bench/run poll", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scale", type=float, default=1, help="of the number of polls")
    parser.add_argument("--only", help="one of the kinds")
    parser.add_argument("--output", default=os.path.join(SOURCE, "bench", "results", "poll.json"))
    a = parser.parse_args()
    kinds = {k: v for k, v in KINDS.items() if a.only in (None, k)}
    runs = {k: {"feedwatch": [], "libcurl": [], "Go": []} for k in kinds}
    with tempfile.TemporaryDirectory(prefix="feedwatch-bench-") as folder:
        nginx = Nginx(folder)
        try:
            for n in range(a.rounds):
                for kind, (*modes, server, polls) in kinds.items():
                    for (name, program), mode in zip((("feedwatch", OURS), ("libcurl", CURL), ("Go", GO)), modes):
                        r = run(program, mode, nginx.urls[server], max(int(polls * a.scale), 256), f"{folder}/cert.pem" if server == "tls" else "")
                        runs[kind][name].append(r)
                        print(f"round {n + 1}: {kind:19} {name:10} {r['us_per_poll']:9.1f} us CPU a poll", flush=True)
        finally:
            nginx.stop()
    report = {"in_flight": 256, "documents": DOCUMENTS, "runs": runs, "comparisons": []}
    print(f"\n{'':19} {'rival':8} {'ratio':>7} {'target':>7} {'':7} feedwatch us/poll (min-max)   rival us/poll (min-max)")
    for kind, of in runs.items():
        ours = [r["us_per_poll"] for r in of["feedwatch"]]
        for rival in ("Go", "libcurl"):
            theirs, target = [r["us_per_poll"] for r in of[rival]], TARGETS.get((kind, rival))
            ratio = statistics.median(t / o for o, t in zip(ours, theirs))
            f, r = figures.spread(ours), figures.spread(theirs)
            report["comparisons"].append({"kind": kind, "rival": rival, "ratio": ratio, "target": target,
                                          "met": None if target is None else ratio >= target, "figure": f, "rival_figure": r})
            verdict = figures.verdict(ratio, target)
            print(f"{kind:19} {rival:8} {ratio:7.2f} {target or '':>7} {verdict:7} {f['median']:9.1f} ({f['min']:.1f}-{f['max']:.1f})   "
                  f"{r['median']:9.1f} ({r['min']:.1f}-{r['max']:.1f})")
    if not a.only:
        figures.write(report, a.output)


if __name__ == "__main__":
    main()
