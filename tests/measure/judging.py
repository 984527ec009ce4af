"""How long judging takes a pod: `python -m tests.measure.judging FOLDER`, over all manifests below the folder."""

from __future__ import annotations

import sys
import time

from migrator.discover import discover
from migrator.judge import rules
from migrator.judge.verdict import judge
from migrator.model import Site
from migrator.settings import Settings
from migrator.sources import manifest
from migrator.text.errors import TextError
from migrator.text.source import decode

ROUNDS = 5


def sites(folder: str) -> list[Site]:
    """Every pod spec of two or more containers below the folder."""
    found: list[Site] = []
    for path in discover([folder], Settings()).files:
        with open(path, "rb") as stream:
            content = stream.read()
        try:
            found += manifest.read(decode(content).text).sites
        except (TextError, manifest.Template):
            continue
    return found


def main(folder: str) -> None:
    """Print the milliseconds a pod, of the fastest round."""
    held, catalogue = sites(folder), rules.load()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for site in held:
            judge(site.pod, site.workload, catalogue)
        times.append(time.perf_counter() - start)
    print(f"{len(held)} pods, {len(catalogue.rules)} rules: {min(times) / len(held) * 1000:.2f} ms a pod")


if __name__ == "__main__":
    main(sys.argv[1])
