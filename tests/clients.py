"""Releases of the Kubernetes client side by side: `python -m tests.clients` installs them beside the packages of this Python.

Code that is rewritten is run with each of them. They lie in folders of their own, with all that they depend on.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

#: The first with `restartPolicy` of a container, the last made of classes, and the newest, made of pydantic models.
CLIENTS = ("28.1.0", "36.0.3", "37.0.2")
#: The last without: it shows what a rewrite would break where nobody asks for the version.
TOO_OLD = "27.2.0"
#: Below the environment, which git ignores and which is of one Python: some dependencies are compiled.
ROOT = Path(sys.prefix) / "kubernetes-clients"
COMMAND = "python -m tests.clients"


def client(version: str) -> Path:
    """The folder that `sys.path` needs for this release. Raises LookupError, with what to do, where it is not installed."""
    folder = ROOT / version
    if not folder.is_dir():
        raise LookupError(f"kubernetes {version} is not in {ROOT}: run `{COMMAND}` with this Python, in the root of the project")
    return folder


def install(version: str) -> bool:
    """Install a release where it is missing, whole or not at all; whether it was. Raises CalledProcessError."""
    folder = ROOT / version
    if folder.is_dir():
        return False
    part = ROOT / f"{version}.part"
    shutil.rmtree(part, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    # Nearly all of a client is never imported: compiling it takes longer than downloading it.
    subprocess.run(
        [*pip, "--no-compile", "--only-binary=:all:", f"--target={part}", f"kubernetes=={version}"],
        check=True,
    )
    part.rename(folder)
    return True


def main() -> None:
    """Install all of them, and say which."""
    for version in (TOO_OLD, *CLIENTS):
        print(f"kubernetes {version}: {'installed' if install(version) else 'there already'}")


if __name__ == "__main__":
    main()
