"""From a preview to what is written: ask, remember what was refused, and run again with what was agreed to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from migrator import baseline
from migrator.agreed import Look, agreed
from migrator.baseline import Baseline
from migrator.interactive.dialogue import Answers, Ask
from migrator.interactive.questions import Member, key, questions
from migrator.model import PodResult
from migrator.run import Report
from migrator.settings import Settings
from migrator.sources.ignoring import Remark, ignoring
from migrator.text.errors import Refused, TextError
from migrator.text.source import decode
from migrator.write import write

LEFT = "left, as you answered"


@dataclass(frozen=True)
class Session:
    """`look` runs the pipeline, `ask` puts the questions. `known` is the baseline to remember in, if there is one."""

    look: Look
    ask: Ask
    known: Baseline | None

    def report(self, first: Report, settings: Settings) -> tuple[Report, list[str]]:
        """The report of what was agreed to, not written yet, with what to say of the rest. Comments are written here."""
        asked = questions(first)
        if not asked:
            return first, ["nothing to ask: nothing would move"]
        given = self.ask(first, asked)
        notes = [*self._remarked(given.ignored), *self._remembered(given)]

        def objection(path: str, pod: PodResult) -> str | None:
            return None if key(path, pod) in given.accepted else LEFT

        return agreed(self.look, settings, objection, first if not given.ignored else None), notes

    def _remembered(self, given: Answers) -> list[str]:
        if not given.known or self.known is None:
            return []
        own = [
            entry for member in given.known for entry in baseline.entries_of(member.path, member.pod) if entry.what == "migrate"
        ]
        baseline.write(self.known.path, {*self.known.entries, *own})
        return [f"{len(own)} added to {self.known.path}"]

    def _remarked(self, ignored: Sequence[tuple[Member, str]]) -> list[str]:
        """Write the comments, each file on its own."""
        by_path: dict[str, list[Remark]] = defaultdict(list)
        for member, reason in ignored:
            site = member.pod.site
            by_path[member.path] += [Remark(site.document, site.pointer, d.container.name, reason) for d in member.pod.moved]
        return [self._commented(path, remarks) for path, remarks in by_path.items() if remarks]

    def _commented(self, path: str, remarks: Sequence[Remark]) -> str:
        try:
            if path.endswith(".py"):
                raise Refused("comments of ours are read in manifests")
            with open(path, "rb") as stream:
                source = decode(stream.read())
            write(path, source.encode(ignoring(source.text, remarks)))
        except (Refused, TextError) as error:
            return f"{path}: no comment can be written here ({error}); left this time"
        except OSError as error:
            return f"{path}: no comment was written ({error.strerror or error}); left this time"
        return f"{path}: ignores {', '.join(f'`{remark.container}`' for remark in remarks)} from now on"
