"""Manifests as text in programs."""

from __future__ import annotations

from tests.python_pods import Program

_SPEC = """\
spec:
  containers:
  - name: shop
    image: registry.example.com/shop:1.4
  # What the dashboards show.
  - name: db-metrics
    image: quay.io/prometheuscommunity/postgres-exporter:{tag}
    args: ["--no-collector.wal"]
"""
_POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: shop\n" + _SPEC


def _of(text: str, indent: str = "") -> str:
    return "".join(f"{indent}{line}" for line in text.splitlines(keepends=True))


STRINGS = (
    Program(
        "yaml-text",
        f'import yaml\n\nPOD = """\\\n{_of(_POD.format(tag="v0.15.0"))}"""\n\n\ndef build():\n    return yaml.safe_load(POD)\n',
        ("db-metrics",),
        models=False,
    ),
    Program(
        "yaml-text-indented",
        f'''\
from textwrap import dedent

import yaml


def build():
    text = dedent(
        """
{_of(_POD.format(tag="v0.15.0"), "        ")}        """
    )
    return yaml.safe_load(text)
''',
        ("db-metrics",),
        models=False,
    ),
    Program(
        "yaml-texts-in-one",
        f"""\
import yaml

PODS = '''
apiVersion: v1
kind: Namespace
metadata: {{name: shop}}
---
{_of(_POD.format(tag="v0.15.0"))}'''


def build():
    return list(yaml.safe_load_all(PODS))
""",
        ("db-metrics",),
        models=False,
    ),
    Program(
        "yaml-text-with-holes",
        f'''\
import yaml


def build(tag="v0.15.0"):
    return yaml.safe_load(f"""
{_of(_POD)}""")
''',
        ("db-metrics",),
        unsafe=True,
        models=False,
    ),
    Program(
        "yaml-text-formatted",
        f'''\
import yaml

POD = """
{_of(_POD)}"""


def build(tag="v0.15.0"):
    return yaml.safe_load(POD.format(tag=tag))
''',
        ("db-metrics",),
        unsafe=True,
        models=False,
    ),
)
