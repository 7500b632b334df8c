"""The configuration's JSON Schema, its reader and its documentation say the same, by a validator that is not ours.

usage: schema_test.py FEEDWATCH SOURCE_DIR
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml
from jsonschema import Draft202012Validator

GOOD = [
    "",
    "kafka: { brokers: 'a:9092', client: { linger.ms: 5, socket.keepalive.enable: true } }",
    "feeds: { defaults: { interval: { min: 1s }, first_fetch: latest 3 } }",
    "feeds: { defaults: { first_fetch: { latest: 3 } } }",
    "storage: []",
    "storage: [{ sqlite: {} }, { postgres: { dsn: 'host=x', password: y } }]",
    "alerts: { channels: [{ name: a, url: 'https://x.example/', secret: whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz }] }",
    "http: { listen: '' }",
    "push: { public_url: 'https://x.example/', secret: 0123456789012345678901234, lease: 3d }",
    "batch_interval_max: 1h30m",
]
BAD = [
    "kafak: {}",
    "kafka: { partitions: 0 }",
    "kafka: { topic_prefix: 'a b' }",
    "feeds: { files: feeds.yaml }",
    "feeds: { defaults: { first_fetch: some } }",
    "shutdown_timeout: 5",
    "storage: [{ mysql: {} }]",
    "storage: [{ sqlite: {}, postgres: { dsn: x } }]",
    "storage: [{ postgres: { password: x } }]",
    "alerts: { channels: [{ url: 'https://x.example/', secret: whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz }] }",
    "alerts: { channels: [{ name: a, url: 'https://x.example/' }] }",
    "alerts: { channels: [{ name: a, type: slack, url: 'https://x.example/', secret: x }] }",
    "log: { level: loud }",
    "push: { public_url: 5 }",
    "push: { lease: soon }",
]


def check(binary, text):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "feedwatch.yaml")
        with open(path, "w") as f:
            f.write(text)
        done = subprocess.run([binary, "check", "--config", path], capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout + done.stderr


def keys(schema, path=""):
    """Every key that the schema knows: 'kafka.partitions', 'storage[].sqlite.path', ..."""
    for name, field in schema.get("properties", {}).items():
        yield path + name
        yield from keys(field, path + name + ".")
    for part in schema.get("oneOf", []):
        yield from keys(part, path)
    if isinstance(schema.get("items"), dict):
        yield from keys(schema["items"], path[:-1] + "[].")


def with_defaults(schema):
    """A configuration with every key that has a default, set to it."""
    if "default" in schema:
        return schema["default"]
    fields = {n: with_defaults(f) for n, f in schema.get("properties", {}).items()}
    return {n: v for n, v in fields.items() if v is not None} or None


def main():
    binary, source = sys.argv[1], pathlib.Path(sys.argv[2])
    schema = json.loads((source / "docs/schemas/config.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    problems = []

    for text in GOOD:
        problems += [f"schema refuses: {text}: {e.message}" for e in validator.iter_errors(yaml.safe_load(text))]
        code, said = check(binary, text)
        if code != 0:
            problems.append(f"the reader refuses: {text}: {said}")
    for text in BAD:
        if validator.is_valid(yaml.safe_load(text)):
            problems.append(f"the schema accepts: {text}")
        code, said = check(binary, text)
        if code != 2 or not re.search(r"feedwatch\.yaml:\d+:\d+: \S", said):
            problems.append(f"the reader says {code} to {text}: {said}")

    # Each default of the schema is one that the reader takes: so the reader knows each of these keys.
    code, said = check(binary, yaml.safe_dump(with_defaults(schema)))
    if code != 0:
        problems.append(f"the schema's defaults are refused: {said}")

    documented = (source / "docs/configuration.md").read_text()
    for key in keys(schema):
        if not re.search(rf"\b{re.escape(key.split('.')[-1])}\b", documented):
            problems.append(f"docs/configuration.md does not name {key}")

    configs = [p for p in (source / "deploy").rglob("feedwatch*.yaml") if "grafana" not in p.parts]
    for path in configs:
        text = path.read_text()
        problems += [f"{path}: schema: {e.message}" for e in validator.iter_errors(yaml.safe_load(text))]
    plain = source / "deploy/feedwatch.yaml"
    done = subprocess.run([binary, "check", "--config", plain], capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        problems.append(f"{plain}: {done.stderr}")
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "feeds.yaml").write_text("feeds: []\n")
        env = dict(os.environ, FEEDWATCH_QUICKSTART_DIR=folder, FEEDWATCH_QUICKSTART_BROKERS="embedded",
                   FEEDWATCH_QUICKSTART_ROOT=str(source))
        demo = source / "deploy/demo/feedwatch.yaml"
        done = subprocess.run([binary, "check", "--config", demo], capture_output=True, text=True, timeout=60, env=env)
        if done.returncode != 0:
            problems.append(f"{demo}: {done.stderr}")

    print("\n".join(problems) or f"{len(GOOD)} good and {len(BAD)} bad examples, {len(configs)} files of deploy/")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
