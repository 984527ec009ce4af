"""What a move writes, to the byte: layouts, comments, blank lines, the new pair."""

from __future__ import annotations

import pytest

from migrator.text.asked import Transfer
from migrator.text.edits import apply, changed_lines
from migrator.text.errors import Refused
from migrator.text.lines import Lines
from migrator.text.transfer import Layout, layouts
from migrator.text.tree import parse
from tests.strategies import HEAD, move, moved, pod

_AB = pod(
    """
    containers:
    - name: a
      image: a
    - name: b
      image: b
    """
)


def _layouts(text: str, *chosen: int) -> list[Layout]:
    (root,) = parse(text)
    assert root is not None
    spec = root.get("spec")
    assert spec is not None
    asked = Transfer("containers", "initContainers", chosen, ("restartPolicy", "Always"), ("image", "name"))
    return layouts(text, Lines(text), spec, asked)


def test_the_last_container_needs_two_more_lines() -> None:
    """The new key stands behind the list."""
    assert moved(_AB, 1) == pod(
        """
        containers:
        - name: a
          image: a
        initContainers:
        - name: b
          image: b
          restartPolicy: Always
        """
    )
    assert changed_lines(_AB, moved(_AB, 1)) == 2


def test_the_first_container_is_taken_by_renaming_the_key() -> None:
    """And the old key is written anew below it."""
    assert moved(_AB, 0) == pod(
        """
        initContainers:
        - name: a
          image: a
          restartPolicy: Always
        containers:
        - name: b
          image: b
        """
    )


def test_canonical_means_that_the_init_containers_stand_first() -> None:
    """Whatever it costs."""
    after = moved(_AB, 1, canonical=True)
    assert after.index("initContainers:") < after.index("\n  containers:")
    assert changed_lines(_AB, after) > 2


def test_layouts_come_cheapest_first_and_know_their_price() -> None:
    """In changed lines of the diff of the whole file."""
    for chosen in ((0,), (1,)):
        found = _layouts(_AB, *chosen)
        assert {layout.name for layout in found} == {"target-first", "source-first"}
        assert [layout.cost for layout in found] == sorted(layout.cost for layout in found)
        assert [layout.cost for layout in found] == [changed_lines(_AB, apply(_AB, layout.edits)) for layout in found]


@pytest.mark.parametrize(
    ("order", "names"),
    [((0, 1), ["a", "b"]), ((1, 0), ["b", "a"]), ((2, 0), ["c", "a"]), ((1, 2), ["b", "c"]), ((2, 1), ["c", "b"])],
)
def test_several_move_in_the_order_that_was_asked(order: tuple[int, ...], names: list[str]) -> None:
    """Not in the one they stood in."""
    after = moved(HEAD + "  containers:\n" + "".join(f"  - name: {n}\n    image: {n}\n" for n in "abc"), *order)
    wanted = "  initContainers:\n" + "".join(f"  - name: {n}\n    image: {n}\n    restartPolicy: Always\n" for n in names)
    assert wanted in after


def test_comments_go_with_the_container_they_speak_of() -> None:
    """Above its dash, behind its lines, below it and deeper; at the margin by the column of the code in them."""
    text = pod(
        """
        # about all of them
        containers:   # the list
        # a leads
        - name: a  # a behind
          image: a
          # a inside
          tty: true
          # a below
        # b leads
        - name: b
          image: b

          # b further below
        # at the dash: the list's
        volumes: []
        """
    ).replace("    # b further", "#     - b further")
    after = moved(text, 1)
    assert after == pod(
        """
        # about all of them
        containers:   # the list
        # a leads
        - name: a  # a behind
          image: a
          # a inside
          tty: true
          # a below
        initContainers:
        # b leads
        - name: b
          image: b
          restartPolicy: Always

          # b further below
        # at the dash: the list's
        volumes: []
        """
    ).replace("    # b further", "#     - b further")
    assert moved(text, 0) == pod(
        """
        initContainers:
        # a leads
        - name: a  # a behind
          image: a
          restartPolicy: Always
          # a inside
          tty: true
          # a below
        # about all of them
        containers:   # the list
        # b leads
        - name: b
          image: b

          # b further below
        # at the dash: the list's
        volumes: []
        """
    ).replace("    # b further", "#     - b further")


@pytest.mark.parametrize("chosen", [0, 1])
def test_what_is_commented_out_or_apart_stays(chosen: int) -> None:
    """It is nobody's: behind the containers that stay, in its order."""
    text = pod(
        """
        containers:
        - name: a
          image: a

        # section one

        # - name: old
        #   image: old
        - name: b
          image: b
        """
    )
    after = moved(text, chosen)
    block = after[after.index("\n  containers:") : after.index("initContainers:") if chosen else None]
    assert block.index("# section one") < block.index("# - name: old") < block.index("#   image: old")


def test_blank_lines_between_containers_are_kept_up() -> None:
    """The list that one is taken from has no hole, the one it comes to has its divider."""
    text = pod(
        """
        containers:
        - name: a
          image: a

        - name: b
          image: b

        - name: c
          image: c

        volumes: []
        """
    )
    after = moved(text, 1)
    assert "\n\n\n" not in after
    assert after.count("\n\n") == 3
    assert changed_lines(text, moved(text, 2)) == 2


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("- name: b\n  image: b\n  tty: true\n", "  image: b\n  restartPolicy: Always\n  tty: true\n"),
        ("- image: b # why\n  name: b\n", "- image: b # why\n  restartPolicy: Always\n  name: b\n"),
        ("- tty: true\n  name: b\n", "  name: b\n  restartPolicy: Always\n"),
        ("-   name: b\n    image: b\n", "    image: b\n    restartPolicy: Always\n"),
        ("-\n  name: b\n  image: b\n", "  image: b\n  restartPolicy: Always\n"),
        ("- # note\n  image: >-\n    b\n\n  name: b\n", "    b\n  restartPolicy: Always\n\n  name: b\n"),
        ('- "name": b\n  \'image\': "b"\n', "  'image': \"b\"\n  restartPolicy: Always\n"),
        ("- image:\n    b\n  name: b\n", "    b\n  restartPolicy: Always\n  name: b\n"),
        ("- &b\n  name: b\n  image: b\n", "  image: b\n  restartPolicy: Always\n"),
        ("- !!map\n  name: b\n", "  name: b\n  restartPolicy: Always\n"),
        ("- &k name: b\n  image: b\n", "  image: b\n  restartPolicy: Always\n"),
        ("- {name: b, image: b}\n", "- {name: b, image: b, restartPolicy: Always}\n"),
        ("- {image: b,name: b}\n", "- {image: b,restartPolicy: Always,name: b}\n"),
        ('- {"name" : "b" , "image" : "b" }\n', '"image" : "b" , "restartPolicy" : "Always" }\n'),
        ("- { name: b }\n", "- { name: b, restartPolicy: Always }\n"),
        ("- {name: b,\n   image: b,\n   tty: true}\n", "   image: b,\n   restartPolicy: Always,\n   tty: true}\n"),
        ("- name: b\n  restartPolicy: Always\n  image: b\n", "- name: b\n  restartPolicy: Always\n  image: b\n"),
    ],
)
def test_the_new_pair_stands_behind_the_image(body: str, line: str) -> None:
    """Else behind the name; written as its neighbours are; not twice."""
    indented = "".join("  " + row + "\n" if row else "\n" for row in body.rstrip("\n").split("\n"))
    after = moved(HEAD + "  containers:\n  - name: a\n    image: a\n" + indented, 1)
    wanted = "".join("  " + row + "\n" if row else "\n" for row in line.rstrip("\n").split("\n"))
    assert wanted.strip(" ") in after
    assert after.count("restartPolicy") == 1


def test_a_restart_policy_that_says_something_else_is_not_overruled() -> None:
    """Planning leaves such containers alone; the text layer does not know better."""
    with pytest.raises(Refused, match="restartPolicy is set to something else"):
        _layouts(_AB.replace("    image: b\n", "    image: b\n    restartPolicy: OnFailure\n"), 1)


@pytest.mark.parametrize(
    ("there", "wanted"),
    [
        ("initContainers:\n- name: i\n", "initContainers:\n- name: i\n- name: b\n  image: b\n  restartPolicy: Always\n"),
        (
            "initContainers:\n  - name: i\n",
            "initContainers:\n  - name: i\n  - name: b\n    image: b\n    restartPolicy: Always\n",
        ),
        ("initContainers: []\n", "initContainers:\n- name: b\n  image: b\n  restartPolicy: Always\n"),
        ("initContainers: [] # none\n", "initContainers: # none\n- name: b\n  image: b\n  restartPolicy: Always\n"),
        ("initContainers:\n", "initContainers:\n- name: b\n  image: b\n  restartPolicy: Always\n"),
        ("initContainers: ~\n", "initContainers:\n- name: b\n  image: b\n  restartPolicy: Always\n"),
        ("initContainers: null\n", "initContainers:\n- name: b\n  image: b\n  restartPolicy: Always\n"),
        (
            "initContainers:\n- name: i\n  # i below\n# apart\n",
            "# i below\n- name: b\n  image: b\n  restartPolicy: Always\n# apart\n",
        ),
    ],
)
@pytest.mark.parametrize("behind", [False, True], ids=["ahead", "behind"])
def test_it_comes_to_the_end_of_the_list_that_is_there(there: str, wanted: str, behind: bool) -> None:
    """In that list's indentation; an empty one is filled."""
    containers = "containers:\n- name: a\n  image: a\n- name: b\n  image: b\n"
    text = pod(containers + there if behind else there + containers)
    after = moved(text, 1)
    assert "".join("  " + row + "\n" for row in wanted.rstrip("\n").split("\n")) in after.replace("    # i below", "  # i below")
    assert after.count("initContainers") == 1


@pytest.mark.parametrize("header", ["|", "|-", "|+", ">", ">-", "|2", ">1-"])
@pytest.mark.parametrize("by", [-2, 0, 4])
def test_a_block_scalar_moves_sideways_unharmed(header: str, by: int) -> None:
    """All its lines by the same columns, blank ones with blanks in them too."""
    scalar = f"    note: {header}\n      first\n\n        deeper\n          \n      last\n"
    there = " " * (4 + by) + "- name: i\n"
    text = (
        HEAD
        + "  initContainers:\n"
        + there
        + "  containers:\n    - name: a\n    - name: b\n"
        + scalar.replace("    ", "      ", 1)
    )
    text = text.replace("\n      first", "\n         first").replace("\n        deeper", "\n           deeper")
    text = text.replace("\n      last", "\n         last").replace("\n          \n", "\n                \n")
    after, outcome = move(text, 1)
    assert outcome.refusal is None
    assert " " * (13 + by - 4) + "first\n\n" in after
    assert " " * (15 + by - 4) + "deeper\n" in after


def test_what_the_file_ends_with_stays() -> None:
    """A last line without a line break has none afterwards; CRLF is used where it was."""
    for chosen in (0, 1):
        after = moved(_AB.rstrip("\n ").replace("\n", "\r\n"), chosen)
        assert not after.endswith("\n")
        assert after.count("\n") == after.count("\r\n")


@pytest.mark.parametrize("chosen", [0, 1])
@pytest.mark.parametrize("target", ["", "initContainers:\n- name: i\n  image: i\n", "initContainers: []\n"])
def test_a_block_scalar_at_the_end_of_a_file_without_a_line_break_forbids_nothing(chosen: int, target: str) -> None:
    """Its value has no line break either, and has none wherever it goes; nor does it get lost when it comes to stand last."""
    text = pod(
        target
        + "containers:\n- name: a\n  image: a\n  command:\n  - |\n    one\n- name: b\n  image: b\n  command:\n  - |\n    two\n"
    )
    assert "restartPolicy: Always" in moved(text.rstrip(" \n"), chosen)


def test_a_list_that_begins_its_item_keeps_its_dash() -> None:
    """`- containers:` is the first key of a list item itself."""
    text = "x:\n- containers:\n  - name: a\n  - name: b\n  more: 1\n"
    (root,) = parse(text)
    assert root is not None
    held = root.get("x")
    assert held is not None
    asked = Transfer("containers", "initContainers", (0,), ("restartPolicy", "Always"), ("image", "name"))
    written = {layout.name: apply(text, layout.edits) for layout in layouts(text, Lines(text), held.items[0], asked)}
    a = "  - name: a\n    restartPolicy: Always\n"
    assert written["target-first"] == f"x:\n- initContainers:\n{a}  containers:\n  - name: b\n  more: 1\n"
    assert written["source-first"] == f"x:\n- containers:\n  - name: b\n  initContainers:\n{a}  more: 1\n"


@pytest.mark.parametrize(
    ("spec", "wanted"),
    [
        ("{containers: [{name: a}, {name: b}]}", "{containers: [{name: a}], initContainers: [{name: b, restartPolicy: Always}]}"),
        (
            "{x: 1,containers: [{name: a},{name: b}]}",
            "{x: 1,containers: [{name: a}],initContainers: [{name: b, restartPolicy: Always}]}",
        ),
        (
            "{containers: [ {name: a}, {name: b} ], initContainers: []}",
            "{containers: [ {name: a} ], initContainers: [ {name: b, restartPolicy: Always} ]}",
        ),
        (
            "{initContainers: [{name: i}], containers: [{name: a}, {name: b}]}",
            "{initContainers: [{name: i}, {name: b, restartPolicy: Always}], containers: [{name: a}]}",
        ),
    ],
)
def test_a_flow_list_is_cut_by_its_separators(spec: str, wanted: str) -> None:
    """They are copied from the neighbours."""
    after = moved(f"apiVersion: v1\nkind: Pod\nspec: {spec} # c\n", 1)
    body = after.split("spec: ")[1]
    first = wanted.replace("containers", "X", 1)
    assert body in (f"{wanted} # c\n", f"{first} # c\n") or "initContainers: [{name: b, restartPolicy: Always}]" in body
    assert body.endswith(" # c\n")
    assert len(body) == len(wanted) + 5


@pytest.mark.parametrize(
    "target", ["initContainers: # why\n  []\n", "initContainers:\n  # why\n  []\n", "initContainers:\n  # none yet\n"]
)
def test_a_comment_at_an_empty_list_is_kept(target: str) -> None:
    """The list is filled around it."""
    after = moved(pod(target + "containers:\n- name: a\n  image: a\n- name: b\n  image: b\n"), 1)
    assert "# why" in after or "# none yet" in after


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("spec:\n  containers: {}\n", "not a list"),
        ("spec:\n  volumes: []\n", "not a list"),
        ("spec:\n  containers:\n  - name: a\n", "nothing would be left"),
        ("spec:\n  containers:\n  - x\n  - name: b\n", "no mapping"),
        ("spec: {containers: [{name: a}]}\n", "nothing would be left"),
        ("spec:\n  ? containers\n  : - name: a\n    - name: b\n", "explicit"),
        ("spec:\n  containers:\n  - name: a\n  - name: b\n  ? initContainers\n  : - name: c\n", "explicit"),
        ("x: &x []\nspec:\n  initContainers: *x\n  containers:\n  - name: a\n  - name: b\n", "alias"),
        ("spec:\n  initContainers: &x []\n  containers:\n  - name: a\n  - name: b\n", "anchor"),
        ("spec:\n  initContainers: foo\n  containers:\n  - name: a\n  - name: b\n", "initContainers"),
        ("spec:\n  initContainers: {}\n  containers:\n  - name: a\n  - name: b\n", "initContainers"),
        ("spec:\n  initContainers: [{name: i}]\n  containers:\n  - name: a\n  - name: b\n", "flow list"),
        ("spec:\n  containers: [{name: a}, # x\n  {name: b}]\n", "comment"),
        ("spec:\n  containers: &x [{name: a}, {name: b}]\n", "anchor"),
        ("spec: {initContainers: foo, containers: [{name: a}, {name: b}]}\n", "initContainers"),
        ("spec:\n  initContainers:\n  - name: i\n  containers: [{name: a}, {name: b}]\n", "block list"),
    ],
)
def test_what_cannot_be_written_is_refused_with_the_reason(text: str, why: str) -> None:
    """Never guessed."""
    with pytest.raises(Refused, match=why):
        _layouts(text, 0)


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0,), (1,)])
@pytest.mark.parametrize("target", ["", "initContainers:\n- name: i\n\n- name: j\n"])
def test_a_divider_is_no_part_of_a_kept_block_scalar(order: tuple[int, ...], target: str) -> None:
    """Behind `|+` a blank line is content: none is put there, so that nothing forbids the move."""
    kept = "- name: a\n  x: |+\n    text\n\n\n"
    text = pod(target + "containers:\n" + kept + kept.replace("name: a", "name: b") + "- name: c\n\nvolumes: []\n")
    assert moved(text, *order).count("restartPolicy: Always") == len(order)


@pytest.mark.parametrize("header", ["|-", ">-", "|2-"])
def test_a_stripped_block_scalar_that_comes_to_stand_last_needs_no_line_break(header: str) -> None:
    """The file has none at its end, and this value does not ask for one."""
    scalar = f"- name: a\n  x: {header}\n    text\n"
    after = moved(pod("containers:\n" + scalar + "- name: b").rstrip(" "), 1, canonical=True)
    assert after.endswith("text")
