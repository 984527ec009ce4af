"""Programs that build pods, in the shapes that people write them, with a helper container that is sure to be found.

Each has a function `build`, whose parameters without a default are truth values, or configures the JupyterHub that
`get_config()` gives. They are texts because their layout is what is tested.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import Template
from textwrap import dedent


@dataclass(frozen=True)
class Program:
    """`moved` are the names of the containers that move; `first`: before the init containers that are there.

    `models` says that those containers are models of the client, not dicts.
    """

    id: str
    text: str
    moved: tuple[str, ...]
    unsafe: bool = False
    models: bool = True
    first: bool = False


_PARTS = {
    "METRICS": 'client.V1Container(name="db-metrics", image="quay.io/prometheuscommunity/postgres-exporter:v0.15.0")',
    "SIGN_IN": 'client.V1Container(name="sign-in", image="quay.io/oauth2-proxy/oauth2-proxy:v7.6.0")',
    "SHOP": 'client.V1Container(name="shop", image="registry.example.com/shop:1.4")',
    "OTHER": 'client.V1Container(name="other", image="registry.example.com/other:1.4")',
    "METRICS_DICT": '{"name": "db-metrics", "image": "quay.io/prometheuscommunity/postgres-exporter:v0.15.0"}',
    "SHOP_DICT": '{"name": "shop", "image": "registry.example.com/shop:1.4"}',
    "OTHER_DICT": '{"name": "other", "image": "registry.example.com/other:1.4"}',
}


def written(identity: str, text: str, *moved: str, unsafe: bool = False, models: bool = True) -> Program:
    """A program of which only the ways of the language matter: `$SHOP` and its like stand for containers."""
    whole = "from kubernetes import client\n\n" + Template(dedent(text).lstrip("\n")).substitute(_PARTS)
    return Program(identity, whole, moved, unsafe, models)
