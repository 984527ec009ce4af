"""Pods of cdk8s-plus: the calls that add containers, and what keeps one from moving. Other spellings of libraries, and
lists that are not seen.
"""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from migrator.code import work
from migrator.judge import rules
from migrator.links import Links
from migrator.model import Decision, FileResult
from migrator.settings import Settings

PROXY = 'name="cloud-sql-proxy", image="gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14", args=["--port=5432", "a:b:c"]'
MARK = "restart_policy=kplus.ContainerRestartPolicy.ALWAYS"


def result(text: str, unsafe: bool = False, version: str | None = None) -> FileResult:
    """What becomes of a program whose import says the version, unless one is given."""
    return work("app.py", text.encode(), Settings(unsafe=unsafe, python_client_version=version), rules.load, Links())


def after(text: str, unsafe: bool = False, version: str | None = None) -> str:
    """The text after the rewrite."""
    held = result(text, unsafe, version).after
    return held.decode() if held is not None else text


def decided(text: str, name: str = "cloud-sql-proxy", unsafe: bool = False, version: str | None = None) -> Decision:
    """What is decided of the container, which one pod has."""
    pods = result(text, unsafe, version).pods
    (found,) = (decision for pod in pods for decision in pod.decisions if decision.container.name == name)
    return found


def chart(*lines: str, imports: str = "import cdk8s_plus_30 as kplus") -> str:
    """A chart with a deployment of one container, and these lines below."""
    body = ['web = kplus.Deployment(self, "web")', 'web.add_container(name="web", image="shop:1", port_number=8080)', *lines]
    head = f"{imports}\n\n\nclass Web(Chart):\n    def __init__(self, scope):\n        super().__init__(scope)\n"
    return head + "".join(f"        {line}\n" for line in body)


def test_a_call_becomes_the_other_method() -> None:
    """The method and the field change, and nothing else."""
    text = chart(f"web.add_container({PROXY}, liveness=probe)", "web.expose_via_service()")
    new = after(text)
    assert ast.unparse(ast.parse(new)) == ast.unparse(
        ast.parse(
            text.replace('add_container(name="cloud', 'add_init_container(name="cloud').replace(
                'proxy:2.14", ', f'proxy:2.14", {MARK}, '
            )
        )
    )
    assert after(new) == new
    assert [pod.layout for pod in result(text).pods] == ["cdk8s-plus"]


@pytest.mark.parametrize(
    ("imports", "call", "value"),
    [
        ("import cdk8s_plus_30", "cdk8s_plus_30.Deployment", "cdk8s_plus_30.ContainerRestartPolicy.ALWAYS"),
        ("from cdk8s_plus_30 import Deployment, ContainerRestartPolicy", "Deployment", "ContainerRestartPolicy.ALWAYS"),
        ("from cdk8s_plus_30 import Deployment, ContainerRestartPolicy as Policy", "Deployment", "Policy.ALWAYS"),
        ("import cdk8s_plus_30 as k\nfrom cdk8s_plus_30 import Deployment", "Deployment", "k.ContainerRestartPolicy.ALWAYS"),
    ],
)
def test_the_value_is_written_by_an_import_that_is_there(imports: str, call: str, value: str) -> None:
    """However the module is imported."""
    text = chart(f"web.add_container({PROXY})", imports=imports).replace("kplus.Deployment", call)
    assert f"restart_policy={value}" in after(text)


def test_without_such_an_import_it_stays() -> None:
    """Nothing is imported for it."""
    text = chart(f"web.add_container({PROXY})", imports="from cdk8s_plus_30 import Deployment").replace("kplus.Dep", "Dep")
    assert decided(text).reason == "`ContainerRestartPolicy` is not imported here"
    shadowed = chart("kplus = other()", f"web.add_container({PROXY})", imports="from cdk8s_plus_30 import Deployment")
    assert after(shadowed.replace("kplus.Dep", "Dep"), unsafe=True) == shadowed.replace("kplus.Dep", "Dep")


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([f"for n in range(2): web.add_container({PROXY})"], "it is added in a loop"),
        ([f"def more(): web.add_container({PROXY})"], "it is added in another function"),
        ([f"keep(web.add_container({PROXY}))"], "what it gives back is used elsewhere"),
        ([f"proxy = web.add_container({PROXY})", "keep(proxy)"], "`proxy` is used on line 10 as well"),
        ([f"web.add_container({PROXY}, **more)"], "what else it is given comes from code that is not followed"),
        ([f"web.add_container({PROXY}, lifecycle=hooks)"], "its hooks come from code that is not followed"),
        ([f"web.add_container({PROXY}, port_number=port)"], "its startup probe comes from code that is not followed"),
        (
            [f"web.add_container({PROXY}, port_number=5432)", "web.expose_via_service()"],
            "`expose_via_service` on line 10 looks for ports in `containers` alone",
        ),
    ],
)
def test_what_keeps_a_container(lines: list[str], reason: str) -> None:
    """Whatever is asked."""
    text = chart(*lines)
    assert reason in str(decided(text, unsafe=True).reason)
    assert after(text, unsafe=True) == text


def test_a_container_without_a_name_of_its_own_stays() -> None:
    """By default it is called `main`, among the init containers `init-0`."""
    text = chart(f"web.add_container({PROXY})").replace('name="cloud-sql-proxy"', "name=proxy_name")
    pods = result(text, unsafe=True).pods
    (held,) = (decision for pod in pods for decision in pod.decisions if "cloud-sql-proxy" in (decision.container.image or ""))
    assert held.position is None
    assert "not called by a name" in str(held.reason)


def test_a_result_that_only_itself_is_used_of_moves() -> None:
    """`proxy.mount(...)` is the same for both lists."""
    text = chart(f"proxy = web.add_container({PROXY})", 'proxy.mount("/run", volume)', "proxy.env.add_variable('A', b)")
    assert "proxy = web.add_init_container(" in after(text)


def test_the_order_of_the_calls_is_that_of_the_containers() -> None:
    """An init container that is there stays before what moves, or nothing moves."""
    first = 'web.add_init_container(name="migrate", image="shop:1", command=["migrate"])'
    assert MARK in after(chart(first, f"web.add_container({PROXY})"))
    behind = chart(f"web.add_container({PROXY})", first)
    assert after(behind, unsafe=True) == behind
    assert str(decided(behind, unsafe=True).reason).endswith("the calls stand in another order than the init containers have to")


def test_containers_of_the_constructor_move_with_their_list() -> None:
    """A list and calls together: the constructor's come first."""
    text = dedent(
        f"""\
        import cdk8s_plus_30 as kplus

        job = kplus.Deployment(scope, "job", containers=[
            kplus.ContainerProps(name="work", image="work:1"),
            kplus.ContainerProps({PROXY}),
        ])
        job.add_container(name="report", image="report:1")
        """
    )
    (made,) = (
        node for node in ast.walk(ast.parse(after(text))) if isinstance(node, ast.Call) and "Deploy" in ast.unparse(node.func)
    )
    lists = {held.arg: ast.unparse(held.value) for held in made.keywords}
    assert "cloud-sql-proxy" not in lists["containers"]
    assert MARK in lists["init_containers"]


def test_an_object_that_is_made_elsewhere_is_changed_only_if_asked() -> None:
    """Its other containers are not seen."""
    text = f"import cdk8s_plus_30 as kplus\n\n\ndef add(web: kplus.Deployment):\n    web.add_container({PROXY})\n"
    assert after(text) == text
    assert decided(text).reason == "the pod that it is added to is made elsewhere"
    assert "web.add_init_container(" in after(text, unsafe=True)


def test_a_sidecar_that_is_native_already_is_left() -> None:
    """It stands in the list where it belongs."""
    text = chart(f"web.add_init_container({PROXY}, {MARK})", 'web.add_container(name="cart", image="cart:1")')
    assert after(text, unsafe=True) == text


def test_an_attribute_holds_the_object() -> None:
    """`self.web` in one class is one object."""
    text = chart(f"web.add_container({PROXY})").replace("web =", "self.web =").replace(" web.add", " self.web.add")
    assert "self.web.add_init_container(" in after(text)
    twice = text + "        self.web = other\n"
    assert after(twice, unsafe=True) == twice


def test_an_old_release_has_no_such_field() -> None:
    """The import names it."""
    text = chart(f"web.add_container({PROXY})", imports="import cdk8s_plus_27 as kplus")
    assert after(text, unsafe=True) == text


SPELLINGS = {
    "lightkube": (
        "from lightkube.models.core_v1 import Container, PodSpec\n",
        'PodSpec(containers=[Container("web", image="web:1"), Container("cloud-sql-proxy", ["--port=5432", "a:b:c"], '
        'image="gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14")])\n',
        "initContainers",
        'restartPolicy="Always"',
    ),
    "hikaru": (
        "from hikaru.model.rel_1_28 import *\n",
        'PodSpec(containers=[Container("web", "web:1"), '
        'Container("cloud-sql-proxy", "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14", args=["--port=5432", "a:b:c"])])\n',
        "initContainers",
        'restartPolicy="Always"',
    ),
    "star": (
        "from kubernetes.client import *\n",
        f'V1PodSpec(containers=[V1Container(name="web", image="web:1"), V1Container({PROXY})])\n',
        "init_containers",
        'restart_policy="Always"',
    ),
    "dagster": (
        "",
        '{"pod_spec_config": {"containers": [{"name": "cloud-sql-proxy", '
        '"image": "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14", "args": ["--port=5432", "a:b:c"]}], '
        '"node_selector": {"disk": "ssd"}}}\n',
        '"init_containers"',
        '"restart_policy": "Always"',
    ),
    "dagster camel": (
        "",
        '{"podSpecConfig": {"containers": [{"name": "cloud-sql-proxy", "imagePullPolicy": "Always", '
        '"image": "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14", "args": ["--port=5432", "a:b:c"]}], '
        '"nodeSelector": {"disk": "ssd"}}}\n',
        '"initContainers"',
        '"restartPolicy": "Always"',
    ),
}


@pytest.mark.parametrize("name", SPELLINGS)
def test_each_library_in_its_spelling(name: str) -> None:
    """Positional arguments, star imports, keys with and without underscores."""
    imports, made, inits, mark = SPELLINGS[name]
    text = f"{imports}spec = {made}"
    new = after(text, version="37")
    assert inits in new
    assert mark in new
    assert after(new, version="37") == new


def test_a_list_that_is_given_by_its_place_stays() -> None:
    """A keyword cannot stand before it."""
    imports, made, _, _ = SPELLINGS["lightkube"]
    text = f"{imports}spec = {made}".replace("containers=", "")
    assert decided(text, unsafe=True, version="37").reason == "`containers` is given by its place, without its name"


def test_a_star_import_of_something_else_says_nothing() -> None:
    """`PodSpec` may be anybody's."""
    _, made, _, _ = SPELLINGS["hikaru"]
    assert result(f"from shop.models import *\nspec = {made}", unsafe=True, version="37").pods == ()


def test_a_name_that_others_export_again_is_changed_only_if_asked() -> None:
    """`V1PodSpec` says Kubernetes wherever it comes from, but not which release."""
    _, made, inits, _ = SPELLINGS["star"]
    text = f"from shop.models import V1Container, V1PodSpec\nspec = {made}"
    assert after(text, version="37") == text
    assert decided(text, version="37").reason == "the module that it is imported from is not known"
    assert inits in after(text, unsafe=True, version="37")


EGRESS = """\
sidecar = {
    "name": "egress",
    "image": image,
    "ports": [{"name": "egress-api", "containerPort": 18080}],
    "readinessProbe": {"httpGet": {"path": "/healthz", "port": 18080}},
}
"""


def reasons(text: str) -> dict[str, str]:
    """What is said of each container, whatever is asked."""
    pods = result(text, unsafe=True, version="37").pods
    return {decision.container.name: str(decision.reason) for pod in pods for decision in pod.decisions}


def test_what_is_added_is_not_the_main_container() -> None:
    """However much it looks like one: the pod is there before."""
    said = reasons(f"{EGRESS}pod.spec.containers.append(sidecar)\n")
    assert said == {
        "(the others)": "the main container: the pod has it before others are added",
        "egress": "stays: nothing shows that it helps another",
    }


def test_what_the_library_brings_is_the_main_container() -> None:
    """The notebook of a JupyterHub."""
    said = reasons(f"{EGRESS}c.KubeSpawner.extra_containers = [sidecar]\n")
    assert said["notebook"] == "the main container: the library brings it"


def test_a_list_that_a_function_is_handed_is_told_of() -> None:
    """It has no other list to add to."""
    proxy = '{"name": "cloud-sql-proxy", "image": "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14", "args": ["--port=5432"]}'
    text = f"def add(containers: list):\n    containers.append({proxy})\n"
    assert reasons(text)["cloud-sql-proxy"] == "`containers` is a list that the function is handed"
    assert after(text, unsafe=True, version="37") == text


@pytest.mark.parametrize(
    "text",
    [
        'def add(containers):\n    for c in found:\n        containers.append({"name": c.name, "image": c.image})\n',
        'def add(containers):\n    containers.append({"name": "web", "image": "web:1", "essential": True})\n',
        'containers = []\ncontainers.append({"name": "web", "image": "web:1"})\n',
    ],
)
def test_other_lists_that_are_called_so_are_not(text: str) -> None:
    """What was found, tasks of ECS, lists of the function's own."""
    assert result(text, unsafe=True, version="37").pods == ()


def test_a_container_that_is_made_elsewhere_is_told_of_however_the_list_is_reached() -> None:
    """By attributes, or by keys."""
    for pod in ('body["spec"]["containers"]', "body.spec.containers"):
        said = reasons(f"{pod}.append(config.renew_container)\n")
        assert said["{{ config.renew_container }}"] == "`config.renew_container` is not made in this file"


def test_a_pod_whose_list_is_not_seen_is_told_of() -> None:
    """The name is given several lists."""
    text = "containers = one()\ncontainers = two()\n"
    text += 'spec = {"initContainers": [{"name": "a", "image": "b"}], "containers": containers}\n'
    assert reasons(text) == {"(not seen)": "`containers` is no list that is written in one place"}


def test_arguments_that_are_not_seen_may_come_from_two_places() -> None:
    """`**a, **b` is one thing that is not known, not a key twice."""
    text = "from kubernetes import client\n"
    text += 'client.V1PodSpec(containers=[client.V1Container(name="web", image="w:1", **a, **b), '
    text += f"client.V1Container({PROXY})])\n"
    assert result(text, version="37").notes == ()
    assert 'restart_policy="Always"' in after(text, version="37")
