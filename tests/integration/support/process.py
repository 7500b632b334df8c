"""The feedwatch binary under test."""

import json
import os
import re
import signal
import subprocess
import urllib.error
import urllib.request

import yaml

from .wait import until


class Feedwatch:
    """One running process; its log is kept in a file that a failing test prints."""

    def __init__(self, binary, command, folder, config, name=None, env=None, wrapper=()):
        self.name = name or command
        self.folder = str(folder)
        os.makedirs(self.folder, exist_ok=True)
        self.config_path = os.path.join(self.folder, f"{self.name}.yaml")
        config = dict(config, instance=self.name)
        with open(self.config_path, "w") as f:
            yaml.safe_dump(config, f)
        command = [command] if isinstance(command, str) else command
        self.command = [*wrapper, binary, *command, "--config", self.config_path]
        self.env = dict(os.environ, **(env or {}))
        self.log_path = os.path.join(self.folder, f"{self.name}.log")
        self.process = None
        self.start()

    def start(self):
        with open(self.log_path, "ab") as log:
            self.log_start = log.tell()
            self.process = subprocess.Popen(self.command, cwd=self.folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=self.env)

    def log(self):
        with open(self.log_path, errors="replace") as f:
            return f.read()

    def alive(self):
        return self.process.poll() is None

    def base(self):
        """The HTTP base URL, read from the log since the last start."""
        def find():
            assert self.alive(), f"{self.name} ended with {self.process.returncode}:\n{self.log()[-3000:]}"
            with open(self.log_path, errors="replace") as f:
                f.seek(self.log_start)
                found = re.findall(r"(?:listening|metrics|http)\S*[ =\"']+(?:http://)?(127\.0\.0\.1:[1-9]\d*)", f.read())
            return found and found[-1]
        return "http://" + until(find, lambda: f"{self.name} says where it listens; log:\n{self.log()[-2000:]}", 30)

    def get(self, path):
        try:
            with urllib.request.urlopen(self.base() + path, timeout=10) as r:
                return r.status, r.read().decode()
        except urllib.error.HTTPError as e:
            return e.code, e.read().decode()
        except (urllib.error.URLError, ConnectionError, TimeoutError) as e:
            return 0, str(e)

    def wait_ready(self, seconds=90):
        return until(lambda: self.get("/readyz")[0] == 200,
                     lambda: f"{self.name} ready: {self.get('/readyz')}\n{self.log()[-3000:]}", seconds, 0.1)

    def metric(self, family, **labels):
        """Sum of the family's series that carry these labels."""
        total = 0.0
        for line in self.get("/metrics")[1].splitlines():
            m = re.match(rf"{family}(?:\{{(.*)\}})? (\S+)$", line)
            if m and all(f'{k}="{v}"' in (m.group(1) or "") for k, v in labels.items()):
                total += float(m.group(2))
        return total

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self, seconds=40):
        """SIGTERM, and the exit code."""
        if self.alive():
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"{self.name} did not stop within {seconds} s:\n{self.log()[-4000:]}")

    def kill(self):
        if self.alive():
            self.process.kill()
            self.process.wait()
