"""One pair written into a mapping: what the text says afterwards, and which of its lines are the same."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from migrator.text.edits import Edit, apply
from migrator.text.errors import Refused, TextError
from migrator.text.insert import pair_in, path_in
from migrator.text.insertproof import prove_pair
from migrator.text.lines import Lines
from migrator.text.rewrite import Stretch
from migrator.text.tree import Node, parse
from tests.strategies import documents, noise

_KEY = "sidecar.istio.io/nativeSidecar"
_STRING = "tag:yaml.org,2002:str"
_NULL = "tag:yaml.org,2002:null"


def _root(text: str) -> Node:
    root = parse(text)[0]
    assert root is not None
    return root


def _written(text: str, keys: Sequence[str], key: str = _KEY, value: str = "true") -> str:
    """The text after the edits, which are proved."""
    lines, root = Lines(text), _root(text)
    edits = path_in(text, lines, root, keys, key, value)
    prove_pair(Stretch(text, 0, len(text), tuple(parse(text))), (0, *keys), key, value, edits)
    return apply(text, edits)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: {}\n", 'a: {}\nk: "v"\n'),
        ("a: b", 'a: b\nk: "v"'),
        ("a: b\r\nc: d\r\n", 'a: b\r\nc: d\r\nk: "v"\r\n'),
        ("a: b\r\nc: d", 'a: b\r\nc: d\r\nk: "v"'),
        ("a: |\n  x\n\n\n---\nb: c\n", 'a: |\n  x\nk: "v"\n\n\n---\nb: c\n'),
        ("a: |+\n  x\n\n\n# c\n", 'a: |+\n  x\n\n\nk: "v"\n# c\n'),
        ("a: |-\n  x", 'a: |-\n  x\nk: "v"'),
        ("a: >2-\n   x", 'a: >2-\n   x\nk: "v"'),
        ("a:\n  - b\n  # c\n", 'a:\n  - b\nk: "v"\n  # c\n'),
        ("{}\n", '{"k": "v"}\n'),
        ("{a: b}\n", '{a: b, k: "v"}\n'),
        ("{ a: b }\n", '{ a: b, k: "v" }\n'),
        ('{"a":"b"}', '{"a":"b","k":"v"}'),
        ('{"a": "b", "c": "d"}', '{"a": "b", "c": "d", "k": "v"}'),
        ('{\n\t"a" : "b"\n}\n', '{\n\t"a" : "b",\n\t"k" : "v"\n}\n'),
        ('{\r\n  "a": [\r\n  ]\r\n}\r\n', '{\r\n  "a": [\r\n  ],\r\n  "k": "v"\r\n}\r\n'),
        ("{\n  a: b, # x\n  c: d  # y\n}\n", '{\n  a: b, # x\n  c: d,  # y\n  k: "v"\n}\n'),
        ("{\n  a: b,\n  c: d,  # y\n}\n", '{\n  a: b,\n  c: d,  # y\n  k: "v",\n}\n'),
        ("{a: b,}\n", '{a: b, k: "v",}\n'),
        ("{a}\n", '{a, k: "v"}\n'),
        ("{a: }\n", '{a: , k: "v" }\n'),
        ("k: w\n", 'k: "v"\n'),
        ("k: 'w'  # c\n", 'k: "v"  # c\n'),
        ("k:\n", 'k: "v"\n'),
        ("k:   # c\na: b\n", 'k: "v"   # c\na: b\n'),
        ("k: |\n  w\n  x\na: b\n", 'k: "v"\na: b\n'),
        ("k: w\n  x\na: b\n", 'k: "v"\na: b\n'),
        ("{k}\n", '{k: "v"}\n'),
        ("{k: , a: b}\n", '{k: "v" , a: b}\n'),
        ("a: &x w\nk: *x\n", 'a: &x w\nk: "v"\n'),
        ("k: v\n", "k: v\n"),
        ("k: 'v'\n", "k: 'v'\n"),
        ("a: &x v\nk: *x\n", "a: &x v\nk: *x\n"),
        ("b: &b {k: v}\n<<: *b\n", "b: &b {k: v}\n<<: *b\n"),
        ("b: &b {k: w}\n<<: *b\n", 'b: &b {k: w}\n<<: *b\nk: "v"\n'),
    ],
)
def test_a_pair_in_a_mapping(before: str, after: str) -> None:
    """At the end, in the manner of the others; a key that is there keeps its place."""
    assert _written(before, (), "k", "v") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("m:\n  a:\n    b: c\n  d: e\n", 'm:\n  a:\n    b: c\n    k: "v"\n  d: e\n'),
        ("m:\n  d: e\nx: y\n", 'm:\n  d: e\n  a:\n    k: "v"\nx: y\n'),
        ("x:\n    y: z\n", 'x:\n    y: z\nm:\n    a:\n        k: "v"\n'),
        ("m:\nx: y\n", 'm:\n  a:\n    k: "v"\nx: y\n'),
        ("m: {}\n", 'm:\n  a:\n    k: "v"\n'),
        ("m:\n  a:   # none\n  # b\n\n  d: e\n", 'm:\n  a:   # none\n    k: "v"\n  # b\n\n  d: e\n'),
        ("m:\n  a:\n    # b: c\n  d: e\n", 'm:\n  a:\n    # b: c\n    k: "v"\n  d: e\n'),
        ("m:\n  a: {}  # none", 'm:\n  a:  # none\n    k: "v"'),
        ("m:\n  a: ~", 'm:\n  a:\n    k: "v"'),
        ("m:\n  a:\n    null\n  d: e\n", 'm:\n  a:\n    k: "v"\n  d: e\n'),
        ("m:\n  a: {b: c}  # x\n", 'm:\n  a: {b: c, k: "v"}  # x\n'),
        ("m: {a: {}}\n", 'm: {a: {k: "v"}}\n'),
        ("m: {a: , d: e}\n", 'm: {a: {k: "v"} , d: e}\n'),
        ("m: {a}\n", 'm: {a: {k: "v"}}\n'),
        ("m: {d: e}\n", 'm: {d: e, a: {k: "v"}}\n'),
        ('{"m":{"a":null}}', '{"m":{"a":{"k":"v"}}}'),
        ('{\n  "m": {\n    "d": 1\n  }\n}\n', '{\n  "m": {\n    "d": 1,\n    "a": {"k": "v"}\n  }\n}\n'),
        ("m:\n  a:\n    b: |\n      # no\n    # yes\n  # x\n", 'm:\n  a:\n    b: |\n      # no\n    # yes\n    k: "v"\n  # x\n'),
        ("m:\n  a:\n    b: c\n#    d: e\n  x: y\n", 'm:\n  a:\n    b: c\n#    d: e\n    k: "v"\n  x: y\n'),
    ],
)  # fmt: skip
def test_the_mappings_on_the_way(before: str, after: str) -> None:
    """They are written where they are missing or empty; what stands around them stays."""
    assert _written(before, ("m", "a"), "k", "v") == after


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("m: &x {b: c}\nd: *x\n", "something else"),
        ("d: &x {b: c}\nm: *x\n", "an alias"),
        ("d: &x {m: {b: c}}\n<<: *x\n", "merge key"),
        ("m: text\n", "no mapping"),
        ("m: [a]\n", "no mapping"),
        ("m: {}\nm: {}\n", "given twice"),
        ("m:\n  k: a\n  k: b\n", "given twice"),
        ("m: &x\n", "anchor or a tag"),
        ("m: !!map {}\n", "anchor or a tag"),
        ("m: { # c\n }\n", "a comment"),
        ("m: # c\n  {}\n", "a comment"),
        ("m:\n  k: &x w\n", "anchor or a tag"),
        ("m:\n  k: !!str w\n", "anchor or a tag"),
        ("m:\n  k: | # c\n    w\n", "a comment"),
        ("m:\n  k: [w]\n", "no text"),
        ("m:\n  ? a\n  : b\n", "explicit key"),
        ("? m\n: {}\n", "explicit key"),
        ("m:\n  a: |\n    x", "without a line break"),
        ("m:\n  a:\n  - >+\n    x", "without a line break"),
    ],
)
def test_what_cannot_be_written_is_refused(text: str, reason: str) -> None:
    """With a reason; nobody guesses."""
    with pytest.raises(Refused, match=reason):
        _written(text, ("m",), "k", "v")


@dataclass(frozen=True)
class _Sample:
    """A document, where the pair goes, and whether that adds lines to block mappings and changes none."""

    text: str
    keys: tuple[str, ...]
    pure: bool


#: Values in block style: lines relative to their key, `{k}`.
_VALUES = (
    ("{k}: plain",), ("{k}: 'quoted'   # behind",), ('{k}: "double', "", '  # no comment"'), ("{k}: plain", "  continued", ""),
    ("{k}: |", "  # no comment", "  x"), ("{k}: |-", "  x", ""), ("{k}: |+", "  x", "", ""), ("{k}: >2", "    x", "", "  y"),
    ("{k}:",), ("{k}:   # empty",), ("{k}: &{k} text",), ("{k}:", "- x", "-"), ("{k}:", "  deep:", "    deeper: 1"),
    ("{k}: {x: [1,", "   2]}",), ("'{k}' : yes",), ("{k}: 0644",), ("{k}: !!str 1",),
)  # fmt: skip
_EMPTY = ("{k}:", "{k}: ~", "{k}: null", "{k}: {}", "{k}: {}  # none", "{k}:  # none", "{k} : {}", '"{k}": { }')
_FLOW = (
    ("{k}: {a: b}",), ("{k}: {a: b, 'c/d': \"e\"}  # f",), ("{k}: { a: b }",), ('{k}: {"a":"b"}',), ("{k}: {a: }",),
    ("{k}: {a}",), ("{k}: {", "  a: b,", "  c: d", "  }"), ("{k}: {", "  a: b, # x", "  c: d # y", "  }"),
    ("{k}: {a: b,", "  c: d,  # y", "  }"), ("{k}: {a: b,}",), ("{k}:", "  {a: [b]}"), ("{k}: {? a : b}",),
)  # fmt: skip
_BEHIND = ((), (), ("# at its column",), ("  # deeper",), ("", "# apart"), ("# one", "  # two", "", "# three"))


@st.composite
def _block(draw: st.DrawFn, names: Sequence[str]) -> list[str]:
    """Pairs of a block mapping at the margin, with comments behind them."""
    written: list[str] = []
    for name in names:
        written += [line.replace("{k}", name) for line in draw(st.sampled_from(_VALUES))]
        written += draw(st.sampled_from(_BEHIND))
    return written


def _deeper(lines: Sequence[str], by: int) -> list[str]:
    return [" " * by + line if line else line for line in lines]


@st.composite
def _holder(draw: st.DrawFn, name: str, inner: Sequence[str] | None, step: int) -> tuple[list[str], str]:
    """The lines of a key whose mapping the pair goes to, and its style: block, flow, empty or absent."""
    style = draw(st.sampled_from(("block", "block", "flow", "empty", "absent") if inner is None else ("block",)))
    if style == "block":
        head = draw(st.sampled_from((f"{name}:", f"{name}:   # about", f"'{name}':")))
        pairs = draw(_block(draw(st.sampled_from((["a"], ["a", "c"]))))) if inner is None else list(inner)
        return [head, *_deeper(pairs, step)], style
    if style == "flow":
        return [line.replace("{k}", name) for line in draw(st.sampled_from(_FLOW))], style
    return ([draw(st.sampled_from(_EMPTY)).replace("{k}", name)] if style == "empty" else []), style


@st.composite
def samples(draw: st.DrawFn) -> _Sample:
    """A document with `metadata: annotations:`, as far as that is there, and other things around it."""
    step = draw(st.integers(1, 4))
    below, style = draw(_holder("annotations", None, step))
    before = draw(_block(draw(st.sampled_from(([], ["name"], ["name", "labels"])))))
    after = draw(_block(draw(st.sampled_from(([], [], ["uid"])))))
    inner = [*before, *below, *after]
    if inner:
        metadata, _ = draw(_holder("metadata", inner, step))
    else:
        metadata, style = draw(_holder("metadata", None, step))
    head = draw(st.sampled_from((["kind: Pod"], ["---", "kind: Pod  # x", ""], *(([], ["# top"]) if metadata else ()))))
    foot = draw(st.sampled_from(([], ["spec: {}"], ["# end"], ["---", "other: doc"], ["..."])))
    text = "\n".join([*head, *metadata, *foot]) + draw(st.sampled_from(("\n", "\n", "")))
    eol = draw(st.sampled_from(("\n", "\r\n")))
    return _Sample(text.replace("\n", eol), ("metadata", "annotations"), style in ("block", "absent"))


@st.composite
def json_samples(draw: st.DrawFn) -> _Sample:
    """The same in JSON, as various writers print it."""
    notes = draw(st.sampled_from(({}, {"a": "b"}, {"a": "b", "c": "d # e"}, None)))
    meta: dict[str, Any] = draw(st.sampled_from(({}, {"name": "x"}, {"name": "x", "labels": {"l": "m"}})))
    if draw(st.booleans()):
        meta = {**meta, "annotations": notes, **draw(st.sampled_from(({}, {"uid": None})))}
    document = draw(st.sampled_from(({"kind": "Pod", "metadata": meta, "spec": {}}, {"metadata": meta}, {"spec": {}}, {})))
    indent = draw(st.sampled_from((None, 0, 2, "\t")))
    separators = draw(st.sampled_from(((",", ":"), (", ", ": "), (" , ", " : ")))) if indent is None else (",", ": ")
    text = json.dumps(document, indent=indent, separators=separators)
    return _Sample(text.replace("\n", draw(st.sampled_from(("\n", "\r\n")))), ("metadata", "annotations"), False)


_NAMES = st.sampled_from([_KEY, _KEY, "a", "c", "true", "0x1f", "k y", "null", "\u00fc: #", "~"])
_TEXTS = st.sampled_from(
    ["true", "true", "", "plain", "b", "x: y # z", 'say "no"', "null", "1", "two\nlines\n", " \t", "\u00fc\u2028\x7f\U0001f600\\"]
)


def _expected(node: Any, steps: Sequence[str], value: str) -> Any:
    """The composed document with the pair in it."""
    if not steps:
        return (_STRING, value)
    pairs = [] if node is None or node[:1] == (_NULL,) else node
    key = (_STRING, steps[0])
    if any(name == key for name, _ in pairs):
        return [(name, _expected(held, steps[1:], value) if name == key else held) for name, held in pairs]
    return [*pairs, (key, _expected(None, steps[1:], value))]


def _law(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, suppress_health_check=(HealthCheck.too_slow,))


def _edits(sample: _Sample, key: str, value: str) -> tuple[Edit, ...] | None:
    """The edits, which are proved, or None where there is a reason to refuse."""
    text = sample.text
    refused = ""
    try:
        edits = path_in(text, Lines(text), _root(text), sample.keys, key, value)
    except Refused as refusal:
        refused = str(refusal)
    if refused:
        event(f"refused: {refused}")
        assert any(reason in refused for reason in ("anchor or a tag", "no text", "without a line break"))
        return None
    prove_pair(Stretch(text, 0, len(text), tuple(parse(text))), (0, *sample.keys), key, value, edits)
    return edits


@_law(500)
@given(samples() | json_samples(), _NAMES, _TEXTS)
def test_the_text_says_what_it_said_and_the_pair(sample: _Sample, key: str, value: str) -> None:
    """Told by PyYAML; the line ends and the end of the text are as they were, and a second time nothing changes."""
    edits = _edits(sample, key, value)
    if edits is None:
        return
    after = apply(sample.text, edits)
    old, new = documents(sample.text), documents(after)
    assert new == [_expected(old[0], (*sample.keys, key), value), *old[1:]]
    assert next(yaml.load_all(after, yaml.CSafeLoader))["metadata"]["annotations"][key] == value
    assert after.endswith("\n") == sample.text.endswith("\n")
    if "\r\n" in sample.text:
        assert after.count("\r\n") == after.count("\n")
    assert path_in(after, Lines(after), _root(after), sample.keys, key, value) == ()


@_law(300)
@given(samples(), _TEXTS)
def test_every_old_line_is_still_there(sample: _Sample, value: str) -> None:
    """In its order and to the byte, where a new key comes to a block mapping; elsewhere one line changes at most."""
    edits = _edits(sample, _KEY, value)
    if edits is None:
        return
    old = sample.text.split("\n")
    new = apply(sample.text, edits).split("\n")
    left = iter(new)
    gone = [line for line in old if not any(line.removesuffix("\r") == other.removesuffix("\r") for other in left)]
    if sample.pure:
        assert gone == []
    else:
        kept = [line.removesuffix("\r") for line in new]
        assert sum(line.removesuffix("\r") not in kept for line in old) <= 1


@_law(200)
@given(json_samples(), _NAMES, _TEXTS)
def test_json_stays_json(sample: _Sample, key: str, value: str) -> None:
    """And says the same, in the same order."""
    edits = _edits(sample, key, value)
    assert edits is not None
    before, after = json.loads(sample.text), json.loads(apply(sample.text, edits))
    meta = before.setdefault("metadata", {})
    meta["annotations"] = {**(meta.get("annotations") or {}), key: value}
    assert json.dumps(after) == json.dumps(before)


@_law(300)
@given(noise(), st.sampled_from(((), ("key",), ("a", "key"))))
def test_no_text_is_too_odd(text: str, keys: tuple[str, ...]) -> None:
    """The pair is written and proved, or refused."""
    with suppress(TextError, Refused):
        if (root := next(iter(parse(text)), None)) is not None:
            edits = path_in(text, Lines(text), root, keys, _KEY, "true")
            prove_pair(Stretch(text, 0, len(text), tuple(parse(text))), (0, *keys), _KEY, "true", edits)
            assert _KEY in apply(text, edits)


def test_a_mapping_in_a_list_item() -> None:
    """`pair_in` takes any mapping, wherever it stands."""
    text = "items:\n- - a: b\n    c:\n    - d\n  - e\n"
    items = _root(text).get("items")
    assert items is not None
    mapping = items.items[0].items[0]
    edits = pair_in(text, Lines(text), mapping, "k", "v")
    assert apply(text, edits) == 'items:\n- - a: b\n    c:\n    - d\n    k: "v"\n  - e\n'
    prove_pair(Stretch(text, 0, len(text), tuple(parse(text))), (0, "items", 0, 0), "k", "v", edits)
    with pytest.raises(Refused, match="no mapping"):
        pair_in(text, Lines(text), items, "k", "v")


_BEFORE = "x: &x 1\nm:\n  # about\n  a: b  # c\ny: *x\n---\nz: 0644\n"
_AFTER = 'x: &x 1\nm:\n  # about\n  a: b  # c\n  k: "v"\ny: *x\n---\nz: 0644\n'


def _prove(after: str, before: str = _BEFORE) -> None:
    prove_pair(Stretch(before, 0, len(before), tuple(parse(before))), (0, "m"), "k", "v", [Edit(0, len(before), after)])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('  k: "v"\n', ""),
        ('k: "v"', 'k: "w"'),
        ('k: "v"', "k: v"),
        ('k: "v"', 'k: &y "v"'),
        ('k: "v"', 'o: "v"'),
        ('k: "v"\n', 'k: "v"\n  o: "v"\n'),
        ('  k: "v"\n', 'k: "v"\n'),
        ("a: b", "a: c"),
        ("a: b", 'a: "b"'),
        ("a: b", "b: b"),
        ("&x 1", "&x 2"),
        ("z: 0644", "z: 420"),
        ("  # about\n", ""),
        ("# c", "# d"),
        ("---\nz: 0644\n", ""),
        ("---", "---\n---"),
        ("m:", "m: ["),
        ("m:\n", "m: &m\n"),
    ],
)
def test_everything_else_is_not_proved(old: str, new: str) -> None:
    """One difference at a time."""
    _prove(_AFTER)
    assert old in _AFTER
    with pytest.raises(Refused):
        _prove(_AFTER.replace(old, new, 1))


def test_what_is_not_seen_in_the_trees_is_not_proved_either() -> None:
    """A new mapping that hides one that came with a merge key; a word in JSON."""
    with pytest.raises(Refused):
        _prove('d: &d {m: {a: b}}\n<<: *d\nm: {k: "v"}\n', "d: &d {m: {a: b}}\n<<: *d\n")
    _prove('{"m": {"k": "v"}}', '{"m": {}}')
    with pytest.raises(Refused, match="JSON"):
        _prove('{"m": {k: "v"}}', '{"m": {}}')
