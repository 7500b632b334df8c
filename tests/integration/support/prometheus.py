"""A real Prometheus that scrapes the processes under test."""

import json
import os
import subprocess
import urllib.parse
import urllib.request

import yaml

from .postgres import free_port
from .wait import until


class Prometheus:
    def __init__(self, folder, targets, rule_files=(), interval="1s"):
        self.folder = str(folder)
        os.makedirs(self.folder, exist_ok=True)
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        config = {"global": {"scrape_interval": interval, "evaluation_interval": interval},
                  "rule_files": list(rule_files),
                  "scrape_configs": [{"job_name": "feedwatch", "static_configs": [{"targets": list(targets)}]}]}
        path = os.path.join(self.folder, "prometheus.yml")
        with open(path, "w") as f:
            yaml.safe_dump(config, f)
        self.log = open(os.path.join(self.folder, "prometheus.log"), "wb")
        self.process = subprocess.Popen(
            ["prometheus", f"--config.file={path}", f"--storage.tsdb.path={self.folder}/tsdb",
             f"--web.listen-address=127.0.0.1:{self.port}"], stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
        until(self.is_ready, "Prometheus is ready", 60)

    def is_ready(self):
        try:
            with urllib.request.urlopen(self.base + "/-/ready", timeout=5) as r:
                return r.status == 200
        except OSError:
            return False

    def query(self, promql):
        with urllib.request.urlopen(self.base + "/api/v1/query?" + urllib.parse.urlencode({"query": promql}), timeout=20) as r:
            answer = json.load(r)
        assert answer["status"] == "success", answer
        return answer["data"]["result"]

    def close(self):
        self.process.terminate()
        self.process.wait(30)
        self.log.close()
