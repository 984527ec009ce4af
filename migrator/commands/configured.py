"""A command whose options have the configuration of the repository as their defaults."""

from __future__ import annotations

import click

#: Where the context keeps the configuration.
KEY = "sidecar-migrate.config"


class Configured(click.Command):
    """Looks for the configuration before the options are read: the command line wins, as it does over every default."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As in click. Raises `ConfigError` where the configuration holds a mistake."""
        from migrator.config import configuration

        if ctx.resilient_parsing:
            # The shell completes a word: no time for mistakes elsewhere.
            return super().parse_args(ctx, args)
        given, _, _ = self.make_parser(ctx).parse_args(list(args))
        named, without = (given.get(name) for name in ("config", "no_config"))
        if without is True and isinstance(named, str):
            raise click.UsageError("--config and --no-config are two different wishes", ctx)
        # Help and version answer whatever the configuration is like.
        answered = any(given.get(str(param.name)) is True for param in self.get_params(ctx) if param.is_eager)
        if without is not True and not answered:
            paths = [path for path in _words(given.get("paths")) if path != "-"]
            stdin = given.get("stdin_filename")
            if not paths:
                paths = [stdin] if isinstance(stdin, str) else ["."]
            held = configuration(ctx, paths, named if isinstance(named, str) else None)
            if held is not None:
                ctx.default_map = held.values
                ctx.meta[KEY] = held
        return super().parse_args(ctx, args)


def _words(given: object) -> tuple[str, ...]:
    return tuple(word for word in given if isinstance(word, str)) if isinstance(given, (tuple, list)) else ()
