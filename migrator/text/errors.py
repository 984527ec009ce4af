"""What can be wrong with a text, each with the line where it shows."""

from __future__ import annotations


class TextError(Exception):
    """A text that cannot be read. `line` is 1-based, None where no line is to blame."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line

    def __reduce__(self) -> tuple[type[TextError], tuple[str, int | None]]:
        return type(self), (self.message, self.line)


class TooLarge(TextError):
    """A text beyond the limits that keep one file from taking the machine down."""


class Refused(Exception):
    """An edit that cannot be made without changing more than was asked. Says why."""
