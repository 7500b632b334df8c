#!/usr/bin/env python3
"""Checks that #includes respect the layers: core <- io <- producers, processors, sinks <- app.

usage: layers_test.py SOURCE_DIR
"""
import pathlib
import re
import sys

STAGES = ("producers", "processors", "sinks")
LAYERS = ("core", "io", *STAGES, "app")

# C and heavy libraries, and the only folders whose sources may include them.
LIBRARIES = {
    r"librdkafka/": ("io/kafka",),
    r"curl/": ("io/http",),
    r"(libpq-fe|pg_config|postgresql/)": ("sinks/storage",),
    r"zstd": ("io/http",),
    r"sqlite3\.h": ("sinks/storage", "io/kafka"),
    r"yaml-cpp/": ("io/yaml",),
    r"spdlog/": ("io/log",),
    r"prometheus/": ("io/metrics",),
    r"simdjson\.h": ("core", "core/record", "producers/extract", "producers/parse", "processors/match"),
    r"CLI/": ("app",),
    r"expat\.h": ("tests",),
}
# Compiled once, in sources; never in a header that others include.
HEAVY = re.compile(r"boost/(asio|beast)\.hpp")
# --version names the versions of what is linked.
EXEMPT = {"app/versions.cpp"}
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', re.M)


def may_include(importer, imported):
    """Whether a file in folder `importer` (its parts) may include one in folder `imported`."""
    layer, other = importer[0], imported[0]
    if layer == "app":
        return True
    if layer == "core":
        return other == "core"
    if layer == "io":
        return other in ("core", "io")
    return other in ("core", "io") or other == layer


def problems_of(path, text):
    parts = path.split("/")
    header = path.endswith(".hpp")
    for own, system in INCLUDE.findall(text):
        target = own or system
        if target.split("/")[0] in LAYERS and not may_include(parts, target.split("/")):
            yield f"{path} includes {target}: {parts[0]} may not depend on {target.split('/')[0]}"
        if system.split("/")[0] in LAYERS:
            yield f"{path} includes {target} with <>: our own headers are quoted"
        for pattern, homes in LIBRARIES.items():
            if system and re.match(pattern, system) and path not in EXEMPT and not path.startswith(tuple(h + "/" for h in homes)):
                yield f"{path} includes <{system}>, which belongs to {' and '.join(homes)}"
        if header and HEAVY.fullmatch(system):
            yield f"{path} includes <{system}>: too heavy for a header"


def self_test():
    """The checker finds what it is for."""
    bad = {
        "core/a.cpp": '#include "io/http/http.hpp"',
        "io/log/a.cpp": '#include "app/config/config.hpp"',
        "sinks/storage/a.cpp": '#include "processors/match/match.hpp"',
        "processors/match/a.cpp": "#  include <librdkafka/rdkafka.h>",
        "producers/poll/a.cpp": "#include <curl/curl.h>",
        "app/a.cpp": "#include <sqlite3.h>",
        "io/http/a.hpp": "#include <boost/beast.hpp>",
        "core/b.cpp": "#include <core/time.hpp>",
    }
    good = {
        "io/kafka/a.cpp": '#include <sqlite3.h>\n#include "core/step.hpp"\n#include "io/log/log.hpp"',
        "app/a.cpp": '#include "sinks/alerts/alerts.hpp"\n#include <CLI/CLI.hpp>',
        "io/http/a.cpp": "#include <boost/beast.hpp>\n#include <curl/curl.h>",
    }
    return [f"self-test: nothing found in {p}" for p, t in bad.items() if not list(problems_of(p, t))] + [
        f"self-test: {problem}" for p, t in good.items() for problem in problems_of(p, t)]


def main():
    source = pathlib.Path(sys.argv[1])
    problems = self_test()
    files = [f for layer in LAYERS for f in sorted((source / layer).rglob("*")) if f.suffix in (".hpp", ".cpp", ".h")]
    for file in files:
        problems += problems_of(str(file.relative_to(source)), file.read_text())
    if len(files) < 20:
        problems.append(f"only {len(files)} files under {source}")
    print("\n".join(problems) or f"{len(files)} files respect the layers")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
