"""Ways of the language around the same small pod: blocks, names, functions, and what stands for the init containers."""

from __future__ import annotations

from tests.python_pods import written

SHORT = (
    written(
        "within-try",
        """
        def build(failing):
            containers = [$SHOP]
            metrics = $METRICS
            try:
                if failing:
                    raise KeyError
                containers.append(metrics)
            except KeyError:
                pass
            return client.V1PodSpec(containers=containers)
        """,
        "db-metrics",
    ),
    written(
        "one-or-the-other",
        """
        def build(guarded):
            containers = [$SHOP]
            if guarded:
                containers.append($SIGN_IN)
            else:
                containers.append($METRICS)
            return client.V1PodSpec(containers=containers)
        """,
        "sign-in",
        "db-metrics",
    ),
    written(
        "by-match",
        """
        def build(metered):
            containers = [$SHOP]
            match metered:
                case True:
                    containers.append($METRICS)
                case _:
                    pass
            return client.V1PodSpec(containers=containers)
        """,
        "db-metrics",
    ),
    written(
        "within-the-same-branch",
        """
        def build(wanted, metered):
            if wanted:
                containers: list = [$SHOP]
                if metered:
                    containers.append($METRICS)
            else:
                return None
            return client.V1PodSpec(containers=containers)
        """,
        "db-metrics",
    ),
    written(
        "returned-from-a-branch",
        """
        def build(wanted, metered):
            '''The pod, where it is wanted.'''
            containers = [$SHOP]
            if wanted:
                if metered:
                    containers.append($METRICS)
                return client.V1PodSpec(containers=containers)
            return None
        """,
        "db-metrics",
    ),
    written(
        "between-others-that-stay",
        """
        def build(metered):
            containers = [$SHOP]
            if metered:
                containers.append($METRICS)
            containers.append($OTHER)
            sign_in = $SIGN_IN
            containers.append(sign_in)
            return client.V1PodSpec(containers=containers)
        """,
        "db-metrics",
        "sign-in",
    ),
    written(
        "name-taken-elsewhere",
        """
        init_containers = 4


        def build(metered):
            containers = [$SHOP]
            if metered:
                containers.append($METRICS)
            return client.V1PodSpec(containers=containers, hostname=str(init_containers))
        """,
        "db-metrics",
    ),
    written(
        "name-taken-by-a-parameter",
        """
        def build(metered, init_containers=None):
            containers = [$SHOP]
            if metered:
                containers.append($METRICS)
            return client.V1PodSpec(containers=containers, init_containers=init_containers)
        """,
        "db-metrics",
    ),
    written(
        "two-functions",
        """
        def with_metrics(wanted):
            containers = [$SHOP]
            if wanted:
                containers.append($METRICS)
            return client.V1PodSpec(containers=containers)


        def with_sign_in(wanted):
            containers = [$SHOP]
            if wanted:
                containers.append($SIGN_IN)
            return client.V1PodSpec(containers=containers)


        def build(metered, guarded):
            return [with_metrics(metered), with_sign_in(guarded)]
        """,
        "db-metrics",
        "sign-in",
    ),
    written(
        "one-pod-behind-the-other",
        """
        def build(metered, guarded):
            first = [$SHOP]
            if metered:
                first.append($METRICS)
            pods = [client.V1PodSpec(containers=first)]
            second = [$SHOP]
            if guarded:
                second.append($SIGN_IN)
            return [*pods, client.V1PodSpec(containers=second)]
        """,
        "db-metrics",
        "sign-in",
    ),
    written(
        "function-in-a-function",
        """
        def build(metered, guarded):
            containers = [$SHOP]
            if metered:
                containers.append($METRICS)

            def other():
                native = [$SHOP]
                if guarded:
                    native.append($SIGN_IN)
                return client.V1PodSpec(containers=native)

            return [client.V1PodSpec(containers=containers), other()]
        """,
        "sign-in",
        "db-metrics",
    ),
    written(
        "within-a-class",
        """
        class Shop:
            containers = [$SHOP, $METRICS]
            spec = client.V1PodSpec(containers=containers)


        def build():
            return Shop.spec
        """,
        "db-metrics",
    ),
    written("lambda", "build = lambda: client.V1PodSpec(containers=[$SHOP, $METRICS])\n", "db-metrics"),
    written(
        "others-unpacked-before",
        """
        def build():
            others = [$OTHER]
            return client.V1PodSpec(containers=[$SHOP, *others, $METRICS])
        """,
        "db-metrics",
    ),
    written(
        "all-but-the-name-set-behind",
        """
        def build():
            metrics = client.V1Container(name="db-metrics")
            metrics.image = "quay.io/prometheuscommunity/postgres-exporter:v0.15.0"
            return client.V1PodSpec(containers=[$SHOP, metrics])
        """,
        "db-metrics",
    ),
    written(
        "inits-by-comprehension",
        """
        def build():
            made = [client.V1Container(name=name, image="registry.example.com/tables:1.4") for name in ("one", "two")]
            return [
                client.V1PodSpec(containers=[$SHOP, $METRICS], init_containers=made),
                client.V1PodSpec(containers=[$SHOP, $SIGN_IN], init_containers=[held for held in made]),
            ]
        """,
        "db-metrics",
        "sign-in",
    ),
    written(
        "inits-perhaps-none",
        """
        def build(first):
            inits = None
            if first:
                inits = [$OTHER]
            return client.V1PodSpec(containers=[$SHOP, $METRICS], init_containers=inits)
        """,
        "db-metrics",
    ),
    written(
        "inits-named-in-place",
        """
        def build(first):
            return client.V1PodSpec(containers=[$SHOP, $METRICS], init_containers=(inits := [$OTHER] if first else None))
        """,
        "db-metrics",
    ),
    written(
        "inits-yielded",
        """
        def pods():
            yield client.V1PodSpec(containers=[$SHOP, $METRICS], init_containers=(yield))


        def build():
            steps = pods()
            next(steps)
            return steps.send([$OTHER])
        """,
        "db-metrics",
    ),
    written(
        "two-appended-to-a-pod",
        """
        def build():
            pod = client.V1Pod(spec=client.V1PodSpec(containers=[$SHOP]))
            pod.spec.containers.append($METRICS)
            pod.spec.containers.append($SIGN_IN)
            return pod
        """,
        "db-metrics",
        "sign-in",
        unsafe=True,
    ),
    written(
        "public-factory",
        """
        def metrics():
            return $METRICS


        def build():
            return client.V1PodSpec(containers=[$SHOP, metrics()])
        """,
        "db-metrics",
        unsafe=True,
    ),
    written(
        "container-of-parts",
        """
        def build():
            common = {"image_pull_policy": "Always"}
            image = "quay.io/prometheuscommunity/postgres-exporter:v0.15.0"
            return client.V1PodSpec(containers=[$SHOP, client.V1Container(name="db-metrics", image=image, **common)])
        """,
        "db-metrics",
    ),
    written(
        "dict-of-parts",
        """
        def build():
            base = {"name": "base", "image": "quay.io/prometheuscommunity/postgres-exporter:v0.15.0"}
            sidecar = {**base, "name": "db-metrics"}
            return {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [$SHOP_DICT, sidecar]}}
        """,
        "db-metrics",
        models=False,
    ),
)
