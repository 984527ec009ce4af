"""`--interactive` on a terminal: what is asked, what the answers do, and what is remembered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from migrator.sources.ignoring import Remark, ignoring
from migrator.text.errors import Refused
from tests.conftest import Run
from tests.terminals import Shown, on_terminal
from tests.test_cli import MOVED, POD, QUIET
from tests.test_golden import GOLDEN, args_of, cases, lay_out, tree

DESK, DESK_MOVED = (text.replace("name: shop", "name: desk") for text in (POD, MOVED))
SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  selector: {app: shop}
  ports:
  - port: 80
    targetPort: web
"""


@pytest.fixture
def two(run: Run) -> Path:
    """Two pods in one file."""
    path = Path("pod.yaml")
    path.write_text(f"{POD}---\n{DESK}")
    return path


def ask(typed: str, *args: str) -> Shown:
    """Answer the questions."""
    return on_terminal("-i", *args, typed=typed, environment={"NO_COLOR": "1"})


@pytest.mark.parametrize(
    ("typed", "first", "second"),
    [
        ("y\ny\n", True, True),
        ("y\nn\n", True, False),
        ("n\ny\n", False, True),
        ("a\n", True, True),
        ("n\na\n", False, True),
        ("q\n", False, False),
        ("y\nq\n", True, False),
        ("y\n\x04", True, False),
        ("Yes\nNO\n", True, False),
        ("\nz\ny\nn\n", True, False),
    ],
)
def test_each_pod_moves_or_stays_as_answered(two: Path, typed: str, first: bool, second: bool) -> None:
    shown = ask(typed)
    assert shown.exit_code == 0
    assert two.read_text() == f"{MOVED if first else POD}---\n{DESK_MOVED if second else DESK}"
    assert shown.text.endswith(f"1 file: {int(first or second)} rewritten, {1 - int(first or second)} unchanged\n")


def test_a_question_shows_one_pod_with_its_reasons_and_its_part_of_the_diff(two: Path) -> None:
    shown = ask("n\nn\n").text
    first, second = shown.split("(1/2)")
    assert "Pod/shop" in first
    assert "OAuth2 Proxy" in first
    assert first.count("+  initContainers:") == second.count("+  initContainers:") == 1
    assert "Pod/desk" not in first
    assert "@@ -17,5 +17,7 @@" in second


def test_it_explains_in_full_and_helps(two: Path) -> None:
    shown = ask("e\n?\nq\n").text
    plain, explained, helped = shown.split("[y,n,a,q,e,i,?]?")[:3]
    assert "immutable-owner" not in plain
    assert "immutable-owner" in explained
    assert "changes: containers.auth removed" in explained
    assert "y - move\n" in helped
    assert "b - " not in helped


def test_an_interrupt_leaves_everything_and_ends_with_130(two: Path) -> None:
    shown = ask("y\ni\nbecause\x03")
    assert shown.exit_code == 130
    assert two.read_text() == f"{POD}---\n{DESK}"


def test_a_refusal_can_be_remembered_above_the_container(two: Path) -> None:
    shown = ask("i\nthe node agent [v2] ships # these\ny\n")
    comment = "  # sidecar-migrate: ignore[the node agent v2 ships these]\n"
    assert two.read_text() == f"{POD.replace('  - name: auth', f'{comment}  - name: auth')}---\n{DESK_MOVED}"
    assert "pod.yaml: ignores `auth` from now on\n" in shown.text
    assert ask("").text == "nothing to ask: nothing would move\n1 file: 0 rewritten, 1 unchanged\n"


def test_without_a_reason_it_says_that_it_was_decided(two: Path) -> None:
    ask("i\n\nq\n")
    assert "ignore[decided not to move it]" in two.read_text()


def test_where_no_comment_can_stand_the_container_is_left_this_time(run: Run) -> None:
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "shop"}, "spec": {"containers": [
        {"name": "shop", "image": "registry.example/shop:1"}, {"name": "auth", "image": "quay.io/oauth2-proxy/oauth2-proxy:v7"},
    ]}}  # fmt: skip
    Path("pod.json").write_text(text := json.dumps(pod, indent=1))
    shown = ask("i\nno\n").text
    assert "pod.json: no comment can be written here (comments do not fit into a list in flow style, such as JSON)" in shown
    assert Path("pod.json").read_text() == text


def test_a_refusal_can_be_remembered_in_the_baseline(two: Path, run: Run) -> None:
    shown = ask("b\ny\n", "--baseline", "known.json")
    assert "1 added to known.json\n" in shown.text
    (entry,) = json.loads(Path("known.json").read_text())["findings"]
    assert entry == {"path": "pod.yaml", "kind": "Pod", "name": "shop", "container": "auth", "what": "migrate"}
    assert two.read_text() == f"{POD}---\n{DESK_MOVED}"
    assert run("--check", "--baseline", "known.json", ".").exit_code == 0


def test_without_a_baseline_b_is_no_answer(two: Path) -> None:
    ask("b\nn\ny\n")
    assert two.read_text() == f"{POD}---\n{DESK_MOVED}"


@pytest.mark.parametrize("answer", ["y", "n"])
def test_what_changes_together_is_asked_once(run: Run, answer: str) -> None:
    lay_out(GOLDEN / "kustomize" / "merge-follows-its-base", Path.cwd())
    before = {path: path.read_bytes() for path in sorted(Path().rglob("*.yaml"))}
    expected = run("--dry-run", ".").stdout
    shown = ask(f"{answer}\n").text
    assert "(1/1)" in shown
    assert shown.count("diff --git") == expected.count("diff --git") > 1
    after = {path: path.read_bytes() for path in sorted(Path().rglob("*.yaml"))}
    assert {str(path) for path in before if before[path] != after[path]} == (
        {line.split(" b/")[1] for line in expected.splitlines() if line.startswith("diff --git")} if answer == "y" else set()
    )


@pytest.mark.parametrize("answer", ["y", "n"])
def test_what_follows_is_shown_with_the_pod_and_left_with_it(run: Run, answer: str) -> None:
    labelled = POD.replace("  name: shop\nspec", "  name: shop\n  labels: {app: shop}\nspec")
    Path("pod.yaml").write_text(f"{labelled}    ports:\n    - name: web\n      containerPort: 80\n")
    Path("service.yaml").write_text(SERVICE)
    Path("desk.yaml").write_text(DESK)
    shown = ask(f"n\n{answer}\n").text
    second = shown.split("(1/2)")[1]
    assert "diff --git a/pod.yaml" in second
    assert "+    targetPort: 80" in second
    assert ("targetPort: 80" in Path("service.yaml").read_text()) is (answer == "y")
    assert ("initContainers" in Path("pod.yaml").read_text()) is (answer == "y")
    assert Path("desk.yaml").read_text() == DESK


SAMPLE = [
    case for area in ("extras", "followers", "kinds", "kustomize", "python") for case in
    [case for case in cases() if case.parent.name == area and (case / "expected.patch").exists()][::4]
]  # fmt: skip


@pytest.mark.parametrize("case", SAMPLE, ids=lambda case: case.relative_to(GOLDEN).as_posix())
def test_all_and_none(run: Run, case: Path) -> None:
    """`n` to every question writes nothing; `a` writes what a run without questions writes."""
    lay_out(case, Path.cwd())
    before = tree(Path.cwd())
    assert "Move the sidecars" in ask("n\n" * 20, *args_of(case)).text
    assert tree(Path.cwd()) == before
    ask("a\n", *args_of(case))
    asked = tree(Path.cwd())
    for name, content in before.items():
        Path(name).write_bytes(content)
    run(*args_of(case), ".")
    assert tree(Path.cwd()) == asked != before


def test_the_same_names_twice_are_left_together(run: Run) -> None:
    """Two pods that nothing tells apart but their place: no answer for one moves the other against its own."""
    Path("pod.yaml").write_text(f"{POD}---\n{POD}")
    ask("n\ny\n")
    assert Path("pod.yaml").read_text() == f"{POD}---\n{POD}"


def test_nothing_to_ask(run: Run) -> None:
    Path("pod.yaml").write_text(QUIET)
    assert ask("").text == "nothing to ask: nothing would move\n1 file: 0 rewritten, 1 unchanged\n"


def test_it_wants_a_terminal_and_files(run: Run, two: Path) -> None:
    result = run("-i", ".", stdin=b"y\ny\n")
    assert result.exit_code == 2
    assert "--interactive asks on the terminal, and here is none" in result.stderr
    for flags in (["--dry-run", "."], ["--check", "."], ["-"], ["--baseline", "x", "--write-baseline", "."]):
        assert run("-i", *flags, stdin=b"").exit_code == 2
    assert two.read_text() == f"{POD}---\n{DESK}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("  - name: auth\n", "  # sidecar-migrate: ignore[no]\n  - name: auth\n"),
        ("  # kept\n  - name: auth\n", "  # kept\n  # sidecar-migrate: ignore[no]\n  - name: auth\n"),
        ("  -   name: auth\n      ", "  # sidecar-migrate: ignore[no]\n  -   name: auth\n      "),
        ("  -\n    name: auth\n", "  -\n    # sidecar-migrate: ignore[no]\n    name: auth\n"),
        ("  - # here\n    name: auth\n", "  - # here\n    # sidecar-migrate: ignore[no]\n    name: auth\n"),
        (
            "  - {name: auth, image: x}\n  - name: third\n",
            "  # sidecar-migrate: ignore[no]\n  - {name: auth, image: x}\n  - name: third\n",
        ),
    ],
)
@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_comments_go_right_above(before: str, after: str, eol: str) -> None:
    text, expected = (
        POD.replace("  - name: auth\n", item).replace("          image", "      image").replace("\n", eol)
        for item in (before, after)
    )
    assert ignoring(text, [Remark(0, ("spec",), "auth", "no")]) == expected


def test_a_comment_that_another_one_overrules_is_refused() -> None:
    text = POD.replace("- name: auth\n", "- name: auth # sidecar-migrate: sidecar\n")
    with pytest.raises(Refused, match="would not be understood"):
        ignoring(text, [Remark(0, ("spec",), "auth", "no")])


def test_a_comment_above_what_is_not_there_is_refused() -> None:
    for remark in (Remark(1, ("spec",), "auth", ""), Remark(0, ("spec",), "nobody", "")):
        with pytest.raises(Refused, match="not found"):
            ignoring(POD, [remark])
