"""What the images of a pod say of each other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator.judge.signals.names import named_for_image, named_like_workload, part_of_workload_name
from migrator.judge.signals.registry import signal

if TYPE_CHECKING:
    from migrator.judge.view import View

#: Images that hold tools and no work of their own: that two containers use one says nothing of either.
_UTILITIES = re.compile(
    r"(?:busybox|alpine|ubuntu|debian|centos|fedora|bash|curl|kubectl|alpine-curl|toolbox|pause|sleep)(?:-.*)?\Z"
)
_CSI_FLAGS = re.compile(r"--?csi-address|--?kubelet-registration-path")
#: Cluster-wide controllers of the CSI project: they stand beside CSI helpers and are no driver.
_CSI_CONTROLLERS = re.compile(r"(?:csi-)?(?:snapshot-controller|snapshot-validation-webhook|snapshot-conversion-webhook)\Z")


@signal("same-image-as-main")
def same_image(view: View) -> str | None:
    """It runs the image of the neighbour whose name, or image's name, is the workload's."""
    if utility(view):
        return None
    for other in view.neighbours:
        bears = named_like_workload(other) or part_of_workload_name(other) or named_for_image(other)
        if other.container.image == view.container.image and bears:
            return f"runs the same image as `{other.name}`"
    return None


@signal("all-same-image")
def all_same_image(view: View) -> str | None:
    """Every container of the pod runs the same image."""
    image = view.container.image
    if utility(view) or not view.neighbours or any(other.container.image != image for other in view.neighbours):
        return None
    return "every container runs the same image"


def utility(view: View) -> bool:
    """Whether the image is unknown, or one of tools that any container might use."""
    return not view.repository or bool(_UTILITIES.match(view.repository[-1]))


@signal("csi-driver-elsewhere")
def csi_driver_elsewhere(view: View) -> str | None:
    """All its neighbours are CSI helpers or controllers too: the driver is in another pod."""
    for other in view.neighbours:
        controller = other.repository and _CSI_CONTROLLERS.match(other.repository[-1])
        if not controller and not _CSI_FLAGS.search(other.text):
            return None
    return "no CSI driver in this pod to help"
