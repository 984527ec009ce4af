"""Manifests in the strings of Python files: which can be rewritten, and that nothing but their lines changes."""

from __future__ import annotations

import ast
import io
import pickle
import sys
import tokenize
from collections.abc import Sequence
from textwrap import indent

import pytest
from hypothesis import HealthCheck, assume, event, find, given, settings
from hypothesis import strategies as st

from migrator.change import changed
from migrator.links import Facts, linked
from migrator.model import PodSpec, Verdict, Workload
from migrator.settings import Settings
from migrator.sources import manifest
from migrator.sources.python.strings.pieces import Piece, embedded, migrated
from migrator.sources.python.strings.proof import prove_module
from migrator.text.edits import apply
from migrator.text.errors import Refused, TextError
from tests.strategies import Sample, noise, samples

_LINKS = linked([Facts()])
_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
_READY = Settings(unsafe=True)

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: shop
spec:
  containers:
  - name: fluent-bit
    image: fluent/fluent-bit:3
  - name: web
    image: shop:1
"""
MOVED = """\
apiVersion: v1
kind: Pod
metadata:
  name: shop
spec:
  initContainers:
  - name: fluent-bit
    image: fluent/fluent-bit:3
    restartPolicy: Always
  containers:
  - name: web
    image: shop:1
"""


def _judge(pod: PodSpec, workload: Workload) -> Sequence[Verdict]:
    """The helper of the samples is a sidecar for sure, and nobody else."""
    return [
        Verdict("sidecar", "logs", 0.99, ()) if "fluent-bit" in c.name else Verdict("main", None, 0.01, ())
        for c in pod.containers
    ]


def _literal(python: str) -> str:
    """The value of the one variable of a module."""
    value = ast.literal_eval(python.partition("=")[2].strip())
    assert isinstance(value, str)
    return value


def _pieces(text: str, ready: Settings = _READY) -> list[Piece]:
    return migrated(text, ready, _judge, _LINKS)


def _after(text: str, ready: Settings = _READY) -> str:
    return apply(text, (edit for piece in _pieces(text, ready) for edit in piece.edits))


def _alone(text: str) -> str:
    """What becomes of the manifest in a file of its own."""
    return changed(manifest.read(text), _READY, _judge, _LINKS)[0]


def _python(quoted: str, text: str = POD) -> str:
    return quoted.replace("POD", text)


_AUTO = (
    'x = """POD"""\n',
    "x = r'''POD'''\n",
    'x = u"""\nPOD"""\n',
    'x = """\\\nPOD"""\n',
    'x = """# a \\\\ \\" \\\'\nPOD"""\n',
    'x = f"""POD"""\n',
    'x = """POD  # \U0001f600 {} ${HOME} %d {a: b} $(IP)\n"""\n',
    'objects = list(yaml.safe_load_all("""---\nPOD"""))\n',
    'class A:\n    """About."""\n\n    text: str = """POD"""\n',
    'def f(a="""POD""", *, b=(1, "\U0001f600", """POD""")):\n    return a\n',
    'call(body=textwrap.dedent("""\\\nPOD""").strip())\n',
    'COUNT = 7 % 2\nx = """POD"""\n',
)
_ASSIST = (
    ('x = f"""POD  # {a["b"]}\n"""\n', "an f-string"),
    ("x = rf'''POD  # \\{a:>{w}} {{}}\n'''\n", "an f-string"),
    ('x = """POD  # {} {{}} {0!r:>3} {a.b[c]}\n""".format(1)\n', "`str.format`"),
    ('x = dedent("""POD  # {a}\n""").format_map(d)\n', "`str.format`"),
    ('T = """POD  # {a}\n"""\nx = T.format(a=1)\n', "`str.format`"),
    ('class A:\n    T = """POD  # {a}\n"""\n    def f(self):\n        return self.T.format(a=1)\n', "`str.format`"),
    ('x = """POD  # 100%% %s %(a)d %-5.2f\n""" % a\n', "`%`"),
    ('from string import Template as T\nx = T("""POD  # $a ${b} $$\n""")\n', "`string.Template`"),
    ('x = string.Template("""POD  # $a\n""")\n', "`string.Template`"),
    ('T = """POD  # {name}\n"""\n', "`{name}` looks like a value"),
    ('T = """POD  # %(name)s\n"""\n', "`%(name)s` looks like a value"),
    ('T = """POD  # {name} {{}}\n"""\n', "`str.format`"),
)
_MANUAL = (
    (f"x = {POD!r}\n", "not in triple quotes"),
    ('x = b"""POD"""\n', "bytes"),
    ('x = """POD  # \\x41\n"""\n', "the escape `\\x`"),
    ('x = """POD  # \\d\n"""\n', "the escape `\\d`"),
    ('x = """POD  # a \\\n  b\n"""\n', "goes on behind a backslash"),
    ('x = """POD""" "# more"\n', "joined to one text"),
    ('x = f"""POD""" f"# {a}"\n', "joined to one text"),
    ('x = """POD""" + "# more"\n', "joined to others"),
    ('x = "# first\\n" + """POD"""\n', "joined to others"),
    ('x = """POD"""\nx += more\n', "joined to others"),
    ('x = """POD"""\ny = f"{x}{more}"\n', "joined to others"),
    ('x = jinja2.Template("""POD""")\n', "a Jinja template"),
    ('x = """POD  # {{ a }}\n"""\n', "a Jinja or Go template"),
    ('x = """POD  # {{a}} {b}\n"""\n', "a Jinja or Go template"),
    ('x = """POD# {% if a %}\n"""\n', "a Jinja or Go template"),
    ('x = f"""POD  # {{{{ a }}}}\n"""\n', "a Jinja or Go template"),
    ('x = f"""POD# {{a}}\n""".format(a=1)\n', "filled in twice"),
    ('x = f"""POD{more}\n"""\n', "a line of its own"),
    ('x = f"""POD  {a}{b}  \n"""\n', "a line of its own"),
    ('x = f"""POD{more}  # else\n"""\n', "a line of its own"),
    ('x = """POD%s\n""" % a\n', "a line of its own"),
    ('x = f"""POD# {f(\n a)}\n"""\n', "over several lines"),
    ('x = """POD# { {a}\n""".format(a=1)\n', "of its own in a template"),
    ('x = """POD# 7 %\n""" % a\n', "of its own in a template"),
    ('x = f"""POD# {a=}\n"""\n', "text and value differ"),
)


@pytest.mark.parametrize("quoted", _AUTO)
def test_automatic(quoted: str) -> None:
    """With and without `--unsafe`; the tool's own answer for the manifest, in place."""
    text = _python(quoted)
    assert [held.grade for held in embedded(text)] == ["auto"] * quoted.count("POD")
    assert _after(text) == _after(text, Settings()) == _python(quoted, MOVED)


@pytest.mark.parametrize(("quoted", "why"), _ASSIST)
def test_assisted(quoted: str, why: str) -> None:
    """Only with `--unsafe`; without it the container waits for review and the reason says so."""
    text = _python(quoted)
    (held,) = embedded(text)
    assert held.grade == "assist"
    assert why in held.why
    assert _after(text) == _python(quoted, MOVED)
    (piece,) = _pieces(text, Settings())
    assert not piece.edits
    first = piece.pods[0].decisions[0]
    assert (first.container.name, first.action) == ("fluent-bit", "review")
    assert "--unsafe" in (first.reason or "")


@pytest.mark.parametrize(("quoted", "why"), _MANUAL)
def test_by_hand(quoted: str, why: str) -> None:
    """Never rewritten, always said: of the pod where the string can be read, else of the string."""
    text = _python(quoted)
    (held,) = embedded(text)
    assert held.grade == "manual"
    assert why in held.why
    (piece,) = _pieces(text)
    assert not piece.edits
    said = [d.reason or "" for pod in piece.pods for d in pod.decisions if d.action == "review"]
    assert any(why in reason for reason in (*said, *(problem.message for problem in piece.problems)))


_NOTHING = (
    '"""POD"""\n',
    'def f():\n    """POD"""\n',
    'class A:\n    f"""POD"""\n',
    "x = 1\n",
    'x = "apiVersion, kind, containers"\n',
    'x = """the containers: two\n- of\n- them\n"""\n',
    'x: """containers: []""" = 1\n',
    'x = """services:\n  containers:\n  - name: a\n  - name: b\n"""\n',
)


@pytest.mark.parametrize("quoted", _NOTHING)
def test_no_manifest(quoted: str) -> None:
    """Documentation, prose, and what is none of Kubernetes' lists of containers."""
    assert _pieces(_python(quoted)) == []


def test_a_fragment_is_named_with_its_line() -> None:
    """What it is a part of stands elsewhere."""
    text = 'a = 1\nx = """\nspec:\n  containers:\n  - {name: a, image: b}\n  - {name: c, image: d}\n"""\n'
    (piece,) = _pieces(text)
    assert piece.embedded.grade == "manual"
    assert [(problem.line, problem.message) for problem in piece.problems] == [(5, piece.embedded.why)]


def test_lines_are_those_of_the_file() -> None:
    """Of sites, containers, directives and problems, behind a line continuation too."""
    text = 'a = 1\nx = """\\\n' + POD.replace("- name: web", "# sidecar-migrate: main[it is]\n  - name: web") + '"""\n'
    (piece,) = _pieces(text)
    (pod,) = piece.pods
    assert (piece.embedded.line, pod.site.line) == (3, 8)
    assert [(c.line, c.lines["image"], c.directive and c.directive.line) for c in pod.site.pod.containers] == [
        (9, 10, None),
        (12, 13, 11),
    ]
    assert [decision.container.line for decision in pod.decisions] == [9, 12]


def test_holes_are_told_as_templates() -> None:
    """The judge sees `{{ source }}`; the same source is the same value, and nameless values have numbers."""
    text = 'x = f"""' + POD.replace("shop", "{shop.name}") + '"""\n'
    (piece,) = _pieces(text)
    assert piece.pods[0].site.workload.name == "{{ shop.name }}"
    assert piece.pods[0].site.pod.containers[1].image == "{{ shop.name }}:1"
    assert piece.pods[0].changes == ("containers.fluent-bit removed", "initContainers.fluent-bit added")
    text = 'x = """' + POD.replace("shop", "%s") + '""" % (a, b)\n'
    (piece,) = _pieces(text)
    assert piece.pods[0].site.workload.name == "{{ value 1 }}"
    assert piece.pods[0].site.pod.containers[1].image == "{{ value 2 }}:1"


def test_two_containers_with_the_name_of_one_value_are_a_problem() -> None:
    """They would have one name in the cluster; nameless values may differ."""
    twice = POD.replace("fluent-bit\n", "{name}\n").replace("web", "{name}")
    (piece,) = _pieces(f'x = f"""{twice}"""\n')
    assert [(problem.line, problem.message) for problem in piece.problems] == [(9, "two containers are called `{{ name }}`")]
    (piece,) = _pieces(f'x = """{twice.replace("{name}", "%s")}""" % (a, b)\n')
    assert [c.name for c in piece.pods[0].site.pod.containers] == ["{{ value 1 }}", "{{ value 2 }}"]


def test_a_hole_before_the_key_hides_no_pod() -> None:
    """What fills it in ends with a line break of its own, or is indentation."""
    text = 'x = f"""' + POD.replace("  containers:", "{extra}  containers:") + '"""\n'
    (piece,) = _pieces(text)
    assert (piece.embedded.grade, piece.embedded.blame) == ("manual", 6)
    assert "a line of its own" in (piece.pods[0].decisions[0].reason or "")


def test_code_around_the_strings_is_proved_to_stay() -> None:
    """The last check looks at the whole module: other strings, names, numbers, order."""
    text = f'a = ["x", 1, b]\nx = """{POD}"""\n'
    (held,) = embedded(text)
    prove_module(text, text.replace(POD, MOVED), {held.place})
    for old, new in (("x", "y"), ("1", "1.0"), (", b", ""), ("b]", "c]"), ("a =", "a +="), (POD, POD + '""" + """')):
        with pytest.raises(Refused):
            prove_module(text, text.replace(old, new, 1), {held.place})
    with pytest.raises(Refused):
        prove_module(text, text.replace(POD, MOVED), set())


def test_nameless_values_keep_their_order() -> None:
    """Where the sidecar goes before another, what fills in the one would fill in the other."""
    pod = POD.replace("  containers:", "  containers:\n  - name: first\n    image: {}").replace("/fluent-bit:3", "/fluent-bit:{}")
    pod = pod.replace("spec:", "spec:\n  initContainers:\n  - name: early\n    image: early:1")
    text = f'x = """{pod}""".format(a, b)\n'
    (piece,) = _pieces(text)
    assert not piece.edits
    assert [d.reason for d in piece.pods[0].decisions if d.action == "review"] == [
        "values without a name would fill in other places of the string"
    ]
    named = text.replace("{}", "{a}", 1).replace("{}", "{b}")
    assert _after(named) != named


def test_bad_yaml_is_said_of_its_line_and_harms_no_other() -> None:
    """The file's other strings are done all the same."""
    text = f'x = """{POD}  broken: "\n"""\ny = """{POD}"""\n'
    broken, done = _pieces(text)
    assert [problem.line for problem in broken.problems] == [12]
    assert "cannot be read: not YAML" in broken.problems[0].message
    assert not broken.edits
    assert not done.problems
    assert _after(text) == text.replace(f'y = """{POD}', f'y = """{MOVED}')


def test_what_is_no_pod_is_said() -> None:
    """A problem inside a manifest has the file's line."""
    text = 'x = """\n' + POD.replace("- name: web", "- name: fluent-bit") + '"""\n'
    (piece,) = _pieces(text)
    assert [(problem.line, problem.message) for problem in piece.problems] == [(10, "two containers are called `fluent-bit`")]


def test_escapes_are_kept_where_lines_move_and_made_where_lines_are_new() -> None:
    """A moved line is spelled as it was, needless escapes too; a list in one line is spelled anew."""
    args = r"""    args: ['\\', \"a\", "b"]"""
    behind = POD.replace("  - name: fluent-bit\n    image: fluent/fluent-bit:3\n", "")
    init = "  initContainers:\n  - name: early\n    image: early:1\n"
    helper = "  - name: fluent-bit\n    image: fluent/fluent-bit:3\n"
    text = f'x = """{behind.replace("  containers:", init + "  containers:")}{helper}{args}\n"""\n'
    after = _after(text)
    assert args in after
    assert _literal(after) == _alone(_literal(text))
    flow = r"spec: {containers: [{name: fluent-bit, image: 'a\\b'}, {name: web, image: \'c\'}]}"
    text = f"x = '''apiVersion: v1\nkind: Pod\n{flow}\n'''\n"
    after = _after(text)
    assert after != text
    assert _literal(after) == _alone(_literal(text))


def test_a_quote_that_comes_to_end_the_string() -> None:
    """Where the last line is another one than before, its quote must not meet those of the string."""
    pod = (
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: web\n    image: 'web'\n  - name: fluent-bit\n    image: 'log"
    )
    text = f"x = '''{pod}\\''''\n"
    assert _literal(text) == pod + "'"
    assert _literal(_after(text)) == _alone(pod + "'")
    pod = pod.replace("  containers:", "  initContainers:\n  - {name: i, image: i}\n  containers:").removesuffix("'log") + "log"
    text = f"x = '''{pod}'''\n"
    assert _literal(_after(text)) == _alone(pod)
    assert _after(text).endswith("\\''''\n")
    assert _after(f"x = r{text[4:]}") == f"x = r{text[4:]}"


@pytest.mark.skipif(sys.version_info < (3, 12), reason="quotes of its own kind in an f-string")
def test_an_f_string_with_its_own_quotes_in_a_hole() -> None:
    """Since Python 3.12 a hole may hold any quotes, also those of the string."""
    text = _python('x = f"""POD  # {a["""b"""]} {f"{c!r:>{"1"}}"}\n"""\n')
    assert [held.grade for held in embedded(text)] == ["assist"]
    assert _after(text) == text.replace(POD, MOVED)


def test_blanks_before_the_closing_quotes_stay() -> None:
    """They are no part of the manifest, unless a block scalar would take them in."""
    text = f'x = """\n{indent(POD, "    ")}    """\n'
    assert _after(text) == f'x = """\n{indent(MOVED, "    ")}    """\n'
    deep = f'x = """\n{POD}        """\n'
    assert _after(deep) == f'x = """\n{MOVED}        """\n'
    script = POD.replace("    image: shop:1\n", "    image: shop:1\n    args:\n    - |+\n      a\n")
    assert _after(f'x = """\n{script}          """\n') == f'x = """\n{script}          """\n'


def test_python_that_is_none() -> None:
    """The caller hears of it, with the line; nothing is printed for invalid escapes."""
    with pytest.raises(TextError) as caught:
        embedded(f'x = """{POD}"""\nprint "x"\n')
    assert caught.value.line == 12
    with pytest.raises(TextError):
        embedded("containers: \0")


def test_pieces_travel() -> None:
    """Between processes, as all results do."""
    pieces = _pieces(_python(_ASSIST[0][0]))
    assert pickle.loads(pickle.dumps(pieces)) == pieces


@st.composite
def _embeddings(draw: st.DrawFn, holes: bool = False) -> tuple[str, str, int]:
    """A Python file with one string, the manifest in it, and how far this is indented."""
    sample: Sample = draw(samples(helper=True))
    text = sample.text.replace("\r\n", "\n")
    assume("{{" not in text)
    quotes = draw(st.sampled_from(('"""', "'''")))
    prefix = draw(st.sampled_from(("f", "F", "rf") if holes else ("", "", "r", "R", "u")))
    width = draw(st.sampled_from((0, 0, 4, 8)))
    body = "".join(" " * width + line if line.strip("\n") else line for line in text.splitlines(keepends=True))
    if "r" in prefix.lower():
        # Without a line break at its end, a moved line may bring a quote there that no escape can keep apart.
        assume(quotes not in body and body.endswith("\n"))
    else:
        body = body.replace("\\", "\\\\").replace(quotes, f"\\{quotes}")
        if body.endswith(quotes[0]):
            body = body[:-1] + f"\\{quotes[0]}"
    if holes:
        body = body.replace("{", "{{").replace("}", "}}").replace("img/", "{registry['x']}/")
        assume("{registry" in body)
    opening = draw(st.sampled_from(("", "\n", "\\\n"))) if "r" not in prefix.lower() else draw(st.sampled_from(("", "\n")))
    closing = " " * width if draw(st.booleans()) and body.endswith("\n") else ""
    before, behind = draw(
        st.sampled_from(
            (
                ("x = ", "\n"),
                ("x = [1, '\U0001f600', ", ", 'after']  # \u00fc\nprint(x)\n"),
                ("import yaml\n\n\ndef f(a):\n\tif a:\n\t\treturn yaml.safe_load_all(", ")\n"),
                ("class A:\n    '''containers: none'''\n    x = dedent(\n        ", "\n    ).strip()\n    y = 'containers:'"),
            )
        )
    )
    python = f"{before}{prefix}{quotes}{opening}{body}{closing}{quotes}{behind}"
    return python.replace("\n", draw(st.sampled_from(("\n", "\n", "\r\n")))), text, width


def _said(python: str, registry: str = "img") -> str:
    """What the string says at run time."""
    held = next(node for node in ast.walk(ast.parse(python)) if isinstance(node, (ast.Constant, ast.JoinedStr)) and _kinds(node))
    value = eval(compile(ast.Expression(held), "", "eval"), {"registry": {"x": registry}})
    assert isinstance(value, str)
    return value


def _kinds(node: ast.Constant | ast.JoinedStr) -> bool:
    said = ast.unparse(node)
    return "kind" in said and "image" in said


def _without_margin(said: str, width: int) -> str:
    return "".join(line[width:] if line.startswith(" " * width) else line.lstrip(" ") for line in said.splitlines(keepends=True))


def _tokens(python: str) -> list[str]:
    """The tokens, each f-string being one, as it was before Python 3.12."""
    found: list[str] = []
    depth = 0
    for token in tokenize.generate_tokens(io.StringIO(python, newline="").readline):
        found[len(found) - bool(depth) :] = [(found[-1] if depth else "") + token.string]
        kind = tokenize.tok_name[token.type]
        depth += (kind == "FSTRING_START") - (kind == "FSTRING_END")
    return found


@settings(max_examples=250, deadline=None, suppress_health_check=_SLOW)
@given(_embeddings())
def test_the_string_says_what_the_manifest_alone_becomes(drawn: tuple[str, str, int]) -> None:
    """And every other token stays, a second run has nothing to do, and line ends are those of the file."""
    python, text, width = drawn
    (piece,) = _pieces(python)
    after = _after(python)
    alone = _alone(text)
    said = _without_margin(_said(after), width)
    event(f"changed {after != python}")
    assert said.removeprefix("\n") == _without_margin(_said(python), width).removeprefix("\n").replace(text, alone)
    _check_around(python, after, piece)


@settings(max_examples=150, deadline=None, suppress_health_check=_SLOW)
@given(_embeddings(holes=True))
def test_an_f_string_says_so_once_it_is_filled_in(drawn: tuple[str, str, int]) -> None:
    """The same law, where images are filled in at run time."""
    python, text, width = drawn
    (piece,) = _pieces(python)
    after = _after(python)
    event(f"changed {after != python}")
    said = _without_margin(_said(after), width)
    assert said.removeprefix("\n") == _without_margin(_said(python), width).removeprefix("\n").replace(text, _alone(text))
    _check_around(python, after, piece)


def _check_around(python: str, after: str, piece: Piece) -> None:
    held = piece.embedded
    grown = len(after) - len(python)
    assert after[: held.start] == python[: held.start]
    assert after[held.end + grown :] == python[held.end :]
    changed_tokens = [(a, b) for a, b in zip(_tokens(python), _tokens(after), strict=True) if a != b]
    assert len(changed_tokens) == (after != python)
    assert after.count("\r\n") == (after.count("\n") if "\r\n" in python else 0)
    assert _after(after) == after


def test_the_laws_have_something_to_say() -> None:
    """Among their examples are manifests that change."""
    quick = settings(max_examples=300, deadline=None, suppress_health_check=_SLOW)
    for holes in (False, True):
        find(_embeddings(holes), lambda drawn: _after(drawn[0]) != drawn[0], settings=quick)


@settings(max_examples=300, deadline=None, suppress_health_check=_SLOW)
@pytest.mark.filterwarnings("ignore:invalid escape sequence", "ignore:.*is an invalid escape sequence")
@given(
    noise(),
    st.sampled_from(("", "r", "f", "b")),
    st.sampled_from(('"""', "'''", '"', "'")),
    st.sampled_from(("", " % a", ".format(a)")),
)
def test_no_string_is_too_strange(strange: str, prefix: str, quotes: str, use: str) -> None:
    """Whatever stands in a string is done, or said, or none of ours; and it is Python afterwards."""
    python = f"x = {prefix}{quotes}{POD}{strange}{quotes}{use}\n"
    try:
        ast.parse(python)
    except (SyntaxError, ValueError):
        assume(False)
    after = _after(python)
    ast.parse(after)
    assert _after(after) == after


def test_two_strings_of_one_file_are_both_done() -> None:
    """Each for itself, in its own indentation."""
    text = f'A = """\n{POD}"""\n\n\ndef f():\n    return """\n{indent(POD, "    ")}    """\n'
    assert _after(text) == text.replace(indent(POD, "    "), indent(MOVED, "    ")).replace(POD, MOVED)
