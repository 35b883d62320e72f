"""Run KEDA as a process outside the cluster and Kueue inside it, each with the roles from its manifest."""

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
    """Apply KEDA's CustomResourceDefinitions and roles, and write a kubeconfig with its ServiceAccount token."""
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
    """Return KEDA's environment variables; the supervisor sets the default AWS endpoint."""
    return {
        "POD_NAMESPACE": KEDA_NAMESPACE,
        "KEDA_CLUSTER_OBJECT_NAMESPACE": KEDA_NAMESPACE,
        "WATCH_NAMESPACE": "",
        "KEDA_HTTP_DEFAULT_TIMEOUT": "3000",
    }


def await_keda() -> None:
    """Wait until KEDA reports that it is ready.

    Raises:
        LocalError: KEDA is not ready within `READY_SECONDS`.
    """

    def is_ready() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{KEDA_PORT}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    if not processes.poll(is_ready, READY_SECONDS):
        raise LocalError(f"KEDA was not ready within {READY_SECONDS} s; see keda.log in the cluster's log folder.")


def apply_security_groups(kubectl: Kubectl) -> None:
    """Apply the SecurityGroupPolicy CRD, so that a function in a VPC can be deployed; no traffic is filtered."""
    kubectl.apply(SECURITY_GROUPS)
    kubectl.wait("crd", "securitygrouppolicies.vpcresources.k8s.aws", "Established")


def apply_kueue(kubectl: Kubectl, built: Built) -> None:
    """Apply Kueue's manifest, which uses an image with the built binary."""
    kubectl.apply(built.kueue / "manifest.yaml")


def await_kueue(kubectl: Kubectl) -> None:
    """Wait until Kueue's webhooks respond, because no Job can be created before that."""
    kubectl.run(
        "rollout", "status", f"deployment/{KUEUE_MANAGER}", "--namespace", KUEUE_NAMESPACE,
        f"--timeout={READY_SECONDS}s",
    )  # fmt: skip
