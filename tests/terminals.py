"""The tool on a terminal of its own: a pseudo-terminal with a width, and what is typed into it."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Shown:
    """What stood on the terminal, echo of the typed text included, and the exit code."""

    text: str
    exit_code: int


def on_terminal(*args: str, typed: str = "", columns: int = 80, environment: dict[str, str] | None = None) -> Shown:
    """Run the tool in the current folder with all its streams on a terminal."""
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
    )
    os.close(theirs)
    os.write(ours, typed.encode())
    text = _all(ours)
    return Shown(text.decode("utf-8", "replace").replace("\r\n", "\n"), process.wait())


def _all(handle: int) -> bytes:
    """Everything up to the end; on Linux that of a pseudo-terminal is an error."""
    parts = []
    try:
        while part := os.read(handle, 65536):
            parts.append(part)
    except OSError:
        pass
    finally:
        os.close(handle)
    return b"".join(parts)
