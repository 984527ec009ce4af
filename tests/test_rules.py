"""The rules of `rules/`: each does what its own examples say, and a mistake in a rule file is told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrator import datafile, workloads
from migrator.datafile import DataError, DataFile
from migrator.judge import rules
from migrator.judge.rules import Catalogue, Rule
from migrator.judge.signals import SIGNALS
from migrator.judge.verdict import evidence, see
from tests.pods import example_view

RULES = rules.load().rules
TREE = Path(__file__).parent.parent / "rules"

RULE = """\
id: shipper
title: Shipper
purpose: log-shipper
role: sidecar
clues:
  - image: [shipper]
    weight: strong
sources:
  - https://shipper.example/docs
examples:
  match:
    - {name: a, image: shipper}
  no-match:
    - {name: a, image: ship}
"""


def test_every_file_of_the_tree_is_a_rule() -> None:
    files = [path for path in TREE.glob("*/*.yaml") if path.parent.name not in rules.NO_RULES]
    assert len(RULES) == len(files)
    assert len(RULES) > 100


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_examples_of_a_rule(rule: Rule) -> None:
    """All of `match` match, none of `no-match` does, and every clue has an example of its own."""
    catalogue = Catalogue([rule])
    views = [example_view(example) for example in rule.matching]
    assert all(evidence(view, catalogue) for view in views)
    assert not any(evidence(example_view(example), catalogue) for example in rule.differing)
    for number, clue in enumerate(rule.clues, start=1):
        assert any(see(view, clue) for view in views), f"no example shows clue {number}"


def test_the_purpose_of_a_product_is_its_folder() -> None:
    loose = [rule.path for rule in RULES if rule.purpose and not rule.path.startswith(("names/", f"{rule.purpose}/"))]
    assert [path for path in loose if not path.startswith("applications/")] == []


def test_every_signal_is_used() -> None:
    used = {name for rule in RULES for clue in rule.clues for name in (*clue.signals, *clue.lacks)}
    assert set(SIGNALS) - used <= {"completes", "idles"}


def test_looking_rules_up_finds_what_trying_all_finds() -> None:
    catalogue = rules.load()
    for rule in RULES:
        for example in rule.matching:
            view = example_view(example)
            tried = catalogue.about(view).get(rule.id, (rule, []))[1]
            assert [clue for clue in rule.clues if see(view, clue) and clue not in tried] == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (RULE.replace("role: sidecar", "role: helper"), "x/shipper.yaml:4: role: `helper` is none of"),
        (RULE.replace("weight: strong", "weight: 3"), "x/shipper.yaml:7: weight: `3` is none of"),
        (
            RULE.replace("  - image: [shipper]\n    weight", "  - images: [shipper]\n    weight"),
            "x/shipper.yaml:6: images: unknown key",
        ),
        (RULE.replace("image: [shipper]", "image: []"), "x/shipper.yaml:6: image: a list with entries is wanted"),
        (RULE.replace("image: [shipper]", "port: [http]"), "x/shipper.yaml:6: port: `http` is no port number"),
        (RULE.replace("image: [shipper]", "args: ['(']"), "x/shipper.yaml:6: args: missing )"),
        (RULE.replace("image: [shipper]", "signals: [sings]"), "x/shipper.yaml:6: signals: no signal is called `sings`"),
        (
            RULE.replace("  - image: [shipper]\n    weight: strong", "  - weight: strong"),
            "x/shipper.yaml:6: clues: a clue that looks at nothing",
        ),
        (RULE.replace("title: Shipper\n", ""), "x/shipper.yaml:1: title: is missing"),
        (RULE.replace("title: Shipper", "title:"), "x/shipper.yaml:2: title: has no value"),
        (RULE + "title: Again\n", "x/shipper.yaml:15: title: given twice"),
        (RULE.replace("id: shipper", "id: Shipper"), "x/shipper.yaml:1: id: `Shipper` must be kebab-case"),
        (RULE.replace("  no-match:\n    - {name: a, image: ship}\n", ""), "x/shipper.yaml:11: no-match: is missing"),
        (RULE.replace("role: sidecar", "role: [sidecar"), "x/shipper.yaml:5: not YAML"),
        ("- a list\n", "x/shipper.yaml:1: one mapping is wanted"),
    ],
)
def test_a_mistake_names_file_line_and_key(text: str, complaint: str) -> None:
    with pytest.raises(DataError) as caught:
        rules.read_rule(DataFile("x/shipper.yaml", text))
    assert str(caught.value).startswith(complaint)


def test_two_rules_of_one_id_are_refused(tmp_path: Path) -> None:
    for folder in ("log-shipper", "proxy"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "shipper.yaml").write_text(RULE)
    with pytest.raises(DataError, match=r"also the id of log-shipper/shipper\.yaml"):
        rules.load_tree(tmp_path)


def test_a_rule_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "proxy").mkdir()
    (tmp_path / "proxy" / "x.yaml").write_bytes(b"id: \xff\n")
    with pytest.raises(DataError, match=r"proxy/x.yaml:1: not UTF-8"):
        rules.load_tree(tmp_path)


def test_the_allow_list_knows_its_kinds() -> None:
    known = workloads.custom_resources()
    assert known[("argoproj.io", "Rollout")][0].steps == ("spec", "template", "spec")
    assert all(path.steps[-1] in ("spec", "*") for paths in known.values() for path in paths)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("group: a\nkinds:\n  X: {pods: [spec]}\nwhy: w\nsources: [s]\n", "workloads/x.yaml:3: pods: `spec` is no path"),
        ("group: a\nkinds:\n  X: {pods: [/spec]}\nsources: [s]\n", "workloads/x.yaml:1: why: is missing"),
        (
            "group: a\nkinds:\n  X: {pods: [/spec], completes: yes}\nwhy: w\nsources: [s]\n",
            "workloads/x.yaml:3: completes: `yes` is none of",
        ),
    ],
)
def test_a_mistake_in_the_allow_list(text: str, complaint: str) -> None:
    with pytest.raises(DataError) as caught:
        workloads.read_entry(datafile.DataFile("workloads/x.yaml", text))
    assert str(caught.value).startswith(complaint)
