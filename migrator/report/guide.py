"""What there is to say of the rules that findings name: hazards from their pages, and the four that are none."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.plan.hazards.pages import pages
from migrator.report.findings import PSEUDO, REVIEW, SKIPPED, UNREADABLE

HOME = "https://github.com/sidecar-migrate/sidecar-migrate"


@dataclass(frozen=True)
class Rule:
    """A rule in words: a title of one sentence, what it means, what to do, and where that is written."""

    id: str
    title: str
    what: str
    todo: str
    url: str


_OWN = (
    (
        PSEUDO,
        "A sidecar stands in containers.",
        "A helper stands among the main containers, where nothing orders its start and its end, and where it keeps a Job "
        "from completing. Since Kubernetes 1.29 its place is initContainers, with restartPolicy: Always: it starts before "
        "the main containers, runs beside them, and ends after them.",
        "Run sidecar-migrate on the file. What is no sidecar is marked by a comment above it: "
        "`# sidecar-migrate: ignore[reason]`.",
    ),
    (
        REVIEW,
        "A container that may be a sidecar needs a look.",
        "It is probably a sidecar, but not surely enough, or something stands in the way of the move. It was left as it is.",
        "Take away what the message names, or settle it by a comment above the container: `# sidecar-migrate: sidecar`, "
        "`# sidecar-migrate: main` or `# sidecar-migrate: ignore[reason]`.",
    ),
    (
        UNREADABLE,
        "A manifest could not be read, or its rewrite not be proved.",
        "Kubernetes would not take it, it cannot be read without guessing, or it could not be rewritten safely. It was left "
        "as it is; everything else was done.",
        "Correct what the message names.",
    ),
    (
        SKIPPED,
        "A file was passed over, or a place in it is left to people.",
        "The file is of a kind that is not rewritten, such as a Helm template, or larger than any manifest; or there is code in "
        "it whose containers cannot be told.",
        "Run sidecar-migrate on what is rendered from a template; change code by hand.",
    ),
)


def guide() -> dict[str, Rule]:
    """All rules by id, those that are no hazards first."""
    own = [Rule(name, title, what, todo, f"{HOME}/blob/main/docs/formats.md#{name}") for name, title, what, todo in _OWN]
    hazards = [
        Rule(page.id, page.title, f"{page.what} {page.why}", page.todo, f"{HOME}/blob/main/docs/hazards.md#{page.id}")
        for page in pages()
    ]
    return {rule.id: rule for rule in (*own, *hazards)}
