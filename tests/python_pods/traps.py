"""Programs in which a container cannot simply leave the list: something else looks at it, or at what it would go to.

`moved` are the helpers that may move here. Where they do, the pods have to be right; where they do not, that is reported.
"""

from __future__ import annotations

from tests.python_pods import Program, written


def _behind(identity: str, *lines: str) -> Program:
    """A pod spec, and what is done with it behind its making."""
    rest = "".join(f"    {line}\n" for line in lines)
    text = f"def build():\n    spec = client.V1PodSpec(containers=[$SHOP, $METRICS])\n{rest}    return spec\n"
    return written(identity, text, "db-metrics")


def _manifest(identity: str, *lines: str) -> Program:
    """A manifest as a dict, and what is done with it behind its making."""
    rest = "".join(f"    {line}\n" for line in lines)
    made = 'pod = {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [$SHOP_DICT, $METRICS_DICT]}}'
    return written(identity, f"def build():\n    {made}\n{rest}    return pod\n", "db-metrics", models=False)


def _hub(identity: str, *lines: str) -> Program:
    """The configuration of a JupyterHub."""
    return written(identity, "c = get_config()\n" + "".join(f"{line}\n" for line in lines), "db-metrics")


def _added(identity: str, *lines: str) -> Program:
    """What is done with a pod under `--unsafe`."""
    made = "pod = client.V1Pod(spec=client.V1PodSpec(containers=[$SHOP], init_containers=[$OTHER, $SIGN_IN]))"
    rest = "".join(f"    {line}\n" for line in lines)
    return written(identity, f"def build():\n    {made}\n{rest}    return pod\n", "db-metrics", unsafe=True)


def _text(identity: str, *lines: str) -> Program:
    """A manifest as text, and what is done with what it says."""
    whole = "".join(f"    {line}\n" for line in ("pod = yaml.safe_load(POD)", *lines))
    return Program(identity, f'import yaml\n\nPOD = """\\\n{_POD}"""\n\n\ndef build():\n{whole}    return pod\n', ("db-metrics",))


_POD = """\
apiVersion: v1
kind: Pod
spec:
  containers:
  - name: shop
    image: registry.example.com/shop:1.4
  - name: db-metrics
    image: quay.io/prometheuscommunity/postgres-exporter:v0.15.0
"""
_INTO_HUB = "c.KubeSpawner.extra_containers = [$METRICS_DICT]"

LOOKED_AT = (
    _behind("by-number", "spec.containers[1].tty = True"),
    _behind("by-number-of-another-name", "held = spec.containers", "held[1].tty = True"),
    _behind("all", "for held in spec.containers:", "    held.tty = True"),
    _behind("all-with-numbers", "for _, held in enumerate(spec.containers):", "    held.tty = True"),
    _behind("all-or-none", "for held in spec.containers or []:", "    held.tty = True"),
    _behind("all-unpacked", "for held in [*spec.containers]:", "    held.tty = True"),
    _behind("one-by-name", "next(held for held in spec.containers if held.name == 'db-metrics').tty = True"),
    _behind("number-of-them", "spec.hostname = str(len(spec.containers))"),
    _behind("last-taken-away", "spec.containers.pop()"),
    _behind("unpacked", "shop, metrics = spec.containers", "metrics.tty = True"),
    _behind("given-to-another-pod", "spec = client.V1PodSpec(containers=spec.containers)"),
    _behind("given-to-another-list", "spec.containers = [held for held in spec.containers if held.name]"),
    _text("text-number", 'pod["spec"]["containers"][1]["tty"] = True'),
    _text("text-all", 'for held in pod["spec"]["containers"]:', '    held["tty"] = True'),
    _hub("hub-number", _INTO_HUB, 'c.KubeSpawner.extra_containers[0]["tty"] = True'),
    _hub("hub-all", _INTO_HUB, "for held in c.KubeSpawner.extra_containers:", '    held["tty"] = True'),
)

INITS_SET = (
    _behind("set", "spec.init_containers = [$OTHER]"),
    _behind("set-in-a-pod", "pod = client.V1Pod(spec=spec)", "pod.spec.init_containers = [$OTHER]"),
    written(
        "set-by-the-caller",
        """
        def make():
            return client.V1PodSpec(containers=[$SHOP, $METRICS])


        def build():
            spec = make()
            spec.init_containers = [$OTHER]
            return spec
        """,
        "db-metrics",
    ),
    written(
        "filled-behind",
        """
        def build():
            spec = client.V1PodSpec(containers=[$SHOP, $METRICS], init_containers=[])
            spec.init_containers.append($OTHER)
            return spec
        """,
        "db-metrics",
    ),
    written(
        "variable-filled-behind",
        """
        def build():
            inits = []
            spec = client.V1PodSpec(containers=[$SHOP, $METRICS], init_containers=inits)
            inits.append($OTHER)
            return spec
        """,
        "db-metrics",
    ),
    written(
        "among-options",
        """
        def build():
            options = {"init_containers": [$OTHER]}
            return client.V1PodSpec(containers=[$SHOP, $METRICS], **options)
        """,
        "db-metrics",
    ),
    written(
        "among-unknown-options",
        """
        def make(**options):
            return client.V1PodSpec(containers=[$SHOP, $METRICS], **options)


        def build():
            return make(init_containers=[$OTHER])
        """,
        "db-metrics",
    ),
    _manifest("set-in-a-dict", 'pod["spec"]["initContainers"] = [$OTHER_DICT]'),
    _manifest("set-in-a-dict-by-name", 'spec = pod["spec"]', 'spec["initContainers"] = [$OTHER_DICT]'),
    _manifest("set-by-update", 'pod["spec"].update(initContainers=[$OTHER_DICT])'),
    _manifest("set-by-default", 'pod["spec"].setdefault("initContainers", [$OTHER_DICT])'),
    written(
        "set-by-unpacking",
        """
        def build():
            base = {"initContainers": [$OTHER_DICT]}
            spec = {"containers": [$SHOP_DICT, $METRICS_DICT], "initContainers": [], **base}
            return {"apiVersion": "v1", "kind": "Pod", "spec": spec}
        """,
        "db-metrics",
    ),
    _text("text-inits", 'pod["spec"]["initContainers"] = [{"name": "other", "image": "other"}]'),
    _text(
        "text-joined",
        'more = "    tty: true\\n  initContainers:\\n  - {name: other, image: other}\\n"',
        "pod = yaml.safe_load(POD + more)",
    ),
    _hub("hub-inits", _INTO_HUB, "c.KubeSpawner.init_containers = [$OTHER_DICT]"),
    _hub("hub-inits-by-another-name", "hub = c.KubeSpawner", _INTO_HUB, "hub.init_containers = [$OTHER_DICT]"),
)

POLICIES = (
    written(
        "policy-none-behind",
        """
        def build():
            metrics = $METRICS
            metrics.restart_policy = None
            return client.V1PodSpec(containers=[$SHOP, metrics])
        """,
        "db-metrics",
    ),
    written(
        "policy-never-behind",
        """
        def build():
            metrics = $METRICS
            metrics.restart_policy = "Never"
            return client.V1PodSpec(containers=[$SHOP, metrics])
        """,
        "db-metrics",
    ),
    written(
        "policy-none-in-a-dict",
        """
        def build():
            metrics = $METRICS_DICT
            metrics["restartPolicy"] = None
            return {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [$SHOP_DICT, metrics]}}
        """,
        "db-metrics",
        models=False,
    ),
    written(
        "policy-among-options",
        """
        def build():
            common = {"restart_policy": None}
            image = "quay.io/prometheuscommunity/postgres-exporter:v0.15.0"
            return client.V1PodSpec(containers=[$SHOP, client.V1Container(name="db-metrics", image=image, **common)])
        """,
        "db-metrics",
    ),
    written(
        "policy-among-unknown-options",
        """
        def metrics(**options):
            image = "quay.io/prometheuscommunity/postgres-exporter:v0.15.0"
            return client.V1PodSpec(containers=[$SHOP, client.V1Container(name="db-metrics", image=image, **options)])


        def build():
            return metrics(restart_policy=None)
        """,
        "db-metrics",
    ),
)

NAMES = (
    written(
        "two-lists-filled-by-turns",
        """
        def build(metered, guarded):
            first = [$SHOP]
            second = [$SHOP]
            if metered:
                first.append($METRICS)
            if guarded:
                second.append($SIGN_IN)
            return [client.V1PodSpec(containers=first), client.V1PodSpec(containers=second)]
        """,
        "db-metrics",
        "sign-in",
    ),
    written(
        "made-before-it-in-the-list",
        """
        def build():
            image = "quay.io/prometheuscommunity/postgres-exporter:v0.15.0"
            return client.V1PodSpec(
                containers=[(shop := $SHOP), client.V1Container(name="db-metrics", image=image, env=shop.env)],
            )
        """,
        "db-metrics",
    ),
    written(
        "one-list-of-two-pods",
        """
        def build(metered):
            containers = [$SHOP]
            if not metered:
                return client.V1PodSpec(containers=containers)
            containers.append($METRICS)
            return client.V1PodSpec(containers=containers)
        """,
        "db-metrics",
    ),
    written(
        "appended-behind-the-pod",
        """
        def build():
            containers = [$SHOP]
            spec = client.V1PodSpec(containers=containers)
            containers.append($METRICS)
            return spec
        """,
        "db-metrics",
    ),
    written(
        "in-two-pods",
        """
        def build():
            metrics = $METRICS
            return [client.V1PodSpec(containers=[$SHOP, metrics]), client.V1PodSpec(containers=[$SHOP, metrics])]
        """,
        "db-metrics",
    ),
    written(
        "of-a-factory-for-two",
        """
        def _metrics():
            return $METRICS


        def build():
            return [client.V1PodSpec(containers=[$SHOP, _metrics()]), client.V1PodSpec(containers=[_metrics()])]
        """,
        "db-metrics",
    ),
    written(
        "copied",
        """
        import copy


        def build():
            metrics = $METRICS
            second = copy.deepcopy(metrics)
            second.name = "second"
            return client.V1PodSpec(containers=[$SHOP, metrics, second])
        """,
        "db-metrics",
    ),
    written(
        "counted-on-the-way",
        """
        def build():
            containers = [$SHOP]
            containers.append($METRICS)
            return client.V1PodSpec(containers=containers, hostname=str(len(containers)))
        """,
        "db-metrics",
    ),
    written(
        "appended-by-another-function",
        """
        def build():
            containers = [$SHOP]

            def add():
                containers.append($METRICS)

            add()
            return client.V1PodSpec(containers=containers)
        """,
        "db-metrics",
    ),
    written(
        "in-a-loop",
        """
        def build():
            pods = []
            for number in range(3):
                containers = [$SHOP]
                if number:
                    containers.append($METRICS)
                pods.append(client.V1PodSpec(containers=containers))
            return pods
        """,
        "db-metrics",
    ),
    written(
        "two-of-one-name",
        """
        def build(newer):
            containers = [$SHOP]
            if newer:
                containers.append(client.V1Container(name="db-metrics", image="prom/postgres-exporter:v0.16"))
            else:
                containers.append($METRICS)
            return client.V1PodSpec(containers=containers)
        """,
        "db-metrics",
    ),
    written(
        "alone-in-a-block",
        """
        import contextlib


        def build():
            containers = [$SHOP]
            metrics = $METRICS
            with contextlib.suppress(KeyError):
                containers.append(metrics)
            return client.V1PodSpec(containers=containers)
        """,
        "db-metrics",
    ),
    written(
        "two-statements-in-a-line",
        """
        import contextlib

        LOG = []


        def build():
            LOG.clear()
            containers = [$SHOP]
            metrics = $METRICS
            with contextlib.suppress(KeyError): LOG.append(1); containers.append(metrics)
            return client.V1PodSpec(containers=containers, hostname=str(len(LOG)))
        """,
        "db-metrics",
    ),
    _hub("hub-set-again", _INTO_HUB, "c.KubeSpawner.extra_containers = [$SHOP_DICT]"),
    _hub("hub-set-again-by-it", "c.KubeSpawner.extra_containers = [$SHOP_DICT]", _INTO_HUB),
    _hub("hub-cleared", _INTO_HUB, "c.KubeSpawner.extra_containers.clear()"),
)

ADDED = (
    _added("inserted-second", "pod.spec.containers.insert(1, $METRICS)"),
    _added("inserted-last", "pod.spec.containers.insert(len(pod.spec.containers), $METRICS)"),
    _added("in-the-line-of-a-condition", "other = None", "if other is not None: other.spec.containers.append($METRICS)"),
    written(
        "in-the-line-of-a-function",
        """
        def add(pod): pod.spec.containers.append($METRICS)


        def build():
            pod = client.V1Pod(spec=client.V1PodSpec(containers=[$SHOP]))
            add(pod)
            return pod
        """,
        "db-metrics",
        unsafe=True,
    ),
    written(
        "list-of-taken-pods",
        """
        def build():
            pods = [client.V1Pod(spec=client.V1PodSpec(containers=[$SHOP])) for _ in range(4)]
            made = list(pods)
            pods.pop().spec.containers.append($METRICS)
            return made
        """,
        "db-metrics",
        unsafe=True,
    ),
    written(
        "list-of-an-object-that-is-no-pod",
        """
        class Shop:
            def __init__(self):
                self.containers = [$SHOP]

            def spec(self):
                self.containers.append($METRICS)
                return client.V1PodSpec(containers=self.containers)


        def build():
            return Shop().spec()
        """,
        "db-metrics",
        unsafe=True,
    ),
    written(
        "none-in-the-dict",
        """
        def build():
            spec = {"containers": [$SHOP_DICT], "initContainers": None}
            spec["containers"].append($METRICS_DICT)
            return spec
        """,
        "db-metrics",
        unsafe=True,
        models=False,
    ),
)

UNSEEN = (
    _behind("extended", "spec.containers.extend([$SIGN_IN])"),
    written(
        "list-extended",
        """
        def build():
            containers = [$SHOP]
            containers.extend([$METRICS])
            return client.V1PodSpec(containers=containers)
        """,
        "db-metrics",
    ),
    written(
        "list-added-to",
        """
        def build():
            containers = [$SHOP]
            containers += [$METRICS]
            return client.V1PodSpec(containers=containers)
        """,
        "db-metrics",
    ),
    written(
        "appended-in-an-expression",
        """
        def build(metered):
            containers = [$SHOP]
            metered and containers.append($METRICS)
            return client.V1PodSpec(containers=containers)
        """,
        "db-metrics",
    ),
    written(
        "attribute-assigned",
        """
        def build():
            spec = client.V1PodSpec(containers=[])
            spec.containers = [$SHOP, $METRICS]
            return spec
        """,
        "db-metrics",
    ),
    written(
        "attribute-added-to",
        """
        def build():
            spec = client.V1PodSpec(containers=[$SHOP])
            spec.containers += [$METRICS]
            return spec
        """,
        "db-metrics",
    ),
    written(
        "key-assigned",
        """
        def build():
            spec = {"containers": []}
            spec["containers"] = [$SHOP_DICT, $METRICS_DICT]
            return spec
        """,
        "db-metrics",
        models=False,
    ),
    _hub("hub-inserted", "c.KubeSpawner.extra_containers.insert(0, $METRICS_DICT)"),
)

TRAPS = (*LOOKED_AT, *INITS_SET, *POLICIES, *NAMES, *ADDED, *UNSEEN)
