"""The catalogue of hazards as a whole: every one that is known is looked for, or said not to be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from migrator import datafile
from migrator.datafile import DataError, DataFile
from migrator.plan.hazards import CHECKS
from migrator.plan.hazards.pages import pages, read_page
from migrator.versions import version
from tests.conftest import Run

#: What a move of a container is known to change, from the kubelet's, API server's and controllers' sources and from
#: migrations made by hand. Each id has a page.
KNOWN = """
startup-probe-needs-main poststart-needs-main fast-exit-before-main entrypoint-waits-for-main optional-sidecar-gates-start
started-is-not-ready synthesized-startup-deadlock liveness-during-init serial-start-latency needs-init-output
init-needs-candidate restart-regating never-plus-startupprobe-bug startupprobe-after-kubelet-restart job-status-frozen
exited-sidecar-stalls-shutdown
no-main-left main-ambiguous run-to-completion-candidate job-backofflimit-counts-sidecar candidate-failure-significant
last-sidecar-flaky-stall quit-hack-http quit-hack-file quit-hack-signal completion-delay podfailurepolicy-exit-codes
exit-code-consumers immutable-owner
prestop-self-terminates prestop-sleep-obsolete main-waits-for-candidate-exit main-prestop-stops-candidate
candidate-needed-early-sigterm grace-budget no-order-on-hard-kill
service-named-target-port port-name-shadowing hostport-scheduler-blind hostport-dup-unchecked netpol-named-port
prometheus-sd mesh-proxy-not-native injected-or-placeholder-proxy resources-increase other-schedulers
cluster-too-old webhook-strips-field crd-embedded-podspec knative-service policy-engines ksm-metrics-alerts
events-and-kubelet-metrics default-container-shift api-default-container jsonpath-scripts vpa hpa-container-resource
dashboards kustomize-smp-left-behind kustomize-smp-reorders-init json6902-index replacements-vars ssa-co-owned
comment-markers rollout-effect static-pod windows-node downgrade restartpolicyrules-on-sidecar resizepolicy-on-sidecar
restartpolicy-on-regular inplace-resize-paths exclusive-cpus-devices duplicate-name
"""

#: Kustomizations show these, and are rewritten.
REWRITTEN = "kustomize-smp-reorders-init json6902-index replacements-vars"

#: No file shows these.
NOWHERE = """
synthesized-startup-deadlock exit-code-consumers no-order-on-hard-kill events-and-kubelet-metrics dashboards ssa-co-owned
comment-markers static-pod downgrade exclusive-cpus-devices
"""


def test_every_known_hazard_has_a_page_and_no_other_has() -> None:
    assert sorted(page.id for page in pages()) == sorted(KNOWN.split())


def test_what_is_not_looked_for_is_said_to_be_so() -> None:
    assert {page.id for page in pages() if page.seen == "kustomize"} == set(REWRITTEN.split())
    assert {page.id for page in pages() if page.seen == "cluster"} == set(NOWHERE.split())
    assert {check.id for check in CHECKS} == set(KNOWN.split()) - {*REWRITTEN.split(), *NOWHERE.split()}


def test_each_check_is_made_once() -> None:
    ids = [check.id for check in CHECKS]
    assert len(ids) == len(set(ids))


def test_pages_lie_under_their_names() -> None:
    for path in (Path(str(datafile.bundled())) / "hazards").glob("*.yaml"):
        assert re.search(rf"(?m)^id: {re.escape(path.stem)}$", path.read_text()), path


_CHECKED = "id: no-main-left\ntitle: t\nwhat: w\nwhy: w\ndo: d\nsources: [s]\n"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("id: nobody\ntitle: t\nwhat: w\nwhy: w\ndo: d\nsources: [s]\n", "x.yaml:1: seen: is for hazards that no check"),
        ("id: no-main-left\ntitle: t\nwhat: w\nwhy: w\ndo: d\nsources: [s]\n", "x.yaml:1: example: is for hazards that a check"),
        ("id: nobody\nseen: there\ntitle: t\nwhat: w\nwhy: w\ndo: d\nsources: [s]\n", "x.yaml:2: seen: `there` is none of"),
        (f"{_CHECKED}example: {{before: b, after: a, files: {{x.sh: b}}}}\n", "x.yaml:7: rule: a mapping is wanted"),
        (f"{_CHECKED}example: {{before: b, after: a, files: {{}}}}\n", "x.yaml:7: files: a mapping of file names"),
        (f"{_CHECKED}example: {{before: b, after: a, files: {{x.sh: {{before: b}}}}}}\n", "x.yaml:7: after: is missing"),
        ("id: nobody\nseen: cluster\ntitle: t\nwhat: w\nwhy: w\nsources: [s]\n", "x.yaml:1: do: is missing"),
    ],
)
def test_a_mistake_in_a_page_has_its_place(text: str, complaint: str) -> None:
    with pytest.raises(DataError, match=re.escape(complaint)):
        read_page(DataFile("x.yaml", text))


@pytest.mark.parametrize(
    ("hazard", "silent", "heard"),
    [
        ("service-named-target-port", "1.33", "1.32.9"),
        ("hostport-scheduler-blind", "1.33.6", "1.33.5"),
        ("hostport-scheduler-blind", "1.34", "1.29"),
        ("never-plus-startupprobe-bug", "1.34.2", "1.34.1"),
        ("never-plus-startupprobe-bug", "1.33.6", "1.34.0"),
        ("startupprobe-after-kubelet-restart", "1.35.4", "1.35.3"),
        ("startupprobe-after-kubelet-restart", "1.34", "1.35"),
        ("job-status-frozen", "1.29.3", "1.29.2"),
        ("exited-sidecar-stalls-shutdown", "1.29.8", "1.30.3"),
        ("resizepolicy-on-sidecar", "1.33", "1.32"),
        ("cluster-too-old", "1.29", "1.28.15"),
    ],
)
def test_versions_down_to_the_patch(hazard: str, silent: str, heard: str) -> None:
    check = next(check for check in CHECKS if check.id == hazard)
    assert version(silent) not in check.versions
    assert version(heard) in check.versions


def test_explain_shows_every_hazard(run: Run) -> None:
    listed = run("explain").stdout
    for page in pages():
        assert f"{page.id} " in listed
        shown = run("explain", page.id).stdout
        assert shown.startswith(f"{page.id}: {page.title}\n")
        assert all(source in shown for source in page.sources)
        texts = [page.before, page.after, *(text for file in page.files for text in (file.name, file.before, file.after))]
        assert all(line.rstrip() in shown for text in texts for line in text.splitlines())


def test_explain_helps_with_a_misspelt_hazard(run: Run) -> None:
    assert "did you mean `fast-exit-before-main`?" in run("explain", "fast-exit-before-man").stderr
