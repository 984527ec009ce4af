"""Kustomizations that are wrong in one place: it is said with file and line, nothing of theirs moves, all else is done."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.test_kustomize_forms import PROXY, SHOP, dumped, workload

LABELS = {"app": "shop"}
BASE = dumped(workload([SHOP, PROXY], selector={"matchLabels": LABELS}, template={"metadata": {"labels": LABELS}}))
PATCH = dumped(workload([{**PROXY, "env": [{"name": "STAGE", "value": "prod"}]}, {"name": "shop", "tty": True}]))
WHOLE = "- op: replace\n  path: /spec/template/spec/containers\n  value: [{name: shop, image: 'registry.example/shop:1'}]\n"
GONE = "- op: remove\n  path: /spec/template/spec/containers/1\n"
BY_NUMBER = "- op: test\n  path: /spec/template/spec/containers/1/name\n  value: somebody-else\n"


def files(prod: str, **more: str) -> dict[str, str]:
    """A base, and an overlay with this kustomization and further files."""
    return {
        "base/kustomization.yaml": "resources:\n- shop.yaml\n",
        "base/shop.yaml": BASE,
        "prod/kustomization.yaml": prod,
        "prod/proxy.yaml": PATCH,
        **{f"prod/{name}.yaml": text for name, text in more.items()},
    }


def lay_out(held: dict[str, str], other: str = "cart") -> None:
    """These files, beside a tree in which all is well."""
    well = files("resources: [../base]\npatches:\n- path: proxy.yaml\n")
    beside = {f"well/{name.replace('shop', other)}": text.replace("shop", other) for name, text in well.items()}
    for name, text in ({f"bad/{name}": text for name, text in held.items()} | beside).items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)


def statuses(run: Run, *flags: str) -> tuple[dict[str, dict[str, Any]], str]:
    """What the report says of each file, and its text for people."""
    shown = run(*flags, "-f", "json=../report.json", "-f", "text", "-v", ".")
    assert shown.exit_code in (0, 3), shown.output
    return {file["path"]: file for file in json.loads(Path("../report.json").read_text())["files"]}, shown.output


CASES = {
    "circle": (
        files("resources: [../base, ../other]\npatches:\n- path: proxy.yaml\n")
        | {"other/kustomization.yaml": "bases: [../prod]\n"},
        "bad/other/kustomization.yaml",
        1,
        "in a circle",
    ),
    "missing-patch": (
        files("resources:\n- ../base\npatches:\n- path: proxy.yaml\n- path: gone.yaml\n"),
        "bad/prod/kustomization.yaml",
        5,
        "prod/gone.yaml is not here",
    ),
    "missing-replacements": (
        files("resources:\n- ../base\nreplacements:\n- path: gone.yaml\npatches:\n- path: proxy.yaml\n"),
        "bad/prod/kustomization.yaml",
        4,
        "the replacements gone.yaml are not here",
    ),
    "replacements-that-are-none": (
        files("resources:\n- ../base\nreplacements:\n- path: odd.yaml\n", odd="- targets:\n  - fieldPaths: [a]\n"),
        "bad/prod/kustomization.yaml",
        4,
        "prod/odd.yaml:2: a target of a replacement needs a `select`",
    ),
    "key-twice": (
        files("resources:\n- ../base\npatches:\n- path: proxy.yaml\nresources: []\n"),
        "bad/prod/kustomization.yaml",
        5,
        "the key `resources` stands twice",
    ),
    "no-mapping": (files("- ../base\n- proxy.yaml\n"), "bad/prod/kustomization.yaml", 1, "must be a mapping"),
    "not-yaml": (files("resources: [../base\npatches:\n"), "bad/prod/kustomization.yaml", 2, "not YAML"),
    "patch-that-is-none": (
        files("resources:\n- ../base\npatches:\n- path: odd.yaml\n", odd="# nothing\njust a word\n"),
        "bad/prod/odd.yaml",
        2,
        "a patch is a mapping or a list of operations",
    ),
    "patch-that-does-not-fit": (
        files("resources:\n- ../base\npatches:\n- path: n.yaml\n  target: {kind: Deployment}\n", n=BY_NUMBER),
        "bad/prod/kustomization.yaml",
        4,
        "the patch does not fit Deployment shop: operation 1 (test",
    ),
    "taken-away-twice": (
        files("resources:\n- ../base\npatches:\n- &p\n  path: n.yaml\n  target: {kind: Deployment}\n- *p\n", n=GONE),
        "bad/prod/kustomization.yaml",
        7,
        "there is no item `1` in a list of 1",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_is_said_and_the_rest_is_done(run: Run, case: str) -> None:
    held, path, line, message = CASES[case]
    lay_out(held)
    found, told = statuses(run)
    assert (found[path]["line"], message in found[path]["reason"]) == (line, True), found[path]
    assert f"{path}:{line}" in told or path in told
    assert message in told
    assert Path("bad/base/shop.yaml").read_text() == BASE or case in ("key-twice", "no-mapping", "not-yaml")
    assert found["well/base/cart.yaml"]["status"] == found["well/prod/proxy.yaml"]["status"] == "rewritten"


WAITING = {
    "remote-base": (
        files("resources:\n- https://github.com/example/shop//deploy?ref=v1\npatches:\n- path: proxy.yaml\n"),
        "what this patch is for may be in https://github.com/example/shop//deploy?ref=v1, which is not here",
    ),
    "patch-for-nobody": (
        files("resources:\n- ../base\npatches:\n- path: proxy.yaml\n  target: {kind: Job}\n"),
        "nothing here is what this patch is for",
    ),
    "missing-resource": (
        files("resources:\n- gone.yaml\npatches:\n- path: proxy.yaml\n"),
        "what this patch is for may be in gone.yaml, which is not here",
    ),
}


@pytest.mark.parametrize("case", WAITING)
def test_a_patch_of_what_is_not_here_waits_with_its_line(run: Run, case: str) -> None:
    held, message = WAITING[case]
    lay_out(held)
    found, told = statuses(run)
    ((pod,),) = [file["pods"] for path, file in found.items() if path == "bad/prod/kustomization.yaml"]
    (waiting,) = pod["containers"]
    assert (waiting["name"], waiting["verdict"], waiting["line"], waiting["reason"]) == ("cloud-sql-proxy", "review", 4, message)
    assert message in told
    assert found["well/base/cart.yaml"]["status"] == found["well/prod/proxy.yaml"]["status"] == "rewritten"


def test_a_tree_is_not_held_back_by_patches_of_another(run: Run) -> None:
    """Both have a Deployment of the same name, and the second one cannot be built."""
    patches = "patches:\n- path: proxy.yaml\n- path: n.yaml\n  target: {kind: Deployment}\n"
    lay_out(files(f"resources: [../base]\n{patches}", n=BY_NUMBER), other="shop")
    found, _ = statuses(run)
    assert found["well/base/shop.yaml"]["status"] == "rewritten"
    assert found["bad/base/shop.yaml"]["status"] == "unchanged"


def test_patches_that_fight_over_a_list_leave_it_as_it_is(run: Run) -> None:
    """One says something of a container that the next has no more of: what it renders today it renders then."""
    lay_out(
        files("resources: [../base]\npatches:\n- path: proxy.yaml\n- path: all.yaml\n  target: {kind: Deployment}\n", all=WHOLE)
    )
    found, told = statuses(run)
    assert "prod/all.yaml" not in [path for path, file in found.items() if file["status"] == "rewritten"]
    assert "an operation on all containers, of which some move" in told
    assert Path("bad/base/shop.yaml").read_text() == BASE
    assert found["well/base/cart.yaml"]["status"] == "rewritten"


def test_bases_that_double_and_double_cost_no_more_than_a_few(run: Run) -> None:
    levels = {f"{n}/kustomization.yaml": f"resources:\n- ../{n + 1}\n- ../{n + 1}\n" for n in range(40)}
    levels["0/kustomization.yaml"] += "patches:\n- path: port.yaml\n"
    lay_out({**levels, "0/port.yaml": PATCH, "40/kustomization.yaml": "resources: [shop.yaml]\n", "40/shop.yaml": BASE})
    found, _ = statuses(run)
    assert any("more than 10000 objects" in str(file["reason"]) for file in found.values())
    assert Path("bad/40/shop.yaml").read_text() == BASE
    assert found["well/base/cart.yaml"]["status"] == "rewritten"


def test_transformers_that_go_round_in_a_circle_may_do_anything(run: Run) -> None:
    circle = {"round/kustomization.yaml": "resources: [../back]\n", "back/kustomization.yaml": "resources: [../round]\n"}
    lay_out({**files("resources: [../base]\ntransformers: [../round]\n"), **circle})
    found, told = statuses(run)
    assert Path("bad/base/shop.yaml").read_text() == BASE
    assert "the bases go round in a circle" in told
    assert found["well/base/cart.yaml"]["status"] == "rewritten"


REPLACED = """\
replacements:
- source: {kind: Deployment, name: shop, fieldPath: metadata.name}
  targets:
  - select: {kind: Deployment}
    fieldPaths: ['spec.template.spec.containers.[name=cloud-sql-proxy].args.0']
"""


@pytest.mark.parametrize("listed", [7, True, {"name": "odd"}, [5], [{"name": ["odd"]}], [{"name": {"odd": 1}}], ["odd", None]])
@pytest.mark.parametrize("field", ["containers", "initContainers"])
def test_lists_that_are_none_stay_and_hold_back_what_is_tied_to_them(run: Run, field: str, listed: Any) -> None:
    """The object beside has nothing to do with the patch: it counts only where a replacement leads into both."""
    both = {"base/kustomization.yaml": "resources: [shop.yaml, odd.yaml]\n"}
    odd = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "odd"}}
    both["base/odd.yaml"] = dumped({**odd, "spec": {"template": {"spec": {"containers": [PROXY], field: listed}}}})
    lay_out(files("resources: [../base]\npatches:\n- path: proxy.yaml\n" + REPLACED) | both)
    found, told = statuses(run, "--dry-run")
    assert "a mistake" not in told
    assert found["bad/base/shop.yaml"]["status"] == "unchanged"
    assert found["well/base/cart.yaml"]["status"] == "rewritten"
    lay_out(files("resources: [../base]\npatches:\n- path: proxy.yaml\n") | both)
    found, told = statuses(run, "--verify-render")
    assert "a mistake" not in told
    assert found["bad/base/shop.yaml"]["status"] == found["well/base/cart.yaml"]["status"] == "rewritten"


def test_a_huge_kustomization_is_passed_over(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("migrator.work.MAX_BYTES", 4096)
    lay_out(files("resources: [../base]\npatches:\n- path: port.yaml\n" + "# more\n" * 1000))
    found, told = statuses(run)
    assert found["bad/prod/kustomization.yaml"]["status"] == "skipped"
    assert "larger than" in told
    assert found["well/base/cart.yaml"]["status"] == "rewritten"


def test_a_patch_of_too_many_values_is_not_followed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("migrator.text.tree.MAX_NODES", 2000)
    many = PATCH + "status: [" + "1, " * 2000 + "]\n"
    lay_out(files("resources: [../base]\npatches:\n- path: many.yaml\n", many=many))
    found, _ = statuses(run)
    assert "more than 2000 nodes" in found["bad/prod/many.yaml"]["reason"]
    assert Path("bad/base/shop.yaml").read_text() == BASE
    assert found["well/base/cart.yaml"]["status"] == "rewritten"
