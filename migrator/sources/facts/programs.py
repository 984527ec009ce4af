"""What Python programs say of containers: their names as texts, statuses of init containers, lists asked for by `get`.

Plain attributes and keys (`pod.spec.containers`) are paths like those of scripts (`paths`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from migrator.references import Mention, MentionKind, Names
from migrator.sources.facts.reader import Reader, Text
from migrator.sources.facts.surroundings import Surroundings

#: A program that never says so looks at no containers of pods; Docker's and those of ECS are called the same.
_OF_PODS = re.compile(r"(?i)kube|\bpods?\b|_pod\b|\bV1[A-Z]|pulumi|cdk8s")
_TEXT = re.compile(r"""["']([a-z0-9][a-z0-9-]{0,61}[a-z0-9])["']""")
#: What stands before a text that is the value of an argument or key: what it is called.
_VALUE = re.compile(r"""(\w+)["']?[ \t]*(?:(?<![=!<>])=(?!=)|:)[ \t]*\Z""")
_CONTAINER = re.compile(r"(?i)\w*container\w*\Z")
_CONSTANT = re.compile(r"[A-Z][A-Z0-9_]*\Z")
#: An entry of a list that is the value of such an argument: `container_logs=["proxy"]`.
_LISTED = re.compile(r"""(?i)(\w*container_\w+)["']?[ \t]*[=:][ \t]*[\[(][\w\s"',.-]*\Z""")
_COMPARED = re.compile(r"(?:[!=]=|(?<![\w-])in(?:[ \t]*[\[({]|(?=[ \t])))[ \t]*\Z")
_COMPARED_BEHIND = re.compile(r"[ \t]*[!=]=")
#: What a name of a container is compared with, and what may be called the same.
_NAME = re.compile(r"(?i)container|sidecar|status|\bname\b|\bcs?\b")
_OTHER = re.compile(r"(?i)volume|\bvol|mount|metadata|label|annotation|secret|namespace|config_?map")
#: A program in which any text may be a container: it looks into the lists of a pod, or into the logs of one.
_LOOKS = re.compile(
    r"""[cC]ontainer_?[sS]tatuses|spec\.containers\b|\]\[["']containers["']\]|namespaced_pod_(?:log|exec)|container_logs|base_container"""
)
_MAKES = re.compile(r"\w*Container\w*\([ \t\r\n]*\Z")
_STATUSES = re.compile(r"[cC]ontainer_?[sS]tatuses")
_INIT_STATUSES = re.compile(r"(?<!\w)(?:init_container_statuses|initContainerStatuses)(?!\w)")
#: The logs of init containers that Airflow follows, each to its end.
_INIT_LOGS = "init_container_logs"
_GET = re.compile(
    r"""(?i)(?:spec|pod|template)\w{0,20}["'\]){}, ]{0,12}\.get\([ \t]*["'](?P<list>containers)["']"""
    r"""|\.get\([ \t]*["'](?P<status>containerStatuses|container_statuses)["']"""
)
_NAMED = re.compile(
    r"""\bname["']?[ \t]*[=:][ \t]*["']([a-z0-9][a-z0-9-]{0,61}[a-z0-9])["']|Container\([ \t\r\n]*["']([a-z0-9-]+)["']"""
)
_BUILT = re.compile(r"""V1Container\b|ContainerArgs\b|\bcontainers["']?[ \t]*[=:][ \t]*\[|add_container\(|extra_containers""")
#: How much of the line is told with a text.
_SAID = 40
#: A program with more texts is a table of names.
_MOST = 2000


def _is_program(text: Text) -> bool:
    return text.path.endswith(".py") and bool(_OF_PODS.search(text.piece))


def _read(text: Text) -> Iterator[Mention]:
    around = Surroundings(text)
    looks = bool(_LOOKS.search(text.piece))
    for found in islice(_TEXT.finditer(text.piece), _MOST):
        before, behind = (
            text.piece[max(0, found.start() - 80) : found.start()],
            text.piece[found.end() : found.end() + 60].partition("\n")[0],
        )
        if _says_container(found[1], before, behind, looks) and not around.idle(found.start()):
            line = before.rpartition("\n")[2]
            kind: MentionKind = "statuses" if _STATUSES.search(line) else "init-statuses" if _INIT_LOGS in line else "name"
            yield around.mention(found.start(), kind, _said(text, found), container=found[1])
    for found in _INIT_STATUSES.finditer(text.piece):
        if not around.idle(found.start()):
            yield around.mention(found.start(), "init-statuses", found[0])
    for found in _GET.finditer(text.piece):
        if not around.idle(found.start()):
            yield around.mention(found.end(), "statuses" if found["status"] else "containers", found["status"] or found["list"])


def _says_container(name: str, before: str, behind: str, looks: bool) -> bool:
    """Whether a text may be a container that is looked for: not one that is made, nor the value of something else.

    A name of one word (`main`, `app`) may be anything, unless it is compared or given as a container; one of several is
    one anywhere in a program that looks into pods.
    """
    if listed := _LISTED.search(before):
        return bool(_CONTAINER.match(listed[1]))
    if value := _VALUE.search(before):
        return bool(_CONTAINER.match(value[1])) or (looks and "-" in name and bool(_CONSTANT.match(value[1])))
    if _MAKES.search(before):
        return False
    line = before.rpartition("\n")[2]
    if _COMPARED.search(line) or _COMPARED_BEHIND.match(behind):
        return bool(_NAME.search(f"{line} {behind}")) and not _OTHER.search(line)
    return looks and "-" in name and not _OTHER.search(line)


def _said(text: Text, found: re.Match[str]) -> str:
    """The text with what stands before it on the line."""
    line = text.piece[max(0, found.start() - _SAID) : found.start()].rpartition("\n")[2].lstrip()
    return f"{line}{found[0]}"


def _names(text: Text) -> Iterator[Names]:
    """What the containers are called that a program makes, among other things."""
    if _BUILT.search(text.piece):
        yield Names(frozenset(name for found in _NAMED.findall(text.piece) for name in found if name))


_WORDS = ("containers", "container_", "ontainerStatuses", "container=", "container.", "container[", "CONTAINER")

READER = Reader(_WORDS, _read, _is_program, scripts=True)
NAMES = Reader(("containers", "add_container", "V1Container", "ContainerArgs"), _names, _is_program, scripts=True)
