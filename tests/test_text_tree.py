"""Offsets: what the editor cuts by. Each is told by the text between them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from migrator.text.errors import TextError, TooLarge
from migrator.text.tree import MAX_DEPTH, MAX_NODES, Node, after_dash, behind_properties, parse, shadow
from migrator.text.values import data

both = pytest.mark.parametrize("pure", [False, True], ids=["c", "pure"])


def root_of(text: str, pure: bool = False) -> Node:
    """The only document of a text."""
    (root,) = parse(text, pure=pure)
    assert root is not None
    return root


def nodes(root: Node) -> Iterator[Node]:
    """All nodes, parents first."""
    yield root
    for below in root.children():
        yield from nodes(below)


@both
@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("a: b\n\n# c\n", ["a: b", "a", "b"]),
        ("a:   # c\n  - x\n  # below\n\nb: 1\n", ["- x\n  # below\n\nb: 1"[:3], "x"]),
        ("a:\n- x\n-\n- - y\n", ["- x\n-\n- - y", "x", "", "- y", "y"]),
        ("a: 'q' # c\n", ["'q'"]),
        ('a: "q\n  r"  # c\n', ['"q\n  r"']),
        ("a: p\n  q\n\n  r   # c\n", ["p\n  q\n\n  r"]),
        ("a: [x, {y: z}]  # c\n", ["[x, {y: z}]", "x", "{y: z}", "y", "z"]),
        ("a: &n v\nb: *n # c\n", ["&n v", "*n"]),
        ("a: !!str v # c\n", ["!!str v"]),
        ("a: !t\nb: &x\n", ["!t", "&x"]),
        ("a: &n\n  b: c\n\n", ["&n\n  b: c", "b", "c"]),
        ("a: \U0001f600\nb: \u00fc\n", ["\U0001f600", "\u00fc"]),
        ("? a\n: b\n", ["a", "b"]),
        ("a: {b, c: }\n", ["{b, c: }"]),
    ],
)
def test_a_node_is_its_own_characters(text: str, pieces: list[str], pure: bool) -> None:
    """Collections end with their last leaf, not at the next token; comments and blanks belong to nobody."""
    found = [text[node.start : node.end] for node in nodes(root_of(text, pure))]
    for piece in pieces:
        assert piece in found


@both
@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("a: |\n  x\n  y\n\n\nb: 1\n", "|\n  x\n  y"),
        ("a: |+\n  x\n\n\nb: 1\n", "|+\n  x\n\n"),
        ("a: |-\n  x\n\n# c\nb: 1\n", "|-\n  x"),
        ("a: >2\n    x\n\n   y\n \nb: 1\n", ">2\n    x\n\n   y"),
        ("a: |  # head\n  x\n", "|  # head\n  x"),
        ("a: |\n  x\n     \nb: 1\n", "|\n  x\n     "),
        ("a: |\n  x", "|\n  x"),
        ("a: |\r\n  x\r\n\r\nb: 1\r\n", "|\r\n  x"),
        ("a: |+\r\n  x\r\n\r\nb: 1\r\n", "|+\r\n  x\r\n"),
        ("a: |\nb: 1\n", "|"),
        ("a: |\n  x\n # c\nb: 1\n", "|\n  x"),
        ("a: !!str |\n  x\n", "!!str |\n  x"),
        ("a: &n >-\n  x\n\n  y\n\n", "&n >-\n  x\n\n  y"),
    ],
)
def test_a_block_scalar_ends_with_its_own_last_line(text: str, piece: str, pure: bool) -> None:
    """Blank lines below are its own only with `+`, or where they hold more blanks than the indentation."""
    value = root_of(text, pure).get("a")
    assert value is not None
    assert text[value.start : value.end] == piece


@both
@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("a:\nb: 1\n", 2),
        ("a:   # c: d\n\nb: 1\n", 2),
        ("a:", 2),
        ("x: {a: , b: 1}\n", 6),
        ("'a':\r\n", 4),
        ("- # c - d\n- a\n", 1),
        ("x:\n  - y\n  # - z\n  -\n", 20),
        ("x: &a-b\n  -\n", 11),
        ("x: !a-b\n  # c - d\n  -\n", 21),
    ],
)
def test_an_empty_value_stands_behind_its_indicator(text: str, at: int, pure: bool) -> None:
    """Behind the `:` of its key or the `-` of its item, whatever anchors and comments stand about."""
    empty = [node for node in nodes(root_of(text, pure)) if node.empty]
    assert [(node.start, node.end) for node in empty] == [(at, at)]


@both
def test_a_key_without_a_value_ends_with_itself(pure: bool) -> None:
    """`? x` has no colon; the next one in the text is another pair's."""
    text = "a:\n- k: v\n  ? x\n- m: n\n"
    root = root_of(text, pure)
    held = root.get("a")
    assert held is not None
    assert text[held.items[0].start : held.items[0].end] == "k: v\n  ? x"


@both
def test_a_node_begins_with_its_tag(pure: bool) -> None:
    """Also where an anchor stands behind the tag."""
    text = "a: !!str &n v\nb: &m !!str w\n"
    root = root_of(text, pure)
    found = [text[value.start : value.end] for _, value in root.pairs]
    assert found == ["!!str &n v", "&m !!str w"]


@both
@pytest.mark.parametrize(
    ("text", "piece"),
    [("[a, &x , b]", "&x"), ("{a: &x, b: c}", "&x"), ("{a: !!null , b: c}", "!!null")],
)
def test_an_empty_flow_value_with_properties_ends_with_them(text: str, piece: str, pure: bool) -> None:
    """The comma is not part of a name."""
    found = [text[node.start : node.end] for node in nodes(root_of(text, pure)) if node.anchor or node.tag]
    assert found == [piece]


@both
@pytest.mark.parametrize(
    "text", ["{image: a:1}", "- {name: a, image: registry:5000/web:1.2}\n", "[a:1, b]", "{url: http://x:1/y}"]
)
def test_a_colon_inside_a_plain_flow_scalar_is_read(text: str, pure: bool) -> None:
    """Kubernetes takes `{image: nginx:1.25}`, so do we, with either parser."""
    assert parse(text, pure=pure)


@both
@pytest.mark.parametrize("text", ['{"a": "\\ud83d\\ude00"}', '{"a": "x\\/y"}', '{"a":"\\u00fc"}', '{\t"a":\t1\t}'])
def test_json_is_read(text: str, pure: bool) -> None:
    """Surrogate pairs, escaped slashes and tabs are JSON, which Kubernetes reads as JSON."""
    assert parse(text, pure=pure)


def test_a_surrogate_pair_is_one_character() -> None:
    """What is printed later must be text that can be encoded."""
    value = data(root_of('{"a": "\\ud83d\\ude00"}', pure=True))
    assert value == {"a": "\U0001f600"}


@both
@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: b\n c: d\n", 2),
        ("a: 1\nb: [\n", None),
        ("a: 1\n\tb: 2\n", 2),
        ("a: @x\n", 1),
        ("\U0001f600: 1\nb: \x01\n", 2),
        ('a: "\\UFFFFFFFF"\n', 1),
        ("a: 1\nb: *none\n", 2),
        ("a: 1\nb: %x\n", 2),
    ],
)
def test_what_is_not_yaml_is_said_with_its_line(text: str, line: int | None, pure: bool) -> None:
    """By both parsers, as `TextError`, never as a crash."""
    with pytest.raises(TextError) as caught:
        parse(text, pure=pure)
    assert caught.value.message
    if line is not None:
        assert caught.value.line == line


@both
@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{a: " * 5_000,
        "- " * 100_000,
        "\n".join(" " * n + "a:" for n in range(400)),
        "? " * 1_000,
        "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1),
    ],
    ids=["open brackets", "open braces", "dashes", "keys", "explicit keys", "closed brackets"],
)
def test_a_deep_text_is_refused(text: str, pure: bool) -> None:
    """At once, not after the parser has gone all the way down."""
    with pytest.raises(TooLarge):
        parse(text, pure=pure)


@both
def test_depth_up_to_the_limit_is_read(pure: bool) -> None:
    """The limit itself is not beyond it."""
    assert parse("[" * MAX_DEPTH + "]" * MAX_DEPTH, pure=pure)


def test_too_many_nodes_are_refused_for_one_document() -> None:
    """Documents are counted apart, and the line says where it was too much."""
    half = "[" + "a," * (MAX_NODES // 2) + "]\n"
    assert len(parse(half + "---\n" + half + "---\n" + half)) == 3
    with pytest.raises(TooLarge) as caught:
        parse("\n" + "[" + "a,\n" * (MAX_NODES + 1) + "]\n")
    assert caught.value.line is not None
    assert caught.value.line > MAX_NODES


@both
@pytest.mark.parametrize(
    ("text", "roots"),
    [
        ("", []),
        ("# c\n", []),
        ("---\n", [None]),
        ("---\n---\na\n", [None, "a"]),
        ("a\n...\n---\nb\n...\n", ["a", "b"]),
        ("--- # c\n~\n", ["~"]),
        ("%YAML 1.1\n---\na\n", ["a"]),
        ("%TAG !e! tag:example,2000:\n---\n!e!x a\n", ["a"]),
    ],
)
def test_every_document_has_its_root(text: str, roots: list[str | None], pure: bool) -> None:
    """None for one without content."""
    assert [root.value if root else None for root in parse(text, pure=pure)] == roots


def test_a_part_of_a_text_has_offsets_of_the_whole() -> None:
    """So that edits need no second base."""
    text = "junk: [\n---\na: |\n  x\nb:\n"
    start = text.index("---")
    (root,) = parse(text, start)
    assert root is not None
    assert [text[value.start : value.end] for _, value in root.pairs] == ["|\n  x", ""]
    with pytest.raises(TextError) as caught:
        parse("a: 1\n---\nb: ]\n", 5)
    assert caught.value.line == 3


@both
@pytest.mark.parametrize("text", ["\ufeffa: b\n", "\ufeff- x\n"])
def test_a_byte_order_mark_that_is_left_shifts_nothing(text: str, pure: bool) -> None:
    """A file may have two of them; the decoder takes one."""
    leaf = [node for node in nodes(root_of(text, pure)) if node.kind == "scalar"]
    assert [text[node.start : node.end] for node in leaf] == [node.value for node in leaf]


@both
def test_an_alias_is_a_node_of_its_own(pure: bool) -> None:
    """With its target; a recursive one ends."""
    root = root_of("a: &x [1, *x]\nb: *x\n", pure)
    first, second = root.get("a"), root.get("b")
    assert first is not None
    assert second is not None
    assert second.kind == "alias"
    assert second.resolved is first
    assert first.items[1].target is first
    with pytest.raises(TooLarge):
        data(root)


def test_an_anchor_that_is_set_again_counts_from_there() -> None:
    """And does not reach into the next document."""
    root = root_of("a: &x 1\nb: *x\nc: &x 2\nd: *x\n")
    assert data(root) == {"a": 1, "b": 1, "c": 2, "d": 2}
    with pytest.raises(TextError):
        parse("a: &x 1\n---\nb: *x\n")


@pytest.mark.parametrize("text", ["a: 1\t\n", "a: 1\t# c\n", "a: [1,\t# c\n 2]\n", "a: 1 \t \r\nb: 2\t"])
def test_tabs_at_the_end_of_a_line_do_not_hinder(text: str) -> None:
    """The shadow is of the same length, so offsets are those of the text."""
    assert len(shadow(text)) == len(text)
    assert "\t" not in "".join(node.value for root in parse(text, pure=True) if root for node in nodes(root))


@both
@pytest.mark.parametrize(
    ("text", "value"),
    [('a: "x\t# y"\n', "x\t# y"), ("a: |\n  x\t# y\n  z\t\n", "x\t# y\nz\t\n"), ("a: 'x\t#y'\n", "x\t#y")],
)
def test_a_tab_inside_a_text_stays_in_its_value(text: str, value: str, pure: bool) -> None:
    """The shadow is for the parser; what is read is what stands there."""
    assert data(root_of(text, pure)) == {"a": value}


@both
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0644", 420),
        ("0o14", 12),
        ("0x1F", 31),
        ("0b11", 3),
        ("1_000", 1000),
        ("-010", -8),
        ("08", 8.0),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("yes", True),
        ("Off", False),
        ("y", "y"),
        ("~", None),
        ("", None),
        ("null", None),
        ("'yes'", "yes"),
        ("! yes", "yes"),
        ("!!str 12", "12"),
        ("2020-01-01", "2020-01-01"),
        ("1.2.3", "1.2.3"),
        ("0_", 0),
        ("+1", 1),
        ("1:30", "1:30"),
        ("=", "="),
        ("0x_", "0x_"),
        ("0b_", "0b_"),
        ("-0x_", "-0x_"),
        ("0o_", "0o_"),
        ("_1", "_1"),
        (".", "."),
        ("-", None),
    ],
)
def test_a_scalar_is_read_as_kubernetes_reads_it(text: str, value: object, pure: bool) -> None:
    """YAML 1.1; what only looks like a number is a text."""
    expected = [None] if text == "-" else value
    assert data(root_of(f"a: {text}\n" if text != "-" else "a:\n-\n", pure)) == {"a": expected}


def test_a_number_of_many_digits_does_not_crash() -> None:
    """Python refuses to read integers of more than 4300 digits; a manifest may hold them as text all the same."""
    value = data(root_of("a: " + "1" * 5_000 + "\n"))
    assert set(value) == {"a"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("b: &b {x: 1, y: 2}\na: {<<: *b, y: 3}\n", {"x": 1, "y": 3}),
        ("b: &b {x: 1}\nc: &c {x: 2, z: 4}\na: {<<: [*b, *c]}\n", {"x": 1, "z": 4}),
        ("a: {'<<': 1}\n", {"<<": 1}),
        ("a: {<<: {q: 1}, q: 2}\n", {"q": 2}),
    ],
)
def test_merge_keys_are_resolved(text: str, value: object) -> None:
    """Own keys win, then the earlier of the merged."""
    assert data(root_of(text))["a"] == value


def test_properties_and_dashes_are_found() -> None:
    """Over comments, and not inside of names."""
    text = "x: &a-b !c-d\n  # e - f\n  - g\n"
    value = root_of(text).get("x")
    assert value is not None
    assert text[value.start : behind_properties(text, value)] == "&a-b !c-d"
    assert after_dash(text, behind_properties(text, value)) == text.index("- g") + 1
