"""The formats that programs read: valid, in the right units, and of one mind with what is written."""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from migrator.followers.failing import unwritten
from migrator.model import FileResult
from migrator.plan.hazards import CHECKS
from migrator.report import github, gitlab, junit, rdjson, sarif
from migrator.report.changes import changes
from migrator.report.findings import PSEUDO, REVIEW, SKIPPED, UNREADABLE
from migrator.report.formats import FORMATS, listed, render
from migrator.report.guide import guide
from migrator.report.positions import utf16
from migrator.run import Report, run_text
from migrator.settings import Settings
from migrator.text.source import decode
from tests.conftest import Run
from tests.formats import fixes, in_bytes, in_utf16, suggestions, valid
from tests.strategies import Sample, samples
from tests.test_golden import GOLDEN, args_of, cases, lay_out, tree

CHECKED = ("sarif", "rdjson", "gitlab", "junit")
POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: 店
spec:
  containers:
  - name: 店
    image: registry.example/shop:1
  - name: auth   # 🦊🦊 ключ
    image: quay.io/oauth2-proxy/oauth2-proxy:v7
"""


def preview(text: str | bytes, path: str = "pod.yaml") -> Report:
    """The report of a preview of one file."""
    return run_text(path, text.encode() if isinstance(text, str) else text, Settings())


def made(result: FileResult) -> Report:
    """A preview with this result alone."""
    return Report((result,), Settings(), True, 1)


def is_utf8(content: bytes) -> bool:
    """Whether the file has bytes that reviewdog can count."""
    try:
        return bool(content.decode())
    except UnicodeDecodeError:
        return False


def spelled(content: bytes) -> str:
    """The text of a golden file; what is not Unicode there is Python in Latin-1."""
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return decode(content).text if is_utf16 or is_utf8(content) else content.decode("latin-1")


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.relative_to(GOLDEN).as_posix())
def test_golden_reports_are_valid_and_their_suggestions_are_the_rewrite(case: Path, run: Run, tmp_path: Path) -> None:
    lay_out(case, Path.cwd())
    before = tree(Path.cwd())
    flags = args_of(case)
    run(*flags, "--dry-run", *(word for name in CHECKED for word in ("-f", f"{name}=../{name}")), ".")
    reports = {name: valid(name, (tmp_path / name).read_text()) for name in CHECKED}
    run(*flags, ".")
    after = tree(Path.cwd())
    changed = {path for path, content in before.items() if after[path] != content}
    by_path = fixes(reports["sarif"])
    assert set(by_path) == changed
    for path, edits in by_path.items():
        assert in_utf16(spelled(before[path]), edits) == spelled(after[path])
    by_path = suggestions(reports["rdjson"])
    assert set(by_path) == {path for path in changed if is_utf8(before[path])}
    for path, edits in by_path.items():
        assert in_bytes(before[path], edits) == after[path]
    told = [issue["fingerprint"] for issue in reports["gitlab"]]
    assert len(told) == len(set(told))


_line = st.text(st.sampled_from("ab-# \t:{}é店🦊\u2028\x85"), max_size=6)
_lines = st.lists(st.one_of(_line, st.sampled_from(["---", "--- # x", "a", "店", ""])), max_size=12)


@st.composite
def rewrites(draw: st.DrawFn) -> FileResult:
    """Any text with any lines of it added, removed or changed: far more than a move does."""
    old = draw(_lines)
    new: list[str] = []
    for line in old:
        new += draw(st.sampled_from([[line]] * 6 + [[], ["🦊 new"], [line, "店"], ["---", line]]))
    eol = draw(st.sampled_from(["\n", "\r\n"]))
    texts = [eol.join(lines) + draw(st.sampled_from(["", eol, eol])) for lines in (old, new)]
    bom = draw(st.sampled_from([b"", codecs.BOM_UTF8]))
    return FileResult("a.yaml", "rewritten", before=bom + texts[0].encode(), after=bom + texts[1].encode())


@given(rewrites())
@settings(max_examples=400, deadline=None)
def test_changes_made_mechanically_give_what_is_written(result: FileResult) -> None:
    assert result.before is not None
    assert result.after is not None
    event(f"{len(changes(result))} changes")
    report = made(result)
    edits = suggestions(valid("rdjson", rdjson.render(report))).get("a.yaml", [])
    assert in_bytes(result.before, edits) == result.after
    edits = fixes(valid("sarif", sarif.render(report))).get("a.yaml", [])
    assert in_utf16(decode(result.before).text, edits) == decode(result.after).text


@given(samples(helper=True))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_suggestions_for_any_manifest_are_its_rewrite(sample: Sample) -> None:
    report = preview(sample.data)
    for name in CHECKED:
        valid(name, render(name, report))
    edits = suggestions(json.loads(rdjson.render(report))).get("pod.yaml", [])
    event("rewritten" if edits else "left")
    assert in_bytes(sample.data, edits) == (report.results[0].after or sample.data)


def test_each_document_has_a_change_of_its_own_that_stands_alone() -> None:
    """Whoever takes one suggestion and leaves the other has a pod moved as a whole, and the other as it was."""
    first, second = POD, POD.replace("店", "shop")
    text = first + "---\n" + second
    after = preview(text).results[0].after
    assert after is not None
    moved = after.decode().split("---\n")
    edits = suggestions(json.loads(rdjson.render(preview(text))))["pod.yaml"]
    assert len(edits) == 2
    assert in_bytes(text.encode(), edits[:1]).decode().split("---\n") == [moved[0], second]
    assert in_bytes(text.encode(), edits[1:]).decode().split("---\n") == [first, moved[1]]


def regions(data: Any) -> list[tuple[int, int, int, int]]:
    """All four numbers of the first location of each SARIF result."""
    found = [result["locations"][0]["physicalLocation"]["region"] for result in data["runs"][0]["results"]]
    return [tuple(region[key] for key in ("startLine", "startColumn", "endLine", "endColumn")) for region in found]


def test_columns_are_in_the_unit_of_the_format() -> None:
    """The line of the container: two blanks, then text with characters of one, two and four bytes."""
    content = POD.splitlines()[8]
    assert content == "  - name: auth   # 🦊🦊 ключ"
    report = preview(POD)
    data = valid("sarif", sarif.render(report))
    assert data["runs"][0]["columnKind"] == "utf16CodeUnits"
    assert (9, 3, 9, utf16(content) + 1) in regions(data)
    assert utf16(content) == len(content) + 2
    notes = [d for d in valid("rdjson", rdjson.render(report))["diagnostics"] if "suggestions" not in d]
    at = notes[0]["location"]["range"]
    assert (at["start"], at["end"]) == ({"line": 9, "column": 3}, {"line": 9, "column": len(content.encode()) + 1})


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_byte_order_mark_shifts_bytes_alone(codec: str) -> None:
    """The whole pod in the first line. SARIF knows no mark; reviewdog's lines begin with it; UTF-16 has no such bytes."""
    text = json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "店"},
            "spec": {"containers": [{"name": "店", "image": "a"}, {"name": "auth", "image": "oauth2-proxy:v7"}]},
        },
        ensure_ascii=False,
    )
    report = preview(text.encode(codec), "pod.json")
    after = report.results[0].after
    assert after is not None
    assert in_utf16(text, fixes(valid("sarif", sarif.render(report)))["pod.json"]) == after.decode(codec)
    edits = suggestions(valid("rdjson", rdjson.render(report)))
    if codec == "utf-16":
        assert edits == {}
    else:
        assert in_bytes(text.encode(codec), edits["pod.json"]) == after
        note = next(d for d in json.loads(rdjson.render(report))["diagnostics"] if "suggestions" not in d)
        at, mark = note["location"]["range"], len(text.encode(codec)) - len(text.encode())
        assert (at["start"]["column"], at["end"]["column"]) == (mark + 1, len(text.encode(codec)) + 1)


def test_sarif_is_what_code_scanning_wants() -> None:
    data = valid("sarif", sarif.render(preview(POD, "a folder/店.yaml")))
    run = data["runs"][0]
    assert run["tool"]["driver"]["rules"]
    for rule in run["tool"]["driver"]["rules"]:
        assert all(rule[key]["text"] for key in ("shortDescription", "fullDescription", "help"))
        assert len(rule["properties"]["tags"]) <= 20
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert re.fullmatch(r"[0-9a-f]{16}:\d+", result["partialFingerprints"]["primaryLocationLineHash"])
        where = result["locations"][0]["physicalLocation"]
        assert where["artifactLocation"]["uri"] == "a%20folder/%E5%BA%97.yaml"
        assert set(where["region"]) == {"startLine", "startColumn", "endLine", "endColumn"}
    assert valid("sarif", sarif.render(preview("a: b\n")))["runs"][0]["results"] == []


def test_sarif_keeps_the_worst_where_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST", 2)
    run = valid("sarif", sarif.render(preview(POD)))["runs"][0]
    assert [result["level"] for result in run["results"]] == ["warning", "note"]
    assert "left out" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


def fingerprints(text: str) -> tuple[list[str], list[str]]:
    """The fingerprints of SARIF and of GitLab."""
    report = preview(text)
    results = json.loads(sarif.render(report))["runs"][0]["results"]
    first = [result["partialFingerprints"]["primaryLocationLineHash"] for result in results]
    return first, [issue["fingerprint"] for issue in json.loads(gitlab.render(report))]


def test_fingerprints_outlast_edits_elsewhere_and_are_unique() -> None:
    one, other = fingerprints(POD)
    assert (one, other) == fingerprints("# one\n# more line\n" + POD)
    twice = fingerprints(POD + "---\n" + POD)
    for single, double in zip((one, other), twice, strict=True):
        assert set(single) <= set(double)
        assert len(set(double)) == len(double) == 2 * len(single)


def test_annotations_are_ten_of_a_level_and_escaped() -> None:
    many = "---\n".join(POD.replace("店", f"shop{n}") for n in range(12))
    lines = github.render(preview(many, "a,b:c%.yaml")).splitlines()
    assert Counter(line.split(" ")[0] for line in lines) == {"::warning": 10, "::notice": 10}
    assert lines == sorted(lines, key=lambda line: not line.startswith("::warning"))
    assert all(line.startswith("::warning file=a%2Cb%3Ac%25.yaml,line=") for line in lines[:10])
    assert "(99%25)" in lines[0]
    assert re.fullmatch(r"::notice title=sidecar-migrate::\d+ more findings: see the summary of the job", lines[-1])


def test_paths_are_told_from_the_root_of_the_checkout(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    Path("pod.yaml").write_text(POD)
    assert "file=pod.yaml," in run("--dry-run", "-f", "github").stdout
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    monkeypatch.setenv("CI_PROJECT_DIR", str(tmp_path))
    assert "file=repository/pod.yaml," in run("--dry-run", "-f", "github").stdout
    assert '"uri": "repository/pod.yaml"' in run("--dry-run", "-f", "sarif").stdout
    assert '"path": "repository/pod.yaml"' in run("--dry-run", "-f", "gitlab").stdout
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / "elsewhere"))
    assert "file=pod.yaml," in run("--dry-run", "-f", "github").stdout


def test_the_summary_of_a_github_job_is_added_to(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    Path("pod.yaml").write_text(POD)
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    run("--dry-run", "-f", "json")
    assert summary.read_text() == "before\n"
    body = run("--dry-run", "-f", "github", "-f", "markdown=../body.md")
    assert body.exit_code == 0
    assert summary.read_text() == "before\n" + (tmp_path / "body.md").read_text()
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "no/such/folder"))
    assert "the summary cannot be written" in run("--dry-run", "-f", "github").stderr


def test_a_report_that_cannot_be_written_is_told_after_the_rest(run: Run) -> None:
    Path("pod.yaml").write_text(POD)
    done = run("--dry-run", "-f", "json=no/such.json", "-f", "sarif=neither/nor.sarif", "-f", "gitlab=found.json")
    assert done.exit_code == 3
    *_, first, second = done.stderr.splitlines()
    assert first == "Error: no/such.json: the report cannot be written: No such file or directory"
    assert second == "neither/nor.sarif: the report cannot be written: No such file or directory"
    assert json.loads(Path("found.json").read_text())
    run("--dry-run", "-f", "json=found.json")
    done = run("report", "found.json", "-f", "html=no/such.html")
    assert done.exit_code == 3
    assert "no/such.html: the report cannot be written: " in done.stderr


def test_after_a_run_nothing_is_left_to_do(run: Run, tmp_path: Path) -> None:
    """What was written is a note, has no fix, and fails no test."""
    Path("pod.yaml").write_text(POD)
    run(*(word for name in FORMATS for word in ("-f", f"{name}=../{name}")))
    assert "initContainers" in Path("pod.yaml").read_text()
    assert fixes(valid("sarif", (tmp_path / "sarif").read_text())) == {}
    assert suggestions(valid("rdjson", (tmp_path / "rdjson").read_text())) == {}
    assert 'failures="0"' in valid("junit", (tmp_path / "junit").read_text())
    assert "::warning" not in (tmp_path / "github").read_text()
    assert (tmp_path / "markdown").read_text().startswith("Moves 1 helper container from ")


def test_a_case_for_each_container_and_for_each_file_not_read() -> None:
    said = valid("junit", junit.render(preview(POD)))
    assert said.count("<testcase ") == 2
    assert said.count("<failure ") == 1
    broken = FileResult('a"\ud800<.yaml', "failed", "bad \x00 \x1b & ]]>", 3)
    assert 'errors="1"' in valid("junit", junit.render(made(broken)))
    template = preview("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: {{ a }}\n  - name: b\n")
    assert 'skipped="1"' in valid("junit", junit.render(template))


def test_what_could_not_be_written_awaits_a_review() -> None:
    lost = unwritten(preview(POD).results[0], "cannot be written: disk full")
    rules = [issue["check_name"] for issue in json.loads(gitlab.render(made(lost)))]
    assert rules == ["unreadable", "needs-review"]
    text = render("markdown", made(lost))
    assert text.startswith("No container would move")
    assert "- `auth` of Pod/店, `pod.yaml:9`: cannot be written: disk full" in text
    assert fixes(valid("sarif", sarif.render(made(lost)))) == {}


def test_every_rule_is_explained() -> None:
    known = guide()
    assert {check.id for check in CHECKS} | {PSEUDO, REVIEW, UNREADABLE, SKIPPED} <= set(known)
    assert all(rule.title and rule.what and rule.todo for rule in known.values())


def test_a_file_name_that_is_no_text_comes_out_as_it_is(run: Run, tmp_path: Path) -> None:
    Path("caf\udce9.yaml").write_text(POD)
    result = run("--dry-run", *(word for name in FORMATS for word in ("-f", f"{name}=../{name}")))
    assert result.exit_code == 0
    assert b"caf\xe9.yaml:9" in (tmp_path / "markdown").read_bytes()
    assert "caf%E9.yaml" in (tmp_path / "sarif").read_text()
    valid("junit", (tmp_path / "junit").read_text())


def test_help_readme_and_guide_name_all_formats(run: Run) -> None:
    root = Path(__file__).parent.parent
    row = next(line for line in (root / "README.md").read_text().splitlines() if line.startswith("| `-f`"))
    assert re.findall(r"`(\w+)`", row) == list(FORMATS)
    page = (root / "docs/formats.md").read_text()
    assert [name for name in FORMATS if f"\n## {name}\n" not in page] == []
    assert [rule for rule in (PSEUDO, REVIEW, UNREADABLE, SKIPPED) if f"\n### {rule}\n" not in page] == []
    assert listed() in " ".join(run("--help").stdout.split())
    assert run("-f", "yaml").exit_code == 2
