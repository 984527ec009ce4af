"""Which options are keys of a configuration, and what each takes: the one table for loader and schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import click

Kind = Literal["boolean", "integer", "number", "string", "list"]

#: What only one run is about.
PER_RUN = frozenset({
    "dry_run", "check", "interactive", "write_baseline", "changed_since", "output", "stdin_filename", "config", "no_config",
    "show_settings", "show_files", "version", "help",
})  # fmt: skip
#: Texts that are paths; they start from the folder of the configuration.
PATHS = frozenset({"rules_dirs", "baseline"})
_WANTED = {
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "string": "a text",
    "list": "a list of texts",
}


@dataclass(frozen=True)
class Key:
    """A key, called like the long flag of its option."""

    name: str
    option: click.Option
    kind: Kind

    @property
    def wanted(self) -> str:
        """What the value has to be, in words."""
        return _WANTED[self.kind]

    def takes(self, value: object) -> bool:
        """Whether a value has the right type."""
        if self.kind == "list":
            return isinstance(value, list) and all(isinstance(item, str) for item in value)
        if self.kind == "boolean":
            return isinstance(value, bool)
        if self.kind == "number":
            return isinstance(value, (int, float)) and not isinstance(value, bool)
        if self.kind == "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        return isinstance(value, str)

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the value."""
        said = {"description": self.option.help or ""}
        if self.kind == "list":
            return {"type": "array", "items": {"type": "string"}, **said}
        held = self.option.type
        if isinstance(held, click.Choice):
            return {"enum": list(held.choices), **said}
        bounds = {}
        if isinstance(held, (click.IntRange, click.FloatRange)):
            bounds = {word: at for word, at in (("minimum", held.min), ("maximum", held.max)) if at is not None}
        return {"type": self.kind, **bounds, **said}


def keys(command: click.Command) -> dict[str, Key]:
    """The keys by name, in the order of the help."""
    options = [param for param in command.params if isinstance(param, click.Option) and param.name not in PER_RUN]
    return {(name := flag(option)): Key(name, option, _kind(option)) for option in options}


def flag(option: click.Option) -> str:
    """The long flag, without its dashes."""
    return next(word for word in option.opts if word.startswith("--")).removeprefix("--")


def _kind(option: click.Option) -> Kind:
    if option.is_flag:
        return "boolean"
    if option.multiple:
        return "list"
    if isinstance(option.type, click.types.FloatParamType):
        return "number"
    return "integer" if isinstance(option.type, click.types.IntParamType) else "string"
