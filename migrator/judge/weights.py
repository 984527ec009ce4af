"""What evidence weighs, in one place: natural log-odds for "this container is a sidecar".

A container of a pod with several starts at `PRIOR`; each piece of evidence adds its weight (rules that speak
for main, peer or one-shot subtract it), and the sum is a probability by the logistic function: `strong` alone
gives 0.94, `fair` alone 0.79, `fair` and `weak` together 0.89.
"""

from __future__ import annotations

import math

PRIOR = -0.7
WEIGHTS = {"conclusive": 10.0, "decisive": 5.0, "strong": 3.5, "fair": 2.0, "weak": 0.8}

#: Rules of one purpose see the same thing twice (the image and the name of fluent-bit): the strongest counts
#: whole, the others by this factor.
ECHO = 0.5

#: From here on a container is surely enough a sidecar to be moved; from `REVIEW` on a human should look.
MIGRATE = 0.90
REVIEW = 0.50


def probability(log_odds: float) -> float:
    """The logistic function."""
    return 1.0 / (1.0 + math.exp(-max(-500.0, min(500.0, log_odds))))
