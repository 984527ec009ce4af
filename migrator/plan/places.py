"""Files on volumes: which path in one container is which in another."""

from __future__ import annotations

from migrator.model import Container, Mount

#: A volume, and a path in it.
Place = tuple[str, str]


def place_of(container: Container, path: str) -> Place | None:
    """Where on which volume `path` lies; None for a path in the image."""
    mount = _mount_at(container, path)
    return (mount.volume, _below(mount, path[len(mount.path.rstrip("/")) :])) if mount else None


def named_in(container: Container, place: Place) -> bool:
    """Whether the command or args of a container name the file that lies there."""
    said = " ".join((*container.command, *container.args))
    return any(path in said for path in _paths(container, place))


def _mount_at(container: Container, path: str) -> Mount | None:
    mounts = [m for m in container.mounts if m.path and f"{path}/".startswith(m.path.rstrip("/") + "/")]
    return max(mounts, key=lambda m: len(m.path)) if mounts else None


def _below(mount: Mount, rest: str) -> str:
    return "/".join(part for part in f"{mount.sub_path or ''}/{rest}".split("/") if part)


def _paths(container: Container, place: Place) -> list[str]:
    """The paths of a place in a container."""
    volume, path = place
    found = []
    for mount in container.mounts:
        root = _below(mount, "")
        if mount.volume == volume and f"{path}/".startswith(f"{root}/" if root else ""):
            found.append(mount.path.rstrip("/") + "/" + path[len(root) :].lstrip("/"))
    return found
