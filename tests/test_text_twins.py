"""Items of lists written once more behind themselves: the new ones are there, and every other character stays."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from migrator.text.errors import Refused
from migrator.text.twins import with_twins


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("a:\n- one\n- two # why\n- three\n", "a:\n- one\n- two # why\n- other\n- three\n"),
        ("a:\n  - 'one'\n  -   'two'", "a:\n  - 'one'\n  -   'two'\n  -   'other'"),
        ('a: [one, "two", three]\n', 'a: [one, "two", "other", three]\n'),
        ("a: [one,\n  two]\n", "a: [one,\n  two, other]\n"),
        ("a:\r\n- one\r\n- two\r\n", "a:\r\n- one\r\n- two\r\n- other\r\n"),
    ],
)
def test_it_is_written_like_its_neighbour(text: str, after: str) -> None:
    assert with_twins(text, {(0, "a", 1): ["other"]}) == after


@pytest.mark.parametrize(
    "text",
    [
        "a:\n- one\n- |\n  two\n",
        "a:\n- one\n- &two two\n",
        "a:\n- one\n- - two\n",
        "a: [one]\n",
        "a: {1: two}\n",
        "b: [one, two]\n",
        "x: &x [one, two]\na: *x\n",
    ],
)
def test_what_is_no_item_of_its_own_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        with_twins(text, {(0, "a", 1): ["other"]})


WORDS = st.text(st.sampled_from("abc.*=[]-"), min_size=1).map(lambda word: f"x{word}x")
STYLES = st.sampled_from([None, "'", '"'])


@given(st.lists(st.tuples(WORDS, st.lists(WORDS, max_size=2)), min_size=1, max_size=5), st.booleans(), STYLES, st.booleans())
def test_the_list_grows_and_nothing_else_changes(
    items: list[tuple[str, list[str]]], flow: bool, style: str | None, indented: bool
) -> None:
    said = {"before": 1, "a": [{"b": [item for item, _ in items]}], "behind": [1]}
    text = yaml.dump(said, default_flow_style=flow, default_style=style, sort_keys=False, width=1000)
    below = indented and not flow
    if below:
        text = yaml.dump({"x": said}, default_style=style, sort_keys=False, width=1000)
    path = ("x", "a", 0, "b") if below else ("a", 0, "b")
    twins = {(0, *path, n): more for n, (_, more) in enumerate(items) if more}
    after = with_twins(text, twins)
    held = yaml.safe_load(after)
    held = held["x"] if below else held
    assert held["a"][0]["b"] == [word for item, more in items for word in (item, *more)]
    assert (held["before"], held["behind"]) == (1, [1])
    rest = iter(after)
    assert all(char in rest for char in text), "a character of the text is gone"
