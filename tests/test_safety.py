"""A pod that worked still works: what the tool decides from the manifest, against the life that the pod truly leads."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from migrator.judge import rules
from migrator.judge.verdict import judge
from migrator.links import Links
from migrator.model import Decision
from migrator.plan.lifecycle import Life, Pod, moved, run, shutdown
from migrator.plan.resources import difference, effective
from migrator.plan.settle import settle
from migrator.settings import Settings
from tests.lived import KINDS, Lived, lives

EXAMPLES = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))

#: What a move breaks for sure, and the hazard that has to say so.
BROKEN = {
    "main_probe": "startup-probe-needs-main",
    "file_probe": "startup-probe-needs-main",
    "hook_for_ever": "poststart-needs-main",
    "tail": "fast-exit-before-main",
    "waits_and_is_probed": "startup-probe-needs-main",
    "told_to_quit": "job-backofflimit-counts-sidecar",
    "one_shot": "run-to-completion-candidate",
    "waited_for": "main-waits-for-candidate-exit",
}


def decided(lived: Lived) -> tuple[Decision, ...]:
    """What the tool makes of the manifest at the newest version: what older clusters lack is not in the model."""
    catalogue = rules.load()
    newest = Settings(target=(1, 37, 0))
    return settle(lived.site, lambda site: judge(site.pod, site.workload, catalogue), newest, Links())


def moves(decisions: tuple[Decision, ...]) -> list[str]:
    """The names of the containers that move, in the order they will stand in."""
    found = [d for d in decisions if d.position is not None]
    return [d.container.name for d in sorted(found, key=lambda d: d.position or 0)]


def seen_by_inits(pod: Pod, life: Life) -> dict[str, list[set[str]]]:
    """For each run of a plain init container, who ran at any time meanwhile."""
    plain = {process.name for process in pod.inits} - pod.sidecars
    found: dict[str, list[set[str]]] = {}
    for own in (r for r in life.runs if r.container in plain):
        others = {r.container for r in life.runs if r.start < (own.end or r.start + 1) and (r.end is None or r.end > own.start)}
        found.setdefault(own.container, []).append(others - {own.container})
    return found


def failures(pod: Pod, life: Life) -> list[str]:
    """What is wrong with a life, in words; nothing where the pod starts and its Job completes."""
    found = [f"`{name}` never starts" for name in life.never_started]
    if life.job_failed or life.phase == "Failed":
        found.append("the Job fails")
    if pod.restart_policy != "Always" and life.phase != "Succeeded":
        found.append("the Job does not complete")
    return found


def hangs(before: Pod, after: Pod) -> bool:
    """Whether a container that stayed takes longer to stop than before."""
    was = {stop.name: stop.gone for stop in shutdown(before)}
    return any(stop.gone > was[stop.name] for stop in shutdown(after) if stop.name in {main.name for main in after.mains})


def check(lived: Lived) -> None:
    """The law: what moves breaks nothing that worked."""
    names = moves(decided(lived))
    event(f"{len(names)} of {len(lived.helpers)} move")
    if not names:
        return
    then = moved(lived.truth, names)
    before, after = run(lived.truth), run(then)
    # A helper that stays keeps the Job from completing as it did: that is not asked of the others.
    stays = set(lived.helpers) - set(names)
    if not any("never starts" in word for word in failures(lived.truth, before)) and not stays:
        assert failures(then, after) == [], (lived.kinds, names, after)
    assert seen_by_inits(then, after) == seen_by_inits(lived.truth, before)
    assert not hangs(lived.truth, then), (lived.kinds, names)
    pod = lived.pod.raw
    moving = {c["name"]: {**c, "restartPolicy": "Always"} for c in pod["containers"] if c["name"] in names}
    rest = [c for c in pod["containers"] if c["name"] not in names]
    new = {**pod, "containers": rest, "initContainers": [*pod["initContainers"], *(moving[name] for name in names)]}
    assert difference(effective(pod), effective(new)) == ()


@EXAMPLES
@given(lives())
def test_what_moves_breaks_nothing(lived: Lived) -> None:
    """No deadlock, the Job completes, init containers see what they saw, the requests stay, and nobody's end is held up."""
    check(lived)


def truly_breaks(lived: Lived, name: str) -> bool:
    """Whether moving this one alone breaks the pod in the model."""
    then = moved(lived.truth, [name])
    life = run(then)
    works_once = any(process.name == name and process.runs is not None for process in then.inits)
    again = works_once and life.restarts[name] > run(lived.truth).restarts[name]
    return bool(failures(then, life)) or again or hangs(lived.truth, then)


@pytest.mark.parametrize("kind", sorted(BROKEN))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_is_blocked_would_break(kind: str, data: st.DataObject) -> None:
    """Each hazard that is certain speaks of a pod that truly deadlocks, hangs, fails, or does its work again."""
    lived = data.draw(lives(kind))
    decision = next(d for d in decided(lived) if d.container.name == "helper0")
    blocks = [hazard for hazard in decision.hazards if hazard.severity == "block"]
    if any(hazard.certain for hazard in blocks):
        assert truly_breaks(lived, "helper0"), (blocks, lived.truth)
        event("certain")
    if truly_breaks(lived, "helper0"):
        assert BROKEN[kind] in [hazard.id for hazard in blocks], (decision, lived.text)


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - BROKEN.keys()))
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_breaks_nothing_moves(kind: str, data: st.DataObject) -> None:
    """Precise, not timid."""
    lived = data.draw(lives(kind))
    decision = next(d for d in decided(lived) if d.container.name == "helper0")
    assert not truly_breaks(lived, "helper0")
    assert decision.position is not None, decision
