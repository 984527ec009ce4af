"""The law of `tests/test_safety.py` on many more pods: `python -m tests.measure.safety [EXAMPLES]` (10,000)."""

from __future__ import annotations

import sys
from collections import Counter

from hypothesis import HealthCheck, Phase, given, settings

from tests.lived import Lived, lives
from tests.test_safety import check, decided, moves, truly_breaks

FOUND: Counter[str] = Counter()


def look(lived: Lived) -> None:
    """The law, and what was found of each kind of helper."""
    check(lived)
    decisions = {d.container.name: d for d in decided(lived)}
    moving = moves(tuple(decisions.values()))
    # Beside another helper that keeps the pod from starting or ending, what one does alone cannot be told.
    for name, kind in zip(lived.helpers, lived.kinds, strict=True) if len(lived.helpers) == 1 else ():
        certain = any(h.severity == "block" and h.certain for h in decisions[name].hazards)
        breaks = truly_breaks(lived, name)
        assert breaks or not certain, lived
        told = "moves" if name in moving else "certain block" if certain else "review"
        FOUND[f"{kind}: {told}, {'would break' if breaks else 'would not break'}"] += 1


def main(examples: int) -> None:
    """Run it, without shrinking to a small example; the first failure ends it."""
    quiet = settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    law = settings(quiet, phases=(Phase.generate,))(given(lives())(look))
    law()
    for line, number in sorted(FOUND.items()):
        print(f"{number:6}  {line}")
    print(f"{examples} pods, of which {sum(FOUND.values())} with one helper: no law broken")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
