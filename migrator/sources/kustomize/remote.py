"""Which entries of a kustomization are no local paths (kustomize: api/internal/git/repospec.go, internal/loader/fileloader.go).

The text alone decides in kustomize too: a folder `github.com/org/repo` of one's own is fetched from GitHub all the same.
Forms that only v3 and v4 took (`gh:`) count, and so does `?ref=`, which no path of a file holds.
"""

from __future__ import annotations

import re

_URL = re.compile(r"(?i)https?:")
_SCHEME = re.compile(r"(?i)(?:git::)?(?:ssh|https?|file)://.")
_HOST = re.compile(r"(?i)(?:git::)?(?:gh:|(?:[a-z][a-z0-9-]*@)?github\.com[:/]|[a-z][a-z0-9-]*@[^/:?]+[:/])([^?]+)")
_QUERY = re.compile(r"\?(?:.*&)?(?:ref|version)=")


def is_url(path: str) -> bool:
    """Whether kustomize fetches a file of this name."""
    return bool(_URL.match(path))


def is_remote(path: str) -> bool:
    """Whether kustomize takes `path` for a URL or a git repository: behind a host, at least owner and repository."""
    if path.startswith("/"):
        return False
    if is_url(path) or _SCHEME.match(path) or _QUERY.search(path):
        return True
    host = _HOST.match(path)
    return host is not None and ("/" in host[1] or ".git" in host[1])
