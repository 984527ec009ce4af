"""Bytes to text and back, chunks, lines, edits."""

from __future__ import annotations

import codecs

import pytest

from migrator.text.edits import Edit, apply, changed_lines, lines_of, opcodes
from migrator.text.errors import Refused, TextError
from migrator.text.lines import Lines
from migrator.text.source import check_line_ends, chunks, decode


@pytest.mark.parametrize("text", ["", "a: 1\n", "a: \u00fc\U0001f600\r\n", "no end"])
@pytest.mark.parametrize(
    ("bom", "encoding"),
    [(b"", "utf-8"), (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
)
def test_bytes_survive_a_round_trip(text: str, bom: bytes, encoding: str) -> None:
    """BOM and encoding included; the text itself has no BOM."""
    data = bom + text.encode(encoding)
    source = decode(data)
    assert source.text == text
    assert source.encode(source.text) == data


@pytest.mark.parametrize(
    ("data", "line"),
    [(b"\xff\xfa", 1), (b"a: 1\nb: \xe9\n", 2), (b"\xef\xbb\xbfa\n\n\x80", 3), (b"\xff\xfea", 1), ("a".encode("utf-32"), None)],
)
def test_what_is_no_text_is_said_with_its_line(data: bytes, line: int | None) -> None:
    """And never guessed at; UTF-32 begins like UTF-16 and has NUL characters then."""
    if line is None:
        assert "\0" in decode(data).text
        return
    with pytest.raises(TextError) as caught:
        decode(data)
    assert caught.value.line == line


@pytest.mark.parametrize(("text", "line"), [("a\rb", 1), ("a\r\nb\rc\n", 2), ("a\n\r", 2), ("a\r\r\n", 1)])
def test_a_lone_carriage_return_is_refused(text: str, line: int) -> None:
    """Nobody agrees on what a line is then."""
    with pytest.raises(TextError) as caught:
        check_line_ends(text)
    assert caught.value.line == line


@pytest.mark.parametrize("text", ["", "\n", "a\r\nb", "a\x0bb\x0cc\x85d\u2028e\u2029f\x1cg\n"])
def test_only_line_feeds_end_lines(text: str) -> None:
    """Form feeds, NEL and the Unicode separators do not."""
    check_line_ends(text)
    assert len(lines_of(text)) == text.count("\n") + (not text.endswith("\n") and bool(text))
    lines = Lines(text)
    assert len(lines.starts) == text.count("\n") + 1
    assert "".join(text[lines.start(n) : lines.end(n)] for n in range(len(lines.starts))) == text


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", [""]),
        ("a: 1\n", ["a: 1\n"]),
        ("---\na: 1\n", ["---\na: 1\n"]),
        ("a: 1\n---\nb: 2\n--- # c\nd\n", ["a: 1\n", "---\nb: 2\n", "--- # c\nd\n"]),
        ("a: 1\r\n---\r\nb: 2", ["a: 1\r\n", "---\r\nb: 2"]),
        ("a: |\n  ---\n  b\n", ["a: |\n  ---\n  b\n"]),
        ("---a\n----\n --- \n", ["---a\n----\n --- \n"]),
        ("a\n---", ["a\n", "---"]),
        ("---\n---\n", ["---\n", "---\n"]),
        ("%YAML 1.1\n---\na\n---\nb\n", ["%YAML 1.1\n---\na\n---\nb\n"]),
        ("a\n...\n%TAG ! x:\n---\nb\n", ["a\n...\n%TAG ! x:\n---\nb\n"]),
        ("# head\n---\na\n", ["# head\n", "---\na\n"]),
    ],
)
def test_documents_are_cut_at_their_markers(text: str, pieces: list[str]) -> None:
    """At the margin only, and not at all where directives stand."""
    assert [text[start:end] for start, end in chunks(text)] == pieces


@pytest.mark.parametrize(
    ("line", "depth"),
    [
        ("# at the margin", 0),
        ("#at the margin", 0),
        ("#  - name: x", 3),
        ("#      image: x", 7),
        ("    # four", 4),
        ("    #      four", 4),
        ("##    six", 6),
        ("#", 0),
        ("#\t\tthree", 3),
    ],
)
def test_a_comment_speaks_for_a_column(line: str, depth: int) -> None:
    """That of its `#`; at the margin, that of the code that was commented out."""
    lines = Lines(f"a:\n{line}\n")
    assert lines.comment(1)
    assert lines.depth(1) == depth


def test_a_line_knows_its_break_and_its_place() -> None:
    """Line numbers count from 0 here; the break belongs to the line it ends."""
    lines = Lines("a: 1\r\n  b\n\n  # c")
    assert [lines.of(at) for at in (0, 4, 5, 6, 9, 10, 11, 16)] == [0, 0, 0, 1, 1, 2, 3, 3]
    assert [lines.ending(n) for n in range(4)] == ["\r\n", "\n", "\n", "\n"]
    assert lines.body(0) == "a: 1"
    assert lines.column(8) == 2
    assert lines.first_on_line(8)
    assert not lines.first_on_line(1)
    assert [lines.blank(n) for n in range(4)] == [False, False, True, False]
    assert [lines.comment(n) for n in range(4)] == [False, False, False, True]
    assert lines.start(9) == len(lines.text)


def test_edits_name_places_in_the_original() -> None:
    """Whatever order they are given in; insertions at one place are made, an overlap is refused."""
    assert apply("abcdef", [Edit(4, 5, ""), Edit(0, 1, "X"), Edit(2, 2, "-")]) == "Xb-cdf"
    assert apply("ab", [Edit(2, 2, "c"), Edit(0, 0, "_")]) == "_abc"
    with pytest.raises(Refused):
        apply("abcdef", [Edit(0, 3, ""), Edit(2, 4, "")])


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("a\nb\n", "a\nb\n", 0),
        ("a\nb\n", "b\n", 1),
        ("a\nb\nc\n", "b\nc\na\n", 2),
        ("a\n", "a", 2),
        ("", "a\nb", 2),
        ("a\na\na\n", "a\na\n", 1),
        ("a\r\n", "a\n", 2),
        ("x\x85y\n", "x\x85z\n", 2),
    ],
)
def test_changed_lines_are_counted_as_a_diff_shows_them(old: str, new: str, changed: int) -> None:
    """Removed and added ones together; a missing last line break is a change."""
    assert changed_lines(old, new) == changed
    rebuilt = [line for _, _, _, c, d in opcodes(lines_of(old), lines_of(new)) for line in lines_of(new)[c:d]]
    assert "".join(rebuilt) == new
