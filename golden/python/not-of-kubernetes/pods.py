"""Other things have containers, too."""

from pulumi_azure_native import app
from pulumi_gcp import cloudrunv2
from types import SimpleNamespace

TASK = {
    "family": "web",
    "containers": [
        {"name": "web", "image": "registry.example/web:1", "essential": True},
        {"name": "log", "image": "fluent/fluent-bit:3.0", "essential": False},
    ],
}
APP = app.TemplateArgs(containers=[app.ContainerArgs(name="web", image="x"), app.ContainerArgs(name="log", image="fluent/fluent-bit:3.0")])
RUN = cloudrunv2.ServiceTemplateArgs(containers=[{"name": "web", "image": "x"}, {"name": "log", "image": "fluent/fluent-bit:3.0"}])
DOUBLE = SimpleNamespace(containers=[SimpleNamespace(name="web"), SimpleNamespace(name="log")])
