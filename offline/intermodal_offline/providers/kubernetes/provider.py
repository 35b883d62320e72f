"""Configure the kubernetes provider and create its API server client."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from intermodal_offline.providers.failures import RefusedError
from intermodal_offline.providers.kubernetes.api import Api, NoSuchKindError, UnreachableError
from intermodal_offline.providers.kubernetes.kubeconfig import Chosen, Connection, UnknownClusterError, connection
from intermodal_offline.providers.kubernetes.objects import CLUSTER_WIDE
from intermodal_offline.providers.values import UNKNOWN, Props, has_unknown, parse

TEXTS = {"kubeconfig", "context", "cluster", "namespace", "clusterIdentifier"}
SWITCHES = {
    "deleteUnreachable", "skipUpdateUnreachable", "enableConfigMapMutable", "enableSecretMutable", "enablePatchForce",
    "upsertExistingObjects",
}  # fmt: skip
WITHOUT_EFFECT = {"enableServerSideApply", "suppressDeprecationWarnings", "suppressHelmHookWarnings", "enableDryRun"}
"""Settings without effect, because the provider always uses server-side apply and never prints these warnings."""
ENGINES_OWN = {"version", "pluginDownloadURL", "__internal"}
MUTABLE = {"enableConfigMapMutable": "ConfigMap", "enableSecretMutable": "Secret"}


def unknown_keys(config: Props) -> list[str]:
    """Return the configuration keys that are not supported."""
    return sorted(set(config) - TEXTS - SWITCHES - WITHOUT_EFFECT - ENGINES_OWN)


def chosen(config: Props) -> Chosen:
    """Return the cluster that the configuration selects."""
    kubeconfig = config.get("kubeconfig")
    return Chosen(
        kubeconfig=kubeconfig if isinstance(kubeconfig, str) or kubeconfig is None else str(kubeconfig),
        context=config.get("context"),
        cluster=config.get("cluster"),
    )


def identity(config: Props) -> str | None:
    """Return an ID for the cluster, or None if the cluster is not known yet."""
    if given := config.get("clusterIdentifier"):
        return None if given == UNKNOWN else f"identifier {given}"
    if has_unknown({name: config.get(name) for name in ("kubeconfig", "context", "cluster")}):
        return None
    try:
        return connection(chosen(config)).server
    except RefusedError:
        return None


@dataclass(kw_only=True)
class Provider:
    """A configured kubernetes provider."""

    config: Props
    cancelled: threading.Event
    warn: Callable[[str], None]
    _warned: bool = False
    _api: Api | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def mutable(self) -> frozenset[str]:
        """Kinds whose data may be updated in place."""
        return frozenset(kind for name, kind in MUTABLE.items() if self.on(name))

    def on(self, name: str) -> bool:
        """Return whether a boolean setting is true."""
        return self.config.get(name) is True

    def api(self) -> Api:
        """Return the API server client without calling the server.

        Raises:
            UnknownClusterError: the configuration does not select an existing cluster.
            RefusedError: the API server is not on this machine.
        """
        with self._lock:
            if self._api is None:
                self._api = Api(self._connection())
            return self._api

    def _connection(self) -> Connection:
        if has_unknown({name: self.config.get(name) for name in TEXTS}):
            raise UnknownClusterError("the kubeconfig is not known until after the update")
        return connection(chosen(self.config))

    def warn_unreachable(self, error: Exception) -> None:
        """Warn once that a preview cannot reach the cluster, unless the same update may create the cluster."""
        if has_unknown({name: self.config.get(name) for name in TEXTS}):
            return
        with self._lock:
            warned, self._warned = self._warned, True
        if not warned:
            self.warn(f"{error} The preview of the cluster's objects is based only on the program's inputs.")

    def namespace(self) -> str:
        """Return the default namespace for objects."""
        if given := self.config.get("namespace"):
            return str(given)
        try:
            return self.api().connection.namespace
        except RefusedError:
            return "default"

    def namespaced(self, api_version: str, kind: str) -> bool:
        """Return whether a kind is namespaced; if the cluster is not reachable, only CLUSTER_WIDE kinds are not."""
        if kind in CLUSTER_WIDE:
            return False
        try:
            return self.api().served(api_version, kind).namespaced
        except (UnknownClusterError, UnreachableError, NoSuchKindError):
            return True


def configure(arguments: Props, cancelled: threading.Event, warn: Callable[[str], None]) -> Provider:
    """Create the provider from its configuration without connecting to the cluster.

    Raises:
        RefusedError: a key is not supported.
    """
    config = {name: value if name in TEXTS else parse(value) for name, value in arguments.items()}
    if unknown := unknown_keys(config):
        raise RefusedError(
            f"provider configuration {', '.join(map(repr, unknown))} is not supported by the offline provider and "
            "would have no effect; remove it from the local stack, or use the official kubernetes plugin."
        )
    return Provider(config=config, cancelled=cancelled, warn=warn)
