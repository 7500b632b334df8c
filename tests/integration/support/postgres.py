"""A private PostgreSQL server."""

import glob
import os
import shutil
import socket
import subprocess

import psycopg


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Postgres:
    def __init__(self, folder):
        self.bin = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
        self.folder = str(folder)
        self.data = os.path.join(self.folder, "data")
        self.port = free_port()
        self.password = "pg-password-marker"
        self.as_user = []
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            os.chmod(self.folder, 0o777)
            self.as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]
        pwfile = os.path.join(self.folder, "pw")
        with open(pwfile, "w") as f:
            f.write(self.password)
        os.chmod(pwfile, 0o644)
        self.run([os.path.join(self.bin, "initdb"), "-D", self.data, "-U", "feedwatch", "--auth=scram-sha-256",
                  f"--pwfile={pwfile}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"])
        self.start()

    def run(self, command):
        out = subprocess.run(self.as_user + command, cwd=self.folder, capture_output=True, text=True, timeout=120)
        assert out.returncode == 0, f"{command}: {out.stdout}{out.stderr}"

    def start(self):
        self.run([os.path.join(self.bin, "pg_ctl"), "-D", self.data, "-w", "-t", "180", "-l",
                  os.path.join(self.data, "log"), "-o",
                  f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=on", "start"])

    def stop(self, mode="fast"):
        self.run([os.path.join(self.bin, "pg_ctl"), "-D", self.data, "-w", "-t", "180", "-m", mode, "stop"])

    def dsn(self, dbname, password=False):
        text = f"host=127.0.0.1 port={self.port} user=feedwatch dbname={dbname}"
        return text + (f" password={self.password}" if password else "")

    def create(self, dbname):
        with psycopg.connect(self.dsn("postgres", password=True), autocommit=True) as c:
            c.execute(f'CREATE DATABASE "{dbname}"')
        return dbname

    def query(self, dbname, sql, *args):
        with psycopg.connect(self.dsn(dbname, password=True)) as c:
            return c.execute(sql, args or None).fetchall()

    def close(self):
        self.stop("immediate")
        shutil.rmtree(self.data, ignore_errors=True)
