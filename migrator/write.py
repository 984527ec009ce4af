"""Write a file whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile


def write(path: str, data: bytes) -> None:
    """Replace the file's content in one step, mode kept, through a symlink to what it points at.

    Raises OSError; the file then is what it was.
    """
    target = os.path.realpath(path)
    folder, name = os.path.split(target)
    mode = stat.S_IMODE(os.stat(target).st_mode)
    handle, temporary = tempfile.mkstemp(prefix=f".{name}.", suffix=".tmp", dir=folder)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, mode)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise
