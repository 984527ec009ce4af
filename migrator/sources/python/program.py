"""A Python file with the pods that are built in it, and moves written into its text."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrator.model import Move, Problem
from migrator.sources.python import prefilter
from migrator.sources.python.uses import Use, target_ports, uses
from migrator.text.edits import Edit, apply
from migrator.text.errors import Refused, TextError

if TYPE_CHECKING:
    from migrator.sources.python.asked import Asked
    from migrator.sources.python.sites import Built
    from migrator.sources.python.syntax import Syntax
    from migrator.sources.python.write.operations import Operation


@dataclass
class Program:
    """What was found in a text; `syntax` is None where nothing of a pod is in it. `used` is who looks into pods,
    `target_ports` the names by which Services find ports."""

    text: str
    used: tuple[Use, ...] = ()
    target_ports: dict[str, int] = field(default_factory=dict)
    syntax: Syntax | None = None
    sites: list[Built] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(text: str, asked: Asked) -> Program:
    """Find the pods that are built in a text. Raises `TextError` (with a line) where it is not Python."""
    try:
        with warnings.catch_warnings():
            # What the compiler thinks of the code is not ours to say.
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except SyntaxError as error:
        raise TextError(f"not Python that this Python understands: {error.msg}", error.lineno) from None
    except (RecursionError, MemoryError, ValueError) as error:
        raise TextError(f"cannot be parsed: {error}", None) from None
    program = Program(text, uses(tree), target_ports(tree))
    if not prefilter.builds_pods(tree):
        return program
    # libcst takes a tenth of a second to load: only files that build pods pay for it.
    from migrator.sources.python.finding import found

    program.syntax, program.sites, program.problems = found(text, asked)
    return program


def rewrite(program: Program, moves: Sequence[Sequence[Move]]) -> tuple[list[Edit], list[str | None]]:
    """The edits that make each site's moves, and for each site why they are not made, or None.

    Each is proved on its own, and all of them together.
    """
    if program.syntax is None or not any(moves):
        return [], [None] * len(moves)
    from migrator.sources.python.moving import operations

    refusals: list[str | None] = [None] * len(moves)
    made: list[Operation] = []
    edits: list[Edit] = []
    for n, (built, wanted) in enumerate(zip(program.sites, moves, strict=True)):
        if wanted:
            try:
                tried = [*made, *operations(program.syntax, built, wanted, program.used, made)]
                edits = _proved(program.text, tried)
                made = tried
            except Refused as refusal:
                refusals[n] = str(refusal)
    return edits, refusals


def _proved(text: str, made: Sequence[Operation]) -> list[Edit]:
    from migrator.sources.python.write import splice
    from migrator.sources.python.write.proof import prove

    edits = splice.edits(text, made)
    prove(text, apply(text, edits), made)
    return edits
