"""The body of a pull request: what it says, how long it gets, and that nothing in a manifest can speak in it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.model import FileResult
from migrator.report import markdown
from migrator.report.body.lists import Shown, code, html, prose
from migrator.run import Report, run_text
from migrator.settings import Settings

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: shop
spec:
  containers:
  - name: shop
    image: registry.example/shop:1
  - name: auth
    image: quay.io/oauth2-proxy/oauth2-proxy:v7
    lifecycle:
      preStop:
        exec:
          command: [sh, -c, kill 1]
"""
QUIET = POD.replace("quay.io/oauth2-proxy/oauth2-proxy:v7", "mongo:7").replace("auth", "db")
DOUBT = POD.replace("quay.io/oauth2-proxy/oauth2-proxy:v7", "registry.example/x").replace("auth", "collector")
JOB = POD.replace("v1\nkind: Pod", "batch/v1\nkind: Job").replace("spec:\n", "spec:\n  template:\n   spec:\n", 1)


def result(text: str, path: str = "pod.yaml") -> FileResult:
    """What becomes of one file."""
    return replace(run_text("pod.yaml", text.encode(), Settings()).results[0], path=path)


def body(*results: FileResult, dry_run: bool = False) -> str:
    """The body of a run over these files."""
    return markdown.render(Report(results, Settings(), dry_run, len(results)))


def headings(text: str) -> list[str]:
    """The headings of a body."""
    return re.findall(r"(?m)^## (.*)$", text)


def test_a_body_says_what_a_reviewer_asks() -> None:
    text = body(result(POD))
    assert text.startswith("Moves 1 helper container from `containers` to `initContainers`")
    assert headings(text) == [
        "What moves, and why",
        "What stays, and why",
        "To check before merging",
        "What changes at run time",
        "How to roll back",
    ]
    assert "- `auth` of Pod/shop, `pod.yaml:9`: auth-proxy, 99%; OAuth2 Proxy: image oauth2-proxy/oauth2-proxy" in text
    assert "- Pod/shop, `pod.yaml:6`: `shop`: the main container: named like the Pod" in text
    boxes = re.findall(r"(?m)^- \[ \] (.*)$", text)
    assert "runs Kubernetes 1.29 or newer" in boxes[0]
    assert "`prestop-self-terminates`" in boxes[1]
    assert len(boxes) == 2


def test_a_preview_says_would() -> None:
    assert body(result(POD), dry_run=True).startswith("Would move 1 helper container ")


def test_what_does_not_apply_is_not_said() -> None:
    assert headings(body(result(QUIET))) == ["What stays, and why"]
    assert body(result(QUIET)).startswith("No container moves to `initContainers`.")
    assert headings(body()) == []
    assert "Jobs complete" not in body(result(POD))
    indented = (
        JOB.replace("\n  containers", "\n    containers").replace("\n  - ", "\n    - ").replace("\n    image", "\n      image")
    )
    job = result(re.sub(r"(?m)^    lifecycle:\n(?:      .*\n)*", "", indented))
    assert job.pods[0].moved
    assert "Jobs complete" in body(job)


def test_reviews_and_files_that_were_not_read_stand_with_their_reasons() -> None:
    text = body(result(POD), result(DOUBT, "doubt.yaml"), FileResult("lost.yaml", "failed", "no such file"))
    assert "- `collector` of Pod/shop, `doubt.yaml:9`: not sure enough (89%)" in text
    assert "- `lost.yaml`: no such file" in text
    assert "Left as they are, for review: 1." in text


@pytest.mark.parametrize("number", [1, 5, 6, 60, 600, 6000])
def test_a_body_is_never_longer_than_github_takes_and_counts_what_it_leaves_out(number: int) -> None:
    """In bytes, which are never fewer than the characters that anybody counts."""
    held, other = result(POD), result(DOUBT)
    folder = "k8s/" + "店" * 20
    moving = [replace(held, path=f"{folder}/{n:05}.yaml") for n in range(number)]
    waiting = [replace(other, path=f"{folder}/x{n:05}.yaml") for n in range(number)]
    text = body(*moving, *waiting)
    assert len(text.encode()) <= markdown.MOST
    assert text.count("<details>") == text.count("</details>")
    assert len(headings(text)) == 5
    assert f"Moves {number} helper container" in text
    for title in ("auth-proxy", "For review"):
        if number <= 5:
            continue
        part = text[text.index(f"<b>{title}</b>") :]
        part = part[: part.index("</details>")]
        left = re.search(r"(?m)^- … and (\d+) more$", part)
        shown = len(re.findall(r"(?m)^- `", part))
        assert f"({number})</summary>" in part
        assert shown + (int(left.group(1)) if left else 0) == number
    if number > 60:
        assert len(text.encode()) > markdown.MOST * 0.9, "there is room for more"


def test_a_body_that_could_not_be_cut_further_says_the_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "MOST", 500)
    assert body(result(POD)).count("\n") == 1
    assert "1 helper container from" in body(result(POD))


def test_short_lists_are_open_and_long_ones_folded() -> None:
    assert Shown(9).list("few", "abc", str) == ["few", "", "- a", "- b", "- c", ""]
    folded = Shown(2).list("many", "abcdefg", str, "  ")
    assert folded[0] == "  <details><summary>many (7)</summary>"
    assert folded[2:5] == ["  - a", "  - b", "  - … and 5 more"]
    assert Shown(9).list("none", "", str) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<img src=x>", "\\<img src=x\\>"),
        ("ping @octocat or a@b.c", "ping @\u200boctocat or a@\u200bb.c"),
        ("see #1 and *x* _y_ [z](u)", "see \\#1 and \\*x\\* \\_y\\_ \\[z\\](u)"),
        ("`web` needs `<b>@x`", "`web` needs `<b>@x`"),
        ("one ` alone", "one \\` alone"),
        ("two\nlines\r\n- [ ] and more", "two lines - \\[ \\] and more"),
    ],
)
def test_words_of_a_manifest_stay_words(text: str, shown: str) -> None:
    assert prose(text) == shown


@given(st.text(st.sampled_from("`<>@#\n\r\t a店🦊|-")))
@settings(deadline=None)
def test_no_text_leaves_its_line_or_its_code(text: str) -> None:
    assert "\n" not in prose(text) + code(text)
    assert not re.search(r"(?<!\\)<", re.sub(r"(?<!\\)`[^`]+`", "", prose(text)))
    fence = re.match("`+", code(text))
    assert fence is not None
    assert fence.group() not in code(text)[len(fence.group()) : -len(fence.group())]


def test_heads_of_lists_are_html() -> None:
    assert html("Alerts on `kube_pod_*` & <more>") == "Alerts on <code>kube_pod_*</code> &amp; &lt;more&gt;"


def test_long_messages_are_clipped() -> None:
    assert len(prose("x" * 10_000)) <= 400
    assert prose("x" * 10_000).endswith("…")
    assert len(code("x" * 10_000)) <= 402
