"""What is done to a Python text, in words of its syntax tree.

An operation names its places by `Span`s of the original text and says nothing of layout. Two implementations that know
nothing of each other carry it out: one on the text, with comments and layout, one on the tree of the standard library,
which proves the first.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Span:
    """`[start, end)` in characters of the text: exactly one expression, argument, statement or name, without comments.

    Without parentheses around it and decorators above it; those of a tuple, which libcst leaves out, may be in it or not.
    """

    start: int
    end: int


@dataclass(frozen=True)
class Taken:
    """The entry number `index` (0-based) of the list or tuple display at `display`; it leaves that."""

    display: Span
    index: int


@dataclass(frozen=True)
class Written:
    """An entry that is new: `source` is an expression in one line, mostly a variable's name."""

    source: str


Entry = Taken | Written


@dataclass(frozen=True)
class IntoDisplay:
    """Into the list display, before the entry that has number `position` in the original text; behind all at its length."""

    display: Span
    position: int


@dataclass(frozen=True)
class IntoKeyword:
    """Into a list that is new: the argument or key `keyword` of the call or dict display at `owner`.

    It stands right before the argument or key called `beside`.
    """

    owner: Span
    keyword: str
    beside: str


@dataclass(frozen=True)
class IntoExpression:
    """Into a list that holds what the expression there gives, and the entries: `[*expression, entry]`.

    Before the others where `first`. `or_empty` is for an expression that may be None: `[*(expression or []), entry]`.
    """

    expression: Span
    or_empty: bool
    first: bool = False


@dataclass(frozen=True)
class IntoNone:
    """Into a list that is new, in the place of the `None` there."""

    expression: Span


@dataclass(frozen=True)
class Put:
    """The entries, in this order, go to one place. At most one `Put` of a site names the same place."""

    entries: tuple[Entry, ...]
    into: IntoDisplay | IntoKeyword | IntoExpression | IntoNone


@dataclass(frozen=True)
class Mark:
    """The call or dict display at `owner` gets the argument or key `keyword` with the value `value`, an expression.

    It stands right behind the first of `behind` that is there as an argument or key, else behind the last positional
    argument, else first. One that is there already has its value replaced.
    """

    owner: Span
    keyword: str
    value: str
    behind: tuple[str, ...] = ("image", "name")


@dataclass(frozen=True)
class Rename:
    """The name at `name` becomes another: a variable, an attribute, a keyword of an argument, or a text that is a key.

    Of a key in quotes the span has the quotes and `new` has not: the quotes stay.
    """

    name: Span
    new: str


@dataclass(frozen=True)
class Insert:
    """The statement `source` (one line, no indentation) stands right before the statement at `before`, above its comments."""

    before: Span
    source: str


@dataclass(frozen=True)
class Drop:
    """The statement goes, with the comments right above it that are indented like it and the one behind it."""

    statement: Span


@dataclass(frozen=True)
class Replace:
    """The expression at `expression` becomes `source`, in which the first `{}` stands for the text of `kept`, a part of it."""

    expression: Span
    source: str
    kept: Span | None = None


Operation = Put | Mark | Rename | Insert | Drop | Replace
