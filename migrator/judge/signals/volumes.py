"""Who writes and who reads the volumes that containers share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.judge.signals.registry import signal

if TYPE_CHECKING:
    from migrator.judge.view import View


@signal("reads-neighbour-volume")
def reads_neighbour_volume(view: View) -> str | None:
    """It mounts read-only a data volume that a neighbour mounts for writing."""
    for volume, other in view.shared:
        if view.reads_only(volume) and not other.reads_only(volume):
            return f"reads the {view.pod.volumes[volume]} `{volume}` that `{other.name}` writes"
    return None


@signal("feeds-neighbour-volume")
def feeds_neighbour_volume(view: View) -> str | None:
    """A neighbour mounts read-only a data volume that it mounts for writing."""
    for volume, other in view.shared:
        if other.reads_only(volume) and not view.reads_only(volume):
            return f"writes the {view.pod.volumes[volume]} `{volume}` that `{other.name}` reads"
    return None


@signal("shares-volume")
def shares_volume(view: View) -> str | None:
    """It shares a data volume with a neighbour."""
    if view.shared:
        volume, other = view.shared[0]
        return f"shares the {view.pod.volumes[volume]} `{volume}` with `{other.name}`"
    return None
