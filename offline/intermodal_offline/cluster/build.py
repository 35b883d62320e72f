"""Build Kubernetes, KEDA, and Kueue from their Go modules once per machine and version."""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from intermodal_offline import golang
from intermodal_offline.cluster import archive, versions
from local.advice import need_space
from local.cache import build_once
from local.console import step

MODULES = Path(__file__).parent / "modules"
PROGRAMS = ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kubectl")
VERSION_FLAG = "k8s.io/component-base/version"
WHY = "no Kubernetes cluster or image registry is available; done once per machine"


@dataclass(frozen=True, kw_only=True)
class Built:
    """Cache folders that contain the built binaries."""

    kubernetes: Path
    """Folder with the Kubernetes binaries and `pause.tar`."""
    keda: Path
    """Folder with `keda-operator` and `manifest.yaml`, which contains its CRDs, ServiceAccount, and roles."""
    kueue: Path
    """Folder with `kueue.tar`, which contains the Kueue image, and `manifest.yaml`."""

    def program(self, name: str) -> str:
        """Return the path to a Kubernetes binary."""
        return str(self.kubernetes / name)


def ensure() -> Built:
    """Return the binaries that a cluster needs; build those that are not in the cache.

    Raises:
        LocalError: Go is missing or a build failed.
    """
    kubernetes = build_once(f"cluster/kubernetes-{versions.KUBERNETES}", _kubernetes)
    return Built(
        kubernetes=kubernetes,
        keda=build_once(f"cluster/keda-{versions.KEDA}", lambda folder: _keda(folder, kubernetes / "kubectl")),
        kueue=build_once(f"cluster/kueue-{versions.KUEUE}", lambda folder: _kueue(folder, kubernetes / "kubectl")),
    )


def _go() -> str:
    return golang.find(
        "No Kubernetes cluster is available, and Go, which is required to build one, is not installed; set "
        "INTERMODAL_KUBECONFIG to your cluster's kubeconfig, install Docker and kind (https://kind.sigs.k8s.io), or "
        "install Go 1.24."
    )


def _kubernetes(folder: Path) -> None:
    go = _go()
    need_space(folder, 5, "Building Kubernetes")
    major, minor, _ = versions.KUBERNETES.split(".")
    values = {
        "gitVersion": f"v{versions.KUBERNETES}", "gitMajor": major, "gitMinor": minor,
        "gitTreeState": "clean", "gitCommit": "0" * 40,
    }  # fmt: skip
    linker = " ".join(["-s -w", *(f"-X {VERSION_FLAG}.{name}={value}" for name, value in values.items())])
    packages = [f"k8s.io/kubernetes/cmd/{program}" for program in PROGRAMS]
    with step(f"Building Kubernetes {versions.KUBERNETES} from its Go modules", f"{WHY}, 6 to 11 minutes on two cores"):
        _build(go, MODULES / "kubernetes", f"{folder}/", linker, *packages)
        _build(go, MODULES / "pause", str(folder / "pause"), "-s -w", ".")
    archive.write(folder / "pause.tar", versions.PAUSE_IMAGE, folder / "pause", "/pause")


def _keda(folder: Path, kubectl: Path) -> None:
    go = _go()
    need_space(folder, 4, "Building KEDA")
    with (
        step(f"Building KEDA {versions.KEDA} from its Go module", f"{WHY}, 5 to 8 minutes on two cores"),
        golang.source(go, folder, versions.KEDA_MODULE, f"v{versions.KEDA}", versions.KEDA_CHECKSUM) as source,
    ):
        version = f"-X {versions.KEDA_MODULE}/version.Version=v{versions.KEDA}"
        _build(go, source, str(folder / "keda-operator"), f"-s -w {version}", "./cmd/operator")
        documents = _kustomize(kubectl, source / "config" / "crd")
        for part in ("service_account/service_account.yaml", "rbac/role.yaml", "rbac/role_binding.yaml"):
            documents += yaml.safe_load_all((source / "config" / part).read_text())
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "keda"}}
    _write_manifest(folder, [namespace, *documents])


def _kueue(folder: Path, kubectl: Path) -> None:
    go = _go()
    need_space(folder, 3, "Building Kueue")
    with (
        step(f"Building Kueue {versions.KUEUE} from its Go module", f"{WHY}, 3 minutes on two cores"),
        golang.source(go, folder, versions.KUEUE_MODULE, f"v{versions.KUEUE}", versions.KUEUE_CHECKSUM) as source,
    ):
        _build(go, source, str(folder / "manager"), "-s -w", "./cmd/kueue")
        documents = _kustomize(kubectl, source / "config" / "default")
    for document in documents:
        if document["kind"] == "Deployment":
            _adapt(document["spec"]["template"]["spec"]["containers"][0])
        elif document["metadata"]["name"] == "kueue-manager-config":  # one manager needs no leader election
            config = document["data"]["controller_manager_config.yaml"]
            document["data"]["controller_manager_config.yaml"] = config.replace(
                "leaderElect: true", "leaderElect: false"
            )
    _write_manifest(folder, documents)
    archive.write(folder / "kueue.tar", versions.KUEUE_IMAGE, folder / "manager", "/manager")
    (folder / "manager").unlink()


def _adapt(container: dict[str, Any]) -> None:
    """Use the built image, and shorten the manager's readiness probe."""
    container |= {"image": versions.KUEUE_IMAGE, "imagePullPolicy": "Never"}
    container["readinessProbe"] |= {"initialDelaySeconds": 1, "periodSeconds": 1}
    container["resources"] = {"requests": {"cpu": "50m", "memory": "128Mi"}, "limits": {"memory": "512Mi"}}


def _kustomize(kubectl: Path, folder: Path) -> list[dict[str, Any]]:
    output = subprocess.run([kubectl, "kustomize", folder], check=True, capture_output=True, text=True).stdout
    return [document for document in yaml.safe_load_all(output) if document]


def _build(go: str, module: Path, output: str, linker: str, *packages: str) -> None:
    flags = ("-trimpath", "-buildvcs=false", "-ldflags", linker, "-o", output)
    golang.run(go, module, "build", *flags, *packages, purpose=packages[0])


def _write_manifest(folder: Path, documents: list[dict[str, Any]]) -> None:
    (folder / "manifest.yaml").write_text(yaml.safe_dump_all(documents))
