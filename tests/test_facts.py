"""Reading any text for facts never raises, and every fact has a place in it: input may be hostile, cut off, or wrong."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from migrator.links import Facts, linked
from migrator.model import Workload
from migrator.sources.facts import _BYTES, may_tell, read_facts, read_script
from tests.test_golden import cases, tree
from tests.test_references import CART, SEEDS

NAMES = ("a.yaml", "00-assert.yaml", "a.json", "a.sh", "a_test.go", "a.py", "a.rego", "Makefile")
#: Words and marks that the readers look at, in any order.
PIECES = (
    *(word.decode() for word in _BYTES),
    *"[]{}():-|>.,\"'\\/#=@?*&$!%\n\t\r",
    *(" ", "\n", "\n  ", "\n- ", "\n---\n", "0", "1", "99999999999", "é", "\x00", "\ufeff", "\u2028", "&a ", "*a ", "<<: "),
    *("kind: NetworkPolicy\n", "kind: Service\n", "kind: Pod\n", "kind: Application\n", "apiVersion: argoproj.io/v1alpha1\n"),
    *("spec:\n", "  containers:\n", "  - name: guard\n", "containers[1]", "[?(@.name=='guard')]", "| select(.name == 'guard')"),
    *("kubectl get pods -l app=cart", "kubectl patch deploy cart", "--subresource resize", "alert: Down\n", "action: drop\n"),
    *('kube_pod_container_status_ready{container="guard"}', "- source_labels: [__meta_kubernetes_pod_container_init]\n"),
)


def check(path: str, text: str) -> None:
    """Both readers take the text; what they find has a line in it, can be sent to a worker, and can be asked."""
    lines = text.count("\n") + 1
    for facts in (read_facts(path, text), read_script(path, text)):
        found = [fact.line for kind in (facts.services, facts.patches, facts.references, facts.mentions) for fact in kind]
        found += [delivery.deployer.line for delivery in facts.deliveries]
        assert all(1 <= line <= lines for line in found)
        assert pickle.loads(pickle.dumps(facts)) == facts
        links = linked([facts])
        workload = Workload("apps/v1", "Deployment", "cart", "shop", labels={"app": "cart"})
        list(links.monitored(workload))
        links.references.mentioned(workload, "guard")
        links.references.about(workload, *links.references.of)


@given(st.sampled_from(NAMES), st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=60).map("".join))
def test_any_text_is_read(path: str, text: str) -> None:
    check(path, text)


SEEDED = [(seed.path, seed.body) for seed in SEEDS]


@given(st.sampled_from(SEEDED), st.data())
def test_a_text_that_is_cut_or_garbled_is_read(seed: tuple[str, str], data: st.DataObject) -> None:
    path, text = seed
    start, end = sorted(data.draw(st.tuples(*2 * [st.integers(0, len(text))])))
    put = data.draw(st.sampled_from(PIECES))
    check(path, text[:start] + put + text[end:])
    check(path, text[start:end])


ANY: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=4)
    | st.sampled_from(["guard", "cart", "https", "1"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "port", "kind", "spec"]), inner, max_size=3)
    ),
    max_leaves=6,
)
MANIFESTS = [
    (seed.path, document)
    for seed in SEEDS
    if seed.path.endswith((".yaml", ".yml"))
    for document in yaml.safe_load_all(seed.body)
    if isinstance(document, dict)
]


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container in the plain data with every key or index in it."""
    below = list(value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else [])
    return [*((value, key) for key, _ in below), *(place for _, inner in below for place in places(inner))]


@given(st.sampled_from(MANIFESTS), st.data(), ANY, st.booleans())
def test_any_field_may_be_of_any_type(seed: tuple[str, dict[str, Any]], data: st.DataObject, value: Any, as_json: bool) -> None:
    path, held = seed[0], json.loads(json.dumps(seed[1], default=str))
    owner, key = data.draw(st.sampled_from(places(held)))
    owner[key] = value
    check(path, json.dumps(held) if as_json else yaml.safe_dump(held, allow_unicode=True))


@pytest.mark.parametrize("line", ["[", "{", "a.containers ", "containers[0] ", '{"containers":[{"name":"a"}],', "&a *a "])
def test_a_line_without_end_is_read(line: str) -> None:
    """A megabyte on one line, as minified files have it."""
    check("a.yaml", f"kind: Pod containers {line * (1024 * 1024 // len(line))}")


def test_what_holds_no_fact_is_passed_over_before_it_is_read() -> None:
    """The words by which texts are chosen are those of the readers: no fact is lost by them."""
    texts = [(name, content) for case in cases() for name, content in tree(case).items()]
    passed = [(name, content.decode(errors="replace")) for name, content in texts if not may_tell(content)]
    assert passed
    assert {(name, facts) for name, text in passed for facts in [read_facts(name, text)] if facts != Facts()} == set()


def test_a_reference_in_a_document_behind_others_has_its_own_line() -> None:
    both = f"# cart\n{CART}---\n{SEEDS[0].body}"
    (service,) = read_facts("a.yaml", both).services
    assert both.splitlines()[service.line - 1].strip() == "targetPort: https"
    assert Path(service.path) == Path("a.yaml")
