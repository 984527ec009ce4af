"""Every form of patch that kustomize takes, on a sidecar of the base, on one that the patch adds, and on both at once."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from migrator.render import compare, renderer
from tests.conftest import Run
from tests.test_golden import tree

IMAGE = "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.11.4"
NEWER = "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.13.0"
SHOP = {"name": "shop", "image": "registry.example/shop:1"}
PROXY = {"name": "cloud-sql-proxy", "image": IMAGE, "args": ["shop:europe-west1:db"]}
REPLICA = {"name": "replica-proxy", "image": IMAGE, "args": ["--port=5433", "shop:europe-west1:replica"]}
LIST = "/spec/template/spec/containers"
TARGET = {"group": "apps", "version": "v1", "kind": "Deployment", "name": "shop"}


class Situation(NamedTuple):
    """The containers of the base, what a merge patch says of them, the same as operations, and what is in the end."""

    base: list[dict[str, Any]]
    merge: list[dict[str, Any]]
    ops: list[dict[str, Any]]
    inits: list[tuple[str, str]]


CHANGE = {"op": "replace", "path": f"{LIST}/1/image", "value": NEWER}
SITUATIONS = {
    "base-moves": Situation([SHOP, PROXY], [{"name": "cloud-sql-proxy", "image": NEWER}], [CHANGE], [("cloud-sql-proxy", NEWER)]),
    "overlay-adds": Situation(
        [SHOP], [PROXY], [{"op": "add", "path": f"{LIST}/-", "value": PROXY}], [("cloud-sql-proxy", IMAGE)]
    ),
    "both": Situation(
        [SHOP, PROXY],
        [{"name": "cloud-sql-proxy", "image": NEWER}, {"name": "shop", "env": [{"name": "STAGE", "value": "prod"}]}, REPLICA],
        [{"op": "add", "path": f"{LIST}/0", "value": REPLICA}, {**CHANGE, "path": f"{LIST}/2/image"}],
        [("cloud-sql-proxy", NEWER), ("replica-proxy", IMAGE)],
    ),
}


def workload(containers: list[dict[str, Any]], **spec: Any) -> dict[str, Any]:
    """A Deployment, or a patch of it where nothing else is said."""
    template = {**spec.pop("template", {}), "spec": {"containers": containers}}
    named = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "shop"}}
    return {**named, "spec": {**spec, "template": template}}


def dumped(value: Any) -> str:
    """A text as people write it, long texts as blocks."""
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True)


Form = Callable[[Situation], tuple[dict[str, Any], str | None]]
FORMS: dict[str, Form] = {
    "patches, file": lambda s: ({"patches": [{"path": "change.yaml"}]}, dumped(workload(s.merge))),
    "patches, file and target": lambda s: (
        {"patches": [{"path": "change.yaml", "target": {"kind": "Deployment"}}]},
        dumped(workload(s.merge)),
    ),
    "patches, file in JSON": lambda s: ({"patches": [{"path": "change.yaml"}]}, json.dumps(workload(s.merge), indent=2)),
    "patches, inline": lambda s: ({"patches": [{"patch": dumped(workload(s.merge))}]}, None),
    "patchesStrategicMerge, file": lambda s: ({"patchesStrategicMerge": ["change.yaml"]}, dumped(workload(s.merge))),
    "patchesStrategicMerge, inline": lambda s: ({"patchesStrategicMerge": [dumped(workload(s.merge))]}, None),
    "patches, operations": lambda s: ({"patches": [{"path": "change.yaml", "target": TARGET}]}, dumped(s.ops)),
    "patches, operations in JSON": lambda s: ({"patches": [{"path": "change.yaml", "target": TARGET}]}, json.dumps(s.ops)),
    "patches, operations inline": lambda s: ({"patches": [{"patch": dumped(s.ops), "target": TARGET}]}, None),
    "patchesJson6902, file": lambda s: ({"patchesJson6902": [{"path": "change.yaml", "target": TARGET}]}, dumped(s.ops)),
    "patchesJson6902, inline": lambda s: ({"patchesJson6902": [{"patch": dumped(s.ops), "target": TARGET}]}, None),
}


class _Blocks(yaml.SafeDumper):
    """Writes texts of several lines as literal blocks."""


_Blocks.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)
)


def lay_out(situation: Situation, form: Form, component: bool) -> None:
    """The base, and an overlay that has the patch itself or by a component."""
    fields, text = form(situation)
    labels = {"app": "shop"}
    base = workload(situation.base, selector={"matchLabels": labels}, template={"metadata": {"labels": labels}})
    said: dict[str, dict[str, Any]] = {
        "base": {"resources": ["shop.yaml"]},
        "prod": {"resources": ["../base"], **({"components": ["../sql"]} if component else fields)},
    }
    if component:
        said["sql"] = {"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", **fields}
    for folder, held in said.items():
        Path(folder).mkdir()
        Path(folder, "kustomization.yaml").write_text(yaml.dump(held, Dumper=_Blocks, sort_keys=False))
    Path("base/shop.yaml").write_text(dumped(base))
    if text is not None:
        Path("sql" if component else "prod", "change.yaml").write_text(text)


#: Those that a component is tried with as well.
SHARED = ("patches, file", "patches, inline", "patches, operations", "patchesJson6902, inline")


@pytest.mark.parametrize(("component", "form"), [(False, form) for form in FORMS] + [(True, form) for form in SHARED])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_form_moves_and_renders_the_same(run: Run, situation: str, form: str, component: bool) -> None:
    tool = renderer()
    assert tool is not None, "this test needs kustomize or kubectl on the PATH"
    lay_out(SITUATIONS[situation], FORMS[form], component)
    before = tree(Path())
    assert run(".").exit_code == 0
    after = tree(Path())
    new = {name: content for name, content in after.items() if before[name] != content}
    assert {name.partition("/")[0] for name in new} >= {"sql" if component else "prod"}
    built = yaml.safe_load(subprocess.run([*tool, "prod"], capture_output=True, check=True).stdout)
    spec = built["spec"]["template"]["spec"]
    assert [(one["name"], one["image"]) for one in spec["initContainers"]] == SITUATIONS[situation].inits
    assert [one["name"] for one in spec["containers"]] == ["shop"]
    assert run(".").exit_code == 0
    assert tree(Path()) == after, "a second run changed something"
    for name in new:
        Path(name).write_bytes(before[name])
    found = compare(tool, ["base", "prod"], new)
    assert (found.wrong, found.unbuilt) == ((), ())
