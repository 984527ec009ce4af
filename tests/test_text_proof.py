"""The proof: it takes what was asked, and refuses everything else. Here it is handed wrong rewrites."""

from __future__ import annotations

import pytest

from migrator.text.asked import Transfer, Wish
from migrator.text.edits import Edit
from migrator.text.errors import Refused
from migrator.text.proof import Numbering, prove_comments, prove_lines
from migrator.text.proof import prove as prove_trees
from migrator.text.rewrite import Stretch, prove
from migrator.text.tree import Node, parse

_BEFORE = """\
other: {a: 0644, b: "yes", c: yes, d: [1, 2]}
spec:
  # about
  containers:
  - name: a   # first
    image: a
  - name: b
    image: b
    args:
    - |
      # text
      x
  volumes: []
"""
_AFTER = """\
other: {a: 0644, b: "yes", c: yes, d: [1, 2]}
spec:
  # about
  containers:
  - name: a   # first
    image: a
  initContainers:
  - name: b
    image: b
    restartPolicy: Always
    args:
    - |
      # text
      x
  volumes: []
"""


def _asked(*chosen: int) -> Transfer:
    return Transfer("containers", "initContainers", chosen, ("restartPolicy", "Always"), ("image", "name"))


def _prove(before: str, after: str, *chosen: int) -> None:
    """Hand the proof a whole text as the one edit."""
    roots = tuple(parse(before))
    assert roots[0] is not None
    mapping = roots[0].get("spec")
    assert mapping is not None
    prove(Stretch(before, 0, len(before), roots), [Wish((0, "spec"), mapping, _asked(*chosen))], [Edit(0, len(before), after)])


def test_what_was_asked_is_proved() -> None:
    """As a reference for the refusals below."""
    _prove(_BEFORE, _AFTER, 1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("0644", "420"),
        ('"yes"', "yes"),
        ("c: yes", 'c: "yes"'),
        ("[1, 2]", "[2, 1]"),
        ("d: [1, 2]", "d: {1: 2}"),
        ("# first", "# second"),
        ("   # first", ""),
        ("  # about\n", ""),
        ("  # about\n", "  # about\n  # about\n"),
        ("      # text\n", ""),
        ("      x\n", "      x\n\n      y\n"),
        ("- |\n", "- |-\n"),
        ("    restartPolicy: Always\n", ""),
        ("    restartPolicy: Always\n", "    restartPolicy: Never\n"),
        ("    restartPolicy: Always\n", "    restartPolicy: Always\n    restartPolicy: Always\n"),
        ("    restartPolicy: Always\n", "    restartPolicy: Always\n    stdin: true\n"),
        ("    image: b\n", ""),
        ("    image: b\n", "    image: c\n"),
        ("    image: a\n", "    image: a\n    restartPolicy: Always\n"),
        ("  volumes: []\n", ""),
        ("  volumes: []\n", "  volumes: []\n  volumes: []\n"),
        ("  volumes: []\n", "  volumes: []\n---\na: b\n"),
        ("  volumes: []\n", "  volumes: [\n"),
        ("initContainers:", "initContainer:"),
        ("initContainers:\n  -", "initContainers: &x\n  - &y\n   "),
        ("  - name: b", "  - name: c\n  - name: b"),
        ("spec:", "Spec:"),
        ("other:", "&x other:"),
        ("other: {", "other: !!map {"),
        ("  containers:\n", "  containers: &all\n"),
        ("name: a ", "name: !!str a "),
        ("name: b", "name: &n b"),
    ],
)
def test_everything_else_is_refused(old: str, new: str) -> None:
    """One difference at a time: a value, a style that has a meaning, an order, a comment, a line, a document, an anchor."""
    assert old in _AFTER
    with pytest.raises(Refused):
        _prove(_BEFORE, _AFTER.replace(old, new, 1), 1)


def test_the_wrong_container_is_refused() -> None:
    """And no container at all."""
    with pytest.raises(Refused):
        _prove(_BEFORE, _AFTER, 0)
    with pytest.raises(Refused):
        _prove(_BEFORE, _BEFORE, 1)


def test_the_order_of_the_moved_counts() -> None:
    """They start one after the other."""
    before = "spec:\n  containers:\n  - name: a\n  - name: b\n  - name: c\n"
    after = "spec:\n  containers:\n  - name: a\n  initContainers:\n"
    b, c = "  - name: b\n    restartPolicy: Always\n", "  - name: c\n    restartPolicy: Always\n"
    _prove(before, after + b + c, 1, 2)
    _prove(before, after + c + b, 2, 1)
    with pytest.raises(Refused):
        _prove(before, after + c + b, 1, 2)


def test_a_value_that_stands_in_the_place_of_the_list_is_not_lost() -> None:
    """`initContainers: foo` is no list, but no nothing either."""
    before = "spec:\n  initContainers: foo\n  containers:\n  - name: a\n  - name: b\n"
    after = "spec:\n  initContainers:\n  - name: b\n    restartPolicy: Always\n  containers:\n  - name: a\n"
    with pytest.raises(Refused):
        _prove(before, after, 1)


@pytest.mark.parametrize(
    "kept", ["initContainers: &x []", "initContainers: !t []", "initContainers: {}", "initContainers: {a: b}"]
)
def test_a_target_that_is_not_plainly_empty_is_not_replaced(kept: str) -> None:
    """Its anchor, tag or pairs would be gone."""
    before = f"spec:\n  {kept}\n  containers:\n  - name: a\n  - name: b\n"
    after = "spec:\n  initContainers:\n  - name: b\n    restartPolicy: Always\n  containers:\n  - name: a\n"
    with pytest.raises(Refused):
        _prove(before, after, 1)


def test_an_alias_must_mean_what_it_meant() -> None:
    """A rewrite that turns an alias to another anchor of the same name is seen, and one that reaches a shared place."""
    before = "a: &x 1\nspec:\n  containers:\n  - name: a\n    v: &x 2\n  - name: b\n    v: *x\n"
    moved = "  initContainers:\n  - name: b\n    restartPolicy: Always\n    v: *x\n"
    after = f"a: &x 1\nspec:\n{moved}  containers:\n  - name: a\n    v: &x 2\n"
    with pytest.raises(Refused, match="alias"):
        _prove(before, after, 1)
    shared = "spec:\n  containers:\n  - name: a\n  - &b\n    name: b\nmore: *b\n"
    grown = "spec:\n  containers:\n  - name: a\n  initContainers:\n  - &b\n    name: b\n    restartPolicy: Always\nmore: *b\n"
    with pytest.raises(Refused):
        _prove(shared, grown, 1)


def test_json_must_stay_json() -> None:
    """A bare word would still be YAML."""
    before = '{"spec": {"containers": [{"name": "a"}, {"name": "b"}]}}'
    mark = '"restartPolicy": "Always"'
    after = '{"spec": {"containers": [{"name": "a"}], "initContainers": [{"name": "b", %s}]}}'
    _prove(before, after % mark, 1)
    for bad in (mark.replace('"', ""), mark.replace('"Always"', "Always"), mark + ","):
        with pytest.raises(Refused):
            _prove(before, after % bad, 1)


def test_documents_may_not_appear_or_vanish() -> None:
    """Nor lose their content."""
    one = parse("a: 1\n---\nb: 2\n")
    for text in ("a: 1\n", "a: 1\n---\n", "a: 1\n---\nb: 2\n---\nc: 3\n", "a: 1\n---\nb: 3\n"):
        with pytest.raises(Refused):
            prove_trees(one, parse(text), {})
    prove_trees(one, parse("{a: 1}\n---\nb:     2 # c\n"), {})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 1 # x\n", "a: 1\n"),
        ("a: 1\n", "a: 1 # x\n"),
        ("a: 1 # x\nb: 2\n", "a: 1 # x\nb: 2 # x\n"),
        ("# x\na: 1\n", "# y\na: 1\n"),
        ("a: [ # x\n 1]\n", "a: [\n 1]\n"),
        ("%YAML 1.1 # x\n---\na: 1\n", "%YAML 1.1\n---\na: 1\n"),
        ("a:\n  # x\n  b\n", "a:\n  b\n"),
        ("a: b\n# end\n", "a: b\n"),
    ],
)
def test_a_comment_is_seen_wherever_it_stands(before: str, after: str) -> None:
    """Lost, doubled or changed."""
    with pytest.raises(Refused, match="comment"):
        prove_comments(before, parse(before), after, parse(after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: '# x'\n", 'a: "# x"\n'),
        ("a: |\n  # x\n", 'a: "# x\\n"\n'),
        ("a: b#c\n", "a: 'b#c'\n"),
        ("# 1\na: b  # 2\n", "a: b # 2\n# 1\n"),
        ("a: b # x  \n", "a: b # x\n"),
    ],
)
def test_what_only_looks_like_a_comment_is_none(before: str, after: str) -> None:
    """It may be written in another way; comments may stand in another place."""
    prove_comments(before, parse(before), after, parse(after))


def test_lines_may_change_their_indentation_and_nothing_else() -> None:
    """Each as often as before; blank lines aside."""
    before = "a:\n- b: 1\n  c: 1\n\n- d: 1\n"
    prove_lines(before, "a:\n  - d: 1\n  - b: 1\n    e: 2\n    c: 1\n", ["e: 2"])
    for after in ("a:\n- b: 1\n- d: 1\n", before + "f: 1\n", before + "- d: 1\n", before.replace("c: 1", "c:  1")):
        with pytest.raises(Refused):
            prove_lines(before, after, [])


def _root(text: str) -> Node:
    (root,) = parse(text)
    assert root is not None
    return root


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("a: 1", "{a: 1}", True),
        ("a: 1", "a: 1 # c", True),
        ("'a'", '"a"', True),
        ("a: |\n  b\n", 'a: "b\\n"', True),
        ("a", "'a'", False),
        ("[a]", "{a: }", False),
        ("a: 1\nb: 2", "b: 2\na: 1", False),
        ("[a, [b]]", "[[a], b]", False),
        ("[a, b]", "[a, [b]]", False),
        ("!t a", "a", False),
        ("&a a", "a", False),
        ("&a a", "&b a", False),
        ("[&a x, *a]", "[&a x, x]", False),
        ("[&a x, &b x, *a]", "[&a x, &b x, *b]", False),
        ("&a [*a]", "&a [*a]", True),
        ("&a [*a, b]", "&a [*a, c]", False),
        ("[&a [x], *a]", "[&a [y], *a]", False),
        ("[]", "{}", False),
        ("[[], []]", "[[[]]]", False),
        ("[~]", "[null]", False),
    ],
)
def test_two_trees_have_one_number_when_they_are_written_alike(one: str, two: str, same: bool) -> None:
    """Values as written; quotes of either kind; anchors and tags count."""
    numbering = Numbering()
    first, second = _root(one), _root(two)
    assert (numbering.of(first) == numbering.of(second)) is same
