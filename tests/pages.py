"""The HTML page as a reader of its own sees it: a tree of elements, and manifests to make pages of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from migrator.report.html import render
from migrator.run import Report, run_text
from migrator.settings import Settings

VOID = frozenset({"meta", "link", "input", "col"})

#: A Job that hangs, with an init container; its helper moves behind that.
JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate-orders
spec:
  template:
    spec:
      restartPolicy: Never
      initContainers:
      - name: wait-for-dns
        image: busybox:1.36
        command: ["sh", "-c", "until nslookup db.example; do sleep 2; done"]
      containers:
      - name: cloud-sql-proxy
        image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1
        args: ["--port=5432", "shop:europe-west1:orders"]
      - name: migrate
        image: registry.example/shop/migrate:2.4
"""
#: What moves, what awaits a decision (the file it tails is not there yet), and what stays.
SHOP = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: web
        image: registry.example/shop/web:1
      - name: auth
        image: quay.io/oauth2-proxy/oauth2-proxy:v7.6.0
        args: ["--upstream=http://127.0.0.1:8080"]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: clock
spec:
  template:
    spec:
      volumes:
      - name: logs
        emptyDir: {}
      containers:
      - name: clock
        image: registry.example/clock:1
        volumeMounts:
        - {name: logs, mountPath: /logs}
      - name: logger
        image: busybox:1.36
        command: ["sh", "-c", "tail -f /logs/clock.log"]
        volumeMounts:
        - {name: logs, mountPath: /logs, readOnly: true}
---
apiVersion: v1
kind: Pod
metadata:
  name: pair
spec:
  containers:
  - name: left
    image: registry.example/left:1
  - name: right
    image: registry.example/right:1
"""
#: Names that would run, load or close something if they were taken for markup.
EVIL = """</script><img src=x onerror="window.pwned=1">'\\"&amp;<!--]]></style><svg onload=window.pwned=1>"""
#: A pod, and a container that moves, of such names.
HOSTILE = SHOP.replace("name: web\n  namespace", f"name: {json.dumps(EVIL)}\n  namespace").replace(
    "name: auth", f"name: {json.dumps(EVIL)}"
)


@dataclass
class Element:
    """An element; `children` are elements and texts."""

    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text in it."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    @property
    def classes(self) -> list[str]:
        """Its classes."""
        return self.attributes.get("class", "").split()

    def all(self, tag: str = "", of: str = "") -> list[Element]:
        """The elements in it with this tag and class."""
        return [e for e in self._within() if tag in ("", e.tag) and (not of or of in e.classes)]

    def _within(self) -> Iterator[Element]:
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child._within()


class _Reader(HTMLParser):
    """Every element that is opened must be closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), (tag, attrs)
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.stack[-1].children.append(made)
        if tag not in VOID:
            self.stack.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.stack[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.stack[-1].children.append(data)


def tree(html: str) -> Element:
    """The page as elements; raises where it is not well-formed."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    (root,) = reader.stack
    return root


def report_of(*texts: str, path: str = "pod.yaml") -> Report:
    """The report of a preview of one file of these documents."""
    return run_text(path, "---\n".join(texts).encode(), Settings())


def page_of(*texts: str, path: str = "pod.yaml") -> Element:
    """The page of a preview of one file."""
    return tree(render(report_of(*texts, path=path)))


def cards(page: Element) -> dict[str, Element]:
    """The pods of a page by their names."""
    return {card.all("h3")[0].text.split(" ", 1)[1]: card for card in page.all("article") if "data-g" in card.attributes}
