"""What a Python file is read for: what the user asked, and what the project says of its libraries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from migrator.sources.python.libraries.clients import Pins


@dataclass(frozen=True)
class Asked:
    """`unsafe` and `client_version` are the user's; `pins` is what the files of the project say, where there are any."""

    pins: Pins
    unsafe: bool = False
    client_version: str | None = None
