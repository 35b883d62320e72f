"""A configured provider: what its configuration means, and the API server when there is one."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from intermodal_offline.providers.failures import RefusedError
from intermodal_offline.providers.kubernetes.api import Api, NoSuchKindError, UnreachableError
from intermodal_offline.providers.kubernetes.kubeconfig import Chosen, Connection, UnknownClusterError, connection
from intermodal_offline.providers.kubernetes.objects import CLUSTER_WIDE
from intermodal_offline.providers.values import UNKNOWN, Props, has_unknown, parsed

TEXTS = {"kubeconfig", "context", "cluster", "namespace", "clusterIdentifier"}
SWITCHES = {
    "deleteUnreachable", "skipUpdateUnreachable", "enableConfigMapMutable", "enableSecretMutable", "enablePatchForce",
    "upsertExistingObjects",
}  # fmt: skip
WITHOUT_EFFECT = {"enableServerSideApply", "suppressDeprecationWarnings", "suppressHelmHookWarnings", "enableDryRun"}
"""The stand-in always applies on the server's side and warns of nothing."""
ENGINES_OWN = {"version", "pluginDownloadURL", "__internal"}
MUTABLE = {"enableConfigMapMutable": "ConfigMap", "enableSecretMutable": "Secret"}


def unknown_keys(config: Props) -> list[str]:
    """Configuration that would have no effect."""
    return sorted(set(config) - TEXTS - SWITCHES - WITHOUT_EFFECT - ENGINES_OWN)


def chosen(config: Props) -> Chosen:
    """The cluster that a configuration names."""
    kubeconfig = config.get("kubeconfig")
    return Chosen(
        kubeconfig=kubeconfig if isinstance(kubeconfig, str) or kubeconfig is None else str(kubeconfig),
        context=config.get("context"),
        cluster=config.get("cluster"),
    )


def identity(config: Props) -> str | None:
    """What tells one cluster from another; None when it is not known yet."""
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
    """One configured provider."""

    config: Props
    cancelled: threading.Event
    warn: Callable[[str], None]
    _warned: bool = False
    _api: Api | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def mutable(self) -> frozenset[str]:
        """Kinds whose data may change in place."""
        return frozenset(kind for name, kind in MUTABLE.items() if self.on(name))

    def on(self, name: str) -> bool:
        """A switch of the configuration."""
        return self.config.get(name) is True

    def api(self) -> Api:
        """The API server; not asked anything yet.

        Raises:
            UnknownClusterError: the configuration names none that is known.
            RefusedError: it is not on this machine.
        """
        with self._lock:
            if self._api is None:
                self._api = Api(self._connection())
            return self._api

    def _connection(self) -> Connection:
        if has_unknown({name: self.config.get(name) for name in TEXTS}):
            raise UnknownClusterError("the kubeconfig is known only after an update")
        return connection(chosen(self.config))

    def not_asked(self, error: Exception) -> None:
        """A preview goes on without the cluster: said once, unless the program makes the cluster in the same update."""
        if has_unknown({name: self.config.get(name) for name in TEXTS}):
            return
        with self._lock:
            warned, self._warned = self._warned, True
        if not warned:
            self.warn(f"{error} The preview of what is in it goes on with what the program says.")

    def namespace(self) -> str:
        """Where objects go that name no namespace."""
        if given := self.config.get("namespace"):
            return str(given)
        try:
            return self.api().connection.namespace
        except RefusedError:
            return "default"

    def namespaced(self, api_version: str, kind: str) -> bool:
        """Whether a kind lives in namespaces: the cluster knows, else the list of those that do not."""
        if kind in CLUSTER_WIDE:
            return False
        try:
            return self.api().served(api_version, kind).namespaced
        except (UnknownClusterError, UnreachableError, NoSuchKindError):
            return True


def configured(arguments: Props, cancelled: threading.Event, warn: Callable[[str], None]) -> Provider:
    """The provider of a configuration; a cluster that does not answer is no error before something is asked of it.

    Raises:
        RefusedError: a key has no effect here.
    """
    config = {name: value if name in TEXTS else parsed(value) for name, value in arguments.items()}
    if unknown := unknown_keys(config):
        raise RefusedError(
            f"provider configuration {', '.join(map(repr, unknown))} is not emulated by the stand-in and would have no "
            "effect; leave it out locally, or use the official kubernetes plugin."
        )
    return Provider(config=config, cancelled=cancelled, warn=warn)
