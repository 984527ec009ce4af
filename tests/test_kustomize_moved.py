"""Patches rewritten for a move: a patch of the migrated object makes what migrating the patched object makes.

The patches are written in many styles; what they do is told by `merged` and `patched`, and by kustomize itself where it is
at hand.
"""

from __future__ import annotations

import copy
import json
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent, indent
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from migrator.sources.kustomize.jsonpatch import PatchError, patched
from migrator.sources.kustomize.merge import merged
from migrator.sources.kustomize.moved_merge import moved_merge
from migrator.sources.kustomize.moved_ops import moved_ops
from migrator.sources.kustomize.state import State, woven
from migrator.text.asked import Transfer, Wish
from migrator.text.edits import Edit, apply
from migrator.text.errors import Refused, TextError
from migrator.text.lines import Lines
from migrator.text.operations import Part
from migrator.text.operationsproof import prove_operations
from migrator.text.rewrite import Stretch, prove, proved_layout
from migrator.text.stubs import Stub, proved_stubs
from migrator.text.transfer import layouts
from migrator.text.tree import parse
from tests.strategies import noise

Draw = st.DrawFn
Data = dict[str, Any]

_POD = ("spec", "template", "spec")
_PREFIX = "/spec/template/spec"
_MOVING = frozenset({"proxy", "logs", "late"})
_LAW = {"deadline": None, "suppress_health_check": list(HealthCheck)}

# Objects, and what migrating them means


def _object(containers: Sequence[Data], inits: Sequence[Data] | None) -> Data:
    pod: Data = {"containers": [*containers], "volumes": [{"name": "v", "emptyDir": {}}]}
    if inits is not None:
        pod["initContainers"] = [*inits]
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "d"},
        "spec": {"replicas": 1, "template": {"metadata": {"labels": {"a": "b"}}, "spec": pod}},
    }


def _container(name: str) -> Data:
    return {
        "name": name,
        "image": f"{name}:1",
        "args": ["--one", "--two"],
        "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}],
    }


def _pod(held: Data) -> Data:
    pod: Data = held["spec"]["template"]["spec"]
    return pod


def _names(held: Data, field: str) -> tuple[str, ...]:
    return tuple(item["name"] for item in _pod(held).get(field) or [])


def _migrated(held: Data) -> Data:
    """The object with what moves at the end of initContainers."""
    held = copy.deepcopy(held)
    pod = _pod(held)
    moved = [{**c, "restartPolicy": "Always"} for c in pod["containers"] if c["name"] in _MOVING]
    if moved:
        pod["containers"] = [c for c in pod["containers"] if c["name"] not in _MOVING]
        pod["initContainers"] = [*(pod.get("initContainers") or []), *moved]
    return held


def _state(before: Data, then: Data) -> State:
    return State(
        _names(before, "containers"), _names(before, "initContainers"), _names(then, "containers"), _names(then, "initContainers")
    )


def _bare(value: Any) -> Any:
    """Without nulls: kustomize drops them from lists that it has merged."""
    if isinstance(value, dict):
        return {key: _bare(held) for key, held in value.items() if held is not None}
    return [_bare(item) for item in value] if isinstance(value, list) else value


def _check(said: Data, then: Data, before: Sequence[str]) -> None:
    """`then` is `said`, migrated; of what moved, those of `before` come first and in that order."""
    was, now = _bare(_pod(said)), _bare(_pod(then))
    assert now["containers"] == [c for c in was["containers"] if c["name"] not in _MOVING]
    moved = {c["name"]: {**c, "restartPolicy": "Always"} for c in was["containers"] if c["name"] in _MOVING}
    order = [name for name in before if name in moved]
    inits = now.get("initContainers") or []
    plain = was.get("initContainers") or []
    assert inits[: len(plain)] == plain
    tail = inits[len(plain) :]
    assert [c["name"] for c in tail][: len(order)] == order
    assert sorted(c["name"] for c in tail) == sorted(moved)
    assert all(c == moved[c["name"]] for c in tail)
    for held in (was, now):
        held.pop("containers")
        held.pop("initContainers", None)
    assert was == now
    assert {**said, "spec": None} == {**then, "spec": None}


# Text: data written as people do, in many ways


@dataclass
class _Pen:
    """Writes data in one style. Each comment has a number of its own."""

    draw: Draw
    offset: int
    dash: str
    spaced: bool
    chatty: bool
    comments: int = 0

    def comment(self) -> list[str]:
        if not self.chatty or self.draw(st.integers(0, 4)):
            return []
        self.comments += 1
        return [f"# c{self.comments}."]

    def behind(self) -> str:
        return "".join(f"  {comment}" for comment in self.comment())

    def scalar(self, value: Any) -> str:
        if not isinstance(value, str):
            return json.dumps(value)
        styles = (
            ["plain", "plain", "double", "single"]
            if re.match(r"[\w/-]+\Z", value) and yaml.safe_load(value) == value
            else ["double"]
        )
        style = self.draw(st.sampled_from(styles))
        return {"plain": value, "double": json.dumps(value), "single": f"'{value}'"}[style]

    def flow(self, value: Any) -> str:
        blank = self.draw(st.sampled_from(("", "", " ")))
        if isinstance(value, dict):
            return "{" + blank + ", ".join(f"{key}: {self.flow(held)}" for key, held in value.items()) + blank + "}"
        if isinstance(value, list):
            return "[" + blank + ", ".join(map(self.flow, value)) + blank + "]"
        return self.scalar(value)

    def mapping(self, value: Data) -> list[str]:
        """The lines of a block mapping at the margin."""
        lines: list[str] = []
        for key, held in value.items():
            lines += self.comment() if lines else []
            if not isinstance(held, dict | list) or not held or not self.draw(st.integers(0, 5)):
                if isinstance(held, str) and "\n" in held:
                    lines += [f"{key}: |", *(f"  {line}" for line in held.rstrip("\n").split("\n"))]
                else:
                    lines.append(f"{key}: {self.flow(held)}{self.behind()}")
            elif isinstance(held, dict):
                lines += [f"{key}:{self.behind()}", *(f"  {line}" if line else "" for line in self.mapping(held))]
            else:
                lines += [f"{key}:{self.behind()}", *(" " * self.offset + line if line else "" for line in self.sequence(held))]
        return lines

    def sequence(self, value: Sequence[Any]) -> list[str]:
        """The lines of a block list at the margin."""
        lines: list[str] = []
        for item in value:
            lines += [""] if lines and self.spaced else []
            lines += self.comment()
            if not isinstance(item, dict) or not self.draw(st.integers(0, 5)):
                lines.append(f"-{self.dash}{self.flow(item)}{self.behind()}")
                continue
            body = self.mapping(item)
            lines.append(f"-{self.dash}{body[0]}")
            width = 1 + len(self.dash)
            lines += [" " * width + line if line else "" for line in [*body[1:], *self.comment()]]
        return lines


def _written(draw: Draw, value: Any) -> str:
    """A document, in block style or as JSON."""
    eol = draw(st.sampled_from(("\n", "\n", "\r\n")))
    end = draw(st.sampled_from((eol, eol, "")))
    if not draw(st.integers(0, 4)):
        width = draw(st.sampled_from((None, 2, 4)))
        return json.dumps(value, indent=width).replace("\n", eol) + end
    pen = _Pen(
        draw,
        draw(st.sampled_from((0, 0, 2, 2, 1))),
        draw(st.sampled_from((" ", " ", "   "))),
        draw(st.sampled_from((False, False, True))),
        draw(st.booleans()),
    )
    lines = pen.mapping(value) if isinstance(value, dict) else pen.sequence(value)
    head = draw(st.sampled_from(([], [], ["---"], ["# head"])))
    text = eol.join([*head, *lines]) + end
    assert yaml.safe_load(text) == value
    return text


_FIELDS: tuple[Data, ...] = (
    {"image": "img:2"},
    {"env": [{"name": "B", "value": "3"}, {"name": "C", "value": "x"}]},
    {"args": ["--three"]},
    {"command": ["sh", "-c", "set -e\n# no comment\nrun\n"]},
    {"resources": {"limits": {"cpu": 1}}},
    {"tty": True},
    {"livenessProbe": None},
)


@dataclass(frozen=True)
class Case:
    """Objects, and the texts of patches that are applied to each of them, one after the other."""

    objects: tuple[Data, ...]
    patches: tuple[str, ...]


def _objects(draw: Draw) -> tuple[Data, ...]:
    found = []
    for _ in range(draw(st.sampled_from((1, 1, 1, 2)))):
        names = draw(st.lists(st.sampled_from(("cache", "proxy", "logs")), unique=True, max_size=3))
        names.insert(draw(st.integers(0, len(names))), "app")
        inits = draw(st.sampled_from((None, None, ("setup",), ("setup", "schema"), ("schema", "setup"))))
        found.append(_object([_container(n) for n in names], [_container(n) for n in inits] if inits else None))
    return tuple(found)


def _entry(draw: Draw, name: str, deletes: bool) -> Data:
    if deletes and not draw(st.integers(0, 4)):
        return {"name": name, "$patch": "delete"}
    entry: Data = {"name": name}
    for fields in draw(st.lists(st.sampled_from(_FIELDS), max_size=3)):
        entry |= {key: held for key, held in fields.items() if key not in entry}
    return {key: entry[key] for key in draw(st.permutations(sorted(entry)))} if draw(st.booleans()) else entry


@st.composite
def merges(draw: Draw) -> Case:
    """Strategic merge patches."""
    patches = []
    for _ in range(draw(st.sampled_from((1, 1, 2)))):
        pool = ("app", "cache", "proxy", "logs", "late", "extra")
        chosen = draw(st.lists(st.sampled_from(pool), unique=True, max_size=4))
        inits = draw(st.lists(st.sampled_from(("setup", "schema", "seed")), unique=True, max_size=2))
        pod: Data = {}
        if chosen or not draw(st.integers(0, 1)):
            pod["containers"] = [_entry(draw, name, name not in ("late", "extra")) for name in chosen]
        if inits or not draw(st.integers(0, 5)):
            pod["initContainers"] = [_entry(draw, name, True) for name in inits]
        if draw(st.booleans()):
            pod["volumes"] = [{"name": "w", "emptyDir": {}}]
        pod = {key: pod[key] for key in draw(st.permutations(sorted(pod)))}
        said = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "d"}, "spec": {"template": {"spec": pod}}}
        patches.append(_written(draw, said))
    return Case(_objects(draw), tuple(patches))


def _operation(draw: Draw, held: Data) -> Data:
    """An operation that fits the object."""
    lists = [field for field in ("containers", "initContainers") if _pod(held).get(field)]
    field = draw(st.sampled_from(lists)) if lists else "containers"
    names = _names(held, field)
    kind = draw(st.sampled_from(("inside", "inside", "inside", "add", "add", "remove", "replace", "whole", "else")))
    where = f"{_PREFIX}/{field}"
    at = draw(st.integers(0, len(names) - 1)) if names else 0
    if kind == "inside" and names:
        has = _pod(held)[field][at]
        choices: list[Data] = [
            {"op": "replace", "path": "/image", "value": "img:2"},
            {"op": "add", "path": "/tty", "value": True},
            {"op": "add", "path": "/args", "value": ["--four"]},
            {"op": "test", "path": "/name", "value": names[at]},
        ]
        choices += [{"op": "add", "path": "/env/-", "value": {"name": "D", "value": "4"}}] if has.get("env") else []
        choices += [{"op": "remove", "path": "/args/0"}] if has.get("args") else []
        found = dict(draw(st.sampled_from(choices)))
        return {**found, "path": f"{where}/{at}{found['path']}"}
    there = (*_names(held, "containers"), *_names(held, "initContainers"))
    pool = ("proxy", "logs", "late", "extra") if field == "containers" else ("seed", "more")
    new = [name for name in pool if name not in there]
    if kind == "add" and new and field in _pod(held):
        step = draw(st.sampled_from(("-", "-", str(draw(st.integers(0, len(names)))))))
        return {"op": "add", "path": f"{where}/{step}", "value": _added(draw, draw(st.sampled_from(new)))}
    if kind == "remove" and names:
        return {"op": "remove", "path": f"{where}/{at}"}
    if kind == "replace" and names:
        return {"op": "replace", "path": f"{where}/{at}", "value": {**_added(draw, names[at]), "image": "img:3"}}
    if kind == "whole":
        if "initContainers" not in _pod(held) and draw(st.booleans()):
            return {"op": "add", "path": f"{_PREFIX}/initContainers", "value": [_added(draw, n) for n in ("seed", "more")]}
        if not _MOVING & set(names):
            order = draw(st.permutations(["app", *draw(st.lists(st.sampled_from(pool), unique=True, max_size=3))]))
            value = [_added(draw, n) for n in order if n not in there or n == "app"]
            return {"op": draw(st.sampled_from(("add", "replace"))), "path": f"{_PREFIX}/containers", "value": value}
    return {"op": "add", "path": "/metadata/labels", "value": {"app": draw(st.sampled_from(("proxy", "x")))}}


def _added(draw: Draw, name: str) -> Data:
    return {key: held for key, held in _entry(draw, name, False).items() if held is not None}


@st.composite
def operation_lists(draw: Draw) -> Case:
    """JSON patches that fit the first object at least."""
    objects = _objects(draw)
    held, texts = objects[0], []
    for _ in range(draw(st.sampled_from((1, 1, 2)))):
        ops = []
        for _ in range(draw(st.integers(1, 4))):
            op = _operation(draw, held)
            held = patched(held, [op])
            ops.append({key: op[key] for key in draw(st.permutations(sorted(op)))} if not draw(st.integers(0, 3)) else op)
        texts.append(_written(draw, ops))
    return Case(objects, tuple(texts))


# The laws


def _lines(text: str) -> Counter[str]:
    return Counter(re.sub(r"^(?:- +)+", "", line.strip()) for line in text.split("\n") if line.strip())


def _check_text(before: str, after: str, stubs: Collection[str]) -> None:
    """Comments are where they were, or moved; whole lines are as they were, and few are new."""
    assert Counter(re.findall(r"# c\d+\.", before)) == Counter(re.findall(r"# c\d+\.", after))
    assert after.count("\r\n") == (after.count("\n") if "\r" in before else 0)
    assert after.endswith("\n") == before.endswith("\n")
    if before[0] in "[{":
        json.loads(after)
        return
    quoted = r"(['\"]?)%s\1"
    new = (
        r"|initContainers:|restartPolicy: Always|op: add|value:|path: .*nitContainers.*|path: .*ontainers/(?:\d+|-).*|name: "
        + (quoted % f"(?:{'|'.join(stubs)})")
    )
    flow = re.compile(r"[{}[\]]")
    for line in _lines(after) - _lines(before):
        assert flow.search(line) or re.fullmatch(new, re.sub(r" *# c\d+\.$", "", line)), line
    for line in _lines(before) - _lines(after):
        assert flow.search(line) or re.match(r"containers:|initContainers:|path: .*ontainers", line), line


@dataclass(frozen=True)
class Rewritten:
    """A patch, what became of it, and the objects before it in both trees, each with what moved and stays there throughout."""

    before: str
    after: str
    objects: tuple[tuple[Data, Data, tuple[str, ...]], ...]


def _moves(case: Case, form: str) -> Iterator[Rewritten]:
    """The patches rewritten one after the other, each on the objects as they are then; each checked."""
    said, then = case.objects, tuple(map(_migrated, case.objects))
    for text in case.patches:
        patch = yaml.safe_load(text)
        states = [_state(a, b) for a, b in zip(said, then, strict=True)]
        after = moved_merge(text, 0, _POD, states, _MOVING) if form == "merge" else moved_ops(text, _PREFIX, states, _MOVING)
        made = yaml.safe_load(after)
        _check_text(text, after, {name for state in states for name in state.then_inits})
        found = Rewritten(
            text,
            after,
            tuple(
                (a, b, tuple(n for n in state.then_inits if form == "merge" or _lasts(n, a, patch)))
                for a, b, state in zip(said, then, states, strict=True)
            ),
        )
        change = _merged if form == "merge" else patched
        said, then = tuple(change(held, patch) for held in said), tuple(change(held, made) for held in then)
        for a, b, (_, _, stable) in zip(said, then, found.objects, strict=True):
            _check(a, b, stable)
        yield found
        event("changed" if after != text else "kept")


def _lasts(name: str, held: Data, ops: Sequence[Data]) -> bool:
    """Whether a container is there after each operation."""
    for op in ops:
        held = patched(held, [op])
        if name not in (*_names(held, "containers"), *_names(held, "initContainers")):
            return False
    return True


def _merged(held: Data, patch: Data) -> Data:
    result = merged(held, patch, True)
    assert result is not None
    return result


#: What may be refused: styles that do not go together, and comments that would have no place.
_STYLES = re.compile("flow list|into a block list|comment between")
#: What may be refused of several objects that a patch was not made for.
_SEVERAL = re.compile("different changes|there is no|is replaced by|a second container|all containers|all init|is added to")
_ALL = re.compile("all containers, of which some move|all init containers|list of init containers in which")


def _hold(case: Case, form: str) -> list[Rewritten]:
    try:
        return [*_moves(case, form)]
    except Refused as refusal:
        event(f"refused: {refusal}")
        reasons = [_STYLES, *([_ALL] if form == "json6902" else []), *([_SEVERAL] if len(case.objects) > 1 else [])]
        if not any(reason.search(str(refusal)) for reason in reasons):
            raise
        return []


@settings(max_examples=400, **_LAW)  # type: ignore[arg-type]
@given(merges())
def test_a_merge_patch_makes_of_the_migrated_object_what_migrating_makes(case: Case) -> None:
    """Several patches one after the other, several objects at once; only styles that do not go together forbid it."""
    _hold(case, "merge")


@settings(max_examples=400, **_LAW)  # type: ignore[arg-type]
@given(operation_lists())
def test_a_json_patch_makes_of_the_migrated_object_what_migrating_makes(case: Case) -> None:
    """Operation by operation, with indices that change on the way."""
    try:
        _hold(case, "json6902")
    except PatchError:
        # It fits the first object alone.
        assume(len(case.objects) == 1)
        raise


class _NotBuilt(Exception):
    """kustomize does not build it."""


def _builds(held: Data, text: str) -> bool:
    """Whether kustomize takes an object with a patch at all: of comments in flow lists it can make what it cannot read."""
    try:
        with TemporaryDirectory() as folder:
            _built(Path(folder), [(held, text)])
    except _NotBuilt:
        return False
    return True


def _built(folder: Path, patched_objects: Sequence[tuple[Data, str]]) -> list[Data]:
    """What kustomize makes of objects, each with a patch of its own."""
    kustomization: dict[str, Any] = {"resources": [], "patches": []}
    for n, (held, text) in enumerate(patched_objects):
        resource, patch = folder / f"resource{n}.yaml", folder / f"patch{n}.yaml"
        resource.write_text(yaml.safe_dump({**held, "metadata": {**held["metadata"], "name": f"d{n}"}}))
        patch.write_bytes(text.encode())
        kustomization["resources"].append(resource.name)
        kustomization["patches"].append({"path": patch.name, "target": {"kind": "Deployment", "name": f"^d{n}$"}})
    (folder / "kustomization.yaml").write_text(yaml.safe_dump(kustomization))
    found = subprocess.run(["kubectl", "kustomize", str(folder)], capture_output=True, text=True, check=False)
    if found.returncode:
        raise _NotBuilt(found.stderr)
    made = {held["metadata"]["name"]: held for held in yaml.safe_load_all(found.stdout)}
    return [{**made[f"d{n}"], "metadata": {**made[f"d{n}"]["metadata"], "name": "d"}} for n in range(len(patched_objects))]


_MANY = st.lists(st.one_of(st.tuples(merges(), st.just("merge")), st.tuples(operation_lists(), st.just("json6902"))), min_size=20)


@settings(max_examples=5, **_LAW)  # type: ignore[arg-type]
@given(_MANY)
def test_kustomize_makes_the_same_of_it(cases: list[tuple[Case, str]]) -> None:
    """Not our own reading of it: many patches in one build, each before and after."""
    assert shutil.which("kubectl"), "this test needs kubectl on the PATH"
    pairs: list[tuple[Data, str]] = []
    stable: list[tuple[str, ...]] = []
    for case, form in cases:
        with suppress(PatchError):
            for found in _hold(case, form):
                for said, then, names in found.objects:
                    pairs += [(said, found.before), (then, found.after)]
                    stable.append(names)
    assume(pairs)
    try:
        with TemporaryDirectory() as folder:
            made = _built(Path(folder), pairs)
    except _NotBuilt:
        kept = [n for n in range(len(stable)) if _builds(*pairs[2 * n])]
        assert len(kept) < len(stable), "what built before does not build behind the rewrite"
        stable = [stable[n] for n in kept]
        pairs = [pair for n in kept for pair in pairs[2 * n : 2 * n + 2]]
        assume(pairs)
        with TemporaryDirectory() as folder:
            made = _built(Path(folder), pairs)
    for a, b, names in zip(made[::2], made[1::2], stable, strict=True):
        _check(a, b, names)


# What is written, to the byte

_HEAD = "kind: Deployment\nspec:\n  template:\n    spec:\n"
_PLAIN = State(("app",), (), ("app",), ())
_INIT = State(("app",), ("setup",), ("app",), ("setup",))
_MOVED = State(("app", "proxy"), ("setup",), ("app",), ("setup", "proxy"))
_ALONE = State(("app", "proxy"), (), ("app",), ("proxy",))
_FULL = State(("proxy", "app", "logs"), ("setup", "schema"), ("app",), ("setup", "schema", "proxy", "logs"))


def _merge(body: str, *states: State, moving: Collection[str] = _MOVING) -> str:
    """The pod spec of a strategic merge patch, rewritten."""
    text = _HEAD + indent(dedent(body), "      ")
    after = moved_merge(text, 0, _POD, states, moving)
    assert after.startswith(_HEAD)
    return dedent(after.removeprefix(_HEAD))


def _ops(text: str, *states: State, moving: Collection[str] = _MOVING) -> str:
    """A JSON patch rewritten; `@` is the pod spec."""
    return moved_ops(dedent(text).replace("@", _PREFIX), _PREFIX, states, moving).replace(_PREFIX, "@")


def _op(kind: str, path: str, value: str = "") -> str:
    return f"- op: {kind}\n  path: {path}\n" + (f"  value: {value}\n" if value else "")


def _patch(text: str) -> str:
    return dedent(text).lstrip("\n")


@pytest.mark.parametrize(
    ("state", "before", "after"),
    [
        pytest.param(
            _ALONE,
            """
            containers: # all
            # the proxy
            - name: proxy # here
              image: p:2
              # below
            volumes: []
            """,
            """
            initContainers: # all
            # the proxy
            - name: proxy # here
              image: p:2
              # below
            volumes: []
            """,
            id="changes it: the key is renamed",
        ),
        pytest.param(
            _MOVED,
            """
            containers:
              - name: proxy
                image: p:2
            """,
            """
            initContainers:
              - name: setup
              - name: proxy
                image: p:2
            """,
            id="changes it: a stub keeps the order",
        ),
        pytest.param(
            _PLAIN,
            """
            containers:
            - name: proxy
              image: p
              args: [a]
            """,
            """
            initContainers:
            - name: proxy
              image: p
              restartPolicy: Always
              args: [a]
            """,
            id="adds it where there is no list",
        ),
        pytest.param(
            _INIT,
            """
            containers:
            - name: app
              image: a:2

            # new
            - name: proxy
              image: p
            """,
            """
            containers:
            - name: app
              image: a:2

            initContainers:
            - name: setup
            # new
            - name: proxy
              image: p
              restartPolicy: Always
            """,
            id="adds it to the end, and changes another",
        ),
        pytest.param(
            _MOVED,
            """
            containers:
            - name: proxy
              $patch: delete
            """,
            """
            initContainers:
            - name: proxy
              $patch: delete
            """,
            id="deletes it: no stubs",
        ),
        pytest.param(
            _FULL,
            """
            containers:
            - name: logs
              image: l:2
            - name: proxy
              $patch: delete
            - name: app
              image: a:2
            """,
            """
            initContainers:
            - name: setup
            - name: schema
            - name: logs
              image: l:2
            - name: proxy
              $patch: delete
            containers:
            - name: app
              image: a:2
            """,
            id="deletes one and changes another",
        ),
        pytest.param(
            _FULL,
            """
            containers:
            # second
            - name: logs
              image: l:2
            # first
            - name: proxy
              image: p:2
            """,
            """
            initContainers:
            - name: setup
            - name: schema
            # first
            - name: proxy
              image: p:2
            # second
            - name: logs
              image: l:2
            """,
            id="changes two: in the order that they start in",
        ),
        pytest.param(
            _FULL,
            """
            initContainers:
            - name: schema
              image: s:2
            # now
            containers: # one
            - name: logs
              image: l:2
            # then
            volumes: []
            """,
            """
            initContainers:
            - name: schema
              image: s:2
            - name: setup
            - name: proxy
            - name: logs
              image: l:2
            # now
            # one
            # then
            volumes: []
            """,
            id="has a list of its own: its order is kept",
        ),
        pytest.param(
            _FULL,
            """
            initContainers:
            - name: setup
              $patch: delete
            containers:
            - name: proxy
              tty: true
            """,
            """
            initContainers:
            - name: setup
              $patch: delete
            - name: schema
            - name: proxy
              tty: true
            """,
            id="deletes what would need a stub",
        ),
        pytest.param(
            _FULL,
            """
            containers:
            - name: logs
              $patch: delete
            initContainers:
            - name: setup
              tty: true
            """,
            """
            initContainers:
            - name: setup
              tty: true
            - name: logs
              $patch: delete
            """,
            id="deletes it, with a list of its own",
        ),
        pytest.param(
            _MOVED,
            """
            initContainers:
            - name: seed
              image: s
            containers:
            - name: app
              image: a:2
            """,
            None,
            id="does not name it",
        ),
        pytest.param(_MOVED, "volumes: []\n", None, id="has no containers"),
        pytest.param(
            _MOVED,
            "containers: [{name: proxy, image: p:2}] # flow\n",
            "initContainers: [{name: setup}, {name: proxy, image: p:2}] # flow\n",
            id="flow list",
        ),
        pytest.param(
            _INIT,
            "containers: [{name: app}, {image: p, name: proxy}]\ninitContainers: [ {name: setup, tty: true} ]\n",
            "containers: [{name: app}]\n"
            "initContainers: [ {name: setup, tty: true}, {image: p, restartPolicy: Always, name: proxy} ]\n",
            id="flow lists",
        ),
        pytest.param(
            _MOVED,
            "{containers: [{'name': 'proxy'}], initContainers: [{'name': 'seed'}]}\n",
            "{initContainers: [{'name': 'seed'}, {'name': 'setup'}, {'name': 'proxy'}]}\n",
            id="flow pod spec",
        ),
        pytest.param(
            State(("app", "on"), ("123",), ("app",), ("123", "on")),
            "containers:\n- name: 'on'\n  tty: true\n",
            "initContainers:\n- name: \"123\"\n- name: 'on'\n  tty: true\n",
            id="names that are texts in quotes only",
        ),
    ],
)
@pytest.mark.parametrize("eol", ["\n", "\r\n"])
@pytest.mark.parametrize("end", [True, False])
def test_what_becomes_of_a_merge_patch(state: State, before: str, after: str | None, eol: str, end: bool) -> None:
    """Every row of what a patch can say of containers, with both line breaks, with and without one at the end."""
    texts = []
    for body in (before, before if after is None else after):
        text = _HEAD + indent(_patch(body), "      ")
        texts.append((text if end else text.removesuffix("\n")).replace("\n", eol))
    assert moved_merge(texts[0], 0, _POD, [state], {*_MOVING, "on"}) == texts[1]


def test_a_json_text_stays_json() -> None:
    """With its indentation; stubs are short."""
    said = {"spec": {"template": {"spec": {"containers": [{"name": "app"}, {"name": "proxy", "image": "p"}]}}}}
    after = moved_merge(json.dumps(said, indent=2), 0, _POD, [_INIT], _MOVING)
    pod = _pod(json.loads(after))
    assert pod["initContainers"] == [{"name": "setup"}, {"name": "proxy", "image": "p", "restartPolicy": "Always"}]
    assert pod["containers"] == [{"name": "app"}]
    assert '          {"name": "setup"},\n          {\n            "name": "proxy",\n' in after


def test_one_document_of_several_is_changed() -> None:
    """The others are someone else's."""
    one = "spec:\n  containers:\n  - name: proxy\n    tty: true\n"
    text = f"# head\n---\n{one}---\n{one}...\n"
    after = moved_merge(text, 1, ("spec",), [_ALONE], _MOVING)
    assert after == f"# head\n---\n{one}---\n{one.replace('containers', 'initContainers')}...\n"


@pytest.mark.parametrize(
    ("states", "body", "why"),
    [
        ([_MOVED, _INIT], "containers:\n- name: proxy\n", "different changes"),
        ([_MOVED, _ALONE], "containers:\n- name: proxy\n", "different changes"),
        ([_MOVED], "containers:\n- $patch: replace\n- name: proxy\n", "without a name"),
        ([_MOVED], "containers:\n- name: proxy\n  $patch: replace\n", "patch: replace"),
        ([_MOVED], "containers:\n- name: app\n  $patch: merge\n", "patch: merge"),
        ([_MOVED], "$patch: replace\ncontainers:\n- name: app\n", r"`\$patch` in the pod spec"),
        ([_MOVED], "$setElementOrder/containers:\n- name: app\ncontainers:\n- name: app\n", "setElementOrder"),
        ([_MOVED], "containers: null\n", "null"),
        ([_MOVED], "initContainers:\ncontainers:\n- name: app\n", "null"),
        ([_MOVED], "containers: {}\n", "no list"),
        ([_MOVED], "containers:\n- image: p\n", "without a name"),
        ([_MOVED], "containers:\n- name: 12\n", "without a name"),
        ([_MOVED], "containers:\n- name: app\n  name: proxy\n", "without a name"),
        ([_MOVED], "containers:\n- name: proxy\n- name: proxy\n", "two entries"),
        ([_MOVED], "containers:\n- name: app\ncontainers:\n- name: proxy\n", "given twice"),
        ([_MOVED], "<<: {volumes: []}\ncontainers:\n- name: proxy\n", "merge key"),
        ([_MOVED], "containers:\n- <<: {name: app}\n  name: proxy\n", "without a name"),
        ([_MOVED], "volumes: &v []\ncontainers: *v\n", "alias"),
        ([_MOVED], "containers:\n- name: proxy\ninitContainers:\n- name: proxy\n", "already"),
        ([_MOVED], "containers:\n- name: proxy\n  restartPolicy: Never\n", "restartPolicy"),
        ([_MOVED], "containers:\n- name: proxy\n  restartPolicy:\n", "restartPolicy"),
        ([_PLAIN], "containers:\n- name: proxy\n  restartPolicy: OnFailure\n", "restartPolicy"),
        ([State(("app",), ("proxy",), ("app",), ("proxy",))], "containers:\n- name: proxy\n", "init container already"),
        ([State(("app", "proxy"), (), ("app", "proxy"), ())], "containers:\n- name: proxy\n", "not known well enough"),
        ([State(("app", "proxy"), (), (), ("app", "proxy"))], "containers:\n- name: proxy\n", "not known well enough"),
        ([State(("app", "proxy"), ("a", "b"), ("app",), ("b", "a", "proxy"))], "containers:\n- name: proxy\n", "not known well"),
        ([State(("app", "app", "proxy"), (), ("app", "app"), ("proxy",))], "containers:\n- name: proxy\n", "of one name"),
        (
            [_ALONE],
            "initContainers:\n- name: seed\ncontainers:\n- name: app\n  env: &e []\n- name: proxy\n  env: *e\n",
            "not parse .* has no anchor",
        ),
        ([_ALONE], "containers: !!seq\n- name: proxy\ninitContainers:\n- name: seed\n", "stands behind"),
        ([_ALONE], "containers: [{name: proxy}]\ninitContainers:\n- name: seed\n", "block list"),
        ([_ALONE], "containers: {{ x }}\n", "no list"),
    ],
)
def test_a_merge_patch_that_is_left_alone(states: list[State], body: str, why: str) -> None:
    """With the reason: lists that do not merge, entries that cannot be told apart, objects that disagree."""
    with pytest.raises(Refused, match=why):
        _merge(body, *states)


@pytest.mark.parametrize(
    ("body", "states"),
    [
        ("containers: null\n", [_PLAIN]),
        ("containers:\n- $patch: replace\n- name: app\n", [_INIT]),
        ("containers:\n- name: proxy\n", []),
    ],
)
def test_what_concerns_no_container_that_moves_is_none_of_ours(body: str, states: list[State]) -> None:
    """However strange it is."""
    assert _merge(body, *states) == body


def test_a_patch_that_takes_the_object_away_stays() -> None:
    """It does not matter any more where its containers stand."""
    text = "$patch: delete\n" + _HEAD + "      containers:\n      - name: proxy\n"
    assert moved_merge(text, 0, _POD, [_MOVED], _MOVING) == text
    with pytest.raises(Refused, match="around the pod spec"):
        moved_merge(text.replace("delete", "replace"), 0, _POD, [_MOVED], _MOVING)


@pytest.mark.parametrize(
    ("inits", "moved", "migrated", "wanted"),
    [
        (("a", "b"), ("x",), ("a", "b", "x"), ("a", "b", "x")),
        (("b", "a"), ("x", "y"), ("a", "b", "x", "y"), ("b", "a", "x", "y")),
        (("n", "a"), ("x",), ("x", "a"), ("n", "x", "a")),
        (("a", "b"), ("x", "new"), ("a", "x", "b"), ("a", "x", "b", "new")),
        (("b", "a"), ("x",), ("a", "x", "b"), None),
    ],
)
def test_what_moved_stays_between_the_same_neighbours(
    inits: tuple[str, ...], moved: tuple[str, ...], migrated: tuple[str, ...], wanted: tuple[str, ...] | None
) -> None:
    """What a patch puts ahead of the others goes ahead; where it would pull a container past a moved one, it is refused."""
    if wanted is None:
        with pytest.raises(Refused, match="reorders"):
            woven(inits, moved, migrated)
    else:
        assert woven(inits, moved, migrated) == wanted


def test_a_container_that_was_placed_first_stays_first() -> None:
    """A patch that names only what starts behind it gets a stub for it."""
    state = State(("app", "proxy"), ("setup",), ("app",), ("proxy", "setup"))
    body = "initContainers:\n- name: setup\n  image: s:2\n"
    assert _merge(body, state) == "initContainers:\n- name: proxy\n- name: setup\n  image: s:2\n"


@pytest.mark.parametrize(
    ("state", "before", "after"),
    [
        pytest.param(
            _FULL,
            """
            - op: replace # why
              path: @/containers/0/image
              value: p:2
            - op: add
              path: "@/containers/1/args/-"
              value: -v
            # the logs
            - {op: remove, path: '@/containers/2/args'}
            """,
            """
            - op: replace # why
              path: @/initContainers/2/image
              value: p:2
            - op: add
              path: "@/containers/0/args/-"
              value: -v
            # the logs
            - {op: remove, path: '@/initContainers/3/args'}
            """,
            id="into them, and past them",
        ),
        pytest.param(
            _FULL,
            """
            - op: remove
              path: @/containers/0
            - op: replace
              path: @/containers/0/image
              value: a:2
            - op: test
              path: @/containers/1/name
              value: logs
            - op: remove
              path: @/containers/1
            """,
            """
            - op: remove
              path: @/initContainers/2
            - op: replace
              path: @/containers/0/image
              value: a:2
            - op: test
              path: @/initContainers/2/name
              value: logs
            - op: remove
              path: @/initContainers/2
            """,
            id="indices that change on the way",
        ),
        pytest.param(
            _INIT,
            """
            - op: add
              path: @/containers/-
              value:
                # a proxy
                name: proxy
                image: p # tag
                args: [a]
            """,
            """
            - op: add
              path: @/initContainers/-
              value:
                # a proxy
                name: proxy
                image: p # tag
                restartPolicy: Always
                args: [a]
            """,
            id="adds it to the list",
        ),
        pytest.param(
            _PLAIN,
            """
            - op: add
              path: @/containers/0
              value:
                name: proxy
                image: p
            - op: replace
              path: @/containers/1/image
              value: a:2
            - op: add
              path: @/containers/0/tty
              value: true
            """,
            """
            - op: add
              path: @/initContainers
              value:
              - name: proxy
                image: p
                restartPolicy: Always
            - op: replace
              path: @/containers/0/image
              value: a:2
            - op: add
              path: @/initContainers/0/tty
              value: true
            """,
            id="adds it where there is no list",
        ),
        pytest.param(
            _PLAIN,
            "- {op: add, path: @/containers/1, value: {name: proxy}}\n",
            "- {op: add, path: @/initContainers, value: [{name: proxy, restartPolicy: Always}]}\n",
            id="adds it where there is no list, in flow style",
        ),
        pytest.param(
            _MOVED,
            """
            - op: replace
              value: {name: proxy, image: p:2}
              path: @/containers/1
            """,
            """
            - op: replace
              value: {name: proxy, image: p:2, restartPolicy: Always}
              path: @/initContainers/1
            """,
            id="replaces it",
        ),
        pytest.param(
            _ALONE,
            "- op: remove\n  path: @/containers/1\n- op: add\n  path: @/containers/1\n  value:\n    name: late\n",
            "- op: remove\n  path: @/initContainers\n- op: add\n  path: @/initContainers\n"
            "  value:\n  - name: late\n    restartPolicy: Always\n",
            id="removes the last one, and the list",
        ),
        pytest.param(
            _ALONE,
            _op("remove", "@/containers/1")
            + _op("add", "@/initContainers", "[{name: seed}]")
            + _op("add", "@/initContainers/-", "{name: x}"),
            _op("remove", "@/initContainers")
            + _op("add", "@/initContainers", "[{name: seed}]")
            + _op("add", "@/initContainers/-", "{name: x}"),
            id="removes the last one, then adds init containers",
        ),
        pytest.param(
            _PLAIN,
            """
            - op: replace
              path: @/containers
              value:
              # main
              - name: app
                image: a

              # beside it
              - name: proxy
                image: p
                # below

              - name: cache
            - op: test
              path: @/containers/1/image
              value: p
            """,
            """
            - op: replace
              path: @/containers
              value:
              # main
              - name: app
                image: a

              - name: cache
            - op: add
              path: @/initContainers
              value:
              # beside it
              - name: proxy
                image: p
                restartPolicy: Always
                # below
            - op: test
              path: @/initContainers/0/image
              value: p
            """,
            id="all containers",
        ),
        pytest.param(
            _INIT,
            """
            - op: add
              path: '@/containers'
              value:
                - name: proxy
                - {name: logs}
                - name: app
              # end
            - {op: remove, path: '@/containers/1/x~1y'}
            """,
            """
            - op: add
              path: '@/containers'
              value:
                - name: app
              # end
            - op: add
              path: '@/initContainers/-'
              value:
                  name: proxy
                  restartPolicy: Always
            - op: add
              path: '@/initContainers/-'
              value:
                  {name: logs, restartPolicy: Always}
            - {op: remove, path: '@/initContainers/2/x~1y'}
            """,
            id="all containers, where there are init containers",
        ),
        pytest.param(
            _PLAIN,
            '[{"value": [{"name": "app"},{"name": "proxy"}],"path": "@/containers","op": "add"}]\n',
            '[{"value": [{"name": "app"}],"path": "@/containers","op": "add"}, {"op": "add","path": "@/initContainers",'
            '"value": [{"name": "proxy","restartPolicy": "Always"}]}]\n'.replace('"proxy","', '"proxy", "'),
            id="all containers, in JSON",
        ),
        pytest.param(
            _MOVED,
            "- op: add\n  path: @/initContainers/-\n  value:\n    name: seed\n- op: remove\n  path: @/initContainers/0\n",
            "- op: add\n  path: @/initContainers/1\n  value:\n    name: seed\n- op: remove\n  path: @/initContainers/0\n",
            id="an init container is added ahead of it",
        ),
        pytest.param(
            _ALONE,
            """
            - op: add
              path: @/initContainers
              value:
              - name: seed
                image: s
              # two
              - name: more
            """,
            """
            - op: add
              path: @/initContainers/0
              value:
                name: seed
                image: s
            - op: add
              path: @/initContainers/1
              value:
              # two
                name: more
            """,
            id="a list of init containers where there is one by now",
        ),
        pytest.param(
            _MOVED,
            "- op: add\n  path: @/volumes/-\n  value: {name: proxy}\n- op: copy\n  from: /metadata/labels/a\n"
            "  path: /metadata/labels/b\n- op: test\n  path: @/containers/0\n  value: {name: app}\n",
            None,
            id="something else",
        ),
        pytest.param(_INIT, "- op: move\n  from: @/containers/0\n  path: @/containers/1\n", None, id="nothing that moves"),
    ],
)
@pytest.mark.parametrize("eol", ["\n", "\r\n"])
@pytest.mark.parametrize("end", [True, False])
def test_what_becomes_of_a_json_patch(state: State, before: str, after: str | None, eol: str, end: bool) -> None:
    """Every row of what an operation can do to containers, with both line breaks, with and without one at the end."""
    texts = []
    for body in (before, before if after is None else after):
        text = _patch(body).replace("@", _PREFIX)
        texts.append((text if end else text.removesuffix("\n")).replace("\n", eol))
    assert moved_ops(texts[0], _PREFIX, [state], _MOVING) == texts[1]


@pytest.mark.parametrize(
    ("states", "text", "why"),
    [
        ([_MOVED, _INIT], _op("remove", "@/containers/0/tty") + _op("add", "@/containers/-", "{name: late}"), None),
        ([_MOVED, _PLAIN], _op("add", "@/containers/-", "{name: late}"), "different changes"),
        ([_MOVED, _FULL], _op("add", "@/containers/1/tty", "true"), "different changes"),
        ([_MOVED], _op("test", "@/containers/1", "{name: proxy}"), "`test` of all of `proxy`"),
        ([_MOVED], _op("test", "@/containers", "[]"), "all containers"),
        ([_MOVED], _op("replace", "@/containers", "[{name: app}]"), "all containers"),
        ([_MOVED], _op("remove", "@/initContainers"), "all init containers"),
        ([_MOVED], _op("replace", "@/initContainers", "[{name: seed}]"), "all init containers"),
        ([_MOVED], _op("add", "@", "{}"), "pod spec as a whole"),
        ([_MOVED], _op("replace", "/spec/template", "{}"), "around it"),
        ([_MOVED], _op("remove", '""'), "around it"),
        ([_PLAIN], _op("add", "/spec", "{template: {spec: {containers: [{name: proxy}]}}}"), "around it"),
        ([_MOVED], "- op: move\n  from: @/containers/0/image\n  path: /metadata/x\n", "`move` of containers"),
        ([_MOVED], "- op: copy\n  from: /metadata/x\n  path: @/initContainers/0/image\n", "`copy` of containers"),
        ([_MOVED], "- op: copy\n  from: /spec\n  path: /metadata/x\n", "`copy` of containers"),
        ([_MOVED], "- op: copy\n  path: /metadata/x\n", "from nowhere"),
        ([_MOVED], _op("remove", "@/containers/2"), "no container number 2"),
        ([_MOVED], _op("remove", "@/containers/-1"), "`-1` as the number"),
        ([_MOVED], _op("remove", "@/containers/01/image"), "`01` as the number"),
        ([_MOVED], _op("replace", "@/containers/-/image", "x"), "`-` as the number"),
        ([_MOVED], _op("add", "@/containers/3", "{name: late}"), "no place number 3"),
        ([_MOVED], _op("add", "@/containers/-", "{image: late}"), "without a name"),
        ([_MOVED], _op("add", "@/containers/-", "{name: proxy}"), "a second container"),
        ([_MOVED], _op("add", "@/initContainers/-", "{name: late}"), "is added to"),
        ([_MOVED], _op("replace", "@/containers/1/name", "other"), "renamed"),
        ([_MOVED], _op("replace", "@/containers/0/name", "late"), "renamed"),
        ([_MOVED], _op("remove", "@/containers/0/name"), "without a name"),
        ([_MOVED], _op("add", "@/containers/1/restartPolicy", "Never"), "restartPolicy of `proxy`"),
        ([_MOVED], _op("replace", "@/containers/1", "{name: late}"), "replaced by"),
        ([_MOVED], _op("replace", "@/containers/0", "{name: late}"), "replaced by"),
        ([_MOVED], _op("replace", "@/containers/1", "{name: proxy, restartPolicy: Never}"), "set to something else"),
        ([_PLAIN], _op("add", "@/containers", "[{name: proxy}]"), "none would be left"),
        ([_INIT], _op("add", "@/containers", "[{name: app}, {name: setup}, {name: proxy}]"), "init container already"),
        ([_MOVED], _op("add", "@/containers/-", "{name: setup}"), "a second container"),
        ([_ALONE], _op("remove", "@/containers/1") + _op("replace", "@/initContainers", "[]"), "in which some move"),
        ([_PLAIN], _op("add", "@/containers", "[{name: app}, {name: proxy}, {name: app}]"), "of one name"),
        ([_PLAIN], _op("add", "@/containers", "{name: proxy}"), "no list"),
        ([_ALONE], _op("remove", "@/containers/1") + _op("add", "@/initContainers/-", "{name: seed}"), "is added to"),
        ([_MOVED], _op("rename", "@/containers/1"), "known `op`"),
        ([_MOVED], "- op: remove\n  path: [a]\n", "known `op`"),
        ([_MOVED], "- op: remove\n  op: add\n  path: /a\n", "key twice"),
        ([_MOVED], "- remove\n", "no mapping"),
        ([_MOVED], "op: remove\npath: /a\n", "list of operations"),
        ([_MOVED], _op("remove", "spec/containers/0"), "no JSON pointer"),
        ([_MOVED], "- op: remove\n  path: /a\n---\n- op: remove\n  path: /a\n", "several documents"),
        ([_MOVED], "- op: [\n", "not YAML"),
        ([_PLAIN], "- op: add\n  path: @/containers/-\n  value: &v {name: proxy}\n", "no mapping of its own"),
        ([_PLAIN], "- op: add\n  path: @/containers/-\n  value:\n   name: proxy\n", "no room"),
        ([_PLAIN], "- op: add\n  path: &p @/containers/-\n  value: {name: proxy}\n", "anchor"),
        ([_PLAIN], "- op: add\n  path: @/containers\n  value: &v [{name: app}, {name: proxy}]\n", "no list of its own"),
        ([_PLAIN], "- {op: add, # why\n   path: @/containers, value: [{name: app}, {name: proxy}]}\n", "comment"),
    ],
)
def test_a_json_patch_that_is_left_alone(states: list[State], text: str, why: str | None) -> None:
    """With the reason: whole lists, moves and copies, indices that some readers understand, objects that disagree."""
    if why is None:
        assert _ops(text, *states) != text
        return
    with pytest.raises(Refused, match=why):
        _ops(text, *states)


def test_names_change_on_the_way() -> None:
    """Of containers that stay; by their new ones they are found again."""
    text = _op("replace", "@/containers/0/name", "main") + _op("replace", "@/containers/0", "{name: app2}")
    text += _op("replace", "@/initContainers/0", "{name: prepare}")
    assert _ops(text + _op("remove", "@/containers/1/tty"), _MOVED) == text + _op("remove", "@/initContainers/1/tty")


@pytest.mark.parametrize("text", ["", "# nothing\n", "- op: remove\n  path: /spec/containers/0\n", "just text\n"])
def test_without_a_container_that_moves_nothing_is_read(text: str) -> None:
    """Nor where the patch is applied to nothing."""
    assert moved_ops(text, "/spec", [_PLAIN], _MOVING) == text
    assert moved_ops(text, "/spec", [], _MOVING) == text
    assert moved_merge(text, 0, ("spec",), [_MOVED], _MOVING) == text


@settings(max_examples=200, **_LAW)  # type: ignore[arg-type]
@given(
    noise(), st.sampled_from(("spec:\n  containers:\n  - name: proxy\n    tty: 1\n    {}\n", "spec: {}\n", "{}")), st.booleans()
)
def test_noise_in_a_merge_patch_is_refused_or_kept(piece: str, frame: str, own: bool) -> None:
    """Never more than a refusal."""
    text = frame.replace("{}", piece) + ("  initContainers:\n  - name: setup\n" if own else "")
    with suppress(Refused):
        after = moved_merge(text, 0, ("spec",), [_MOVED], _MOVING)
        assert _words(after) - _words(text) <= {"initContainers:", "setup"}
        assert not _words(text) - _words(after) - {"containers:"}


@settings(max_examples=200, **_LAW)  # type: ignore[arg-type]
@given(noise(), st.sampled_from(("- op: add\n  path: /spec/containers/-\n  value:\n    name: late\n    {}\n", "- {}\n", "{}")))
def test_noise_in_a_json_patch_is_refused_or_kept(piece: str, frame: str) -> None:
    """Never more than a refusal."""
    text = frame.replace("{}", piece)
    with suppress(Refused):
        after = moved_ops(text, "/spec", [_MOVED], _MOVING)
        assert _words(after) - _words(text) <= {"/spec/initContainers/-", "restartPolicy:", "Always"}


def _words(text: str) -> set[str]:
    return set(re.split(r"[\s,{}\[\]]+", text)) - {""}


# The proofs, handed wrong texts


_OPERATIONS = """\
# head
- op: add   # why
  path: /a
  value:
  - name: x   # one
  - {name: y, port: 0644}
- op: test
  path: /b
  value: "yes"
"""
_SPLIT = """\
# head
- op: add   # why
  path: /a
  value:
  - name: x   # one
- op: add
  path: /c
  value:
  - {name: y, mark: set, port: 0644}
- op: test
  path: /b
  value: "yes"
"""
_PARTS = ((Part("/a", (0,), "list"), Part("/c", (1,), "list", True)), (Part("/b"),))


def _prove(after: str, parts: Sequence[Sequence[Part]] = _PARTS) -> None:
    prove_operations(_OPERATIONS, parse(_OPERATIONS), after, parse(after), (0,), parts, ("mark", "set"))


def test_operations_as_planned_are_proved() -> None:
    """As a reference for the refusals below."""
    _prove(_SPLIT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("0644", "420"),
        ('"yes"', "yes"),
        ("mark: set, ", ""),
        ("mark: set", "mark: get"),
        ("name: y", "name: z"),
        ("name: x", "name: x2"),
        ("# why", "# how"),
        ("# head\n", ""),
        ("# one", ""),
        ("/c", "/d"),
        ("path: /a", "path: /aa"),
        ("op: test", "op: add"),
        ("- op: add\n  path: /c", "- op: replace\n  path: /c"),
        ("- op: add\n  path: /c", "- op: add\n  from: /a\n  path: /c"),
        ("- op: add\n  path: /c", "- &x\n  op: add\n  path: /c"),
        ("- op: test\n  path: /b\n  value: \"yes\"\n", ""),
        ("- op: test", "- op: remove\n  path: /e\n- op: test"),
        ("  - name: x   # one\n", "  - name: x   # one\n  - name: y\n"),
        ("# head\n", "# head\nmore: 1\n---\n"),
    ],
)  # fmt: skip
def test_operations_otherwise_than_planned_are_refused(old: str, new: str) -> None:
    """One difference at a time."""
    assert old in _SPLIT
    with pytest.raises((Refused, TextError)):
        _prove(_SPLIT.replace(old, new, 1))


def test_a_stub_goes_before_the_item_that_was_asked() -> None:
    """In the manner of the list, behind its dividers."""
    text = "a:\n  b:\n    -   name: x\n\n    # of y\n    -   name: y\n"
    stretch = Stretch(text, 0, len(text), tuple(parse(text)))
    edits, roots = proved_stubs(stretch, Lines(text), (0, "a", "b"), [Stub(1, "name", "yes"), Stub(1, "name", "z")])
    first, second = text.split("    # of y")
    assert apply(text, edits) == f'{first}    - name: "yes"\n\n    - name: z\n\n    # of y{second}'
    assert roots[0] is not None
    for path in ((0, "a"), (0, "c"), (1, "a", "b")):
        with pytest.raises(Refused, match="a list that is not there"):
            proved_stubs(stretch, Lines(text), path, [Stub(0, "name", "z")])


@pytest.mark.parametrize("source", ["- name: b # b\n  tty: 1\n", "[{name: b, tty: 1}]\n"])
def test_a_list_is_emptied_only_where_that_is_asked(source: str) -> None:
    """Then its key goes, or becomes the other one's; without the mark where it is not to be."""
    text = f"x: 1\ncontainers:{' ' if source[0] == '[' else chr(10)}{source}"
    (root,) = parse(text)
    assert root is not None
    asked = Transfer("containers", "initContainers", (0,), ("restartPolicy", "Always"), ("name",), bare=(0,))
    with pytest.raises(Refused, match="nothing would be left"):
        layouts(text, Lines(text), root, asked)
    stretch = Stretch(text, 0, len(text), (root,))
    layout, _ = proved_layout(stretch, Lines(text), Wish((0,), root, replace(asked, emptying=True)), False)
    assert layout.name == "renamed"
    assert apply(text, layout.edits) == text.replace("containers", "initContainers")
    for wrong in (text, text.replace("containers", "init"), "x: 1\n", f"x: 1\ninitContainers: {{}}\n{text[5:]}"):
        with pytest.raises(Refused):
            prove(stretch, [Wish((0,), root, replace(asked, emptying=True))], [Edit(0, len(text), wrong)])
