"""The HTML page without a browser: nothing is lost, nothing escapes, every line is where its link leads."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from migrator.model import FileResult, Problem
from migrator.report import html
from migrator.report import json as json_report
from migrator.report.html import merged, render
from migrator.report.page.documents import page
from migrator.report.page.markup import el, prose
from migrator.report.page.syntax import LONGEST, coloured
from migrator.run import Report
from migrator.settings import Settings
from tests.conftest import Run
from tests.pages import EVIL, HOSTILE, JOB, SHOP, Element, cards, page_of, report_of, tree
from tests.test_golden import GOLDEN, args_of, cases, lay_out

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


def readable(text: str) -> str:
    """What a reader gets of a text: nothing that hides, or turns other text around."""
    return re.sub(
        "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", "\ufffd", text.replace("\r", "")
    )


def row_of(card: Element, line: int) -> Element:
    """The row of a line as it was, found as a link finds it."""
    key = f"{card.attributes['id']}-{line}"
    (found,) = [row for row in card.all("tr") if any(cell.attributes.get("id") == key for cell in row.all("td"))]
    return found


# Markup


@given(st.text(), st.text())
@example(EVIL, EVIL)
@example("a\u202eb\ud800", '"')
def test_what_goes_in_comes_out_as_text(text: str, value: str) -> None:
    root = tree(el("p", text, data_v=value))
    assert root.text == readable(text)
    assert [(e.tag, e.attributes) for e in root.all()] == [("p", {"data-v": readable(value)})]


@given(st.text(st.characters(categories=["Lu", "Po", "Sm", "Zs"])))
@example("`a` and `<b>`, but 1`")
def test_prose_marks_code_and_loses_nothing_else(text: str) -> None:
    assert tree(prose(text)).text == (text if text.count("`") % 2 else text.replace("`", ""))


@given(st.text(), st.sampled_from(["yaml", "python"]))
@example('- "a: b": &x !!str {{ y }} # c', "yaml")
def test_colours_change_no_text(line: str, language: str) -> None:
    assert tree(coloured(line, language)).text == readable(line if len(line) <= LONGEST else line[:LONGEST] + "…")


@pytest.mark.parametrize(
    ("line", "marks"),
    [
        ("- name: web # the shop", {"k": ["name"], "c": ["# the shop"]}),
        ('"port": 80', {"k": ['"port"'], "n": ["80"]}),
        ("image: a.b/c:1.2@sha256:ab", {"k": ["image"]}),
        ("args: ['x', &y !!str 3, true]", {"k": ["args"], "s": ["'x'"], "t": ["&y", "!!str"], "n": ["3", "true"]}),
    ],
)
def test_yaml_has_colours(line: str, marks: dict[str, list[str]]) -> None:
    found: dict[str, list[str]] = {}
    for mark in tree(coloured(line, "yaml")).all("i"):
        found.setdefault(mark.attributes["class"], []).append(mark.text)
    assert found == marks


# The page of a run


def test_each_pod_is_in_its_group_with_all_its_containers() -> None:
    root = page_of(JOB, SHOP)
    held = cards(root)
    assert {name: card.attributes["data-g"] for name, card in held.items()} == {
        "clock": "review", "migrate-orders": "migrate", "web": "migrate", "pair": "keep",
    }  # fmt: skip
    assert [section.attributes["aria-label"] for section in root.all("section", "group")] == [
        "Needs a decision",
        "Changes",
        "Stays as it is",
    ]
    assert [code.all("h4")[0].text for code in held["clock"].all("section", "member")] == ["clock", "logger"]
    assert root.all("h1")[0].text == "2 containers would become sidecars"
    assert [item.text for item in held["clock"].all("ul", "chips")[0].all("li")] == ["clock, stays", "logger, to decide"]


def test_every_piece_of_evidence_and_every_hazard_is_there_and_links_to_its_line() -> None:
    report = report_of(JOB, SHOP)
    held = cards(tree(render(report)))
    ids = {e.attributes["id"] for e in tree(render(report)).all() if "id" in e.attributes}
    for pod in report.results[0].pods:
        card = held[pod.site.workload.name]
        links = {a.attributes["href"] for a in card.all("a", "line")}
        assert {href.removeprefix("#") for href in links} <= ids
        for decision in pod.decisions:
            (section,) = [s for s in card.all("section", "member") if s.all("h4")[0].text == decision.container.name]
            for item in decision.verdict.evidence:
                assert tree(prose(item.message)).text in section.text
                assert f"#{card.attributes['id']}-{item.line}" in links
            for hazard in decision.hazards:
                assert hazard.id in section.text
                assert tree(prose(hazard.message)).text in section.text
                assert tree(prose(hazard.remedy)).text in section.text
    assert "fast-exit-before-main" in held["clock"].attributes["data-h"].split()


def test_both_sides_of_a_change_stand_beside_each_other() -> None:
    card = cards(page_of(JOB))["migrate-orders"]
    (table,) = card.all("table")
    assert [th.text for th in table.all("th")] == ["Before", "After"]
    assert "gcr.io" in row_of(card, 15).text
    new = [row.all("td")[3] for row in table.all("tr") if len(row.all("td")) == 4]
    assert [cell.text.strip() for cell in new if "ins" in cell.classes] == ["restartPolicy: Always", "containers:"]
    assert [cell.text.strip() for cell in table.all("td", "del")] == ["containers:"]


def test_a_pod_shows_its_own_lines_only() -> None:
    held = cards(page_of(SHOP))
    web = "".join(cell.text for cell in held["web"].all("table")[0].all("td"))
    assert "restartPolicy: Always" in web
    assert "clock" not in web
    assert [th.text for th in held["clock"].all("th")] == ["As it stands"]
    listed = "apiVersion: v1\nkind: List\nitems:\n" + "".join(
        "- " + text.split("---\n")[0].replace("\n", "\n  ").rstrip() + "\n"
        for text in (SHOP, SHOP.replace("name: web\n  namespace", "name: shop\n  namespace"))
    )
    first, second = cards(page_of(listed)).values()
    numbers = [
        {td.attributes["id"].rpartition("-")[2] for td in card.all("td") if "id" in td.attributes} for card in (first, second)
    ]
    assert not numbers[0] & numbers[1]


def test_what_only_follows_is_shown_too(run: Run, tmp_path: Path) -> None:
    lay_out(GOLDEN / "followers/kuttl", Path.cwd())
    shop = SHOP.replace("v7.6.0\n", "v7.6.0\n        ports:\n        - {name: door, containerPort: 4180}\n")
    Path("web.yaml").write_text(shop)
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec:\n  selector: {app: web}\n"
    Path("service.yaml").write_text(service + "  ports:\n  - port: 80\n    targetPort: door\n")
    run("--dry-run", "-f", "html=../page", ".")
    root = tree((tmp_path / "page").read_text())
    (section,) = [s for s in root.all("section", "group") if "change with them" in s.all("h2")[0].text]
    (article,) = section.all("article")
    assert article.all("summary")[0].text == "service.yaml"
    assert [cell.text.strip() for cell in article.all("td", "ins")] == ["targetPort: 4180"]
    asserted = next(c for c in root.all("article") if "00-assert.yaml" in c.attributes.get("data-f", ""))
    assert asserted.attributes["data-g"] == "migrate"


#: Those of the hazards and of judgement are single manifests that are alike.
VARIED = [case for case in cases() if case.relative_to(GOLDEN).parts[0] not in ("hazards", "judgement")]


@pytest.mark.parametrize("case", VARIED, ids=lambda case: case.relative_to(GOLDEN).as_posix())
def test_golden_cases_make_pages_that_hold_every_pod_and_every_change(case: Path, run: Run, tmp_path: Path) -> None:
    lay_out(case, Path.cwd())
    run(*args_of(case), "--dry-run", "-f", "html=../page", "-f", "json=../json", "-f", "diff=../patch", ".")
    root = tree((tmp_path / "page").read_text("utf-8", "surrogateescape"))
    report = json.loads((tmp_path / "json").read_bytes())
    pods = [pod for file in report["files"] for pod in file["pods"]]
    made = [card for card in root.all("article", "card") if "data-g" in card.attributes]
    assert len(made) == len(pods)
    ids = [e.attributes["id"] for e in root.all() if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    patch = (tmp_path / "patch").read_bytes().decode("utf-8", "replace").splitlines()
    for mark, sign in (("ins", "+"), ("del", "-")):
        shown = len(root.all("td", mark))
        changed = sum(line.startswith(sign) and not line.startswith((f"{sign}{sign}{sign} ",)) for line in patch)
        assert shown == changed


def test_nothing_has_moved_in_a_file_that_could_not_be_written() -> None:
    result = report_of(JOB).results[0]
    lost = replace(result, status="failed", reason="cannot be written: disk full", after=None)
    card = cards(tree(render(Report((lost,), Settings(), False, 1))))["migrate-orders"]
    assert card.attributes["data-g"] == "review"
    assert "disk full" in card.all("p", "asks")[0].text
    assert [figure.all("h4")[0].text for figure in card.all("figure")] == ["As it is"]
    assert card.all("td", "ins") == []


# Hostile input


def test_names_are_text_wherever_they_stand() -> None:
    result = report_of(HOSTILE, path=f"{EVIL}.yaml").results[0]
    noted = replace(result, notes=(Problem(1, EVIL),))
    failed = FileResult(EVIL, "failed", EVIL, 3)
    root = tree(render(Report((noted, failed), Settings(), True, 2)))
    clean = tree(render(report_of(SHOP)))
    assert root.all("img") == []
    assert len(root.all("script")) == len(clean.all("script")) == 1
    assert not [e for e in root.all() if any(name.startswith("on") for name in e.attributes)]
    assert EVIL in cards(root)
    assert EVIL in [h4.text for h4 in cards(root)[EVIL].all("h4")]


@given(ANYTHING)
@example(
    {"version": 1, "files": [{"path": [], "pods": [{"containers": [{"name": EVIL, "position": 1e999, "hazards": [{"id": 3}]}]}]}]}
)
@example(
    {
        "files": [
            {
                "status": "failed",
                "problems": [{"line": True, "message": {}}],
                "pods": [{"containers": [{"position": -5, "name": "a"}]}],
            }
        ]
    }
)
def test_a_page_can_be_made_of_any_json(document: object) -> None:
    root = tree(merged([("a", document), (EVIL, document)]))
    assert root.all("img") == []
    assert root.all("h1")


@given(
    st.dictionaries(
        st.sampled_from(["name", "image", "line", "verdict", "confidence", "position", "evidence", "hazards", "role"]), ANYTHING
    )
)
def test_a_container_can_have_any_fields(container: dict[str, Any]) -> None:
    files = [{"path": "a.yaml", "pods": [{"kind": "Job", "containers": [container]}]}]
    (card,) = [c for c in tree(merged([("a", {"files": files})])).all("article") if "data-g" in c.attributes]
    assert card.attributes["data-g"] in ("review", "migrate", "keep")


# One file


def test_the_page_is_whole_and_its_policy_forbids_to_ask_for_more() -> None:
    text = render(report_of(SHOP))
    root = tree(text)
    (policy,) = [m.attributes["content"] for m in root.all("meta") if m.attributes.get("http-equiv") == "Content-Security-Policy"]
    (style,), (script,) = root.all("style"), root.all("script")
    assert policy.startswith("default-src 'none'; ")
    for element in (style, script):
        digest = b64encode(sha256(element.text.encode()).digest()).decode()
        assert f"{element.tag}-src 'sha256-{digest}'" in policy
    assert not [e for e in root.all() if "src" in e.attributes or "style" in e.attributes]
    assert [e.attributes["href"] for e in root.all("link")] == ["data:,"]
    assert {e.attributes["href"].partition("/sidecar-migrate")[0] for e in root.all("a") if e.attributes["href"][0] != "#"} <= {
        "https://github.com"
    }
    assert "url(" not in style.text.replace("url(#stripes)", "")


def test_the_same_run_gives_the_same_page() -> None:
    assert render(report_of(JOB, SHOP)) == render(report_of(JOB, SHOP))


# Reports of many repositories


def test_reports_are_added_up_and_keep_their_names(run: Run) -> None:
    for name, text in (("web", SHOP), ("jobs", JOB)):
        Path(name).mkdir()
        Path(name, "pod.yaml").write_text(text)
        run("--dry-run", "-f", f"json={name}.json", name)
    result = run("report", "web.json", "jobs.json", "-f", "html=all.html")
    assert result.exit_code == 0
    assert result.stdout == ""
    root = tree(Path("all.html").read_text())
    held = cards(root)
    assert sorted(held) == ["clock", "migrate-orders", "pair", "web"]
    assert held["clock"].all("span", "origin")[0].text == "web"
    assert root.all("h1")[0].text == "2 containers would become sidecars"
    assert root.all("p", "lede")[0].text == "2 of 2 files would change; 1 container awaits a decision."
    assert [e.text for e in held["migrate-orders"].all("p", "fine")] == [html_note()]
    assert held["migrate-orders"].all("table") == []
    assert run("report", "web.json").stdout == merged([("web", json.loads(Path("web.json").read_text()))])


def html_note() -> str:
    return (
        "From a JSON report: it names no init containers, probes or hooks, so the pictures are sketches, and it holds no file "
        "contents, so the lines themselves are not shown."
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [("{", "no JSON"), ("[" * 100_000, "no JSON"), ("[]", "not a JSON report"), ('{"version": 2}', "not a JSON report")],
)
def test_what_is_no_report_is_refused(run: Run, content: str, said: str) -> None:
    Path("a.json").write_text(content)
    result = run("report", "a.json")
    assert result.exit_code == 1
    assert said in result.stderr


def test_other_formats_of_merged_reports_are_refused(run: Run) -> None:
    Path("a.json").write_text('{"version": 1}')
    assert run("report", "a.json", "-f", "sarif").exit_code == 2


def test_a_run_and_its_json_make_the_same_cards() -> None:
    report = report_of(JOB, SHOP)
    of_json = page([("", json.loads(json.dumps(json_report.document(report))))])
    of_run = page([("", json_report.document(report))])
    assert of_json == of_run
    assert html.render(report).count("<article") == len(of_run.cards)
