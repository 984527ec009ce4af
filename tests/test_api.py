"""What the tool writes is what the API server takes: rewritten golden objects against the schemas of Kubernetes itself."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from migrator.sources.facts.asserts import is_assertion
from migrator.workloads import is_list
from tests.test_golden import GOLDEN, args_of, cases, lay_out, tree

NEWEST = str(kubernetes_validate.latest_version())
#: What a kustomization builds is validated where it is built; its patches are no whole objects. What programs build is run.
REWRITTEN = [case for case in cases() if (case / "expected.patch").exists() and case.parent.name not in ("kustomize", "python")]


def objects(content: bytes) -> Iterator[dict[str, Any]]:
    """The Kubernetes objects of a file, those of lists one by one."""
    for document in yaml.safe_load_all(content):
        if isinstance(document, dict) and is_list(str(document.get("kind"))):
            yield from (item for item in document["items"] if isinstance(item, dict))
        elif isinstance(document, dict):
            yield document


def pod_specs(data: Any) -> Iterator[dict[str, Any]]:
    """Every mapping that has what a rewrite writes, whatever holds it."""
    below = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    if isinstance(data, dict) and isinstance(data.get("initContainers"), list) and data.get("containers"):
        yield data
    for value in below:
        yield from pod_specs(value)


def known(found: dict[str, Any], version: str) -> bool:
    """Whether the version has a schema for the kind: custom and retired kinds have none."""
    try:
        kubernetes_validate.validate({key: found[key] for key in ("apiVersion", "kind")}, version)
    except kubernetes_validate.SchemaNotFoundError:
        return False
    except kubernetes_validate.ValidationError:
        pass
    return True


@pytest.mark.parametrize("case", REWRITTEN, ids=lambda case: case.relative_to(GOLDEN).as_posix())
def test_a_rewritten_object_is_valid(case: Path, tmp_path: Path) -> None:
    """At the version that it is written for (1.29 if none is named) and at the newest that the schemas know."""
    flags = args_of(case)
    target = flags[flags.index("-t") + 1] if "-t" in flags else "1.29"
    lay_out(case, tmp_path)
    before = tree(tmp_path)
    subprocess.run(["git", "apply", str(case / "expected.patch")], cwd=tmp_path, check=True)
    # What a test expects of an object is a part of it.
    changed = [content for name, content in tree(tmp_path).items() if before.get(name) != content and not is_assertion(name)]
    assert changed
    checked = 0
    for found in (found for content in changed for found in objects(content)):
        for spec, version in product(pod_specs(found), (target, NEWEST)):
            kubernetes_validate.validate(pod(spec), version, strict=True)
            if known(found, version):
                kubernetes_validate.validate(found, version, strict=True)
            checked += 1
    assert checked


def pod(spec: dict[str, Any]) -> dict[str, Any]:
    """A Pod with this spec."""
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec}


def test_the_schemas_know_what_a_sidecar_is() -> None:
    """A misspelt policy, or a list that is none, is no Pod."""
    container = {"name": "a", "image": "a"}
    for spec in (
        {"containers": [container], "initContainers": [{**container, "restartPolicies": "Always"}]},
        {"containers": [container], "initContainers": {**container, "restartPolicy": "Always"}},
    ):
        with pytest.raises(kubernetes_validate.ValidationError):
            kubernetes_validate.validate(pod(spec), "1.29", strict=True)
