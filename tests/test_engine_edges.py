"""Edge cases of the engine: what moves and how it is proved by another reader, what is refused, what must not hang."""

from __future__ import annotations

import codecs
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from migrator.run import run_text
from migrator.settings import Settings
from migrator.sources.manifest import read
from migrator.text.asked import Transfer
from migrator.text.errors import Refused, TooLarge
from migrator.text.lines import Lines
from migrator.text.transfer import layouts
from migrator.text.tree import parse
from tests.strategies import HEAD, check_values, move, pod

_A = "- name: a\n  image: a\n"
_B = "- name: b\n  image: b\n"


def _twin(extra: str) -> str:
    """Two containers, the second with more lines."""
    return f"containers:\n{_A}{_B}{extra}"


_MOVES: dict[str, tuple[str, tuple[int, ...]]] = {
    "indentless": (pod(_twin("")), (0, 1)),
    "indented": (HEAD + "  containers:\n      - name: a\n      - name: b\n", (0, 1)),
    "dash alone on its line": (pod("containers:\n-\n  name: a\n-\n\n  name: b\n"), (0, 1)),
    "dash with a comment": (pod("containers:\n- # one\n  name: a\n- # two\n  name: b\n"), (0, 1)),
    "wide dash": (pod("containers:\n-   name: a\n    image: a\n-     name: b\n"), (0, 1)),
    "other indentation, deeper": (pod("initContainers:\n    - name: i\n" + _twin("")), (0, 1)),
    "other indentation, shallower": (
        HEAD + "  initContainers:\n  - name: i\n  containers:\n      - name: a\n      - name: b\n",
        (0, 1),
    ),
    "literal with an indicator": (pod(_twin("  x: |2\n     a\n    b\n")), (0, 1)),
    "folded with an indicator": (pod(_twin("  x: >1-\n    a\n   b\n")), (0, 1)),
    "kept line breaks": (pod(_twin("  x: |+\n    a\n\n\n")), (0, 1)),
    "kept line breaks ahead of another": (pod("containers:\n- name: a\n  x: |+\n    a\n\n\n" + _B), (0, 1)),
    "blanks in a block scalar": (pod(_twin("  x: |\n    a\n         \n    b\n  \n")), (0, 1)),
    "a literal cut by the end, moving": (pod(_twin("  x: |\n    a")), (0, 1)),
    "flow items": (pod("containers:\n- {name: a}\n- { name: b, image: 'b' }\n"), (0, 1)),
    "flow list": (pod("containers: [{name: a}, {name: b}]\n"), (0, 1)),
    "flow list on its own line": (pod("containers:\n  [{name: a},\n   {name: b}]\n"), (0, 1)),
    "flow list with a comma at the end": (pod("containers: [\n  {name: a},\n  {name: b},\n]\n"), (0, 1)),
    "colon in a flow scalar": (pod("containers:\n- {name: a, image: reg:5000/a:1}\n- {name: b, image: b:1}\n"), (0, 1)),
    "quoted keys": (pod("'containers':\n- \"name\": a\n- 'name': b\n"), (0, 1)),
    "quoted keys in a flow list": (pod('"containers" : [{\'name\': a}, {"name" : b}]\n'), (0, 1)),
    "blank ahead of the colon": (pod("containers :\n- name : a\n- name : b\n"), (0, 1)),
    "empty target": (pod("initContainers: []\n" + _twin("")), (0, 1)),
    "null target": (pod("initContainers: ~\n" + _twin("")), (0, 1)),
    "target over two lines": (pod("initContainers: [\n]\n" + _twin("")), (0, 1)),
    "target behind": (pod(_twin("initContainers:\n- name: i\n")), (0, 1)),
    "no line break at the end": (pod(_twin("")).rstrip(" \n"), (0, 1)),
    "comments and no line break at the end": (pod(_twin("  # b\n# end")), (0, 1)),
    "CRLF": (pod(_twin("  x: |\n    a\n\n  y: >-\n    b\n")).replace("\n", "\r\n"), (0, 1)),
    "tabs ahead of comments": (pod("containers:\t# all\n- name: a\t# a\n- name: b  \t\n"), (0, 1)),
    "tabs in values": (pod('containers:\n- name: a\n  x: "1\t2"\n- name: b\n  x: |\n    1\t2\n    \t3\n'), (0, 1)),
    "a very long line": (pod(_twin(f"  x: '{'long ' * 40_000}'\n")), (0, 1)),
    "YAML directive": ("%YAML 1.1\n---\n" + pod(_twin("")), (0, 1)),
    "TAG directive": ("%TAG !e! tag:example.org,2000:\n---\n" + pod(_twin("  x: !e!y z\n")), (0, 1)),
    "documents ended": (pod(_twin("")) + "...\n---\na: 1\n...\n", (0, 1)),
    "documents ended, none begun": ("---\n" + pod(_twin("")) + "...\n# c\n", (0, 1)),
    "NEL and separators in quotes": (pod(_twin('  x: "a\u0085b\u2028c\u2029d"\n')), (0, 1)),
    "emoji": (pod(_twin("  x: \U0001f600 # \U0001f680\n")), (0, 1)),
    "a separator in a comment": (pod("containers:\n- name: a # x\u00a0y\n- name: b\n"), (0, 1)),
    "anchors that move up": (
        pod("containers:\n- name: a\n  x: *v\n- name: b\n  x: *v\n").replace("kind:", "v: &v 1\nkind:"),
        (0, 1),
    ),
    "anchor in the moved, alias behind": (pod("containers:\n- name: a\n  x: &v 1\n- name: b\n  x: 2\nz: *v\n"), (0, 1)),
    "anchored items": (pod("containers:\n- &a\n  name: a\n- &b\n  name: b\n"), (0, 1)),
    "anchored list": (pod("containers: &all\n- name: a\n- name: b\n"), (0, 1)),
    "anchored list on a line of its own": (pod("containers:\n  &all\n- name: a\n- name: b\n".replace("\n- ", "\n  - ")), (0, 1)),
    "tagged list": (pod("containers: !!seq\n- !!map\n  name: a\n- !!map\n  name: !!str b\n"), (0, 1)),
    "merge keys in containers": (pod(_twin("  <<: *c\n")).replace("kind:", "c: &c {tty: true}\nkind:"), (0, 1)),
    "merge key in the spec, own target": (
        pod("<<: *c\ninitContainers: []\n" + _twin("")).replace("kind:", "c: &c {x: 1}\nkind:"),
        (0, 1),
    ),
    "an empty item in a list with an anchor": (pod("containers:\n- name: a\n  args: &one-two\n  -\n" + _B), (0, 1)),
    "explicit keys in a container": (pod("containers:\n- ? name\n  : a\n  image: a\n- name: b\n  ? x\n  : y\n"), (1,)),
    "a key without a value in a container": (pod("containers:\n- name: a\n  ? x\n" + _B), (0, 1)),
    "an empty flow value with an anchor": (
        pod("containers:\n- {name: a, x: &x , y: 1}\n- {name: b, image: &y , z: 1}\n"),
        (0, 1),
    ),
    "lines at the margin in quotes": (pod(_twin("")).replace("    image: a", '    image: a\n    x: "1\n2 # no\n- 3"'), (0, 1)),
    "comments at the margin": (pod(_twin("")).replace("  - name: b", "#  - name: old\n#    image: old\n  - name: b"), (0, 1)),
    "an indented document": ("".join(f"  {line}\n" for line in pod(_twin("")).rstrip().split("\n")), (0, 1)),
    "a deep item": (HEAD + "  containers:\n      - name: a\n      # tail\n        # deep\n      - name: b\n", (0, 1)),
    "keys at the dash": (pod("containers:\n- name: a\n# b\n- name: b\n# volumes\nvolumes: []\n"), (0, 1)),
    "commented-out item ahead": (pod("containers:\n# - name: old\n- name: a\n- name: b\n"), (0, 1)),
    "only blanks between": (pod("\ncontainers:\n\n- name: a\n\n\n- name: b\n\n\nvolumes: []\n"), (0, 1)),
    "duplicate keys elsewhere": (pod("volumes: []\nvolumes: []\n" + _twin("")), (0, 1)),
    "the list ends the file with blanks": (pod(_twin("")) + "\n  \n\n", (0, 1)),
}


@pytest.mark.parametrize("canonical", [False, True], ids=["smallest", "canonical"])
@pytest.mark.parametrize(("text", "indexes"), _MOVES.values(), ids=_MOVES.keys())
def test_it_moves_right(text: str, indexes: tuple[int, ...], canonical: bool) -> None:
    """Each of its containers; by the word of PyYAML, with all comments and line ends."""
    for index in indexes:
        after, outcome = move(text, index, canonical=canonical)
        assert outcome.refusal is None, (index, outcome.refusal)
        check_values(_plain(text), _plain(after), {0: (("spec",), (index,), ())})
        assert text.count("#") == after.count("#")
        assert after.endswith("\n") == text.endswith("\n")
        assert after.count("\r") == (after.count("\n") if "\r" in text else 0)


def _plain(text: str) -> str:
    """PyYAML takes no tab ahead of a line's end."""
    return text.replace("  \t\n", "   \n").replace("\t#", " #")


_REFUSED: dict[str, tuple[str, int]] = {
    "an alias would stand ahead of its anchor": (
        pod("initContainers:\n- name: i\ncontainers:\n- name: a\n  x: &v 1\n- name: b\n  x: *v\n"),
        1,
    ),
    "an alias would mean another anchor": (
        pod("containers:\n- name: a\n  x: &v 1\n- name: b\n  x: *v\ninitContainers:\n- name: i\n  y: &v 2\n"),
        1,
    ),
    "the item is shared": (pod("containers:\n- name: a\n- &b\n  name: b\nx: *b\n"), 1),
    "the list is shared": (pod("containers: &all\n- name: a\n- name: b\nx: *all\n"), 1),
    "the spec is shared": (HEAD.replace("spec:", "spec: &s") + "  containers:\n  - name: a\n  - name: b\nother: *s\n", 1),
    "the target is shared": (pod("initContainers: &i\n- name: i\ncontainers:\n- name: a\n- name: b\nx: *i\n"), 1),
    "an explicit key": (pod("? containers\n: - name: a\n  - name: b\n"), 1),
    "an explicit key on two lines": (pod("?\n  containers\n:\n- name: a\n- name: b\n"), 1),
    "a flow list with items": (pod("initContainers: [{name: i}]\ncontainers:\n- name: a\n- name: b\n"), 1),
    "a comment between flow items": (pod("containers: [{name: a}, # one\n  {name: b}]\n"), 1),
    "a text for a list": (pod("initContainers: foo\ncontainers:\n- name: a\n- name: b\n"), 1),
    "a mapping for a list": (pod("initContainers: {}\ncontainers:\n- name: a\n- name: b\n"), 1),
    "an alias for a list": (
        pod("initContainers: *i\ncontainers:\n- name: a\n- name: b\n").replace("kind:", "i: &i []\nkind:"),
        1,
    ),
}


@pytest.mark.parametrize(("text", "index"), _REFUSED.values(), ids=_REFUSED.keys())
def test_it_is_refused_and_left_as_it_was(text: str, index: int) -> None:
    """With a reason; or not taken for a pod at all, which is said elsewhere."""
    if not (found := read(text)).sites:
        assert found.problems
        return
    after, outcome = move(text, index)
    assert outcome.refusal
    assert after == text


@pytest.mark.parametrize(
    "text",
    [
        pod("containers: *c\n").replace("kind:", "c: &c [{name: a, image: a}, {name: b, image: b}]\nkind:"),
        pod(f"<<: *c\n{_twin('')}").replace("kind:", "c: &c {initContainers: [{name: i}]}\nkind:"),
        pod("containers:\n- *a\n- name: b\n  image: b\n").replace("kind:", "c: &a {name: a, image: a}\nkind:"),
        HEAD.replace("spec:\n", "spec: *s\n").replace(
            "kind:", "c: &s {containers: [{name: a, image: a}, {name: b, image: b}]}\nkind:"
        ),
    ],
    ids=["list", "merge", "item", "spec"],
)
def test_aliases_on_the_way_are_reported(text: str) -> None:
    """The site is there, with the reason why it is left alone."""
    (site,) = read(text).sites
    assert site.refusal


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (pod(_twin("containers: []\n")), 11),
        (pod("containers:\n- name: a\n  name: c\n- name: b\n"), 8),
        (pod("containers:\n- name: a\n  env:\n  - name: X\n    name: Y\n- name: b\n"), 10),
        (pod("containers:\n- name: a\n- name: a\n"), 8),
        (pod("containers:\n- name: a\n- image: b\n"), 8),
        (pod("containers:\n- name: a\n- foo\n"), 8),
        (pod("initContainers: foo\n" + _twin("")), None),
        (pod("initContainers: {a: b}\n" + _twin("")), None),
    ],
    ids=["list twice", "key twice", "key twice inside", "name twice", "no name", "no mapping", "a text", "a mapping"],
)
def test_what_kubernetes_would_not_take_is_a_problem(text: str, line: int | None) -> None:
    """With its line; nothing is written."""
    result = run_text("pod.yaml", text.encode(), Settings()).results[0]
    assert result.after is None
    assert result.problems
    if line is not None:
        assert result.problems[0].line == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (pod(_twin("")).replace("\n", "\r"), 1),
        (pod(_twin("  x: 'a\rb'\n")), 11),
        (pod(_twin("\ty: 1\n")), 11),
        (pod(_twin("  x: \x00\n")), 11),
        (pod(_twin("  x: *none\n")), 11),
        (pod(_twin("  x: [\n")), None),
    ],
    ids=["CR only", "lone CR", "tab", "NUL", "no anchor", "open"],
)
def test_what_cannot_be_read_fails_with_its_line(text: str, line: int | None) -> None:
    """And nothing is written."""
    result = run_text("pod.yaml", text.encode(), Settings()).results[0]
    assert (result.status, result.after) == ("failed", None)
    assert result.reason
    if line is not None:
        assert result.line == line


def _sidecar(extra: str = "") -> str:
    """A pod whose `log` is known to be a sidecar."""
    mount = "  volumeMounts:\n  - {name: logs, mountPath: /logs%s}\n"
    web = "- name: web\n  image: nginx\n" + mount % ""
    log = "- name: log\n  image: fluent/fluent-bit:3\n" + mount % ", readOnly: true"
    return pod("volumes:\n- name: logs\n  emptyDir: {}\ncontainers:\n" + web + log + extra)


@pytest.mark.parametrize(
    "bom", [b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE], ids=["none", "utf-8", "le", "be"]
)
def test_the_encoding_stays(bom: bytes) -> None:
    """BOM and all, and the second run is content."""
    encoding = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}.get(bom, "utf-8")
    text = _sidecar().replace("name: p", "name: \u00fc")
    result = run_text("pod.yaml", bom + text.encode(encoding), Settings()).results[0]
    assert result.status == "rewritten"
    assert result.after is not None
    assert result.after.startswith(bom)
    after = result.after[len(bom) :].decode(encoding)
    check_values(text, after, {0: (("spec",), (1,), ())})
    assert run_text("pod.yaml", result.after, Settings()).results[0].status == "unchanged"


def test_two_byte_order_marks_do_no_harm() -> None:
    """Only one of them is the file's; the other is white space to YAML."""
    text = "\ufeff" + _sidecar()
    result = run_text("pod.yaml", codecs.BOM_UTF8 + text.encode(), Settings()).results[0]
    assert result.status == "rewritten"
    assert result.after is not None
    assert result.after.startswith(codecs.BOM_UTF8 * 2)


@pytest.mark.parametrize(
    ("ahead", "number"),
    [
        ("", 0),
        ("---\n", 0),
        ("# licence\n---\n", 0),
        ("\n# licence\n\n---\n", 0),
        ("%YAML 1.1\n---\n", 0),
        ("a: 1\n---\n", 1),
        ("---\n---\n", 1),
        ("---\n# nothing\n---\n", 1),
        ("a: 1\n...\n---\n", 1),
        ("a: 1\n---\nb: 1\n--- # c\n", 2),
    ],
)
def test_documents_are_counted_as_yaml_counts_them(ahead: str, number: int) -> None:
    """Comments ahead of the first marker are none."""
    (site,) = read(ahead + _sidecar()).sites
    assert site.document == number


def test_a_broken_neighbour_is_not_in_the_way() -> None:
    """If it cannot hold a pod."""
    text = "a: [\n---\n" + _sidecar() + "---\n\tb: {\n"
    result = run_text("pod.yaml", text.encode(), Settings()).results[0]
    assert result.status == "rewritten"


def test_two_pods_of_one_document_are_both_moved() -> None:
    """And proved together."""
    inner = "".join("  " + line + "\n" if line.strip() else "\n" for line in _sidecar().rstrip().split("\n"))
    item = "- " + inner[2:]
    text = "apiVersion: v1\nkind: List\nitems:\n" + item + item
    result = run_text("pods.yaml", text.encode(), Settings()).results[0]
    assert result.status == "rewritten"
    assert result.after is not None
    assert result.after.count(b"restartPolicy: Always") == 2


@pytest.mark.parametrize("indent", [None, 2, "\t"])
def test_json_with_escapes_is_rewritten(indent: int | str | None) -> None:
    """Emoji as most writers print them: as two surrogates."""
    mounts = [{"name": "logs", "mountPath": "/logs"}]
    web: dict[str, Any] = {"name": "web", "image": "nginx", "args": ["\U0001f600/\u00fc"], "volumeMounts": mounts}
    log = {"name": "log", "image": "fluent/fluent-bit:3", "volumeMounts": mounts}
    spec = {"volumes": [{"name": "logs", "emptyDir": {}}], "containers": [web, log]}
    text = json.dumps({"apiVersion": "v1", "kind": "Pod", "spec": spec}, indent=indent).replace("/", "\\/")
    result = run_text("pod.json", text.encode(), Settings()).results[0]
    assert result.status == "rewritten"
    assert result.after is not None
    after = json.loads(result.after)["spec"]
    assert after["containers"] == [web]
    assert after["initContainers"] == [{**log, "restartPolicy": "Always"}]


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Processor time, so that a busy machine is not to blame."""
    started = time.process_time()
    yield
    spent = time.process_time() - started
    assert spent < seconds, f"took {spent:.1f} s"


def _laughs(levels: int, width: int, form: str) -> str:
    first = "l0: &l0 " + ("{k: v}" if form == "<<" else "[x]") + "\n"
    if form == "<<":
        return first + "".join(f"l{n}: &l{n} {{<<: [{', '.join([f'*l{n - 1}'] * width)}]}}\n" for n in range(1, levels))
    return first + "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * width)}]\n" for n in range(1, levels))


def _bombs() -> dict[str, str]:
    twin = _twin("")
    return {
        "100k open brackets": pod(f"x: {'[' * 100_000}\n{twin}"),
        "100k dashes": pod(f"{twin}x:\n  {'- ' * 100_000}\n"),
        "closed brackets": pod(f"x: {'[' * 5_000}{']' * 5_000}\n{twin}"),
        "laughs beside the pod": _laughs(11, 9, "") + pod(twin),
        "laughs inside the pod": _laughs(11, 9, "") + pod(f"{twin}  x: *l10\n"),
        "laughs in annotations": _laughs(11, 9, "") + pod(twin).replace("  name: p", "  annotations: {a: *l10}"),
        "merge laughs inside the pod": _laughs(11, 9, "<<") + pod(f"{twin}  <<: *l10\n"),
        "recursive alias": pod(f"{twin}  x: &x [*x]\n"),
        "recursive merge": pod(f"{twin}  x: &x\n    <<: *x\n"),
        "a chain of aliases": "x0: &x0 [a]\n"
        + "".join(f"x{n}: &x{n} [*x{n - 1}]\n" for n in range(1, 3_000))
        + pod(f"{twin}  x: *x2999\n"),
        "wide merges": "b: &b {"
        + ", ".join(f"k{n}: v" for n in range(6_000))
        + "}\ns: &s {a: b}\n"
        + pod(f"{twin}  x:\n    <<: [*b{', *s' * 6_000}]\n"),
        "too many nodes": pod(f"{twin}x: [{'a,' * 250_000}]\n"),
        "many tabs": pod(f'{twin}  x: "{chr(9) * 800}b"\n'),
        "many blanks ahead of a tab": pod(f'{twin}  x: "{" " * 1_200}{chr(9)}{" " * 1_200}b"\n'),
        "a block scalar of blank lines": pod(f"{twin}  x: |\n    a\n{chr(10) * 8_000}    b\n"),
        "many blank lines": pod(f"{twin}{chr(10) * 300_000}") + "# end\n",
        "many comments": pod(twin) + "# end\n" * 100_000,
        "many equal lines": pod(f"{twin}  args:\n" + "  - a\n" * 6_000),
        "many equal lines in both": pod(
            "containers:\n- name: a\n  args:\n" + "  - a\n" * 4_000 + "- name: b\n  args:\n" + "  - a\n" * 4_000
        ),
        "a number of many digits": pod(f"{twin}  x: {'1' * 10_000}\n"),
        "a line of a megabyte": pod(f"{twin}  x: {'word ' * 200_000}\n"),
        "many colons": pod(f"{twin}  x: '{': ' * 100_000}'\n"),
        "many anchors": pod(f"{twin}  x:\n" + "".join(f"  - &a{n} x\n" for n in range(20_000))),
        "many documents": "a: 1\n---\n" * 20_000 + pod(twin),
        "dashes and hashes": pod(f"{twin}  x:\n" + "  - # - # -\n" * 5_000),
    }


@pytest.mark.parametrize("name", list(_bombs()))
def test_a_bomb_costs_little_and_crashes_nothing(name: str) -> None:
    """It is moved, or refused, or said to be too large; within seconds of processor time."""
    text = _bombs()[name]
    with _within(3):
        try:
            found = read(text)
        except TooLarge:
            return
        assert found.sites or found.problems
        for index in (0, 1) if found.sites else ():
            after, outcome = move(text, index)
            assert (after == text) == bool(outcome.refusal)


@pytest.mark.parametrize("name", ["laughs inside the pod", "a chain of aliases", "recursive merge", "100k open brackets"])
def test_a_bomb_has_a_result(name: str) -> None:
    """Through the whole pipeline: skipped, failed or done, never an exception."""
    with _within(6):
        result = run_text("bomb.yaml", _bombs()[name].encode(), Settings()).results[0]
    assert result.status in ("skipped", "failed", "unchanged", "rewritten")
    assert result.reason or result.status in ("unchanged", "rewritten")


def test_thousands_of_pods_are_read_in_time() -> None:
    """In the time of their text."""
    with _within(20):
        found = read(("---\n" + pod(_twin(""))) * 2_000)
    assert len(found.sites) == 2_000
    assert found.sites[-1].document == 1_999


_ODD: tuple[Any, ...] = (
    None,
    "x",
    "",
    0,
    True,
    1.5,
    [],
    {},
    [None],
    ["x"],
    [[]],
    [{}],
    {"a": None},
    [{"name": None}],
    [{"name": ["x"]}],
)


def _paths(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if at:
        yield at
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in pairs:
        yield from _paths(below, (*at, key))


def _deployment() -> dict[str, Any]:
    mounts = [{"name": "logs", "mountPath": "/logs", "readOnly": False}]
    probe = {"httpGet": {"port": "http", "path": "/"}}
    web = {
        "name": "web",
        "image": "nginx",
        "command": ["sh", "-c", "run"],
        "env": [{"name": "A", "value": "b"}],
        "ports": [{"containerPort": 80, "name": "http"}],
        "volumeMounts": mounts,
        "readinessProbe": probe,
        "lifecycle": {"preStop": {"exec": {"command": ["x"]}}},
    }
    log = {"name": "log", "image": "fluent/fluent-bit:3", "volumeMounts": mounts, "resources": {"limits": {"cpu": 1}}}
    spec = {
        "containers": [web, log],
        "initContainers": [{"name": "i", "image": "tool", "restartPolicy": "Always"}],
        "volumes": [{"name": "logs", "emptyDir": {}}],
        "restartPolicy": "Always",
        "shareProcessNamespace": True,
    }
    meta = {"name": "d", "namespace": "n", "annotations": {"a": "b"}, "labels": {"l": "m"}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": meta,
        "spec": {"template": {"metadata": meta, "spec": spec}},
    }


@pytest.mark.parametrize("odd", _ODD, ids=[json.dumps(odd) for odd in _ODD])
def test_a_field_of_the_wrong_type_crashes_nothing(odd: Any) -> None:
    """Each field of a pod in turn; whatever is written can be read again and is left alone then."""
    for path in _paths(_deployment()):
        root = _deployment()
        held: Any = root
        for step in path[:-1]:
            held = held[step]
        held[path[-1]] = odd
        result = run_text("d.json", json.dumps(root).encode(), Settings()).results[0]
        assert result.status in ("rewritten", "unchanged", "failed"), path
        if result.after is not None:
            again = run_text("d.json", result.after, Settings()).results[0]
            assert again.after is None, path


def test_an_item_that_shares_its_line_is_refused() -> None:
    """`- - name: a` cannot be cut by lines."""
    text = "spec:\n  containers:\n  - name: a\n  - name: b\n"
    (root,) = parse(text)
    assert root is not None
    spec = root.get("spec")
    assert spec is not None
    asked = Transfer("containers", "initContainers", (0,), ("restartPolicy", "Always"), ("image", "name"))
    assert layouts(text, Lines(text), spec, asked)
    nested = "x:\n- - containers\n  - spec\n"
    (other,) = parse(nested)
    assert other is not None
    with pytest.raises(Refused):
        layouts(nested, Lines(nested), other, asked)
