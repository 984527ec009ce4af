"""What the documents say is so: hazards, the README's session, its commands."""

from __future__ import annotations

import re
from pathlib import Path

from tests.conftest import Run
from tests.generate import pages
from tests.test_golden import GOLDEN, lay_out

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def test_hazards_agree_in_code_docs_and_golden() -> None:
    """Each hazard has a row in the docs, a case that fires and one that does not."""
    sources = [*(ROOT / "migrator/plan").glob("*.py"), *(ROOT / "migrator/plan/hazards").glob("*.py")]
    in_code = {found for path in sources for found in re.findall(r'Hazard\(\s*"([a-z0-9-]+)"', path.read_text())}
    in_docs = set(re.findall(r"^\| `([a-z0-9-]+)` \|", (ROOT / "docs/hazards.md").read_text(), re.MULTILINE))
    cases = {path.name for path in (GOLDEN / "hazards").iterdir()}
    assert in_code == in_docs
    assert in_code <= cases
    assert {f"{hazard}-not" for hazard in in_code} <= cases


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
    written = {path.relative_to(ROOT / "docs").as_posix(): path.read_text() for path in (ROOT / "docs/rules").glob("*.md")}
    assert written == pages()
