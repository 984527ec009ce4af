"""The tool on a terminal of its own: a pseudo-terminal with a width, and what is typed into it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from dataclasses import dataclass
from pathlib import Path

_PROMPT = re.compile(rb"(?:\]\? |reason: )(?:\x1b\[0m)?\Z")
END_OF_INPUT = "\x04"


@dataclass(frozen=True)
class Shown:
    """What stood on the terminal, and the exit code. What was typed is not echoed."""

    text: str
    exit_code: int


def on_terminal(*args: str, typed: str = "", columns: int = 80, environment: dict[str, str] | None = None) -> Shown:
    """Run the tool in the current folder with all its streams on a terminal. Each question gets the next line of `typed`."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    silent = termios.tcgetattr(theirs)
    silent[3] &= ~termios.ECHO
    termios.tcsetattr(theirs, termios.TCSANOW, silent)
    clean = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM")}
    root = str(Path(__file__).parent.parent)
    process = subprocess.Popen(
        [sys.executable, "-m", "migrator", *args],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**clean, "TERM": "xterm", "PYTHONPATH": root, **(environment or {})},
        # A session of its own, with this as its terminal: then the interrupt key is one.
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(theirs)
    text = _conversation(ours, typed.splitlines(keepends=True))
    return Shown(text.decode("utf-8", "replace").replace("\r\n", "\n"), process.wait())


def _conversation(handle: int, lines: list[str]) -> bytes:
    """Everything that is shown up to the end; on Linux that of a pseudo-terminal is an error."""
    shown, waiting = b"", list(lines)
    try:
        while part := os.read(handle, 65536):
            shown += part
            if _PROMPT.search(shown[-40:]):
                os.write(handle, (waiting.pop(0) if waiting else END_OF_INPUT).encode())
    except OSError:
        pass
    finally:
        os.close(handle)
    return shown
