"""Validates what feedwatch writes against docs/schemas with a validator that is not ours.

usage: schemas_test.py WRITE_SAMPLES SCHEMAS_DIR
"""
import json
import pathlib
import subprocess
import sys

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource


def validators(folder):
    schemas = {path.name: json.loads(path.read_text()) for path in folder.glob("*.schema.json")}
    registry = Registry().with_resources([(name, Resource.from_contents(s)) for name, s in schemas.items()])
    out = {}
    for name, schema in schemas.items():
        Draft202012Validator.check_schema(schema)
        # Through a reference, so that each file's own relative references resolve.
        out[name.removesuffix(".schema.json")] = Draft202012Validator(
            {"$ref": name}, registry=registry, format_checker=FormatChecker())
    return out, schemas


def described(schema, path=""):
    """Yields the fields without a description."""
    for name, field in schema.get("properties", {}).items():
        if field.get("type") in ("object", "array", None) or path == "":
            if not field.get("description"):
                yield path + name
        yield from described(field, path + name + ".")
    if "items" in schema:
        yield from described(schema["items"], path)


def known_fields(name, schemas):
    schema = schemas[name + ".schema.json"]
    fields = set(schema.get("properties", {}))
    for part in schema.get("allOf", []):
        fields |= known_fields(part["$ref"].removesuffix(".schema.json"), schemas)
    return fields


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    checks, schemas = validators(folder)
    problems = [f"{name}: {field} has no description" for name, s in schemas.items() for field in described(s)]
    seen = set()
    lines = subprocess.run([program], check=True, capture_output=True).stdout.decode("utf-8").split("\n")
    for line in filter(None, lines):  # never splitlines(): a text may hold U+2028
        topic, text = line.split("\t", 1)
        record = json.loads(text)
        seen.add(topic)
        problems += [f"{topic}: {e.json_path}: {e.message[:200]}" for e in checks[topic].iter_errors(record)]
        problems += [f"{topic}: {f} is written but not in the schema" for f in set(record) - known_fields(topic, schemas)]
        # Fields are only ever added: a later version's record must pass today's schema.
        problems += [f"{topic}: refuses a new field" for _ in checks[topic].iter_errors({**record, "added_later": {}})]
        for field in known_fields(topic, schemas):
            without = {k: v for k, v in record.items() if k != field}
            if checks[topic].is_valid(without):
                problems.append(f"{topic}: {field} is settled but not required")
    problems += [f"{name}: no sample" for name in set(checks) - seen - {"config"}]
    print("\n".join(problems) or f"{len(lines) - 1} records of {len(seen)} kinds are as their schemas say")
    return 1 if problems else 0


sys.exit(main())
