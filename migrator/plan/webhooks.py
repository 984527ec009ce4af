"""Programs that once wrote pods back through Kubernetes API types without `restartPolicy` on init containers.

They read a pod into the types they were built with, change something, and write it back; types older than 1.28 lose
the field. Releases were told from the `k8s.io/api` in the go.mod of their tags, and from their changelogs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from migrator.judge.shell import words
from migrator.model import Container, PodSpec, Workload


@dataclass(frozen=True)
class Rewriter:
    """One program. `marks` matches what a pod that it changes shows, as `label KEY=VALUE`, `annotation KEY=VALUE` or
    `env NAME=VALUE`; `sure` is false where that may have another reason. From release `keeps` on it leaves the field
    alone, None where no release does.
    """

    product: str
    keeps: str | None
    marks: re.Pattern[str]
    source: str
    sure: bool = True


_REWRITERS = (
    Rewriter(
        "the AWS App Mesh controller",
        None,
        re.compile(r"annotation appmesh\.k8s\.aws/sidecarInjectorWebhook=enabled"),
        "https://github.com/aws/aws-app-mesh-controller-for-k8s/issues/774",
    ),
    Rewriter(
        "kube-secrets-init",
        None,
        re.compile(r"env [^=]+=gcp:secretmanager:.*"),
        "https://github.com/doitintl/kube-secrets-init/issues/53",
        # The image may resolve it itself, by its entrypoint.
        sure=False,
    ),
    Rewriter(
        "the log sidecar injector of KubeSphere",
        None,
        re.compile(r"annotation logging\.kubesphere\.io/logsidecar-config=.+"),
        "https://github.com/kubesphere/logsidecar-injector",
    ),
    Rewriter(
        "the webhook of Azure Workload Identity",
        "1.3.0",
        re.compile(r"label azure\.workload\.identity/use=true"),
        "https://github.com/Azure/azure-workload-identity/issues/1312",
    ),
    Rewriter(
        "the EKS pod identity webhook",
        "0.5.3",
        re.compile(r"annotation eks\.amazonaws\.com/(?:skip-containers|token-expiration)=.*"),
        "https://github.com/aws/amazon-eks-pod-identity-webhook/pull/209",
    ),
    Rewriter(
        "the admission controller of the Datadog cluster agent",
        "7.52",
        re.compile(r"label admission\.datadoghq\.com/enabled=true"),
        "https://github.com/DataDog/datadog-operator/issues/1116",
    ),
    Rewriter(
        "the Vault secrets webhook of Bank-Vaults",
        "1.21",
        re.compile(r"env [^=]+=(?:>>)?vault:[^#]+#.+"),
        "https://github.com/bank-vaults/vault-secrets-webhook/blob/v1.21.0/go.mod",
    ),
    Rewriter(
        "Keel",
        "0.20",
        re.compile(r"(?:label|annotation) keel\.sh/policy=(?!never).+"),
        "https://github.com/keel-hq/keel/issues/772",
    ),
)


def rewriters(workload: Workload, pod: PodSpec) -> tuple[Rewriter, ...]:
    """Those that change pods of this workload, as far as its labels, annotations and environment show."""
    shown = tuple(_shown(workload, pod))
    return tuple(one for one in _REWRITERS if any(one.marks.fullmatch(line) for line in shown))


def _shown(workload: Workload, pod: PodSpec) -> Iterator[str]:
    yield from (f"label {key}={value}" for key, value in workload.labels.items())
    yield from (f"annotation {key}={value}" for key, value in workload.annotations.items())
    for container in (*pod.containers, *pod.init_containers):
        if not _resolves_itself(container):
            yield from (f"env {name}={value}" for name, value in container.env if value)


def _resolves_itself(container: Container) -> bool:
    """Whether its own command replaces references to secrets, so that no webhook is needed for that."""
    return not {"secrets-init", "vault-env"}.isdisjoint(
        {words.base_name(word) for word in (*container.command[:1], *container.args[:1])}
    )
