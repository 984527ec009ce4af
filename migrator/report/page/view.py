"""What the page shows, as plain data: the nouns of the JSON report, and what a run adds to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from migrator.plan.life import Pod

Group = Literal["review", "migrate", "keep"]
Trouble = Literal["failed", "skipped", "by hand"]
#: The reason of a review that is no hazard.
UNSURE = "not-sure-enough"


@dataclass(frozen=True)
class Reason:
    """A piece of evidence. `weight` is in log-odds for being a sidecar."""

    rule: str
    weight: float
    message: str
    line: int


@dataclass(frozen=True)
class Risk:
    """A hazard of a move; `places` are `path:line` elsewhere."""

    id: str
    severity: str
    certain: bool
    message: str
    line: int
    remedy: str
    lifted: str
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Member:
    """A container with what was decided. Texts that the report has not are empty, `position` is None where it stays."""

    name: str
    image: str
    line: int
    verdict: Group
    role: str
    purpose: str
    confidence: float
    position: int | None
    reason: str
    placement: str
    settled_by: str
    evidence: tuple[Reason, ...] = ()
    hazards: tuple[Risk, ...] = ()
    follows: tuple[str, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether somebody has to decide."""
        return self.verdict == "review" and self.position is None

    @property
    def cause(self) -> str:
        """Why it waits, as a word to filter by: the hazard that blocks, or `not-sure-enough`; else nothing."""
        if not self.waits:
            return ""
        return self.blocks[0].id if self.blocks else UNSURE if self.reason.startswith("not sure enough") else ""

    @property
    def blocks(self) -> tuple[Risk, ...]:
        """The hazards that keep it where it is."""
        return tuple(risk for risk in self.hazards if risk.severity == "block")


@dataclass(frozen=True)
class Row:
    """A line of the file on both sides, with its number (1-based); None where a side has none. `changed` is marked."""

    old: int | None
    new: int | None
    left: str
    right: str
    changed: bool


@dataclass(frozen=True)
class Excerpt:
    """Stretches of a file, each without a gap. `two_sided` says that the file changes."""

    stretches: tuple[tuple[Row, ...], ...]
    two_sided: bool
    language: Literal["yaml", "python"] = "yaml"

    @property
    def lines(self) -> frozenset[int]:
        """The numbers of the lines that are shown, as the file was before."""
        return frozenset(row.old for stretch in self.stretches for row in stretch if row.old is not None)


@dataclass(frozen=True)
class Lives:
    """The pod as the lifecycle model takes it: as it is and, where something moves, as it will be.

    `completes` says that it is made to end, as a Job's. `sketched` says that it was drawn without seeing the manifest.
    """

    before: Pod
    after: Pod | None
    completes: bool
    sketched: bool = False


@dataclass(frozen=True)
class Card:
    """A pod spec. `origin` names the report it is from, where there are several."""

    origin: str
    path: str
    status: str
    kind: str
    name: str
    namespace: str
    line: int
    members: tuple[Member, ...]
    extras: tuple[str, ...] = ()
    deployed_by: tuple[str, ...] = ()
    lives: Lives | None = None
    excerpt: Excerpt | None = None

    @property
    def causes(self) -> frozenset[str]:
        """The hazards of its containers, and why they wait."""
        hazards = {risk.id for member in self.members for risk in member.hazards}
        return frozenset(word for word in (*hazards, *(member.cause for member in self.members)) if word)

    @property
    def group(self) -> Group:
        """What is most urgent in it. What only follows another pod changes, too."""
        if any(member.waits for member in self.members):
            return "review"
        changes = any(member.position is not None for member in self.members) or (self.excerpt and self.excerpt.two_sided)
        return "migrate" if changes else "keep"


@dataclass(frozen=True)
class Remark:
    """Something about a file that is no pod: it was not read, or only a human can change it."""

    origin: str
    path: str
    line: int
    kind: Trouble
    message: str


@dataclass(frozen=True)
class Following:
    """A file that changes only because of what moves elsewhere."""

    path: str
    excerpt: Excerpt


@dataclass(frozen=True)
class Page:
    """All of it. `numbers` are those of the JSON report's summary, added up; `settled` are reviews by later version."""

    tools: tuple[str, ...]
    targets: tuple[str, ...]
    dry_run: bool
    numbers: dict[str, int]
    settled: dict[str, int]
    cards: tuple[Card, ...]
    remarks: tuple[Remark, ...] = ()
    following: tuple[Following, ...] = ()
    origins: tuple[str, ...] = field(default=())
