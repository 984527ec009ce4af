"""What operations on Python write, to the byte: layouts, comments, quotes, line ends."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from migrator.sources.python.write.operations import (
    Drop,
    Insert,
    IntoDisplay,
    IntoExpression,
    IntoKeyword,
    IntoNone,
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


def span(text: str, node: ast.expr | ast.stmt) -> Span:
    """Where the node stands in the text, in characters."""
    lines = text.split("\n")
    assert node.end_lineno is not None
    assert node.end_col_offset is not None

    def offset(line: int, column: int) -> int:
        return sum(len(before) + 1 for before in lines[: line - 1]) + len(lines[line - 1].encode()[:column].decode())

    return Span(offset(node.lineno, node.col_offset), offset(node.end_lineno, node.end_col_offset))


def owner(text: str, name: str) -> tuple[Span, Span]:
    """The first call or dict that has an argument or key `name`, and the value of that."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg == name:
                    return span(text, node), span(text, keyword.value)
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == name:
                    return span(text, node), span(text, value)
    raise LookupError(name)


def of(text: str, source: str, number: int = 0) -> Span:
    """The place of the words `source`, of the occurrence with that number."""
    at = -1
    for _ in range(number + 1):
        at = text.index(source, at + 1)
    return Span(at, at + len(source))


def done(text: str, *operations: Operation) -> str:
    """The text after the operations, which are proved."""
    new = apply(text, edits(text, operations))
    prove(text, new, operations)
    return new


def moves(text: str, *chosen: int, camel: bool = False, at: int | None = None) -> list[Operation]:
    """The entries of `containers` that have these numbers into the init containers, the list of which may be new."""
    name = "initContainers" if camel else "init_containers"
    call, containers = owner(text, "containers")
    entries = tuple(Taken(containers, number) for number in chosen)
    try:
        _, there = owner(text, name)
    except LookupError:
        return [Put(entries, IntoKeyword(call, name, "containers"))]
    tree = ast.parse(text[there.start : there.end], mode="eval").body
    assert isinstance(tree, ast.List)
    return [Put(entries, IntoDisplay(there, len(tree.elts) if at is None else at))]


def moved(text: str, *chosen: int, camel: bool = False, at: int | None = None) -> str:
    """The text after `moves`."""
    return done(text, *moves(text, *chosen, camel=camel, at=at))


@pytest.mark.parametrize(
    ("old", "chosen", "new"),
    [
        ("f(containers=[a, b], x=1)", [1], "f(init_containers=[b], containers=[a], x=1)"),
        ("f(containers=[a, b], x=1)", [0], "f(init_containers=[a], containers=[b], x=1)"),
        ("f(containers=[a, b, c,])", [2, 0], "f(init_containers=[c, a], containers=[b,])"),
        ("f(containers=[a, b, c, d])", [1, 2], "f(init_containers=[b, c], containers=[a, d])"),
        ("f(x, containers = [a, b])", [1], "f(x, init_containers = [b], containers = [a])"),
        ("f(init_containers=[i], containers=[a, b])", [1], "f(init_containers=[i, b], containers=[a])"),
        ("f(init_containers=[i,], containers=[a, b])", [1], "f(init_containers=[i, b,], containers=[a])"),
        ("f(init_containers=[], containers=[a, b])", [0], "f(init_containers=[a], containers=[b])"),
        ("f(init_containers=[ ], containers=[*a, *b])", [0], "f(init_containers=[*a], containers=[*b])"),
        ("f(containers=(a, b))", [1], "f(init_containers=[b], containers=(a,))"),
        ("f(containers=(a, b))", [0], "f(init_containers=[a], containers=(b,))"),
        ("f(containers=(a, b, c))", [0], "f(init_containers=[a], containers=(b, c))"),
        ("f(containers=[lambda x, y: x, (b, c)])", [0], "f(init_containers=[lambda x, y: x], containers=[(b, c)])"),
        ("f(containers=[g(a, [b, {c: d}]), h])", [0], "f(init_containers=[g(a, [b, {c: d}])], containers=[h])"),
        ("f(containers=[f'{{}}{a[\"x\"]}', '[,#('])", [0], "f(init_containers=[f'{{}}{a[\"x\"]}'], containers=['[,#('])"),
        ("f(containers=[f'{{}}', g(f'{{{a}}}')])", [1], "f(init_containers=[g(f'{{{a}}}')], containers=[f'{{}}'])"),
        ("f(containers=[a, b])  # c\r\n", [1], "f(init_containers=[b], containers=[a])  # c\r\n"),
        ("# é ü\nf('ß', containers=['ö', b])", [0], "# é ü\nf('ß', init_containers=['ö'], containers=[b])"),
        (
            "# -*- coding: latin-1 -*-\nf(containers=['ö', b])",
            [0],
            "# -*- coding: latin-1 -*-\nf(init_containers=['ö'], containers=[b])",
        ),
        ("x = 1\n\x0c\nf(containers=[a, b])\n", [1], "x = 1\n\x0c\nf(init_containers=[b], containers=[a])\n"),
        ("@f(containers=[a, b])\ndef g(): ...\n", [1], "@f(init_containers=[b], containers=[a])\ndef g(): ...\n"),
        ("x = f(containers=[a, b]) if c else \\\n  d", [1], "x = f(init_containers=[b], containers=[a]) if c else \\\n  d"),
    ],
)
def test_what_is_in_one_line_stays_in_one_line(old: str, chosen: list[int], new: str) -> None:
    """Spacing, the last comma and quotes are those of the neighbours; a tuple of one keeps its comma."""
    assert moved(old, *chosen) == new


_BLACK = """\
spec = V1PodSpec(
    # all of them
    containers=[
        # the web
        V1Container(
            name="web",
        ),  # web

        # far away

        # near
        # nearer
        V1Container(
            name="log",
            args=[\"\"\"
      # no comment
  x
\"\"\"],
        ),  # log
        # below
    ],
    volumes=[],
)
"""


def test_comments_travel_with_what_they_are_about() -> None:
    """Those right above and the one behind; others stay, and so do lines in strings."""
    assert (
        moved(_BLACK, 1)
        == """\
spec = V1PodSpec(
    init_containers=[
        # near
        # nearer
        V1Container(
            name="log",
            args=[\"\"\"
      # no comment
  x
\"\"\"],
        ),  # log
    ],
    # all of them
    containers=[
        # the web
        V1Container(
            name="web",
        ),  # web

        # far away

        # below
    ],
    volumes=[],
)
"""
    )


def test_hugging_brackets_stay_so() -> None:
    """What hugs its brackets gets no lines of its own."""
    old = """\
spec = V1PodSpec(containers=[V1Container(
    name="a",
), V1Container(
    name="b",  # name
)], volumes=[])
"""
    assert (
        moved(old, 1)
        == """\
spec = V1PodSpec(init_containers=[V1Container(
    name="b",  # name
)], containers=[V1Container(
    name="a",
)], volumes=[])
"""
    )


_ALIGNED = """\
def f():
    spec = V1PodSpec(volumes=[],
                     containers=[V1Container(name="a",
                                             env=[
                                                 c
                                             ]),  # main
                                 # side
                                 V1Container(name="b",
                                             image="b")])
"""


def test_what_is_aligned_with_brackets_stays_aligned() -> None:
    """At its new column; the comment of what is last now goes behind the closing brackets."""
    assert (
        moved(_ALIGNED.replace("                                 # side\n", ""), 1)
        == """\
def f():
    spec = V1PodSpec(volumes=[],
                     init_containers=[V1Container(name="b",
                                                  image="b")],
                     containers=[V1Container(name="a",
                                             env=[
                                                 c
                                             ])])  # main
"""
    )


def test_an_aligned_list_is_filled_at_any_place() -> None:
    """Behind the bracket, between, and before the closing one, where a comment would swallow that."""
    old = """\
f(containers=[a,  # a
              b],
  init_containers=[
      # one
      one,
  ])
"""
    one = done(old, Put((Taken(owner(old, "init_containers")[1], 0),), IntoDisplay(owner(old, "containers")[1], 0)))
    two = done(old, Put((Taken(owner(old, "init_containers")[1], 0),), IntoDisplay(owner(old, "containers")[1], 1)))
    three = done(old, Put((Taken(owner(old, "init_containers")[1], 0),), IntoDisplay(owner(old, "containers")[1], 2)))
    head, tail = "f(containers=[a,  # a\n              b", "],\n  init_containers=[])\n"
    assert one == f"f(containers=[  # one\n              one,\n              a,  # a\n              b{tail}"
    assert two == f"f(containers=[a,  # a\n              # one\n              one,\n              b{tail}"
    assert three == f"{head},\n              # one\n              one{tail}"


def test_tabs_stay_tabs() -> None:
    """The unit is that of the text."""
    old = "if x:\n\tspec = f(\n\t\tinit_containers=[],\n\t\tcontainers=[\n\t\t\ta,\n\t\t\tg(\n\t\t\t\tb,\n\t\t\t),\n\t\t],\n\t)\n"
    new = (
        "if x:\n\tspec = f(\n\t\tinit_containers=[\n\t\t\tg(\n\t\t\t\tb,\n\t\t\t),\n\t\t],\n"
        "\t\tcontainers=[\n\t\t\ta,\n\t\t],\n\t)\n"
    )
    assert moved(old, 1) == new


def test_a_list_in_one_line_makes_room_for_a_comment() -> None:
    """It goes to lines of its own: behind what came in one line, the comment would be lost."""
    old = "f(\n  init_containers=[i],\n  containers=[\n    a,\n    # b\n    b,  # bb\n  ],\n)\n"
    new = "f(\n  init_containers=[\n    i,\n    # b\n    b,  # bb\n  ],\n  containers=[\n    a,\n  ],\n)\n"
    assert moved(old.replace("  ", "    "), 1) == new.replace("  ", "    ").replace("    # bb", "  # bb")


def test_a_starred_entry_with_a_comment_is_no_entry_in_one_line() -> None:
    """What comes behind it gets a line of its own."""
    old = (
        "f(\n    init_containers=[\n        *init_containers,  # c\n    ],\n    containers=[\n        a,\n        b,\n    ],\n)\n"
    )
    new = (
        "f(\n    init_containers=[\n        *init_containers,  # c\n        b,\n    ],\n    containers=[\n        a,\n    ],\n)\n"
    )
    assert moved(old, 1) == new


def test_edits_at_one_line_boundary_are_made_once() -> None:
    """A new keyword, a rename and a statement all begin where a line does."""
    old = "x = 1\nspec = f(\n    containers=[a, b],\n)\n"
    call, there = owner(old, "containers")
    operations = (
        Put((Taken(there, 1),), IntoKeyword(call, "init_containers", "containers")),
        Mark(call, "restart_policy", "'Always'", ("containers",)),
        Insert(of(old, old[6:-1]), "y = 2"),
        Insert(of(old, old[6:-1]), "z = 3"),
    )
    new = "x = 1\ny = 2\nz = 3\nspec = f(\n    init_containers=[b],\n    containers=[a],\n    restart_policy='Always',\n)\n"
    assert done(old, *operations) == new


def test_a_dict_gets_a_key_in_its_quotes() -> None:
    """Spacing and quotes are those of the key beside."""
    old = "pod = {\n    'containers' : [\n        {'name': 'a'},\n        {'name': 'b'},\n    ]\n}"
    new = (
        "pod = {\n    'initContainers' : [\n        {'name': 'b'},\n    ],\n    'containers' : [\n"
        "        {'name': 'a'},\n    ],\n}"
    )
    assert moved(old, 1, camel=True) == new


def test_an_emptied_list_keeps_only_comments() -> None:
    """`[]`, unless something stays that is about none of its entries."""
    assert moved("f(containers=[\n    a,\n])", 0) == "f(init_containers=[\n    a,\n], containers=[])"
    assert moved("f(containers=[\n    a,\n\n    # none\n])", 0) == "f(init_containers=[\n    a,\n], containers=[\n    # none\n])"
    old = "f(init_containers=[\n    # none\n], containers=[\n    a,\n    b,\n])"
    assert moved(old, 1) == "f(init_containers=[\n    # none\n    b,\n], containers=[\n    a,\n])"


@pytest.mark.parametrize(
    ("expression", "or_empty", "first", "new"),
    [
        ("inits", False, False, "[*inits, b]"),
        ("inits", True, False, "[*(inits or []), b]"),
        ("g(x)", False, True, "[b, *g(x)]"),
        ("x or y", True, False, "[*(x or y or []), b]"),
        ("x if y else z", True, False, "[*((x if y else z) or []), b]"),
        ("x if y else z", False, False, "[*(x if y else z), b]"),
    ],
)
def test_an_expression_becomes_a_list(expression: str, or_empty: bool, first: bool, new: str) -> None:
    """Parentheses where a star or an `or` needs them."""
    old = f"f(init_containers={expression}, containers=[a, b])"
    put = Put((Taken(owner(old, "containers")[1], 1),), IntoExpression(owner(old, "init_containers")[1], or_empty, first))
    assert done(old, put) == f"f(init_containers={new}, containers=[a])"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("C(name='a', image='b', x=1)", "C(name='a', image='b', restart_policy='Always', x=1)"),
        ("C(name='a')", "C(name='a', restart_policy='Always')"),
        ("C(name = 'a',)", "C(name = 'a', restart_policy = 'Always',)"),
        ("C('a', 'b', x=1)", "C('a', 'b', restart_policy='Always', x=1)"),
        ("C(x=1, *y)", "C(x=1, *y, restart_policy='Always')"),
        ("C(**y)", "C(restart_policy='Always', **y)"),
        ("C()", "C(restart_policy='Always')"),
        ("C(restart_policy=None, x=1)", "C(restart_policy='Always', x=1)"),
        ("C(\n    image='b',  # c\n    x=1\n)", "C(\n    image='b',  # c\n    restart_policy='Always',\n    x=1\n)"),
        ("C(\n    x=1,\n    image='b'  # c\n)", "C(\n    x=1,\n    image='b',  # c\n    restart_policy='Always'\n)"),
        ("C(name='a',\n  image='b')", "C(name='a',\n  image='b',\n  restart_policy='Always')"),
        ("{'name': 'a', **x}", "{'name': 'a', 'restart_policy': 'Always', **x}"),
        ('{**x, "a": 1}', '{"restart_policy": \'Always\', **x, "a": 1}'),
        ("{}", "{\"restart_policy\": 'Always'}"),
        ("{'restart_policy': f(1), }", "{'restart_policy': 'Always', }"),
        (
            "sidecar = C(name='a', image='registry.example.org/team/image', args=['--port', '8080'])",
            "sidecar = C(\n    name='a',\n    image='registry.example.org/team/image',\n"
            "    restart_policy='Always',\n    args=['--port', '8080'],\n)",
        ),
    ],
)
def test_a_mark_stands_behind_image_or_name(old: str, new: str) -> None:
    """Else behind what is positional, else first; one that is there is replaced; a line too long is broken as black does."""
    node = ast.parse(old).body[0]
    assert isinstance(node, ast.Expr | ast.Assign)
    assert done(old, Mark(span(old, node.value), "restart_policy", "'Always'")) == new


def test_a_mark_moves_along() -> None:
    """What is done inside an entry is done where it goes."""
    old = "f(\n    containers=[\n        a,\n        C(\n            name='b',\n        ),\n    ],\n)\n"
    mark = Mark(of(old, old[old.index("C(") : old.index("),") + 1]), "restart_policy", "'Always'")
    new = (
        "f(\n    init_containers=[\n        C(\n            name='b',\n"
        "            restart_policy='Always',\n        ),\n    ],\n    containers=[\n        a,\n"
        "    ],\n)\n"
    )
    assert done(old, *moves(old, 1), mark) == new


@pytest.mark.parametrize(
    ("old", "name", "number", "new", "text"),
    [
        ("cs = []\ncs.append(x)", "cs", 1, "inits", "cs = []\ninits.append(x)"),
        ("p.spec . containers.append(x)", "containers", 0, "init_containers", "p.spec . init_containers.append(x)"),
        ("f(containers = x)", "containers", 0, "init_containers", "f(init_containers = x)"),
        ("d['containers'].append(x)", "'containers'", 0, "initContainers", "d['initContainers'].append(x)"),
        ('d = {u"containers": x}', 'u"containers"', 0, "initContainers", 'd = {u"initContainers": x}'),
    ],
)
def test_a_rename(old: str, name: str, number: int, new: str, text: str) -> None:
    """Of a variable, an attribute, a keyword, a key: the quotes stay."""
    assert done(old, Rename(of(old, name, number), new)) == text


@pytest.mark.parametrize(
    ("old", "before", "text"),
    [
        ("if x:\n\t# c\n\ty = 1\n", "y = 1", "if x:\n\tinits = []\n\t# c\n\ty = 1\n"),
        ("#!/bin/python\n# coding: latin-1\n# c\nx = 1", "x = 1", "#!/bin/python\n# coding: latin-1\ninits = []\n# c\nx = 1"),
        ("x = 1; y = 2\n", "y = 2", "x = 1; inits = []; y = 2\n"),
        ("if x: y = 2\n", "y = 2", "if x: inits = []; y = 2\n"),
        ("@a\n# c\n@b(\n)\ndef f(): pass\n", "def f(): pass", "inits = []\n@a\n# c\n@b(\n)\ndef f(): pass\n"),
        ("x = 1\r\n\x0cy = 2\r\n", "y = 2", "x = 1\r\ninits = []\r\n\x0cy = 2\r\n"),
        ('x = """\n# no\n"""\ny = 2', "y = 2", 'x = """\n# no\n"""\ninits = []\ny = 2'),
        ("if x:\n    y\n    # y\nz\n", "z", "if x:\n    y\n    # y\ninits = []\nz\n"),
    ],
)
def test_a_statement_goes_above_the_comments_of_the_next(old: str, before: str, text: str) -> None:
    """And above its decorators, but below what must be in the first lines."""
    assert done(old, Insert(of(old, before), "inits = []")) == text


@pytest.mark.parametrize(
    ("old", "statement", "text"),
    [
        ("a\nb  # c\nd\n", "b", "a\nd\n"),
        ("a\n# about b\nb(\n  # in it\n)\nd\n", "b(\n  # in it\n)", "a\nd\n"),
        ("if x:\n    a\n    # a\nb\nd\n", "b", "if x:\n    a\n    # a\nd\n"),
        ("a\n\nb\n\nd\n", "b", "a\n\nd\n"),
        ("def f():\n    b\n\n    d\n", "b", "def f():\n    d\n"),
        ("def f():\n    a\n\n    b\n\n\nd\n", "b", "def f():\n    a\n\n\nd\n"),
        ("a\r\n\r\nb", "b", "a"),
    ],
)
def test_a_statement_is_dropped_with_its_comments(old: str, statement: str, text: str) -> None:
    """Blank lines around it become those of the larger side."""
    assert done(old, Drop(of(old, statement))) == text


@pytest.mark.parametrize(
    ("old", "expression", "source", "kept", "text"),
    [
        ("x = d['a']", "d['a']", "d.get('a')", None, "x = d.get('a')"),
        ("x = {1: d['a']}", "d['a']", "[*({} or [])]", "d['a']", "x = {1: [*(d['a'] or [])]}"),
        ("x = (a or b)", "a or b", "{}.c", "a or b", "x = ((a or b).c)"),
        ("x = f(a or b)", "a or b", "g({})", "a or b", "x = f(g(a or b))"),
        ("p.containers.append(f'{{}}')", "p.containers.append(f'{{}}')", "p.add({})", "f'{{}}'", "p.add(f'{{}}')"),
    ],
)
def test_an_expression_is_replaced(old: str, expression: str, source: str, kept: str | None, text: str) -> None:
    """What is kept of it stands where `{}` says."""
    assert done(old, Replace(of(old, expression), source, of(old, kept) if kept else None)) == text


def test_what_is_put_beside_an_expression_does_not_get_into_it() -> None:
    """The comma for the new argument stands where the expression that becomes a list ends."""
    old = "f(\n    x=[\n        a,\n        b,\n    ],\n    init=inits\n)\n"
    call, there = owner(old, "x")
    put = Put((Taken(there, 0),), IntoExpression(owner(old, "init")[1], False))
    new = "f(\n    x=[\n        b,\n    ],\n    init=[\n        *inits,\n        a,\n    ],\n    m=1\n)\n"
    assert done(old, put, Mark(call, "m", "1", ("init",))) == new


def test_two_edits_of_the_same_words_are_refused() -> None:
    """Whichever came first."""
    old = "x = f(a)\n"
    with pytest.raises(Refused, match="the same lines"):
        edits(old, [Replace(of(old, "f(a)"), "g()"), Rename(of(old, "a"), "b")])


def test_a_tuple_is_found_without_its_parentheses() -> None:
    """As libcst gives its place."""
    old = "f(containers=( a, b ))\n"
    put = Put((Taken(of(old, "a, b"), 0),), IntoKeyword(of(old, old[:-1]), "init_containers", "containers"))
    assert done(old, put) == "f(init_containers=[a], containers=( b, ))\n"


def test_an_entry_of_a_variable_goes_where_it_is_used() -> None:
    """From deeper lines to shallower ones, and several entries that are new or not in one place."""
    old = (
        "def f():\n    if x:\n        cs = [\n            a,\n            C(\n                [1],\n"
        "            ),\n        ]\n    return f(containers=cs)\n"
    )
    there = of(old, old[old.index("[") : old.index("    return") - 1])
    call = of(old, "f(containers=cs)")
    put = Put((Written("w"), Taken(there, 1)), IntoKeyword(call, "init_containers", "containers"))
    new = (
        "def f():\n    if x:\n        cs = [\n            a,\n        ]\n    return f(\n"
        "        init_containers=[\n            w,\n            C(\n                [1],\n"
        "            ),\n        ],\n        containers=cs,\n    )\n"
    )
    assert done(old, put) == new


@pytest.mark.parametrize(
    ("old", "operation", "why"),
    [
        ("a; b\n", Drop(Span(0, 1)), "shares its line"),
        ("if x: b\n", Drop(Span(6, 7)), "shares its line"),
        ("if x:\n    b\nc\n", Drop(Span(10, 11)), "the only statement"),
        ("f(a, b)", Mark(Span(0, 1), "x", "1"), "neither a call"),
        ("x = a, b", Put((Taken(Span(4, 8), 0),), IntoExpression(Span(0, 1), False)), "without parentheses"),
        ("f(c=[a\n, b])", Put((Taken(Span(4, 11), 0),), IntoKeyword(Span(0, 12), "i", "c")), "apart from its entry"),
        ("f(c=[a, b], c=1)", Put((Taken(Span(4, 10), 0),), IntoKeyword(Span(0, 16), "i", "c")), "there twice"),
        ("f(c=[a, b], i=1)", Put((Taken(Span(4, 10), 0),), IntoKeyword(Span(0, 16), "i", "c")), "is not there, or"),
        ("f(c=[a, b])", Put((Taken(Span(4, 10), 2),), IntoKeyword(Span(0, 11), "i", "c")), "not there"),
        ("f(c=[a, b])", Put((Taken(Span(4, 10), 0),), IntoDisplay(Span(4, 10), 2)), "gives and takes"),
        ("f(c=[a, # c\n # d\n\n # e\n b])", Put((Taken(Span(4, 26), 1),), IntoKeyword(Span(0, 27), "i", "c")), "would be lost"),
        ("f(\r)", Mark(Span(0, 4), "x", "1"), "carriage return"),
        ("f(", Mark(Span(0, 2), "x", "1"), "tokens"),
    ],
)
def test_what_cannot_be_done_well_is_refused(old: str, operation: Operation, why: str) -> None:
    """With the reason."""
    with pytest.raises(Refused, match=why):
        edits(old, [operation])


def _formatted(folder: Path, texts: list[str]) -> list[str]:
    """The texts as `ruff format` writes them with the settings it has by itself."""
    paths = [folder / f"{number}.py" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text)
    subprocess.run([sys.executable, "-m", "ruff", "format", "--isolated", "-q", str(folder)], check=True)
    return [path.read_text() for path in paths]


_SMALL = "V1Container(name='c', image='c')"
_LONG = "V1Container(name='c', image='registry.example.org/team/project/image:1.27.4', args=['--port', '8080'])"
_LINE = "V1Container(name='c', image='registry.example.org/team/image:1.27.4')"
_NAMES = [["main", "side"], [_SMALL, "side"], [_LONG, "side"], ["main", _LONG], [_LONG, _LINE, "x"], ["*more", _LINE, _SMALL]]
_INITS = ["", "init_containers=[], ", "init_containers=[first], ", f"init_containers=[{_LONG}], ", "init_containers=[first,], "]
_FRAMES = [
    "pod_spec = V1PodSpec({}containers=[{}])\n",
    "spec = V1PodSpec({}containers=[{}], volumes=[volume], restart_policy='Always')\n",
    "def build():\n    return V1Deployment(spec=V1PodSpec({}containers=[{}], volumes=[volume],),)\n",
    "class A:\n    def build(self):\n        # pod\n        self.pod = V1Pod(kind='Pod', spec=V1PodSpec({}containers=[{}]),)\n",
]


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("comma", ["", ","])
def test_what_was_formatted_stays_formatted(tmp_path: Path, number: int, comma: str) -> None:
    """`ruff format` has nothing to add to moves in texts that it formatted."""
    old = _formatted(
        tmp_path, [frame.format(inits, ", ".join(names) + comma) for frame in _FRAMES for inits in _INITS for names in _NAMES]
    )
    new = [moved(text, number) for text in old]
    again = _formatted(tmp_path, new)
    assert [pair for pair in zip(new, again, strict=True) if pair[0] != pair[1]] == []


def test_marked_variables_stay_formatted(tmp_path: Path) -> None:
    """A call that a mark makes too long for its line is broken as `ruff format` does."""
    images = ["x" * width for width in (1, 20, 27, 28, 35, 50, 55, 60, 61, 80)]
    calls = [f"def f():\n    side = V1Container({name}image='{image}')\n" for name in ("", "name='c', ") for image in images]
    old = _formatted(tmp_path, [*calls, *(f"side = {{'name': 'c', 'image': '{image}'}}\n" for image in images)])
    new = []
    for text in old:
        new.append(done(text, Mark(owner(text, "image")[0], "restart_policy", '"Always"')))
    assert [pair for pair in zip(new, _formatted(tmp_path, new), strict=True) if pair[0] != pair[1]] == []


def test_a_list_takes_the_place_of_none() -> None:
    old = "pod = Spec(init=None, containers=[a, b])\n"
    put = Put((Taken(owner(old, "containers")[1], 1),), IntoNone(owner(old, "init")[1]))
    assert done(old, put) == "pod = Spec(init=[b], containers=[a])\n"
