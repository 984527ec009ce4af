"""Generated manifests: what people write, in the ways they write it, with every line's owner known; and what a move must do.

A `Sample` knows for each line which container it belongs to, by the rules that the guide states: comment lines right
above a dash and those deeper than it belong to the item; commented-out items, comments that a blank line divides from
the next item, and everything outside the list belong to nobody. What a rewrite must have done is
told by PyYAML's nodes and by plain lines, which share no code with the engine.
"""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import dedent
from typing import Any

import yaml
from hypothesis import strategies as st

from migrator.model import Move
from migrator.sources.manifest import Outcome, read, rewrite

Draw = st.DrawFn
Path = tuple[str | int, ...]

#: What a container can hold beside name and image: key, lines relative to the key. `{n}` makes comments unique.
_FIELDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("args", ("args: [--one, 'two', \"three # no comment\"]",)),
    ("args", ("args:", "- -c", "- |", "  set -e", "  # inside {n}", "", "  exec x  ")),
    ("args", ("args:", "    - deep   # behind {n}", "    # between {n}", "", "    - 'x'")),
    ("args", ("args: [", "  sh, -c,   # flow {n}", "  'run', ]")),
    ("args", ("args:", "- - nested", "  - list", "-", "  - x", "- -")),
    ("args", ("args: !!seq", "- !!str 1", "- ! 2")),
    ("args", ("args: []   # empty {n}",)),
    ("env", ("env:", "- {name: MODE, value: 0644}", "- name: YES", "  value: yes")),
    ("env", ("env:", "  -   name: E", "      value: 1e3   # env {n}", "", "  -   name: D", "      value: 2020-01-01")),
    ("env", ("env:", "- name: NONE", "  value: ~", "- name: HEX", "  value: 0x1F", "# at the dash {n}", "- name: X", "  value:")),
    ("env", ("env: [ { name: A, value: '1' } , { name: B, value: \"on\" } ]",)),
    ("script", ("script: |-", "  line", "   more", "       ", "  last")),
    ("script", ("script: |2", "    two more blanks", "  #! text {n}", "  text")),
    ("script", ("script: >1-", "  folded", "", "   deeper", " end")),
    ("script", ("script: >  # header {n}", "  folded", "  lines")),
    ("script", ("script: |+", "  keep", "", "")),
    ("script", ("script: |", "  - name: looks", "    image: like an item", "  containers:", "  - name: no")),
    ("script", ("script: |", "", "  blank first", "    \t", "  blank between")),
    ("script", ("script: !!str |", "  tagged")),
    ("note", ('note: "double', "  continued # no comment", "", '  end"')),
    ("note", ("note: 'single", "  # no comment {n} either'",)),
    ("note", ("note: plain text", "  continued", "", "  after a blank")),
    ("note", ("note: 'it''s'   # quote {n}",)),
    ("note", ('"note" : "\U0001f600 \u00fcn\u00ef \\u2028 \\t"',)),
    ("note", ("'note': a:b#c - d",)),
    ("note", ("note:", "  far below",)),
    ("note", ("note: !custom x",)),
    ("resources", ("resources:", "  # about {n}", "  limits: {cpu: 1, memory: 1Gi}", "  requests:", "    cpu: 0.1")),
    ("resources", ("resources: {}",)),
    ("resources", ("resources: {limits: {", "   cpu: 1,", "   memory: 1Gi}", "   }")),
    ("tty", ("tty:",)),
    ("tty", ("tty: ~\t# tab {n}",)),
    ("tty", ("'tty': off",)),
    ("tty", ("tty: !!bool yes",)),
    ("ports", ("ports:", "- containerPort: 80", "  # port {n}", "  name: p", "# port end {n}")),
    ("ports", ("ports:   ", "  - {containerPort: 0x50, name: 'http'}  ", "  - containerPort: 1_000")),
    ("lifecycle", ("lifecycle:", "  preStop:", "    exec:", "      command:", "      -    -c", "      - >-", "        a")),
    ("anchor", ("anchor: &own{n} [x, y]", "again: *own{n}")),
    ("anchor", ("anchor: &own{n}", "  k: &deep{n} v", "again: {a: *own{n} , b: *deep{n} }")),
    ("anchor", ("anchor: &empty{n}", "again: *empty{n}")),
    ("anchor", ("? anchor", ": explicit")),
)  # fmt: skip

_VOLUMES = ("volumes:", "- name: logs", "  emptyDir: {}", "# volume note", "- name: conf", "  configMap: {name: conf}")
_OTHER: tuple[tuple[str, ...], ...] = (
    _VOLUMES,
    ("restartPolicy: Always",),
    ("nodeSelector: {os: linux}   # where",),
    ("tolerations:", "  - operator: Exists", ""),
    ("securityContext:", "  # who", "  runAsUser: 0"),
    ("serviceAccountName: \"robot\"",),
    ("hostNetwork:",),
    ("priorityClassName: |", "  high"),
    ("dnsPolicy: ~", "", "# a section"),
)  # fmt: skip

_KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "Pod": ("v1", ("spec",)),
    "Deployment": ("apps/v1", ("spec", "template", "spec")),
    "CronJob": ("batch/v1", ("spec", "jobTemplate", "spec", "template", "spec")),
}
_HEADER = re.compile(r"(?:^|[ -])[|>][-+0-9]*(?:\s+#.*)?$")


@dataclass(frozen=True)
class Line:
    """A line without its break. `owner` is (pod, container); `scalar` says that it may be the end of a block scalar."""

    text: str
    owner: tuple[int, int] | None = None
    scalar: bool = False

    def shifted(self, by: int) -> Line:
        """The line further right; what stands at the margin on purpose, and blank lines, stay."""
        return self if not self.text or self.text.startswith("#MARGIN") else Line(" " * by + self.text, self.owner, self.scalar)


@dataclass(frozen=True)
class PodSample:
    """What is known of a generated pod. `fragile` pods may be refused: an alias across items, a flow target, a `|+`, ..."""

    document: int
    path: Path
    containers: int
    inits: int
    has_target: bool
    fragile: bool
    flow_items: frozenset[int]


@dataclass(frozen=True, repr=False)
class Sample:
    """A generated file."""

    lines: tuple[Line, ...]
    pods: tuple[PodSample, ...]
    eol: str = "\n"
    bom: bytes = b""
    final_newline: bool = True

    def __repr__(self) -> str:
        return f"Sample({self.text!r}, {self.pods!r})"

    @property
    def text(self) -> str:
        """The text behind the byte order mark."""
        return self.eol.join(line.text for line in self.lines) + (self.eol if self.final_newline else "")

    @property
    def data(self) -> bytes:
        """The bytes of the file."""
        return self.bom + self.text.encode()


class _Counter:
    """Numbers that make each comment of a file different from the others."""

    def __init__(self) -> None:
        self.at = 0

    def next(self) -> int:
        self.at += 1
        return self.at


@dataclass(frozen=True)
class _Style:
    """How one author writes lists."""

    offset: int
    dash: int
    spacing: str
    comments: bool


def _styles(draw: Draw) -> _Style:
    return _Style(
        draw(st.sampled_from((0, 0, 2, 2, 4, 1))),
        draw(st.sampled_from((1, 1, 1, 2, 3))),
        draw(st.sampled_from(("none", "none", "one", "some", "wide"))),
        draw(st.booleans()),
    )


def _numbered(lines: tuple[str, ...], count: _Counter) -> list[str]:
    number = count.next()
    return [line.replace("{n}", f"c{number}") for line in lines]


def _item(draw: Draw, style: _Style, name: str, image: str, shared: list[str], count: _Counter) -> tuple[list[Line], bool, bool]:
    """The lines of one container, dash at column 0; whether it is a flow mapping; whether an alias may forbid its move."""
    form = draw(st.sampled_from(("plain",) * 6 + ("alone", "commented", "flow", "anchored", "last-name", "no-image")))
    if form == "flow":
        tail = draw(st.sampled_from(("", ", tty: true", ", args: [a, 'b']", ", env: [{name: A}] ")))
        blank = draw(st.sampled_from(("", " ")))
        behind = draw(st.sampled_from(("", f"  # flow {count.next()}")))
        return [Line(f"-{' ' * style.dash}{{{blank}name: {name}, image: '{image}'{tail}}}{behind}")], True, False
    chosen = draw(st.lists(st.sampled_from(_FIELDS), max_size=4, unique_by=lambda held: held[0]))
    behind = draw(st.sampled_from(("", "", "   # behind", "\t# tab", "  ")))
    quote = draw(st.sampled_from(("", "", '"', "'")))
    named = [f"{quote}name{quote}: {quote}{name}{quote}{behind}"]
    imaged = [f"image: {image}" + (f"  # image c{count.next()}" if behind else "")]
    fields = [(lines, bool(_HEADER.search(lines[0]) or any(_HEADER.search(line) for line in lines))) for _, lines in chosen]
    body: list[tuple[list[str], bool]] = [(_numbered(lines, count), scalar) for lines, scalar in fields]
    if form == "last-name":
        pairs = [*body, (imaged, False), (named, False)]
    elif form == "no-image":
        pairs = [(named, False), (imaged, False), *body]
    else:
        at = draw(st.integers(0, len(body)))
        pairs = [(named, False), *body[:at], (imaged, False), *body[at:]]
    fragile = False
    if shared and draw(st.integers(0, 5)) == 0:
        pairs.append(([f"shared: *{shared[0]}"], False))
        fragile = True
    elif draw(st.integers(0, 7)) == 0:
        shared.insert(0, f"shared{count.next()}")
        pairs.append(([f"shared: &{shared[0]}", "  - x"], False))
    flat = [Line(line, None, scalar) for lines, scalar in pairs for line in lines]
    # An explicit key ahead of all others hides the column; behind a kept block scalar, blank lines become its content.
    fragile |= flat[0].text.startswith("? ") or any("|+" in line.text for line in flat)
    if flat[0].text.startswith(("? ", "#")) or form in ("alone", "commented", "anchored"):
        first = {"commented": f"-  # dash c{count.next()}", "anchored": f"- &item{count.next()}"}.get(form, "-")
        return [Line(first), *(line.shifted(2) for line in flat)], False, fragile
    width = 1 + style.dash
    return (
        [Line("-" + " " * style.dash + flat[0].text, None, flat[0].scalar), *(ln.shifted(width) for ln in flat[1:])],
        False,
        fragile,
    )


def _spaces(draw: Draw, style: _Style) -> list[Line]:
    blank = {"none": 0, "one": 1, "wide": 2}.get(style.spacing)
    return [Line("")] * (draw(st.integers(0, 1)) if blank is None else blank)


def _owned(lines: list[Line], owner: tuple[int, int] | None) -> list[Line]:
    return [Line(line.text, owner, line.scalar) for line in lines]


def _list(
    draw: Draw, style: _Style, pod: int, names: list[tuple[str, str]], shared: list[str], count: _Counter, own: bool
) -> tuple[list[Line], frozenset[int], bool]:
    """A block list, dashes at column 0, its lines owned by its items if `own`."""
    found: list[Line] = []
    flows: set[int] = set()
    fragile = False
    for number, (name, image) in enumerate(names):
        owner = (pod, number) if own else None
        if number:
            found += _spaces(draw, style)
        around = (
            draw(st.sampled_from(("none", "none", "none", "lead", "lead", "loose", "old", "two"))) if style.comments else "none"
        )
        if around == "loose" and number:
            found += [Line(""), Line(f"# loose c{count.next()}"), Line("")]
        elif around == "old" and number:
            found += [Line(f"# - name: old{count.next()}"), Line(f"#   image: old{count.next()}")]
        elif around in ("lead", "two"):
            found += [Line(f"# lead c{count.next()}", owner)]
            found += [Line(f"#lead c{count.next()}", owner)] if around == "two" else []
        lines, flow, risky = _item(draw, style, name, image, shared, count)
        fragile |= risky
        if flow:
            flows.add(number)
        found += _owned(lines, owner)
        tail = draw(st.sampled_from(("none", "none", "none", "deep", "margin", "divided", "far"))) if style.comments else "none"
        if tail == "deep":
            found.append(Line(f"  # tail c{count.next()}", owner))
        elif tail == "far":
            found.append(Line(f"        # far c{count.next()}", owner))
        elif tail == "margin":
            found.append(Line(f"#MARGIN{' ' * 24}- margin c{count.next()}", owner))
        elif tail == "divided":
            found += [Line("", owner), Line(f"  # divided c{count.next()}", owner)]
    return found, frozenset(flows), fragile


_TARGETS = ("none",) * 6 + ("before", "before", "after", "after", "[]", "~", "null", "", "[] # none", "flow")


def _pod(draw: Draw, document: int, number: int, path: Path, count: _Counter, helper: bool) -> tuple[list[Line], PodSample]:
    """The lines of a pod spec, keys at column 0."""
    style = _styles(draw)
    shared: list[str] = []
    amount = draw(st.sampled_from((2, 2, 2, 3, 4)))
    names = [(f"c{number}{'abcd'[n]}", f"img/{'abcd'[n]}:{n}") for n in range(amount)]
    if helper:
        names[draw(st.integers(0, amount - 1))] = ("fluent-bit", "fluent/fluent-bit:3")
    other = draw(st.lists(st.sampled_from(_OTHER), max_size=3, unique_by=lambda held: held[0]))
    cut = draw(st.integers(0, len(other)))
    target = draw(st.sampled_from(_TARGETS))
    inits = 0
    target_lines: list[Line] = []
    fragile = False
    if target in ("before", "after"):
        inits = draw(st.integers(1, 2))
        apart = _styles(draw) if draw(st.booleans()) else style
        names_there = [(f"i{number}{n}", "tool:1") for n in range(inits)]
        # An alias stands behind its anchor: what a list below the containers shares, they cannot.
        known = shared if target == "before" else []
        there, _, fragile = _list(draw, apart, number, names_there, known, count, own=False)
        target_lines = [Line("initContainers:"), *(line.shifted(apart.offset) for line in there)]
    elif target == "flow":
        inits, fragile = 1, True
        target_lines = [Line(f"initContainers: [{{name: i{number}, image: tool}}]")]
    elif target != "none":
        target_lines = [Line(f"initContainers: {target}".rstrip())]
    lines, flows, risky = _list(draw, style, number, names, shared, count, own=True)
    fragile |= risky
    behind = draw(st.sampled_from(("", "", "  # all of them", "   ")))
    source = [Line(f"containers:{behind}"), *(line.shifted(style.offset) for line in lines)]
    if style.comments and draw(st.booleans()):
        source.insert(0, Line(f"# about the containers c{count.next()}"))
    if style.comments and draw(st.booleans()):
        source.append(Line(f"# end of the containers c{count.next()}").shifted(0))
    if draw(st.booleans()):
        source.append(Line(""))
    parts = [[Line(line) for line in held] for held in other]
    place = cut if target in ("before", "[]", "null", "flow") else len(parts)
    parts.insert(cut, source)
    if target_lines:
        parts.insert(place if place <= cut else draw(st.integers(cut + 1, len(parts))), target_lines)
    found = [line for part in parts for line in part]
    return found, PodSample(document, path, amount, inits, bool(target_lines), fragile, flows)


def _object(draw: Draw, document: int, number: int, count: _Counter, helper: bool) -> tuple[list[Line], PodSample]:
    kind = draw(st.sampled_from(tuple(_KINDS)))
    version, path = _KINDS[kind]
    step = draw(st.sampled_from((2, 2, 2, 4, 3)))
    listed = draw(st.integers(0, 7)) == 0
    full: Path = ("items", 0, *path) if listed else path
    body, pod = _pod(draw, document, number, full, count, helper)
    lines = [Line(f"apiVersion: {version}"), Line(f"kind: {kind}"), Line("metadata:"), Line(f"  name: pod{number}")]
    for depth, key in enumerate(path):
        lines.append(Line(" " * (step * depth) + f"{key}:"))
        if depth + 2 == len(path):
            lines += [Line(" " * (step * (depth + 1)) + "metadata: {labels: {app: x}}")]
    lines += [line.shifted(step * len(path)) for line in body]
    if listed:
        inner = [Line("- " + lines[0].text), *(line.shifted(2) for line in lines[1:])]
        lines = [Line("apiVersion: v1"), Line("kind: List"), Line("items:"), *inner]
    return lines, pod


_NEIGHBOURS: tuple[tuple[str, ...], ...] = (
    (
        "apiVersion: v1",
        "kind: ConfigMap",
        "metadata: {name: conf}",
        "data:",
        "  a: |",
        "    containers:",
        "    - x",
        "  b: '---'",
    ),
    ("# nothing but a comment",),
    ("kind: Service", "apiVersion: v1", "spec: {ports: [{port: 80}]}", "..."),
    ("{}",),
)


@st.composite
def samples(draw: Draw, helper: bool = False) -> Sample:
    """A YAML file with one or two pods in block style."""
    count = _Counter()
    lines: list[Line] = []
    pods: list[PodSample] = []
    opening = draw(
        st.sampled_from(((), (), (), ("---",), ("# licence", "", "---"), ("%YAML 1.1", "---"), ("# hello",), ("--- # first",)))
    )
    lines += [Line(line) for line in opening]
    document = 0
    for number in range(draw(st.sampled_from((1, 1, 1, 2)))):
        if number:
            lines.append(Line(draw(st.sampled_from(("---", "---", "--- # next", "---  ")))))
        if draw(st.integers(0, 5)) == 0:
            neighbour = draw(st.sampled_from(_NEIGHBOURS))
            lines += [*(Line(line) for line in neighbour), Line("---")]
            # Comments make a document only behind a marker.
            document += number > 0 or not neighbour[0].startswith("#") or "---" in "".join(opening[-1:])
        found, pod = _object(draw, document, number, count, helper and not number)
        lines += found
        pods.append(pod)
        document += 1
    if draw(st.integers(0, 5)) == 0:
        lines += [Line("---"), *(Line(line) for line in draw(st.sampled_from(_NEIGHBOURS)))]
    lines = [Line(line.text.replace("#MARGIN", "#"), line.owner, line.scalar) for line in lines]
    bom = draw(st.sampled_from((b"", b"", b"", codecs.BOM_UTF8)))
    eol = draw(st.sampled_from(("\n", "\n", "\n", "\r\n")))
    final = draw(st.sampled_from((True, True, True, False)))
    if not final:
        while not lines[-1].text.strip():
            lines.pop()
        if lines[-1].scalar:
            # A block scalar that the end of the file cuts has no line break of its own: moving it would add one.
            pods[-1] = PodSample(**{**pods[-1].__dict__, "fragile": True})
    return Sample(tuple(lines), tuple(pods), eol, bom, final)


def choices(draw: Draw, pod: PodSample) -> tuple[int, ...]:
    """Containers to move, in an order of their own; one at least stays."""
    order = draw(st.permutations(range(pod.containers)))
    return tuple(order[: draw(st.integers(1, pod.containers - 1))])


@st.composite
def wishes(draw: Draw, helper: bool = False) -> tuple[Sample, tuple[tuple[int, ...], ...]]:
    """A sample and what to move in each of its pods; in one of them at least."""
    sample = draw(samples(helper))
    chosen = [choices(draw, pod) for pod in sample.pods]
    if len(chosen) > 1 and draw(st.integers(0, 3)) == 0:
        chosen[draw(st.integers(0, 1))] = ()
    return sample, tuple(chosen)


@st.composite
def places(draw: Draw, sample: Sample, chosen: Sequence[tuple[int, ...]]) -> tuple[tuple[int, ...], ...]:
    """Before which init container each of the chosen goes, in rising order: anywhere, or all of them at the end."""
    found = []
    for pod, wanted in zip(sample.pods, chosen, strict=True):
        gaps = draw(st.lists(st.integers(0, pod.inits), min_size=len(wanted), max_size=len(wanted)))
        found.append(tuple(sorted(gaps)) if draw(st.booleans()) else (pod.inits,) * len(wanted))
    return tuple(found)


_FLOW_FIELDS = (
    "args: [a, 'b # no comment', \"c, d\"]",
    "env: [{name: A, value: yes}, {name: B, value: 0644}]",
    "tty: ~",
    '"stdin": false',
    "anchor: &own{n} x, again: *own{n} ",
    "resources: {limits: {cpu: 1}, requests: {}}",
    "'note': 'it''s, [not] {a} list'",
)


@dataclass(frozen=True)
class FlowSample:
    """A pod whose `containers` is a flow list. `fragile` ones may be refused (a comment between items)."""

    text: str
    containers: int
    fragile: bool


@st.composite
def flow_samples(draw: Draw) -> FlowSample:
    """A YAML file with a flow list of containers, in a block or a flow pod spec."""
    amount = draw(st.sampled_from((2, 2, 3)))
    eol = draw(st.sampled_from(("\n", "\n", "\r\n")))
    inner = draw(st.sampled_from((", ", ",", f",{eol}       ", " , ")))
    divider = draw(st.sampled_from((", ", ",", f",{eol}    ", f",{eol}", f"  # why{eol}    , ", f",  # why{eol}    ")))
    opener, closer = draw(
        st.sampled_from((("[", "]"), ("[ ", " ]"), (f"[{eol}    ", f"{eol}  ]"), ("[", ", ]"), (f"[{eol}", f",{eol}]")))
    )
    items = []
    for number in range(amount):
        fields = draw(st.lists(st.sampled_from(_FLOW_FIELDS), max_size=3, unique=True))
        pairs = [f"name: c{number}", *(["image: 'img'"] if draw(st.integers(0, 3)) else []), *fields]
        blank = draw(st.sampled_from(("", " ")))
        items.append(f"{{{blank}{inner.join(pairs)}{blank}}}".replace("{n}", str(number)))
    held = opener + divider.join(items) + closer
    target = draw(
        st.sampled_from(("", "", "", "[]", "[ ]", "[{name: i, image: tool}]", f"[{eol}    {{name: i}}{eol}  ]", "null", "~"))
    )
    first = draw(st.booleans())
    if draw(st.booleans()):
        pairs = [f"containers: {held}"]
        if target:
            pairs.insert(0 if first else 1, f"initContainers: {target}")
        pairs.insert(draw(st.integers(0, len(pairs))), "hostNetwork: true")
        glue = draw(st.sampled_from((", ", f",{eol}  ")))
        behind = draw(st.sampled_from(("", "  # done")))
        text = eol.join(("apiVersion: v1", "kind: Pod", f"spec: {{{glue.join(pairs)}}}{behind}", "metadata: {name: p}", ""))
    else:
        colon = draw(st.sampled_from((": ", ":   ", f":{eol}    ")))
        behind = draw(st.sampled_from(("", "  # done")))
        lines = [f"  containers{colon}{held}{behind}"]
        if target:
            lines.insert(0 if first else 1, f"  initContainers: {target}")
        lines.insert(draw(st.integers(0, len(lines))), "  hostNetwork: true  # c1")
        text = eol.join(("apiVersion: v1", "kind: Pod", "spec:", *lines, "metadata: {name: p}", ""))
    return FlowSample(text, amount, "# why" in divider)


@dataclass(frozen=True)
class JsonSample:
    """A JSON file with one pod, and its value."""

    text: str
    containers: int


@st.composite
def json_samples(draw: Draw) -> JsonSample:
    """A JSON file, pretty or compact, as various writers would print it."""
    amount = draw(st.sampled_from((2, 2, 3)))
    extra: dict[str, Any] = {
        "args": ["-c", "a # b"],
        "tty": True,
        "stdin": None,
        "env": [{"name": "A", "value": "\u00fc\U0001f600\t"}],
    }
    items: list[dict[str, Any]] = []
    for number in range(amount):
        keys = draw(st.lists(st.sampled_from(sorted(extra)), max_size=3, unique=True))
        item = {"name": f"c{number}", "image": "img:1", **{key: extra[key] for key in keys}}
        order = draw(st.permutations(sorted(item)))
        items.append({key: item[key] for key in order})
    spec: dict[str, Any] = {"containers": items}
    target = draw(st.sampled_from(("none", "none", "[]", "null", "one")))
    if target != "none":
        spec["initContainers"] = {"[]": [], "null": None, "one": [{"name": "i", "image": "tool"}]}[target]
    spec |= draw(st.sampled_from(({}, {"hostNetwork": True}, {"volumes": [{"name": "v", "emptyDir": {}}]})))
    spec = {key: spec[key] for key in draw(st.permutations(sorted(spec)))}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec}
    indent = draw(st.sampled_from((None, 2, 4, "\t", 0)))
    separators = draw(st.sampled_from(((",", ":"), (", ", ": "), (",", " : ")))) if indent is None else (",", ": ")
    text = json.dumps(pod, indent=indent, separators=separators, ensure_ascii=draw(st.booleans()))
    eol = draw(st.sampled_from(("\n", "\r\n")))
    return JsonSample(text.replace("\n", eol) + draw(st.sampled_from(("", eol))), amount)


#: Pieces that YAML-like noise is made of, for what must never crash and must read the same with both parsers.
_NOISE = (
    "a", "b c", "- ", "-", "? ", ": ", ":", "\n", "\n  ", "\n    ", "\n- ", "\n  - ", "[", "]", "{", "}", ", ", ",", "#",
    " # c\n", '"', "'", "|", ">", "|-\n", "|+\n  ", ">2\n   ", "&a ", "*a", "*a ", "!!str ", "!x ", "! ", "---", "\n---\n",
    "\n...\n", "%", "@", "\t", "\r\n", "~", "0644", "yes", "<<: ", "\\", "key: ", "key:\n", "'q': ", '"d": ', "\U0001f600",
    "\u00fc", "=", "\n\n", "   ",
)  # fmt: skip


def noise() -> st.SearchStrategy[str]:
    """Text made of YAML's own characters, mostly not YAML."""
    return st.lists(st.sampled_from(_NOISE), max_size=14).map("".join)


_MARK = (("tag:yaml.org,2002:str", "restartPolicy"), ("tag:yaml.org,2002:str", "Always"))
_EMPTY = re.compile(r"^(\s*initContainers:)\s*(?:\[\]|~|null)(\s*#.*)?$")
Pairs = list[tuple[Any, Any]]


def documents(text: str) -> list[Any]:
    """Every document with scalars as (tag, text), mappings as lists of pairs in their order, sequences as tuples."""
    return [_plain(node, {}) for node in yaml.compose_all(text.replace("\t#", " #"), Loader=yaml.CSafeLoader)]


def _plain(node: yaml.Node | None, known: dict[int, Any]) -> Any:
    if node is None:
        return None
    if id(node) not in known:
        known[id(node)] = "recursive"
        if isinstance(node, yaml.ScalarNode):
            known[id(node)] = (node.tag, node.value)
        elif isinstance(node, yaml.SequenceNode):
            known[id(node)] = ("list", *(_plain(item, known) for item in node.value))
        else:
            known[id(node)] = [(_plain(key, known), _plain(value, known)) for key, value in node.value]
    return known[id(node)]


def _key(name: str) -> tuple[str, str]:
    return ("tag:yaml.org,2002:str", name)


def _get(pairs: Pairs, name: str) -> Any:
    return next((value for key, value in pairs if key == _key(name)), None)


def _without(pairs: Pairs, name: str) -> Pairs:
    return [(key, value) for key, value in pairs if key != _key(name)]


def _marked(container: Pairs) -> Pairs:
    names = [key for key, _ in container]
    at = next((names.index(_key(name)) for name in ("image", "name") if _key(name) in names), 0)
    return [*container[: at + 1], _MARK, *container[at + 1 :]]


def expected(root: Any, path: Path, chosen: Sequence[int], gaps: Sequence[int] = ()) -> Any:
    """The document with the containers moved, `initContainers` apart from the other pairs: it may stand anywhere."""
    if path:
        step, rest = path[0], path[1:]
        if isinstance(step, int):
            return tuple(expected(item, rest, chosen, gaps) if n == step + 1 else item for n, item in enumerate(root))
        return [(key, expected(value, rest, chosen, gaps) if key == _key(step) else value) for key, value in root]
    containers = _get(root, "containers")[1:]
    target = _get(root, "initContainers")
    there = target[1:] if target and target[0] == "list" else ()
    stay = ("list", *(item for n, item in enumerate(containers) if n not in chosen))
    woven = list(there)
    for n, gap in reversed(list(zip(chosen, gaps or [len(there)] * len(chosen), strict=True))):
        woven.insert(gap, _marked(containers[n]))
    grown = ("list", *woven)
    others = [(key, stay if key == _key("containers") else value) for key, value in _without(root, "initContainers")]
    return (others, grown)


def observed(root: Any, path: Path) -> Any:
    """The document in the shape that `expected` gives."""
    if path:
        step, rest = path[0], path[1:]
        if isinstance(step, int):
            return tuple(observed(item, rest) if n == step + 1 else item for n, item in enumerate(root))
        return [(key, observed(value, rest) if key == _key(step) else value) for key, value in root]
    return (_without(root, "initContainers"), _get(root, "initContainers"))


def check_values(before: str, after: str, moved: dict[int, tuple[Path, tuple[int, ...], tuple[int, ...]]]) -> None:
    """Every document says what it said, with exactly these moves (by document number) made."""
    old, new = documents(before), documents(after)
    assert len(old) == len(new)
    for number, (was, now) in enumerate(zip(old, new, strict=True)):
        if number in moved:
            path, chosen, gaps = moved[number]
            assert observed(now, path) == expected(was, path, chosen, gaps)
        else:
            assert was == now


def check_lines(sample: Sample, after: str, chosen: Sequence[Sequence[int]]) -> None:
    """Lines of what stays are there to the byte and in order; the others are the moved ones and what was asked to be added."""
    moved = {(pod, index) for pod, indexes in enumerate(chosen) for index in indexes}
    added: Counter[str] = Counter()
    fills = False
    for pod, indexes in zip(sample.pods, chosen, strict=True):
        added["restartPolicy: Always"] += sum(index not in pod.flow_items for index in indexes)
        added["initContainers:"] += bool(indexes) and not pod.has_target
        fills |= bool(indexes) and pod.has_target and not pod.inits
    lines = _cut(sample, after)
    stays = [line.text for line in lines if line.owner not in moved and line.text.strip()]
    goes = Counter(_bare(line.text) for line in lines if line.owner in moved and line.text.strip())
    left = [line.removesuffix("\r") for line in after.split("\n") if line.strip()]
    rest: Counter[str] = Counter()
    at = 0
    for line in stays:
        options = {line, _EMPTY.sub(r"\1\2", line)} if fills else {line}
        while at < len(left) and left[at] not in options and left[at].rstrip() not in options:
            rest[_bare(left[at])] += 1
            at += 1
        assert at < len(left), f"a line that belongs to nobody who moved is gone or changed: {line!r}"
        at += 1
    rest.update(map(_bare, left[at:]))
    assert +rest == +(goes + added)


def _cut(sample: Sample, after: str) -> list[Line]:
    """The lines; where the end of the file cuts a block scalar, with the `-` that it needs to stand anywhere else."""
    lines = list(sample.lines)
    heads = [n for n, line in enumerate(lines) if line.scalar and line.owner == lines[-1].owner and _HEADER.search(line.text)]
    # A comment that is indented like a scalar above it is a part of that.
    if sample.final_newline or not heads:
        return lines
    number = heads[-1]
    header = lines[number]
    for form in (r"\1-\2\3", r"\1\2-\3"):
        text = re.sub(r"([|>])(\d?)\+?(\s*#.*)?$", form, header.text)
        had = sum(_bare(line.text) == _bare(text) for line in lines)
        if sum(_bare(line) == _bare(text) for line in after.split("\n")) > had:
            lines[number] = Line(text, header.owner, header.scalar)
            break
    return lines


def _bare(line: str) -> str:
    """A line without its indentation, a flow item without the pair it was given, a block scalar's header without `-`.

    The `-` is written where a block scalar moves away from the end of a text without a last line break.
    """
    return re.sub(r"([|>][0-9]?)-$", r"\1", line.strip().replace(", restartPolicy: Always", ""))


HEAD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n"


def pod(body: str) -> str:
    """A Pod whose spec holds the lines of `body`, written at the margin of their own."""
    lines = dedent(body).lstrip("\n").split("\n")
    return HEAD + "\n".join("  " + line if line else line for line in lines)


def move(text: str, *indexes: int, canonical: bool = False) -> tuple[str, Outcome]:
    """The text with these containers of its first pod spec moved, and what became of it."""
    manifest = read(text)
    first = manifest.sites[0]
    there = len(first.pod.init_containers)
    wanted = tuple(Move(first.pod.containers[n].name, n, there + k) for k, n in enumerate(indexes))
    others: list[tuple[Move, ...]] = [() for _ in manifest.sites[1:]]
    after, outcomes = rewrite(manifest, [wanted, *others], canonical)
    return after, outcomes[0]


def moved(text: str, *indexes: int, canonical: bool = False) -> str:
    """The text after a move that must succeed."""
    after, outcome = move(text, *indexes, canonical=canonical)
    assert outcome.refusal is None, outcome.refusal
    return after
