"""How right the confidences are, on manifests that people have labelled; made for docs/judgement.md.

    python -m tests.measure.calibration CORPUS

CORPUS holds `labels.jsonl`, one pod a line (`file`, `repo`, `kind`, `name`, `containers` with `name`, `role`), and
the files. Printed are a reliability table of the weights as they are, and the same figures with the weights
fitted anew on all repositories but the one that is judged (leave one repository out).
"""

from __future__ import annotations

import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from migrator.judge import rules
from migrator.judge.verdict import judge
from migrator.judge.weights import ECHO, MIGRATE, PRIOR, WEIGHTS, probability
from migrator.links import linked
from migrator.model import Verdict
from migrator.sources import manifest
from migrator.text.errors import TextError
from migrator.text.source import decode
from migrator.work import outline

LEVELS = tuple(WEIGHTS)
#: How strongly a fit is held to the weights as they are (the precision of a normal prior).
HELD = 1.0


@dataclass(frozen=True)
class Sample:
    """A labelled container: what the tool said, how often each level of evidence spoke, whether it is a sidecar."""

    repo: str
    purpose: str
    verdict: Verdict
    counts: tuple[float, ...]
    sidecar: bool

    def score(self, weights: Sequence[float]) -> float:
        """Log-odds with these weights, the first of which is the prior."""
        return weights[0] + sum(w * n for w, n in zip(weights[1:], self.counts, strict=True))

    @property
    def helps(self) -> bool:
        """Whether more than hints speak for it, as the tool asks."""
        return any(item.weight >= WEIGHTS["fair"] for item in self.verdict.evidence)


def samples(corpus: Path) -> list[Sample]:
    """All labelled containers whose readers agreed."""
    labels = [json.loads(line) for line in (corpus / "labels.jsonl").read_text().splitlines()]
    files = {label["file"]: (corpus / label["file"]).read_bytes() for label in labels}
    links = linked(outline(path, content).facts for path, content in files.items())
    said: dict[tuple[str, str, str, str], Verdict] = {}
    for path, content in files.items():
        try:
            found = manifest.read(decode(content).text)
        except (TextError, manifest.Template):
            continue
        for site in found.sites:
            for container, verdict in zip(site.pod.containers, judge(site.pod, site.workload, rules.load(), links), strict=True):
                said.setdefault((path, site.workload.kind, site.workload.name, container.name), verdict)
    return list(_labelled(labels, said))


def _labelled(labels: Iterable[dict[str, Any]], said: dict[tuple[str, str, str, str], Verdict]) -> Iterable[Sample]:
    for label in labels:
        for container in label["containers"]:
            verdict = said.get((label["file"], label["kind"], label["name"], container["name"]))
            if verdict is not None and container["role"] != "unsure":
                sidecar = container["role"] == "sidecar"
                yield Sample(label["repo"], container.get("purpose") or "", verdict, _counts(verdict), sidecar)


def _counts(verdict: Verdict) -> tuple[float, ...]:
    """How often each level spoke for it, less how often against; an echo counts as `ECHO`."""
    counts = dict.fromkeys(LEVELS, 0.0)
    for item in verdict.evidence:
        level, times = min(
            ((level, times) for level in LEVELS for times in (1.0, ECHO)),
            key=lambda pair: abs(WEIGHTS[pair[0]] * pair[1] - abs(item.weight)),
        )
        counts[level] += math.copysign(times, item.weight)
    return tuple(counts.values())


def fitted(known: Sequence[Sample]) -> list[float]:
    """Prior and weights of the largest posterior likelihood, by gradient ascent from the weights as they are."""
    start = [PRIOR, *WEIGHTS.values()]
    weights = list(start)
    for _ in range(400):
        slope = [HELD * (a - b) for a, b in zip(start, weights, strict=True)]
        for sample in known:
            error = sample.sidecar - probability(sample.score(weights))
            slope[0] += error
            for number, count in enumerate(sample.counts, start=1):
                slope[number] += error * count
        weights = [w + 0.01 * s for w, s in zip(weights, slope, strict=True)]
    return weights


def threshold(known: Sequence[Sample], weights: Sequence[float]) -> float:
    """The lowest probability from which on no more than one in a hundred is taken wrongly."""
    ranked = sorted(((probability(s.score(weights)), s.sidecar) for s in known if s.helps), reverse=True)
    wrong, best = 0, 1.0
    for number, (p, sidecar) in enumerate(ranked, start=1):
        wrong += not sidecar
        if wrong / number <= 0.01:
            best = p
    return best


def figures(judged: Sequence[tuple[Sample, bool]]) -> tuple[float, float, float]:
    """Precision, recall and mean recall by purpose of what is taken for a sidecar."""
    taken = [s for s, take in judged if take]
    right = sum(s.sidecar for s in taken)
    purposes: dict[str, list[bool]] = defaultdict(list)
    for sample, take in judged:
        if sample.sidecar:
            purposes[sample.purpose].append(take)
    hits = [hit for found in purposes.values() for hit in found]
    return (
        right / max(1, len(taken)),
        sum(hits) / max(1, len(hits)),
        sum(sum(f) / len(f) for f in purposes.values()) / max(1, len(purposes)),
    )


def reliability(judged: Sequence[tuple[Sample, float]]) -> list[str]:
    """A row a decile: how many, mean confidence, how many of them are sidecars."""
    deciles: dict[int, list[tuple[Sample, float]]] = defaultdict(list)
    for sample, p in judged:
        deciles[min(9, int(p * 10))].append((sample, p))
    rows = ["| confidence | containers | mean confidence | sidecars |", "| --- | --- | --- | --- |"]
    for decile in sorted(deciles):
        held = deciles[decile]
        mean, share = sum(p for _, p in held) / len(held), sum(s.sidecar for s, _ in held) / len(held)
        rows.append(f"| {decile / 10:.1f} to {decile / 10 + 0.1:.1f} | {len(held)} | {mean:.3f} | {share:.3f} |")
    return rows


def main(corpus: Path) -> None:
    """Print both tables."""
    known = samples(corpus)
    now = [PRIOR, *WEIGHTS.values()]
    repos = sorted({s.repo for s in known})
    moved, cut, fit = [], [], []
    for repo in repos:
        others, held = [s for s in known if s.repo != repo], [s for s in known if s.repo == repo]
        moved += [(s, s.helps and probability(s.score(now)) >= MIGRATE) for s in held]
        from_here = threshold(others, now)
        cut += [(s, s.helps and probability(s.score(now)) >= from_here) for s in held]
        weights = fitted(others)
        from_here = threshold(others, weights)
        fit += [(s, s.helps and probability(s.score(weights)) >= from_here) for s in held]
    print(f"{len(known)} containers of {len(repos)} repositories\n")
    print("| | precision | recall | mean recall by purpose |\n| --- | --- | --- | --- |")
    for title, judged in (
        ("weights and threshold as they are", moved),
        ("threshold fitted, leaving one repository out", cut),
        ("weights and threshold fitted, leaving one repository out", fit),
    ):
        print(f"| {title} | " + " | ".join(f"{figure:.3f}" for figure in figures(judged)) + " |")
    print("\n" + "\n".join(reliability([(s, s.verdict.confidence) for s in known])))
    print("\nFitted on all: " + ", ".join(f"{n} {w:.2f}" for n, w in zip(("prior", *LEVELS), fitted(known), strict=True)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
