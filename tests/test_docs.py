"""What the documents say is so: hazards, the README's session, its commands."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from migrator.plan.hazards import CHECKS
from migrator.plan.hazards.pages import Page
from migrator.plan.hazards.pages import pages as hazard_pages
from tests.conftest import Run
from tests.generate import pages
from tests.test_golden import GOLDEN, lay_out

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def test_each_hazard_has_a_page_and_golden_cases() -> None:
    """A page in `rules/hazards/`, a case that fires and one that does not."""
    checked = {check.id for check in CHECKS}
    cases = {path.name for path in (GOLDEN / "hazards").iterdir()}
    assert {page.id for page in hazard_pages() if page.seen == "files"} == checked
    assert checked <= cases
    assert {f"{hazard}-not" for hazard in checked} <= cases


@pytest.mark.parametrize("page", [page for page in hazard_pages() if page.check], ids=lambda page: page.id)
def test_the_example_of_a_hazard_is_real(page: Page, run: Run) -> None:
    """The hazard is found in the first manifest and not in the second, in which something moves or is asked for all the same."""
    found = []
    for text, files in (
        (page.before, {file.name: file.before for file in page.files}),
        (page.after, {file.name: file.after for file in page.files}),
    ):
        Path("pod.yaml").write_text(text)
        for name, held in files.items():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(held)
        report = json.loads(run("--dry-run", *shlex.split(page.flags), "-f", "json", ".").stdout)
        pods = [pod for file in report["files"] for pod in file["pods"]]
        assert pods, text
        found.append({hazard["id"] for pod in pods for c in pod["containers"] for hazard in c["hazards"]})
    assert page.id in found[0]
    assert page.id not in found[1]


def test_a_hazard_case_fires_and_its_counterpart_does_not() -> None:
    for case in sorted((GOLDEN / "hazards").iterdir()):
        hazard, found = case.name.removesuffix("-not"), (case / "expected.json").read_text()
        if (GOLDEN / "hazards" / f"{hazard}-not").exists():
            assert (f'"id": "{hazard}"' in found) is (not case.name.endswith("-not")), case.name


def block(after: str) -> str:
    """The first fenced block of the README behind these words."""
    found = re.search(r"```\w*\n(.*?)```", README[README.index(after) :], re.DOTALL)
    assert found is not None
    return found.group(1)


def test_the_session_in_the_readme_is_real(run: Run) -> None:
    lay_out(GOLDEN / "tour", Path.cwd())
    shown = run("--dry-run", "jobs/migrate.yaml")
    assert block("Take this Job") == Path("jobs/migrate.yaml").read_text()
    assert block("The patch") == shown.stdout
    assert block("why it is so") == shown.stderr


def test_all_options_are_in_the_readme(run: Run) -> None:
    options = set(re.findall(r"--[a-z-]+", run("--help").stdout)) - {"--diff"}
    assert {option for option in options if option not in README} == set()


def test_no_file_of_the_package_is_long() -> None:
    long = [path.name for path in (ROOT / "migrator").rglob("*.py") if path.read_text().count("\n") > 350]
    assert long == []


def test_the_generated_pages_are_fresh() -> None:
    """`python -m tests.generate` writes them."""
    made = [*(ROOT / "docs/rules").glob("*.md"), ROOT / "docs/hazards.md"]
    assert {path.relative_to(ROOT / "docs").as_posix(): path.read_text() for path in made} == pages()
