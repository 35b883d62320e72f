"""Build the command lines of the cluster's processes."""

from intermodal_offline.cluster.build import Built
from intermodal_offline.cluster.configuration import SERVICE
from intermodal_offline.cluster.settings import (
    API_PORT,
    KEDA_PORT,
    NODE,
    NODE_ADDRESS,
    SERVICE_NETWORK,
    Settings,
)

ETCD = "http://127.0.0.1:2379"
ETCD_PEERS = "http://127.0.0.1:2380"


def etcd(settings: Settings) -> list[str]:
    """Return the etcd command; it disables fsync, because the data need not survive a power failure."""
    options = {
        "data-dir": settings.folder / "etcd",
        "listen-client-urls": ETCD,
        "advertise-client-urls": ETCD,
        "listen-peer-urls": ETCD_PEERS,
        "initial-advertise-peer-urls": ETCD_PEERS,
        "initial-cluster": f"default={ETCD_PEERS}",
    }
    return ["etcd", *_flags(options), "--unsafe-no-fsync"]


def containerd(settings: Settings) -> list[str]:
    """Return the containerd command."""
    return ["containerd", "--config", str(settings.folder / "containerd.toml")]


def api_server(settings: Settings, built: Built) -> list[str]:
    """Return the API server command; it listens on its Service's address and port, so kube-proxy is not needed."""
    keys = settings.certificates
    options = {
        "etcd-servers": ETCD,
        "bind-address": "0.0.0.0",  # noqa: S104 - all addresses in the cluster's private network
        "advertise-address": NODE_ADDRESS,
        "secure-port": API_PORT,
        "client-ca-file": keys / "ca.crt",
        "tls-cert-file": keys / "apiserver.crt",
        "tls-private-key-file": keys / "apiserver.key",
        "kubelet-client-certificate": keys / "admin.crt",
        "kubelet-client-key": keys / "admin.key",
        "kubelet-preferred-address-types": "InternalIP",
        "service-account-issuer": f"https://{SERVICE}",
        "service-account-key-file": keys / "service-accounts.pub",
        "service-account-signing-key-file": keys / "service-accounts.key",
        "service-cluster-ip-range": SERVICE_NETWORK,
        "authorization-mode": "Node,RBAC",
        "enable-admission-plugins": "NodeRestriction",
        "allow-privileged": "true",
        "profiling": "false",
        "enable-aggregator-routing": "true",  # call webhook pods directly without kube-proxy
        "requestheader-client-ca-file": keys / "ca.crt",
        "requestheader-allowed-names": "front-proxy",
        "requestheader-username-headers": "X-Remote-User",
        "requestheader-group-headers": "X-Remote-Group",
        "requestheader-extra-headers-prefix": "X-Remote-Extra-",
        "proxy-client-cert-file": keys / "front-proxy.crt",
        "proxy-client-key-file": keys / "front-proxy.key",
    }
    return [built.program("kube-apiserver"), *_flags(options)]


def controller_manager(settings: Settings, built: Built) -> list[str]:
    """Return the controller manager command."""
    keys = settings.certificates
    options = {
        "kubeconfig": settings.inner_kubeconfigs / "controller-manager",
        "bind-address": "127.0.0.1",
        "leader-elect": "false",
        "use-service-account-credentials": "true",
        "service-account-private-key-file": keys / "service-accounts.key",
        "root-ca-file": keys / "ca.crt",
        "cluster-signing-cert-file": keys / "ca.crt",
        "cluster-signing-key-file": keys / "ca.key",
        "profiling": "false",
    }
    return [built.program("kube-controller-manager"), *_flags(options)]


def scheduler(settings: Settings, built: Built) -> list[str]:
    """Return the scheduler command."""
    kubeconfig = settings.inner_kubeconfigs / "scheduler"
    options = {
        "kubeconfig": kubeconfig,
        "authentication-kubeconfig": kubeconfig,
        "authorization-kubeconfig": kubeconfig,
        "bind-address": "127.0.0.1",
        "leader-elect": "false",
    }
    return [built.program("kube-scheduler"), *_flags(options)]


def kubelet(settings: Settings, built: Built) -> list[str]:
    """Return the kubelet command."""
    options = {
        "config": settings.folder / "kubelet.yaml",
        "kubeconfig": settings.inner_kubeconfigs / "kubelet",
        "cert-dir": settings.folder / "kubelet-certificates",
        "hostname-override": NODE,
        "node-ip": NODE_ADDRESS,
    }
    return [built.program("kubelet"), *_flags(options)]


def keda(settings: Settings, built: Built) -> list[str]:
    """Return the KEDA operator command; it runs outside the cluster, so it needs no image."""
    options = {
        "kubeconfig": settings.inner_kubeconfigs / "keda",
        "cert-dir": settings.folder / "keda",
        "metrics-bind-address": "127.0.0.1:18080",
        "health-probe-bind-address": f"127.0.0.1:{KEDA_PORT}",
        "metrics-service-bind-address": "127.0.0.1:19666",
        "zap-log-level": "info",
        "zap-encoder": "console",
        "zap-time-encoding": "iso8601",
    }
    return [str(built.keda / "keda-operator"), *_flags(options)]


def _flags(options: dict[str, object]) -> list[str]:
    return [f"--{name}={value}" for name, value in options.items()]
