"""Everything in a repository that names a sidecar from another file: what moves it finds each of them, and no other's.

The repository is built from `SEEDS`: each is one kind of reference to the container `guard` of the Deployment `cart`. The
same seeds, with another's name in the place of its own, make the repository in which nothing may be said of it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from click.testing import CliRunner

from migrator.cli import cli
from tests.conftest import Run

CART = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
  namespace: shop
spec:
  selector:
    matchLabels: {app: cart}
  template:
    metadata:
      labels: {app: cart}
      annotations:
        container.apparmor.security.beta.kubernetes.io/guard: runtime/default
        container.seccomp.security.alpha.kubernetes.io/guard: runtime/default
    spec:
      containers:
      - name: cart
        image: registry.example/shop/cart:2
      - name: guard
        image: quay.io/oauth2-proxy/oauth2-proxy:v7.6.0
        args: ["--upstream=http://127.0.0.1:8080"]
        ports:
        - {name: https, containerPort: 4443}
        - {name: metrics, containerPort: 9115}
        resources:
          requests: {cpu: 50m, memory: 64Mi}
"""


@dataclass(frozen=True)
class Seed:
    """A reference: a file, and a part of the line that has to be told of.

    `hazard` is what it is told as, or `follows` where it is rewritten. In the negative, `other` (what stands there, what
    stands there instead) makes it one to something else; the name of the workload does where nothing is said.
    """

    path: str
    hazard: str
    line: str
    text: str
    other: tuple[tuple[str, str], ...] = (("cart", "till"),)

    @property
    def body(self) -> str:
        """The file's text."""
        return dedent(self.text).lstrip("\n")

    @property
    def of_another(self) -> str:
        """The file's text where it is about something else."""
        text = self.body
        for here, there in self.other:
            assert here in text, f"{self.path} has no `{here}`"
            text = text.replace(here, there)
        return text

    @property
    def number(self) -> int:
        """The 1-based line that is meant."""
        found = [number for number, line in enumerate(self.body.splitlines(), 1) if self.line in line]
        assert found, f"{self.path} has no `{self.line}`"
        return found[0]


def monitor(kind: str, endpoints: str, group: str = "monitoring.coreos.com/v1", name: str = "cart") -> str:
    """A monitor of the operators for Prometheus and VictoriaMetrics."""
    return (
        f"apiVersion: {group}\nkind: {kind}\nmetadata: {{name: {name}, namespace: shop}}\n"
        f"spec:\n  selector:\n    matchLabels: {{app: cart}}\n  {endpoints}\n"
    )


SERVICES = [
    Seed(
        "apps/service.yaml",
        "service-named-target-port",
        "targetPort: https",
        """
        apiVersion: v1
        kind: Service
        metadata: {name: cart, namespace: shop, labels: {app: cart}}
        spec:
          selector: {app: cart}
          ports:
          - name: tls
            port: 443
            targetPort: https
        """,
    ),
    Seed(
        "apps/numbered.yaml",
        "",
        "targetPort: 9115",
        """
        apiVersion: v1
        kind: Service
        metadata: {name: cart-metrics, namespace: shop, labels: {app: cart}}
        spec:
          selector: {app: cart}
          ports:
          - {name: scraped, port: 80, targetPort: 9115}
        """,
    ),
]

MONITORING = [
    Seed("monitoring/a.yaml", "prometheus-sd", "port: scraped", monitor("ServiceMonitor", "endpoints:\n  - port: scraped")),
    Seed("monitoring/b.yaml", "prometheus-sd", "targetPort: 9115", monitor("ServiceMonitor", "endpoints:\n  - targetPort: 9115")),
    Seed("monitoring/c.yaml", "prometheus-sd", "port: metrics", monitor("PodMonitor", "podMetricsEndpoints:\n  - port: metrics")),
    Seed(
        "monitoring/d.yaml",
        "prometheus-sd",
        "port: metrics",
        monitor("VMPodScrape", "podMetricsEndpoints:\n  - port: metrics", "operator.victoriametrics.com/v1beta1"),
    ),
    Seed(
        "monitoring/e.yaml",
        "prometheus-sd",
        "container_init",
        monitor(
            "PodMonitor",
            "podMetricsEndpoints:\n  - relabelings:\n    - sourceLabels: [__meta_kubernetes_pod_container_init]\n"
            '      action: keep\n      regex: "false"',
        ),
    ),
    Seed(
        "monitoring/prometheus.yml",
        "prometheus-sd",
        "container_init",
        """
        scrape_configs:
        - job_name: pods
          kubernetes_sd_configs: [{role: pod}]
          relabel_configs:
          - source_labels: [__meta_kubernetes_pod_container_init]
            action: drop
            regex: true
        """,
        (("regex: true", "regex: false"),),
    ),
    Seed(
        "monitoring/scrape.yaml",
        "prometheus-sd",
        "container_init",
        """
        apiVersion: monitoring.coreos.com/v1alpha1
        kind: ScrapeConfig
        metadata: {name: pods}
        spec:
          kubernetesSDConfigs: [{role: Pod}]
          relabelings:
          - {sourceLabels: [__meta_kubernetes_pod_container_init], action: keep, regex: "false"}
        """,
        (("keep", "drop"),),
    ),
    Seed(
        "monitoring/rule.yaml",
        "ksm-metrics-alerts",
        "expr:",
        """
        apiVersion: monitoring.coreos.com/v1
        kind: PrometheusRule
        metadata: {name: guards}
        spec:
          groups:
          - name: guards
            rules:
            - alert: GuardDown
              expr: kube_pod_container_status_ready{namespace="shop", pod=~"cart-.+", container="guard"} == 0
        """,
    ),
    Seed(
        "monitoring/rules.yml",
        "ksm-metrics-alerts",
        "kube_pod",
        """
        groups:
        - name: guards
          rules:
          - record: guard:memory
            expr: |
              sum(kube_pod_container_resource_limits{container=~"guard|relay"})
        """,
        (("guard|", "log|"),),
    ),
    Seed(
        "monitoring/all.yml",
        "ksm-metrics-alerts",
        "kube_pod",
        """
        groups:
        - name: all
          rules:
          - alert: CrashLoop
            expr: kube_pod_container_status_waiting_reason{reason="CrashLoopBackOff", namespace="shop"} > 0
        """,
        (('namespace="shop"', 'namespace="till"'),),
    ),
    Seed(
        "monitoring/board.json",
        "ksm-metrics-alerts",
        "kube_pod",
        """
        {
          "schemaVersion": 39,
          "panels": [
            {"targets": [
              {"expr": "kube_pod_container_status_restarts_total{pod=~\\"cart-.*\\", container=\\"guard\\"}"}
            ]}
          ]
        }
        """,
    ),
]

SCALING = [
    Seed(
        "scaling/vpa.yaml",
        "vpa",
        "containerName: guard",
        """
        apiVersion: autoscaling.k8s.io/v1
        kind: VerticalPodAutoscaler
        metadata: {name: cart, namespace: shop}
        spec:
          targetRef: {apiVersion: apps/v1, kind: Deployment, name: cart}
          resourcePolicy:
            containerPolicies:
            - containerName: guard
              maxAllowed: {memory: 128Mi}
        """,
    ),
    Seed(
        "scaling/hpa.yaml",
        "hpa-container-resource",
        "type: ContainerResource",
        """
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: cart, namespace: shop}
        spec:
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: cart}
          maxReplicas: 4
          metrics:
          - type: ContainerResource
            containerResource: {name: cpu, container: guard, target: {type: Utilization, averageUtilization: 60}}
        """,
    ),
    Seed(
        "scaling/keda.yaml",
        "hpa-container-resource",
        "type: cpu",
        """
        apiVersion: keda.sh/v1alpha1
        kind: ScaledObject
        metadata: {name: cart, namespace: shop}
        spec:
          scaleTargetRef: {name: cart}
          triggers:
          - type: cpu
            metadata: {value: "60", containerName: guard}
        """,
    ),
]

POLICIES = [
    Seed(
        "network/kubernetes.yaml",
        "netpol-named-port",
        "port: https",
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: cart, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: cart}}
          ingress:
          - ports:
            - port: https
        """,
    ),
    Seed(
        "network/egress.yaml",
        "netpol-named-port",
        "port: https",
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: gateway, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: gateway}}
          egress:
          - to: [{podSelector: {matchExpressions: [{key: app, operator: In, values: [cart, basket]}]}}]
            ports:
            - port: https
        """,
        (("[cart, basket]", "[basket]"),),
    ),
    Seed(
        "network/cilium.yaml",
        "netpol-named-port",
        "port: https",
        """
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: {name: cart, namespace: shop}
        spec:
          endpointSelector: {matchLabels: {app: cart}}
          ingress:
          - toPorts:
            - ports:
              - port: https
        """,
    ),
    Seed(
        "network/calico.yaml",
        "netpol-named-port",
        "- https",
        """
        apiVersion: projectcalico.org/v3
        kind: NetworkPolicy
        metadata: {name: cart, namespace: shop}
        spec:
          selector: app == 'cart'
          ingress:
          - action: Allow
            protocol: TCP
            destination:
              ports:
              - https
        """,
    ),
    Seed(
        "policies/kyverno.yaml",
        "policy-engines",
        "containers:",
        """
        apiVersion: kyverno.io/v1
        kind: Policy
        metadata: {name: limits, namespace: shop}
        spec:
          rules:
          - name: limits
            match: {any: [{resources: {kinds: [Pod], selector: {matchLabels: {app: cart}}}}]}
            validate:
              pattern:
                spec:
                  containers:
                  - resources: {limits: {memory: "?*"}}
        """,
    ),
    Seed(
        "policies/gatekeeper.yaml",
        "policy-engines",
        "spec.containers",
        """
        apiVersion: templates.gatekeeper.sh/v1
        kind: ConstraintTemplate
        metadata: {name: limits}
        spec:
          targets:
          - target: admission.k8s.gatekeeper.sh
            rego: |
              violation[{"msg": "no limits"}] { not input.review.object.spec.containers[_].resources.limits }
        """,
        (("spec.containers", "spec.initContainers"),),
    ),
    Seed(
        "policies/vap.yaml",
        "policy-engines",
        "spec.containers",
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicy
        metadata: {name: limits}
        spec:
          matchConstraints:
            resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}]
          validations:
          - expression: object.spec.template.spec.containers.all(c, has(c.resources))
        """,
        (("deployments", "daemonsets"),),
    ),
    Seed(
        "policies/limits.rego",
        "policy-engines",
        "spec.containers",
        """
        package main
        deny[message] {
          input.kind == "Deployment"
          not input.spec.template.spec.containers[_].resources
          message := "no resources"
        }
        """,
        (('"Deployment"', '"DaemonSet"'),),
    ),
]

TESTS = [
    Seed(
        "tests/kuttl/00-assert.yaml",
        "jsonpath-scripts",
        "name: guard",
        """
        apiVersion: v1
        kind: Pod
        metadata: {namespace: shop, labels: {app: cart}}
        status:
          containerStatuses:
          - name: guard
            ready: true
        """,
    ),
    Seed(
        "tests/chainsaw/chainsaw-test.yaml",
        "jsonpath-scripts",
        "- name: guard",
        """
        apiVersion: chainsaw.kyverno.io/v1alpha1
        kind: Test
        metadata: {name: ready}
        spec:
          steps:
          - try:
            - assert:
                resource:
                  apiVersion: v1
                  kind: Pod
                  metadata: {namespace: shop, labels: {app: cart}}
                  status:
                    containerStatuses:
                    - name: guard
                      ready: true
        """,
    ),
    Seed(
        "charts/cart/tests/cart_test.yaml",
        "jsonpath-scripts",
        "path:",
        """
        suite: cart
        tests:
        - it: has a guard
          asserts:
          - equal:
              path: spec.template.spec.containers[1].image
              value: quay.io/oauth2-proxy/oauth2-proxy:v7.6.0
        """,
    ),
    Seed(
        "tests/cart_test.go",
        "jsonpath-scripts",
        "Containers[1]",
        """
        package tests

        func TestGuard(t *testing.T) {
            held := get(t, "shop", "cart")
            require.Equal(t, image, held.Spec.Template.Spec.Containers[1].Image)
        }
        """,
    ),
    Seed(
        "tests/test_cart.py",
        "jsonpath-scripts",
        "container_statuses",
        """
        def test_ready(api):
            pod = newest(api, "cart")
            assert all(status.ready for status in pod.status.container_statuses if status.name == "guard")
        """,
        (("guard", "relay"), ("cart", "till")),
    ),
    Seed(
        "tests/cart.spec.ts",
        "jsonpath-scripts",
        "containers[1]",
        """
        test("guard", async () => {
          const held = await apps.readNamespacedDeployment("cart", "shop");
          expect(held.body.spec.template.spec.containers[1].name).toBe("g");
        });
        """,
    ),
    Seed(
        "tests/ready.bats",
        "jsonpath-scripts",
        "containerStatuses",
        """
        @test "guard is ready" {
          run kubectl -n shop get pods -l app=cart -o jsonpath='{.items[0].status.containerStatuses[?(@.name=="guard")].ready}'
        }
        """,
    ),
]

SCRIPTS = [
    Seed(
        "scripts/index.sh",
        "jsonpath-scripts",
        "containers[1]",
        "kubectl -n shop get deploy/cart -o jsonpath='{.spec.template.spec.containers[1].image}'\n",
    ),
    Seed(
        "scripts/name.sh",
        "jsonpath-scripts",
        "@.name",
        """kubectl -n shop get deploy cart -o jsonpath='{.spec.template.spec.containers[?(@.name=="guard")].image}'\n""",
    ),
    Seed(
        "scripts/all.sh",
        "jsonpath-scripts",
        "containers[*]",
        """
        # Every image that runs there.
        kubectl -n shop get pods --selector app=cart \\
          -o jsonpath='{.items[*].spec.containers[*].image}'
        """,
    ),
    Seed(
        "scripts/jq.sh",
        "jsonpath-scripts",
        "select",
        """
        kubectl -n shop get deployment/cart -o json |
          jq -r '.spec.template.spec.containers[] | select(.name == "guard") | .image'
        """,
    ),
    Seed(
        "scripts/yq.sh",
        "jsonpath-scripts",
        "yq",
        "yq -i '.spec.template.spec.containers[] |= select(.name == \"guard\").image = env(IMAGE)' apps/cart.yaml\n",
        (("guard", "relay"),),
    ),
    Seed(
        "scripts/events.sh",
        "jsonpath-scripts",
        "fieldPath",
        "kubectl -n shop get events --field-selector 'involvedObject.fieldPath=spec.containers{guard}'\n",
        (("guard", "relay"),),
    ),
    Seed(
        "scripts/merge.sh",
        "jsonpath-scripts",
        "kubectl",
        """
        kubectl -n shop patch deployment cart -p '{"spec":{"template":{"spec":{"containers":[{"name":"guard","image":"x"}]}}}}'
        """,
    ),
    Seed(
        "scripts/pointer.sh",
        "jsonpath-scripts",
        "containers/1",
        """
        kubectl -n shop patch deployment cart --type=json \\
          -p='[{"op": "replace", "path": "/spec/template/spec/containers/1/image", "value": "x"}]'
        """,
    ),
    Seed("Makefile", "jsonpath-scripts", "containers[1]", "image:\n\t@yq '.spec.template.spec.containers[1].image' cart\n"),
    Seed(
        ".github/workflows/check.yaml",
        "jsonpath-scripts",
        "containers[1]",
        """
        name: check
        on: push
        jobs:
          check:
            runs-on: ubuntu-latest
            steps:
            - run: kubectl -n shop get deploy cart -o jsonpath='{.spec.template.spec.containers[1].image}'
        """,
    ),
    Seed(
        ".gitlab-ci.yml",
        "jsonpath-scripts",
        "containerStatuses",
        """
        check:
          script:
          - kubectl -n shop get pod -l app=cart -o jsonpath='{.items[0].status.containerStatuses[1].restartCount}'
        """,
    ),
    Seed(
        "Jenkinsfile",
        "jsonpath-scripts",
        "containers[1]",
        """
        node {
          sh "kubectl -n shop get deploy cart -o jsonpath='{.spec.template.spec.containers[1].image}'"
        }
        """,
    ),
]

DEPLOYING = [
    Seed(
        "clusters/flux.yaml",
        "kustomize-smp-left-behind",
        "- name: guard",
        """
        apiVersion: kustomize.toolkit.fluxcd.io/v1
        kind: Kustomization
        metadata: {name: cart}
        spec:
          path: ./apps
          patches:
          - patch: |
              apiVersion: apps/v1
              kind: Deployment
              metadata:
                name: cart
              spec:
                template:
                  spec:
                    containers:
                    - name: guard
                      image: registry.example/mirror/oauth2-proxy:v7.6.0
        """,
    ),
    Seed(
        "clusters/argocd.yaml",
        "kustomize-smp-left-behind",
        "op: replace",
        """
        apiVersion: argoproj.io/v1alpha1
        kind: Application
        metadata: {name: cart}
        spec:
          source:
            path: apps
            kustomize:
              patches:
              - target: {kind: Deployment, name: cart}
                patch: |-
                  - op: replace
                    path: /spec/template/spec/containers/1/image
                    value: registry.example/mirror/oauth2-proxy:v7.6.0
        """,
    ),
    Seed(
        "clusters/ignored.yaml",
        "jsonpath-scripts",
        "containers/1",
        """
        apiVersion: argoproj.io/v1alpha1
        kind: Application
        metadata: {name: all}
        spec:
          ignoreDifferences:
          - group: apps
            kind: Deployment
            name: cart
            jsonPointers:
            - /spec/template/spec/containers/1/image
        """,
    ),
    Seed(
        "mesh/operator.yaml",
        "jsonpath-scripts",
        "containers",
        """
        apiVersion: install.istio.io/v1alpha1
        kind: IstioOperator
        spec:
          components:
            ingressGateways:
            - k8s:
                overlays:
                - kind: Deployment
                  name: cart
                  patches:
                  - path: spec.template.spec.containers.[name:guard].image
                    value: registry.example/mirror/oauth2-proxy:v7.6.0
        """,
    ),
    Seed(
        "patches/guard.yaml",
        "kustomize-smp-left-behind",
        "name: guard",
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: cart}
        spec:
          template:
            spec:
              containers:
              - name: guard
                image: registry.example/mirror/oauth2-proxy:v7.6.0
              - name: cart
        """,
    ),
]

SEEDS = [*SERVICES, *MONITORING, *SCALING, *POLICIES, *TESTS, *SCRIPTS, *DEPLOYING]

Told = set[tuple[str, str, int]]


def told(folder: Path, seeds: dict[str, str], *flags: str) -> Told:
    """What the report of a repository says of `guard` in `cart`: hazard (or `follows`), file and line."""
    for path, text in {"apps/cart.yaml": CART, **seeds}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    report = json.loads(CliRunner().invoke(cli, ["--dry-run", "-f", "json", *flags, str(folder)]).stdout)
    (pod,) = (pod for file in report["files"] for pod in file["pods"] if file["path"].endswith("apps/cart.yaml"))
    (guard,) = (container for container in pod["containers"] if container["name"] == "guard")
    found = {(hazard["id"], *place) for hazard in guard["hazards"] for place in _places(hazard)}
    found |= {("follows", *place) for said in guard.get("follows", ()) for place in _named(said)}
    return {(kind, Path(path).relative_to(folder).as_posix(), line) for kind, path, line in found}


def _places(hazard: dict[str, Any]) -> list[tuple[str, int]]:
    return [*((place["path"], place["line"]) for place in hazard.get("places", ())), *_named(hazard["message"])]


def _named(text: str) -> list[tuple[str, int]]:
    """The places in a text."""
    return [(path, int(line)) for path, line in re.findall(r"(/[\w./-]+):(\d+)", text)]


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """What is told in the repository with all references."""
    return told(tmp_path_factory.mktemp("own"), {seed.path: seed.body for seed in SEEDS})


@pytest.fixture(scope="module")
def listed_of_others(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """What is told where they are all to something else."""
    return told(tmp_path_factory.mktemp("others"), {seed.path: seed.of_another for seed in SEEDS})


def test_there_are_seeds_of_many_kinds() -> None:
    assert len({seed.path for seed in SEEDS}) == len(SEEDS) > 40


@pytest.mark.parametrize("seed", [seed for seed in SEEDS if seed.hazard], ids=lambda seed: seed.path)
def test_a_reference_is_listed_with_its_line(seed: Seed, listed: Told) -> None:
    """With what rewrites it, too: then it is told as what follows."""
    assert {(seed.hazard, seed.path, seed.number), ("follows", seed.path, seed.number)} & listed


@pytest.mark.parametrize("seed", [seed for seed in SEEDS if not seed.hazard], ids=lambda seed: seed.path)
def test_what_finds_the_container_all_the_same_is_not_listed(seed: Seed, listed: Told) -> None:
    assert {path for _, path, _ in listed} & {seed.path} == set()


def test_nothing_else_is_listed(listed: Told) -> None:
    assert {(path, line) for _, path, line in listed} <= {(seed.path, seed.number) for seed in SEEDS if seed.hazard}


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.path)
def test_the_reference_of_another_is_not_listed(seed: Seed, listed_of_others: Told) -> None:
    assert {(path, line) for _, path, line in listed_of_others} & {(seed.path, seed.number)} == set()


def test_a_container_that_nobody_names_has_nothing_listed_and_its_annotations_stay(run: Run) -> None:
    """kubectl and the kubelet find `default-container` and the profiles of security by name, in both lists."""
    default = (
        "        kubectl.kubernetes.io/default-container: guard\n        kubectl.kubernetes.io/default-logs-container: guard\n"
    )
    text = CART.replace("annotations:\n", f"annotations:\n{default}")
    text = text.replace("name: guard\n", "name: guard # sidecar-migrate: sidecar\n")
    Path("cart.yaml").write_text(text)
    assert run(".").exit_code == 0
    after = Path("cart.yaml").read_text()
    assert "initContainers:\n      - name: guard" in after
    annotations = text[text.index("annotations:") : text.index("    spec:\n")]
    assert annotations.count("guard") == 4
    assert annotations in after


def test_an_in_place_resize_is_listed_where_there_is_one(tmp_path: Path) -> None:
    resize = 'kubectl -n shop patch pod cart-0 --subresource resize -p \'{"spec":{"containers":[{"name":"guard"}]}}\'\n'
    assert ("inplace-resize-paths", "grow.sh", 1) in told(tmp_path, {"grow.sh": resize}, "-t", "1.33")
    assert told(tmp_path, {"grow.sh": resize.replace("containers", "initContainers")}, "-t", "1.33") == set()
    assert told(tmp_path, {"grow.sh": resize.replace("cart", "till").replace("guard", "relay")}, "-t", "1.33") == set()


FAILURES = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: close
spec:
  podFailurePolicy:
    rules:
    - action: FailJob
      onExitCodes: {containerName: proxy, operator: In, values: [42]}
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: close
        image: registry.example/shop/close:2
      - name: proxy
        image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1
"""


@pytest.mark.parametrize(("named", "listed"), [("proxy", True), ("close", False)])
def test_exit_codes_of_the_container_in_a_pod_failure_policy(run: Run, named: str, listed: bool) -> None:
    Path("job.yaml").write_text(FAILURES.replace("containerName: proxy", f"containerName: {named}"))
    report = json.loads(run("--dry-run", "-f", "json", ".").stdout)
    hazards = [h for file in report["files"] for pod in file["pods"] for c in pod["containers"] for h in c["hazards"]]
    assert any(h["id"] == "podfailurepolicy-exit-codes" and "`proxy`" in h["message"] for h in hazards) is listed


@pytest.mark.parametrize(
    ("field", "patch", "becomes"),
    [
        pytest.param(
            "patches: [{path: patch.yaml}]",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: cart, namespace: shop}\nspec:\n  template:\n    spec:\n"
            "      containers:\n      - name: guard\n        image: registry.example/mirror/oauth2-proxy:v7.6.0\n",
            "      initContainers:\n      - name: guard\n        image: registry.example/mirror",
            id="a strategic merge",
        ),
        pytest.param(
            "patches: [{path: patch.yaml, target: {kind: Deployment, name: cart}}]",
            "- {op: replace, path: /spec/template/spec/containers/1/image, value: registry.example/oauth2-proxy:v7.6.0}\n",
            "path: /spec/template/spec/initContainers/0/image",
            id="a JSON patch",
        ),
        pytest.param(
            "patches: [{path: patch.yaml, target: {kind: Deployment, name: cart}}]\n"
            "replacements:\n- source: {kind: Deployment, name: cart, fieldPath: metadata.name}\n  targets:\n"
            "  - select: {kind: Deployment, name: cart}\n"
            "    fieldPaths: ['spec.template.spec.containers.[name=guard].args.0']\n",
            "- op: add\n  path: /spec/replicas\n  value: 2\n",
            "spec.template.spec.initContainers.[name=guard].args.0",
            id="a replacement",
        ),
    ],
)
def test_what_kustomizations_say_of_it_is_rewritten(run: Run, field: str, patch: str, becomes: str) -> None:
    files = {"cart.yaml": CART, "patch.yaml": patch, "kustomization.yaml": f"resources: [cart.yaml]\n{field}\n"}
    for name, text in files.items():
        Path(name).write_text(text)
    assert run(".").exit_code == 0
    assert becomes not in "".join(files.values())
    assert becomes in "".join(Path(name).read_text() for name in files)


@pytest.mark.parametrize(
    ("folder", "directory", "deployed"),
    [
        ("apps", "", True),
        ("./apps/", "", True),
        (".", "", False),
        (".", "recurse: true", True),
        ("apps/till", "recurse: true", False),
        ("other/apps", "recurse: true", False),
        ("{{path}}", "recurse: true", False),
        ("{{.folder}}/cart", "recurse: true", False),
        ("apps", "exclude: cart.yaml", False),
        ("apps", "exclude: '{till.yaml, c*.yaml}'", False),
        ("apps", "include: '*.json'", False),
        ("apps", "include: '*.yaml', exclude: 'till.*'", True),
    ],
)
def test_who_deploys_a_rewritten_file_is_named(run: Run, folder: str, directory: str, deployed: bool) -> None:
    """A path is one from the top of a repository, which need not be this one."""
    Path("apps").mkdir()
    Path("apps/cart.yaml").write_text(CART)
    Path("argocd").mkdir()
    Path("argocd/cart.yaml").write_text(
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: cart}\nspec:\n  source:\n"
        f"    path: '{folder}'\n    directory: {{{directory}}}\n"
    )
    report = json.loads(run("--dry-run", "-f", "json", ".").stdout)
    (file,) = (file for file in report["files"] if file["path"] == "apps/cart.yaml")
    by = {"kind": "Application", "name": "cart", "path": "argocd/cart.yaml", "line": 6}
    assert file.get("deployedBy", []) == ([by] if deployed else [])
    assert ("deployed by the Application `cart` (argocd/cart.yaml:6)" in run("--dry-run", ".").stderr) is deployed
