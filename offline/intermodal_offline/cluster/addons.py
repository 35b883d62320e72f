"""KEDA beside the cluster and Kueue in it, both with the roles that their own manifests give them."""

import shutil
import urllib.error
import urllib.request

from intermodal_offline.cluster import configuration
from intermodal_offline.cluster.build import Built
from intermodal_offline.cluster.kubectl import READY_SECONDS, Kubectl
from intermodal_offline.cluster.settings import KEDA_PORT, Settings
from local import processes
from local.advice import LocalError
from local.cluster.manifests import SECURITY_GROUPS

KEDA_NAMESPACE = "keda"
KUEUE_NAMESPACE = "kueue-system"
KUEUE_MANAGER = "kueue-controller-manager"


def apply_keda(settings: Settings, kubectl: Kubectl, built: Built) -> None:
    """Its definitions and roles, and a kubeconfig with a token of its ServiceAccount: no more rights than it has."""
    kubectl.apply(built.keda / "manifest.yaml")
    kubectl.wait("crd", "scaledjobs.keda.sh", "Established")
    token = kubectl.run("create", "token", "keda-operator", "--namespace", KEDA_NAMESPACE, "--duration=8760h")
    path = settings.inner_kubeconfigs / "keda"
    configuration.write_kubeconfig(path, configuration.inner_server(), settings, {"token": token.strip()})
    folder = settings.folder / "keda"
    folder.mkdir()
    for source, name in (("keda.crt", "tls.crt"), ("keda.key", "tls.key"), ("ca.crt", "ca.crt")):
        shutil.copyfile(settings.certificates / source, folder / name)


def keda_environment() -> dict[str, str]:
    """Which namespaces it serves; where AWS is when a trigger does not say, the supervisor's environment has."""
    return {
        "POD_NAMESPACE": KEDA_NAMESPACE,
        "KEDA_CLUSTER_OBJECT_NAMESPACE": KEDA_NAMESPACE,
        "WATCH_NAMESPACE": "",
        "KEDA_HTTP_DEFAULT_TIMEOUT": "3000",
    }


def await_keda() -> None:
    """Wait until KEDA says that it is ready.

    Raises:
        LocalError: it does not in time.
    """

    def ready() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{KEDA_PORT}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    if not processes.poll(ready, READY_SECONDS):
        raise LocalError(f"KEDA was not ready within {READY_SECONDS} s")


def apply_security_groups(kubectl: Kubectl) -> None:
    """Their kind, so that a function in a VPC can be deployed; no packet is filtered."""
    kubectl.apply(SECURITY_GROUPS)
    kubectl.wait("crd", "securitygrouppolicies.vpcresources.k8s.aws", "Established")


def apply_kueue(kubectl: Kubectl, built: Built) -> None:
    """Kueue's own configuration with an image made of the built program."""
    kubectl.apply(built.kueue / "manifest.yaml")


def await_kueue(kubectl: Kubectl) -> None:
    """Wait until its webhooks answer: until then no Job can be made."""
    kubectl.run(
        "rollout", "status", f"deployment/{KUEUE_MANAGER}", "--namespace", KUEUE_NAMESPACE,
        f"--timeout={READY_SECONDS}s",
    )  # fmt: skip
