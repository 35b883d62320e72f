"""Write the components' certificates, kubeconfigs, and configuration files (containerd, kubelet, and CNI)."""

import json
from pathlib import Path
from typing import Any

import yaml

from intermodal_offline.cluster import versions
from intermodal_offline.cluster.certificates import Authority, Subject
from intermodal_offline.cluster.settings import API_ADDRESS, API_PORT, NODE, NODE_ADDRESS, POD_RANGE, Settings

SERVICE = "kubernetes.default.svc"
SUBJECTS = {
    "apiserver": Subject(
        user="kube-apiserver",
        names=("localhost", "kubernetes", "kubernetes.default", SERVICE, "127.0.0.1", NODE_ADDRESS, API_ADDRESS),
    ),
    "admin": Subject(user="admin", group="system:masters"),
    "controller-manager": Subject(user="system:kube-controller-manager"),
    "scheduler": Subject(user="system:kube-scheduler"),
    "kubelet": Subject(user=f"system:node:{NODE}", group="system:nodes"),
    "front-proxy": Subject(user="front-proxy"),
    "keda": Subject(user="keda-operator", names=("localhost", "keda-operator.keda.svc", "127.0.0.1")),
}
WITH_KUBECONFIG = ("admin", "controller-manager", "scheduler", "kubelet")


def write(settings: Settings, cni: Path) -> None:
    """Write all files to the cluster's folder; `cni` is the folder with the CNI plugins."""
    authority = Authority(settings.certificates)
    authority.signing_pair("service-accounts")
    for name, subject in SUBJECTS.items():
        authority.issue(name, subject)
    for folder in (settings.inner_kubeconfigs, settings.logs, settings.folder / "cni"):
        folder.mkdir(parents=True, exist_ok=True)
    for name in WITH_KUBECONFIG:
        user = {part: str(settings.certificates / f"{name}.{end}") for part, end in _CLIENT.items()}
        write_kubeconfig(settings.inner_kubeconfigs / name, inner_server(), settings, user)
    (settings.folder / "resolv.conf").write_text("nameserver 127.0.0.1\n")
    (settings.folder / "cni" / "10-pods.conflist").write_text(json.dumps(_pod_network(settings)))
    (settings.folder / "containerd.toml").write_text(_containerd(settings, cni))
    (settings.folder / "kubelet.yaml").write_text(yaml.safe_dump(_kubelet(settings)))


_CLIENT = {"client-certificate": "crt", "client-key": "key"}


def inner_server() -> str:
    """Return the API server URL inside the cluster's network."""
    return f"https://127.0.0.1:{API_PORT}"


def write_kubeconfig(path: Path, server: str, settings: Settings, user: dict[str, str]) -> None:
    """Atomically write a kubeconfig with one context."""
    cluster = {"server": server, "certificate-authority": str(settings.certificates / "ca.crt")}
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": NODE, "cluster": cluster}],
        "users": [{"name": NODE, "user": user}],
        "contexts": [{"name": NODE, "context": {"cluster": NODE, "user": NODE}}],
        "current-context": NODE,
    }
    half = path.with_suffix(".half")
    half.touch(mode=0o600)
    half.write_text(yaml.safe_dump(content))
    half.rename(path)


def write_admin(settings: Settings, server: str) -> None:
    """Write the administrator's kubeconfig for this machine, with absolute paths to the certificates."""
    user = {part: str(settings.certificates / f"admin.{end}") for part, end in _CLIENT.items()}
    write_kubeconfig(settings.kubeconfig, server, settings, user)


def _pod_network(settings: Settings) -> dict[str, Any]:
    subnet, first = POD_RANGE
    addresses = {
        "type": "host-local", "dataDir": str(settings.folder / "addresses"), "routes": [{"dst": "0.0.0.0/0"}],
        "ranges": [[{"subnet": subnet, "rangeStart": first}]],
    }  # fmt: skip
    bridge = {"type": "bridge", "bridge": "cni0", "isGateway": True, "ipMasq": False, "hairpinMode": True}
    return {"cniVersion": "0.4.0", "name": NODE, "plugins": [{**bridge, "ipam": addresses}]}


def _containerd(settings: Settings, cni: Path) -> str:
    # restrict_oom_score_adj is set because, without CAP_SYS_RESOURCE, a sandbox that lowers its score fails.
    return f"""version = 2
root = "{settings.folder / "containerd"}"
state = "{settings.sockets / "state"}"
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs",
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.internal.v1.opt"]

[grpc]
  address = "{settings.containerd}"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{versions.PAUSE_IMAGE}"
  stream_server_address = "127.0.0.1"
  disable_apparmor = true
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true

[plugins."io.containerd.grpc.v1.cri".containerd]
  snapshotter = "overlayfs"
  default_runtime_name = "runc"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "{cni}"
  conf_dir = "{settings.folder / "cni"}"
"""


def _kubelet(settings: Settings) -> dict[str, Any]:
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": True},
            "x509": {"clientCAFile": str(settings.certificates / "ca.crt")},
        },
        "authorization": {"mode": "Webhook"},
        "containerRuntimeEndpoint": f"unix://{settings.containerd}",
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": settings.cgroup,
        "failCgroupV1": False,  # Kubernetes 1.34 only warns about cgroup v1; later versions reject it
        "failSwapOn": False,
        "enforceNodeAllocatable": [],
        "resolvConf": str(settings.folder / "resolv.conf"),
        "podLogsDir": str(settings.folder / "pod-logs"),
        # The disk also contains the developer's files, which must not trigger image garbage collection or eviction.
        "imageGCHighThresholdPercent": 100,
        "imageGCLowThresholdPercent": 99,
        "evictionHard": {"memory.available": "100Mi", "nodefs.available": "1%", "imagefs.available": "1%"},
        "maxPods": 200,
        "address": NODE_ADDRESS,
        "healthzBindAddress": "127.0.0.1",
        "syncFrequency": "10s",
        "nodeStatusUpdateFrequency": "5s",
    }
