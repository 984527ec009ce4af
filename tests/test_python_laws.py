"""Laws of edits on Python: whatever the layout, an edit is proved, keeps comments and lines; a wrong edit is refused."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.sources.python.write.operations import (
    Drop,
    Insert,
    IntoDisplay,
    IntoKeyword,
    Mark,
    Operation,
    Put,
    Rename,
    Replace,
    Span,
    Taken,
    Written,
)
from migrator.sources.python.write.proof import prove
from migrator.sources.python.write.splice import edits
from migrator.text.edits import apply
from migrator.text.errors import Refused
from tests.test_python_splice import owner, span

_HEAD = "import client\n\n\ndef first():\n    return 1  # head\n\n\n"
_TAIL = "\n\ndef last():\n    return f'{{}}{spec}'  # tail\n"


@dataclass(frozen=True)
class Text:
    """A pod spec in Python: its text, how many entries its containers have, and its init containers (None: no list)."""

    text: str
    containers: int
    inits: int | None
    camel: bool
    hugging: bool

    @property
    def name(self) -> str:
        return "initContainers" if self.camel else "init_containers"


def _entry(kind: str, number: int, indent: str, unit: str, column: int) -> str:
    """One entry, its further lines for a line indented by `indent` or, if `aligned`, for the column."""
    pad = " " * column
    return {
        "name": f"c{number}",
        "star": f"*c{number}",
        "call": f'V1Container(name="c{number}", image=f"{{{{}}}}{{tag}}")',
        "tuple": f"pair({number}, lambda a, b: (a, b))",
        "rows": f'V1Container(\n{indent}{unit}name="c{number}",  # name {number}\n{indent}{unit}args=[1, 2],\n{indent})',
        "dict": f"{{\n{indent}{unit}'name': 'c{number}',\n{indent}{unit}'env': {{}},\n{indent}}}",
        "text": f'V1Container(\n{indent}{unit}name="c{number}", args=["""\n  # no comment {number}\nx"""]\n{indent})',
        "aligned": f'V1Container(name="c{number}",\n{pad}            image=(é +\n{pad}                   "b"))',
    }[kind]


@st.composite
def _display(draw: st.DrawFn, tag: str, indent: str, unit: str, column: int, least: int) -> tuple[str, int]:
    """A list display whose bracket is at `column` of a line with this indentation, and the number of its entries."""
    layout = draw(st.sampled_from(["inline", "rows", "aligned"]))
    one_line = ["name", "star", "call", "tuple"]
    kinds = {
        "inline": [*one_line, "rows", "dict", "text"],
        "rows": [*one_line, "rows", "dict", "text"],
        "aligned": [*one_line, "aligned"],
    }
    chosen = draw(st.lists(st.sampled_from(kinds[layout]), min_size=least, max_size=4))
    if not chosen:
        return "[]", 0
    comma = draw(st.booleans())
    deep = indent + unit
    if layout == "inline":
        texts = [_entry(kind, n, indent, unit, column) for n, kind in enumerate(chosen)]
        return f"[{', '.join(texts)}{',' * comma}]", len(chosen)
    lines = []
    for n, kind in enumerate(chosen):
        first, last = n == 0, n == len(chosen) - 1
        above = draw(st.lists(st.sampled_from([f"# {tag} above {n}", f"# {tag} above"]), max_size=2))
        behind = draw(st.sampled_from(["", f"  # {tag} behind {n}"]))
        blank = draw(st.booleans()) and layout == "rows"
        start = deep if layout == "rows" else " " * (column + 1)
        text = _entry(kind, n, deep, unit, column + 1) + ("," if comma or not last else "")
        if layout == "aligned" and last:
            behind = ""
        if layout == "aligned" and first:
            above = []
        lines += [
            "" if blank else None,
            *(start + c for c in above),
            ("" if layout == "aligned" and first else start) + text + behind,
        ]
    body = "\n".join(line for line in lines if line is not None)
    return (f"[\n{body}\n{indent}]" if layout == "rows" else f"[{body}]"), len(chosen)


@st.composite
def _texts(draw: st.DrawFn) -> Text:
    """A statement that builds a pod spec, in a file with more above and below."""
    unit = draw(st.sampled_from(["    ", "\t", "  "]))
    shape = draw(st.sampled_from(["call", "hugging", "dict"]))
    outer = draw(st.sampled_from(["", unit]))
    inner = outer + unit
    camel = shape == "dict"
    key = "'{}': " if camel else "{}="
    name = "initContainers" if camel else "init_containers"
    opened = f"{outer}spec = " + ("{" if camel else "V1PodSpec(")
    parts = []
    column = len(opened) if shape == "hugging" else len(inner)
    indent = outer if shape == "hugging" else inner
    inits: int | None = None
    if draw(st.booleans()) and shape != "hugging":
        text, inits = draw(_display("init", indent, unit, column + len(key.format(name)), 0))
        parts.append(key.format(name) + text)
    text, containers = draw(_display("app", indent, unit, column + len(key.format("containers")), 2))
    parts.append(key.format("containers") + text)
    if draw(st.booleans()):
        parts.append(key.format("volumes") + "[a, b]")
    comma = draw(st.booleans())
    if shape == "hugging":
        body = ", ".join(parts) + ")"
    else:
        notes = [draw(st.sampled_from(["", f"{inner}# above part {n}\n"])) for n in range(len(parts))]
        last = len(parts) - 1
        rows = [
            f"{note}{inner}{part}{',' if comma or n < last else ''}  # part {n}\n"
            for n, (note, part) in enumerate(zip(notes, parts, strict=True))
        ]
        body = "\n" + "".join(rows) + outer + ("}" if camel else ")")
    text = _HEAD + (f"if x:\n{outer}y = 1\n" if outer else "") + opened + body + "  # end\n" + _TAIL
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    if draw(st.booleans()):
        text = text.removesuffix("\n").removesuffix("\r")
    return Text(text, containers, inits, camel, shape == "hugging")


def _comments(text: str) -> Counter[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text, newline="\n").readline)
    return Counter(t.string for t in tokens if t.type == tokenize.COMMENT)


@st.composite
def _moves(draw: st.DrawFn) -> tuple[Text, list[Operation]]:
    """A text, and some of its containers on the way to its init containers, marked where they are containers in place."""
    text = draw(_texts())
    call, containers = owner(text.text, "containers")
    chosen = draw(st.lists(st.integers(0, text.containers - 1), min_size=1, max_size=text.containers - 1, unique=True))
    entries = tuple(Taken(containers, number) for number in chosen)
    put = Put(entries, IntoKeyword(call, text.name, "containers"))
    if text.inits is not None:
        put = Put(entries, IntoDisplay(owner(text.text, text.name)[1], draw(st.integers(0, text.inits))))
    marks: list[Operation] = []
    if draw(st.booleans()):
        elements = _elements(text.text, containers)
        keyed = [elements[n] for n in chosen if isinstance(elements[n], ast.Dict) or _container(elements[n])]
        word = "restartPolicy" if text.camel else "restart_policy"
        marks = [Mark(span(text.text, n), word if isinstance(n, ast.Dict) else "restart_policy", '"Always"') for n in keyed]
    return text, [*marks, put]


def _elements(text: str, there: Span) -> list[ast.expr]:
    """The entries of the list display at `there`."""
    (node,) = (n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.List) and span(text, n) == there)
    return node.elts


def _container(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "V1Container"


def _about(text: str) -> dict[str, str]:
    """How the first line of code below each comment begins that stands above an entry."""
    lines = text.split("\n")
    found: dict[str, str] = {}
    for number, line in enumerate(lines):
        tag = re.search(r"# (app|init) above \d", line)
        if tag:
            below = (code.strip() for code in lines[number + 1 :] if code.strip() and not code.lstrip().startswith("#"))
            begin = re.match(r"\W*\w*", next(below))
            found[tag.group()] = begin.group() if begin else ""
    return found


@settings(deadline=None, max_examples=250)
@given(_moves())
def test_a_move_is_proved_and_keeps_what_is_around(case: tuple[Text, list[Operation]]) -> None:
    """The tree is what was asked; comments, lines elsewhere and line ends stay. Nothing of this is refused."""
    text, operations = case
    old = text.text
    new = apply(old, edits(old, operations))
    prove(old, new, operations)
    assert _comments(new) == _comments(old)
    assert new.count("\r") == (new.count("\n") if "\r" in old else 0)
    eol = "\r\n" if "\r" in old else "\n"
    assert new.startswith(_HEAD.replace("\n", eol))
    assert new.endswith(old[-20:])
    lines = Counter(new.split("\n"))
    strings = [line for line in old.split("\n") if "# no comment" in line or "volumes" in line]
    assert text.hugging or all(lines[line] >= count for line, count in Counter(strings).items())
    assert _about(new) == _about(old)


@settings(deadline=None, max_examples=100)
@given(_moves())
def test_a_second_move_is_proved_as_well(case: tuple[Text, list[Operation]]) -> None:
    """What was written can be read again: the first of the init containers goes back behind all containers."""
    text, operations = case
    once = apply(text.text, edits(text.text, operations))
    there, back = owner(once, text.name)[1], owner(once, "containers")[1]
    count = len(_elements(once, back))
    put = Put((Taken(there, 0),), IntoDisplay(back, count))
    again = apply(once, edits(once, [put]))
    prove(once, again, [put])
    assert len(_elements(again, owner(again, "containers")[1])) == count + 1


@settings(deadline=None, max_examples=100)
@given(_moves(), st.data())
def test_an_edit_that_is_forgotten_is_refused(case: tuple[Text, list[Operation]], data: st.DataObject) -> None:
    """Each edit that writes or removes words is needed."""
    text, operations = case
    every = edits(text.text, operations)
    needed = [n for n, edit in enumerate(every) if re.search(r"\w", edit.text + text.text[edit.start : edit.end])]
    lost = data.draw(st.sampled_from(needed))
    with pytest.raises(Refused):
        prove(text.text, apply(text.text, [edit for n, edit in enumerate(every) if n != lost]), operations)


@settings(deadline=None, max_examples=200)
@given(_moves(), st.data())
def test_a_wrong_text_is_refused(case: tuple[Text, list[Operation]], data: st.DataObject) -> None:
    """A word lost, doubled, changed or swapped with the next, a comment lost, doubled or changed, other quotes."""
    text, operations = case
    new = apply(text.text, edits(text.text, operations))
    words = [span for kind, *span in _words(new) if kind != tokenize.COMMENT]
    comments = [span for kind, *span in _words(new) if kind == tokenize.COMMENT]
    start, end = data.draw(st.sampled_from(comments))
    number = data.draw(st.integers(0, len(words) - 2))
    (a, b), (c, d) = words[number : number + 2]
    word, other, comment = new[a:b], new[c:d], new[start:end]
    wrong = [
        new[:start].rstrip(" ") + new[end:],
        f"{new[:end]} {comment}{new[end:]}",
        f"{new[:start]}# other{new[end:]}",
        f"{new}\n{comment}",
        f"{new[:a]}{new[b:]}",
        f"{new[:a]}{word} {word}{new[b:]}",
        f"{new[:a]}zz{new[b:]}",
        f"{new[:a]}{other}{new[b:c]}{word}{new[d:]}",
        f"{new}\nzz",
    ]
    if word[0] == word[-1] == '"' and "\n" not in word:
        wrong.append(f"{new[:a]}'{word[1:-1]}'{new[b:]}")
    mutant = data.draw(st.sampled_from([w for w in wrong if w != new]))
    with pytest.raises(Refused):
        prove(text.text, mutant, operations)


def _words(text: str) -> list[tuple[int, int, int]]:
    """The kind and the place of each name, number, string and comment."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    kinds = (tokenize.NAME, tokenize.NUMBER, tokenize.STRING, tokenize.COMMENT)
    tokens = tokenize.generate_tokens(io.StringIO(text, newline="\n").readline)
    return [(t.type, starts[t.start[0] - 1] + t.start[1], starts[t.end[0] - 1] + t.end[1]) for t in tokens if t.type in kinds]


_OLD = "def f():\n    # about x\n    x = [a, 'b']  # x\n    # about y\n    return g(c=x, d=0x10)\n"
_CALL = Span(_OLD.index("g("), len(_OLD) - 1)
_PUT = Put((Taken(Span(_OLD.index("[a"), _OLD.index("]") + 1), 1),), IntoKeyword(_CALL, "i", "c"))
_NEW = "def f():\n    # about x\n    x = [a]  # x\n    # about y\n    return g(i=['b'], c=x, d=0x10)\n"


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (_NEW.replace("['b']", "[]"), "something else"),
        (_NEW.replace("i=['b'], c=x", "c=x, i=['b']"), "something else"),
        (_NEW.replace("['b']", "('b',)"), "something else"),
        (_NEW.replace("['b']", "['b'.x]"), "something else"),
        (_NEW.replace("'b'", '"b"'), "`'b'` would be lost|`\"b\"` would be added"),
        (_NEW.replace("0x10", "16"), "`16` would be added|`0x10` would be lost"),
        (_NEW.replace("  # x", ""), "a comment would be lost: # x"),
        (_NEW.replace("# about x", "# about X"), "a comment would be"),
        (_NEW.replace("# about x", "# about x # x"), "a comment would be"),
        (_NEW.replace("x = ", "x, = "), "something else"),
        (_NEW.replace("d=0x10", "d=0x10, d=0x10"), "cannot read it"),
        (_NEW.replace("return", "retrun"), "cannot read it"),
        (_NEW + "\x00", "no Python text|cannot read it"),
        (_NEW + "\nx = " + "(" * 5000, "."),
        (_NEW + "\nx = " + "-" * 200_000 + "1", "nested too deep"),
        (_NEW + "\nx = a" + ".b" * 100_000, "nested too deep|something else"),
    ],
)
def test_the_proof_says_why(new: str, why: str) -> None:
    """What is wrong with a text that is not what was asked."""
    prove(_OLD, _NEW, [_PUT])
    prove(_OLD, _NEW.replace("[a]", "(\n[a,])"), [_PUT])
    with pytest.raises(Refused, match=why):
        prove(_OLD, new, [_PUT])


def test_a_text_becomes_no_docstring_and_none_is_lost() -> None:
    """A statement before the first, or the first gone, changes what the text below is."""
    old = "def f():\n    'doc'\n    return 1\n"
    doc = Span(old.index("'doc'"), old.index("'doc'") + 5)
    with pytest.raises(Refused, match="mere text"):
        prove(old, old.replace("    'doc'", "    x = 1\n    'doc'"), [Insert(doc, "x = 1")])
    old = "x = 1\n'text'\n"
    with pytest.raises(Refused, match="become a docstring"):
        prove(old, "'text'\n", [Drop(Span(0, 5))])


def test_a_drop_frees_only_its_own_comments() -> None:
    """Those right above with its indentation, in it, and behind it."""
    old = "# far\n\n# near\nx(  # in\n)  # behind\n# below\ny = 1\n"
    drop = Drop(Span(old.index("x("), old.index(")") + 1))
    prove(old, "# far\n\n# below\ny = 1\n", [drop])
    for comment in ("# far", "# below"):
        with pytest.raises(Refused, match=f"lost: {comment}"):
            prove(old, "# far\n\n# below\ny = 1\n".replace(comment, ""), [drop])


@pytest.mark.parametrize(
    "operation",
    [
        Mark(Span(0, 1), "x", "1"),
        Put((Taken(Span(4, 9), 2),), IntoKeyword(Span(0, 10), "i", "c")),
        Put((Taken(Span(4, 9), -1),), IntoKeyword(Span(0, 10), "i", "c")),
        Put((Taken(Span(4, 9), 0),), IntoKeyword(Span(0, 10), "i", "nothing")),
        Put((Taken(Span(4, 9), 0),), IntoDisplay(Span(4, 9), 3)),
        Put((Written("a b"),), IntoDisplay(Span(4, 9), 0)),
        Rename(Span(0, 3), "g"),
        Replace(Span(5, 6), "{} + {}", Span(7, 8)),
        Drop(Span(0, 3)),
        Insert(Span(0, 10), "x = ; y"),
    ],
)
def test_a_place_that_is_none_is_refused(operation: Operation) -> None:
    """By the proof on its own, whatever the text says."""
    old = "f(c=[a,b])\n"
    for new in (old, "f(i=[a],c=[b])\n", "g(c=[a,b])\n"):
        with pytest.raises(Refused):
            prove(old, new, [operation])
