"""New values for scalars: the text says them, in the same style, and is the same to the byte everywhere else."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import yaml
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from migrator.text.asked import Path
from migrator.text.edits import apply, changed_lines
from migrator.text.errors import Refused, TextError
from migrator.text.lines import Lines
from migrator.text.rewrite import Stretch
from migrator.text.scalars import prove_replaced, proved_values, replaced
from migrator.text.tree import Node, parse
from tests.strategies import documents

_WORDS = st.sampled_from(
    ("work", "set -e", "touch /x/done", "rc=$?", "exit $rc", "# why", "'a b'", '"c"', "\u00fc \U0001f600", "a: b", "x  ",
     "- y", "[z]", "\\n", "&& {")
)  # fmt: skip
_LINES = st.lists(_WORDS | st.sampled_from(("", "  deeper", "\ttab", "   ")), min_size=1, max_size=6)


def _node(text: str, path: Path) -> Node:
    node = parse(text)[int(path[0])]
    for step in path[1:]:
        assert node is not None
        node = node.items[step] if isinstance(step, int) else node.get(step)
    assert node is not None
    return node


def _changed(text: str, value: str, path: Path = (0, "a")) -> str:
    """The text with the scalar at a path given a value, proved."""
    return apply(text, proved_values(Stretch(text, 0, len(text), tuple(parse(text))), Lines(text), {path: value})[0])


@dataclass(frozen=True)
class _Sample:
    """A text whose second item of `args` has `value`, written in `style`."""

    text: str
    style: str
    value: str


def _indented(lines: list[str], indent: int) -> list[str]:
    return [" " * indent + line if line else "" for line in lines]


@st.composite
def _samples(draw: st.DrawFn) -> _Sample:
    style = draw(st.sampled_from(("|", "|", "|-", "|+", "|2", "'", '"', "plain", "flow '", 'flow "', "flow plain")))
    eol = draw(st.sampled_from(("\n", "\n", "\r\n")))
    depth = draw(st.sampled_from((0, 2, 4)))
    dash = draw(st.sampled_from((1, 1, 3)))
    behind = draw(st.sampled_from(("", "  # behind")))
    column = depth + dash + 1
    if style.startswith("|"):
        lines = draw(_LINES)
        assume(any(line.strip() for line in lines) and lines[-1].strip())
        indent = column + draw(st.integers(0, 3)) if style != "|2" else depth + 2
        assume(style == "|2" or next(filter(None, lines))[0] not in " \t")
        tail = draw(st.integers(0, 2)) if style == "|+" else 0
        body = _indented(lines, indent) + [""] * tail
        value = "\n".join(lines) + ("" if style == "|-" else "\n" * (1 + tail))
        written = [f"{style}{behind}", *body]
    else:
        value = draw(st.lists(_WORDS, min_size=1, max_size=4).map("; ".join))
        if style.endswith("plain"):
            assume(_is_plain(f"[{value}]" if style.startswith("flow") else f"- {value}", value))
            written = [value]
        elif style.endswith("'"):
            written = ["'" + value.replace("'", "''") + "'"]
        else:
            written = [json.dumps(value, ensure_ascii=draw(st.booleans()) and "\U0001f600" not in value)]
        written = [written[0] + (behind if not style.startswith("flow") else "")]
    if style.startswith("flow"):
        item = [f"args: [sh , {written[0]}, 'x']{behind}"]
    else:
        pad = " " * (depth + 1 + dash)
        first = " " * depth + "-" + " " * dash + written[0]
        item = ["args:", f"{' ' * depth}- sh", first, *written[1:], f"{' ' * depth}# about x", f"{pad[:depth]}- x"]
    around = draw(st.sampled_from(([], ["# head", "first: |", "  text # no comment", ""], ["a: &x {b: 1}", "c: *x"])))
    after = draw(st.sampled_from(([], ["", "# tail", "last: 0644"], ["---", "args: [other]"])))
    return _Sample(eol.join([*around, *item, *after]) + draw(st.sampled_from(("", eol))), style, value)


def _is_plain(text: str, value: str) -> bool:
    try:
        return bool(yaml.safe_load(text) == [value]) and not set(value) & set("'\"")
    except yaml.YAMLError:
        return False


def _edited(draw: st.DrawFn, value: str, glue: str) -> str:
    """A value as it is after somebody has changed a part or two of it."""
    parts = value.split(glue)
    for _ in range(draw(st.integers(1, 2))):
        at = draw(st.integers(0, len(parts) - 1))
        how = draw(st.sampled_from(("drop", "change", "add")))
        if how == "drop" and len(parts) > 1:
            del parts[at]
        elif how == "change":
            parts[at] = parts[at] + draw(st.sampled_from((" more", ",", "'", '"', "\\")))
        else:
            parts.insert(at, draw(_WORDS))
    return glue.join(parts)


@st.composite
def _wishes(draw: st.DrawFn) -> tuple[_Sample, str]:
    sample = draw(_samples())
    body = sample.value.rstrip("\n")
    glue = "\n" if sample.style.startswith("|") else "; "
    return sample, _edited(draw, body, glue) + sample.value[len(body) :]


def _holds(sample: _Sample, value: str) -> bool:
    """Whether the style can hold the value for sure, so that it may not be refused."""
    if not sample.style.startswith("|"):
        return not sample.style.endswith("plain")
    first = next((line for line in value.split("\n") if line), " ")
    tail = len(sample.value) - len(sample.value.rstrip("\n"))
    return bool(value[: len(value) - tail].split("\n")[-1].strip()) and (sample.style == "|2" or first[0] not in " \t")


@settings(max_examples=600, deadline=None)
@given(_wishes())
def test_a_value_is_written_and_nothing_else_is_changed(wish: tuple[_Sample, str]) -> None:
    """Values by PyYAML; the bytes outside the scalar are the same; a literal block differs in the lines that differ."""
    sample, value = wish
    text = sample.text
    path: Path = (0, "args", 1)
    before = documents(text)
    node = _node(text, path)
    assert node.value == sample.value
    try:
        after = _changed(text, value, path)
    except Refused:
        assert not _holds(sample, value)
        event("refused")
        return
    event(sample.style)
    assert after[: node.start] == text[: node.start]
    behind = text[node.end :]
    assert after.endswith(behind)
    changed = documents(after)
    args = next(held for key, held in changed[0] if key[1] == "args")
    assert args[2] == ("tag:yaml.org,2002:str", value)
    expected = [(key, (*held[:2], args[2], *held[3:]) if key[1] == "args" else held) for key, held in before[0]]
    assert [expected, *before[1:]] == changed
    if sample.style.startswith("|"):
        assert changed_lines(text.replace("\r", "") + "\n", after.replace("\r", "") + "\n") == changed_lines(
            sample.value + "\n", value + "\n"
        )
        assert after.count("\r") == (after.count("\n") if "\r" in text else 0)
    if _holds(sample, sample.value):
        back = _changed(after, sample.value, path)
        assert back == text or sample.style.endswith('"')


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=12), st.text(max_size=12), st.booleans(), st.sampled_from((None, 2)))
def test_json_stays_json(old: str, new: str, ascii_only: bool, indent: int | None) -> None:
    text = json.dumps({"k": [1, None], "a": [old, "x"]}, indent=indent, ensure_ascii=ascii_only)
    try:
        value = _node(text, (0, "a", 0)).value
    except TextError:
        assume(False)
    assume(value == old and "\x00" not in new)
    after = _changed(text, new, (0, "a", 0))
    assert json.loads(after) == {"k": [1, None], "a": [new, "x"]}


SCRIPT = "a: |\n  set -e\n  work\n  touch /x/done\n  exit 0\nb: 1\n"


@pytest.mark.parametrize(
    ("text", "change", "after"),
    [
        (SCRIPT, lambda v: v.replace("touch /x/done\n", ""), "a: |\n  set -e\n  work\n  exit 0\nb: 1\n"),
        (SCRIPT, lambda v: v.replace("work\n", "w  x\n"), "a: |\n  set -e\n  w  x\n  touch /x/done\n  exit 0\nb: 1\n"),
        (SCRIPT, lambda v: v.replace("exit 0\n", ""), "a: |\n  set -e\n  work\n  touch /x/done\nb: 1\n"),
        (SCRIPT, lambda v: v.replace("set -e\n", ""), "a: |\n  work\n  touch /x/done\n  exit 0\nb: 1\n"),
        (SCRIPT, lambda v: "first\n" + v, "a: |\n  first\n  set -e\n  work\n  touch /x/done\n  exit 0\nb: 1\n"),
        (SCRIPT, lambda v: v.replace("work\n", "a\n\nb\n"), "a: |\n  set -e\n  a\n\n  b\n  touch /x/done\n  exit 0\nb: 1\n"),
        (SCRIPT, lambda v: "exec it\n", "a: |\n  exec it\nb: 1\n"),
        ("a: |-\n    work\n    touch x", lambda v: "work", "a: |-\n    work"),
        ("a: |\r\n  work\r\n  touch x\r\nb: 1\r\n", lambda v: "work\n", "a: |\r\n  work\r\nb: 1\r\n"),
        ("a: |\r\n  work\r\nb: 1\r\n", lambda v: "work\nmore\n", "a: |\r\n  work\r\n  more\r\nb: 1\r\n"),
        ("a: |2\n     deep\n    x\nb: 1\n", lambda v: v.replace("deep", "deeper"), "a: |2\n     deeper\n    x\nb: 1\n"),
        ("a: |+\n  x\n  y\n\n\nb: 1\n", lambda v: "x\n\n\n", "a: |+\n  x\n\n\nb: 1\n"),
        ("a: |  # why\n  x\n  y\n  # no comment\n # comment\nb: 1\n", lambda v: "x\n", "a: |  # why\n  x\n # comment\nb: 1\n"),
        ("a: 'it''s; touch x'\n", lambda v: "it's", "a: 'it''s'\n"),
        ('a: "w \\u0026\\x26 touch x"  # c\n', lambda v: "w &", 'a: "w \\u0026"  # c\n'),
        ('a: "work\\ntouch x\\nexit 0\\n"\n', lambda v: "work\nexit 0\n", 'a: "work\\nexit 0\\n"\n'),
        ("a: work && touch x  # c\n", lambda v: "work", "a: work  # c\n"),
        ("a: [sh, -c, work && touch x, z]\n", lambda v: "work", "a: [sh, -c, work, z]\n"),
        ('{"a": "work \\ud83d\\ude00\\/ && touch x"}', lambda v: "work \U0001f600/", '{"a": "work \\ud83d\\ude00\\/"}'),
        ('{"a": "x"}', lambda v: 'q"\\\t\n\u2028\U0001f600', '{"a": "q\\"\\\\\\t\\n\\u2028\U0001f600"}'),
    ],
)  # fmt: skip
def test_what_is_written(text: str, change: Callable[[str], str], after: str) -> None:
    """The smallest change, as a person would make it."""
    path: Path = (0, "a", 2) if ": [" in text else (0, "a")
    assert _changed(text, change(_node(text, path).value), path) == after


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: >\n  folded\n  text\n", "folded"),
        ("a: >-\n  folded\n", "other"),
        ("a: two\n  lines\n", "two"),
        ("a: 'two\n  lines'\n", "two"),
        ('a: "two\n  lines"\n', "two"),
        ('a: "two \\\n  lines"\n', "two"),
        ("a:\n", "x"),
        ("a: &x y\nb: *x\n", "z"),
        ("a: !!str y\n", "z"),
        ("b: &x y\na: *x\n", "z"),
        ("a: [x]\n", "z"),
        ("a: {b: x}\n", "z"),
        ("a: |\n  x\n", ""),
        ("a: |\n  x\n", "\n"),
        ("a: |\n  x\n", "x"),
        ("a: |-\n  x\n", "x\n"),
        ("a: |\n  x\n", "x\n\n"),
        ("a: |\n  x\n", "  x\n"),
        ("a: |\n  x\n", "\n  x\n"),
        ("a: |\n  x\n", "\tx\n"),
        ("a: |\n  x\n", "   \nx\n"),
        ("a: |\n  x\n", "x\n \n"),
        ("a: |\n  x\n", "x\x07\n"),
        ("a: |\n  x\n", "x\u2028y\n"),
        ("a: |\n  x\n", "x\ry\n"),
        ("a: 'x'\n", "x\ny"),
        ("a: 'x'\n", "x\x85"),
        ("a: x\n", ""),
        ("a: x\n", "5"),
        ("a: x\n", "yes"),
        ("a: x\n", "~"),
        ("a: x\n", "x: y"),
        ("a: x\n", "x:"),
        ("a: x\n", "x #y"),
        ("a: x\n", " x"),
        ("a: x\n", "x "),
        ("a: x\n", "- x"),
        ("a: x\n", "'x"),
        ("a: x\n", "*x"),
        ("a: x\n", "x\ty"),
        ("a: x\n", "x\ny"),
        ("a: x\n", "x, y"),
        ("a: 5\n", "x"),
        ("x\n", "---"),
    ],
)
def test_what_is_refused(text: str, value: str) -> None:
    """What the style cannot hold, and what is written in ways that no small edit can change surely."""
    with pytest.raises(Refused):
        _changed(text, value, (0, "a") if ":" in text else (0,))


def test_a_path_that_leads_nowhere_is_refused() -> None:
    for path in ((1, "a"), (0, "b"), (0, "a", 0), (0, "a", "b"), ("a",)):
        with pytest.raises(Refused):
            _changed("a: x\n", "y", path)


def test_the_same_value_needs_no_edit() -> None:
    text = "a: |\n  x\n"
    assert replaced(text, Lines(text), _node(text, (0, "a")), "x\n") == ()


def test_many_values_in_one_document_of_a_longer_text() -> None:
    """The edits are those of the whole text; a stretch of it is parsed alone."""
    text = "x: 1\n---\na: |\n  one\n  two\nb: ['three; four']\n"
    start = text.index("---")
    roots = tuple(parse(text, start, len(text)))
    edits, after = proved_values(Stretch(text, start, len(text), roots), Lines(text), {(0, "a"): "two\n", (0, "b", 0): "three"})
    assert apply(text, edits) == "x: 1\n---\na: |\n  two\nb: ['three']\n"
    assert after[0] is not None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  x\n", "  z\n"),
        ("a: |", "a: |-"),
        ("|\n  x\n", "x\n"),
        ("c: 0644", "c: 420"),
        ("# note", "# other"),
        ("  # note", ""),
        ("d: *q", "d: *q\ne: 1"),
        ("d: *q", "d: [1]"),
        ("q [1]", "q [2]"),
        ("a: |", "a: !!str |"),
        ("a: |", "A: |"),
        ("d: *q\n", "d: *q\n---\nx: 1\n"),
    ],
)
def test_the_proof_refuses_everything_else(old: str, new: str) -> None:
    """One difference at a time, beside the one that was asked for."""
    before = "a: |\n  x\n  y\nc: 0644  # note\nb: &q [1]\nd: *q\n"
    good = before.replace("  y\n", "")
    was = parse(before)
    values: dict[Path, str] = {(0, "a"): "x\n"}
    prove_replaced(before, was, good, parse(good), values)
    assert old in good
    bad = good.replace(old, new, 1)
    with pytest.raises(Refused):
        prove_replaced(before, was, bad, parse(bad), values)


def test_the_proof_refuses_a_scalar_that_others_share() -> None:
    """An alias would say the new value as well."""
    before = "b: &q\n- |\n  x\n  y\nc: *q\n"
    with pytest.raises(Refused):
        _changed(before, "x\n", (0, "b", 0))
