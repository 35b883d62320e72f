"""Read a kubeconfig from a string or file, and return the connection that it specifies."""

import atexit
import base64
import os
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from intermodal_offline.providers.cloud import loopback
from intermodal_offline.providers.failures import RefusedError
from intermodal_offline.providers.values import Props


class UnknownClusterError(RefusedError):
    """The kubeconfig is missing or specifies no cluster. Previews continue, but updates fail."""


@dataclass(frozen=True, kw_only=True)
class Connection:
    """API server URL and client credentials."""

    server: str
    namespace: str
    """The context's namespace, which is used for objects without a namespace."""
    authority: str | bool
    """File with the trusted certificates, True for the default ones, or False to skip verification."""
    certificate: tuple[str, str] | None
    token: str | None


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Cluster that the provider's configuration selects."""

    kubeconfig: str | None = None
    """Content or path of a kubeconfig. Default: KUBECONFIG, or else ~/.kube/config."""
    context: str | None = None
    cluster: str | None = None


def connection(chosen: Chosen) -> Connection:
    """Return the connection that a context specifies.

    Raises:
        UnknownClusterError: the kubeconfig, context, or cluster does not exist or cannot be read.
        RefusedError: the API server is not on this machine, or the user needs a credential plugin.
    """
    text, folder = _text(chosen.kubeconfig)
    content = _parse(text)
    name = chosen.context or content.get("current-context") or ""
    context = _named(content, "context", name, "") if name or not chosen.cluster else {}
    cluster = _named(content, "cluster", chosen.cluster or context.get("cluster", ""), name)
    server = str(cluster.get("server") or "")
    if not loopback(server):
        raise RefusedError(
            "the offline kubernetes provider works only with an API server on this machine, but the kubeconfig "
            f"points to {server or 'no server'}; use the local cluster's kubeconfig (`make cluster` prints its path), "
            "or use the official kubernetes plugin for other clusters."
        )
    user = _named(content, "user", context["user"], name) if context.get("user") else {}
    if "exec" in user or "auth-provider" in user:
        raise RefusedError(
            "the user in the kubeconfig needs a credential plugin (exec or auth-provider), which the offline provider "
            "does not support; set a client certificate or token, or use the official kubernetes plugin."
        )
    return Connection(
        server=server.rstrip("/"),
        namespace=context.get("namespace") or "default",
        authority=not cluster.get("insecure-skip-tls-verify")
        and (_file(cluster, "certificate-authority", folder) or True),
        certificate=_pair(user, folder),
        token=_token(user, folder),
    )


def _text(given: str | None) -> tuple[str, Path]:
    """Return the kubeconfig's content and the base folder for its relative paths."""
    if given and "\n" not in given and not given.lstrip().startswith("{"):
        return _read(Path(given).expanduser())
    if given:
        return given, Path.cwd()
    files = os.environ.get("KUBECONFIG") or str(Path.home() / ".kube" / "config")
    return _read(Path(files.split(os.pathsep)[0]).expanduser())


def _read(path: Path) -> tuple[str, Path]:
    try:
        return path.read_text(), path.parent
    except OSError as error:
        raise UnknownClusterError(
            f"cannot read kubeconfig {path} ({error.strerror}); set the kubernetes provider's kubeconfig, or set "
            "KUBECONFIG (`make cluster` starts a local cluster and prints its kubeconfig's path)."
        ) from None


def _parse(text: str) -> Props:
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise UnknownClusterError(
            f"the kubeconfig is not valid YAML: {str(error).splitlines()[0]}; correct it, or use another kubeconfig."
        ) from None
    if not isinstance(content, dict):
        raise UnknownClusterError("the kubeconfig is empty or not a mapping; pass a kubeconfig's content or path.")
    return content


def _named(content: Props, kind: str, name: str, context: str) -> Props:
    entries = {entry["name"]: entry.get(kind) or {} for entry in content.get(f"{kind}s") or []}
    if name in entries:
        found: Props = entries[name]
        return found
    of = f" for context {context!r}" if context else ""
    names = ", ".join(sorted(entries)) or "none"
    raise UnknownClusterError(f"the kubeconfig has no {kind} {name!r}{of}; use one of: {names}.")


def _pair(user: Props, folder: Path) -> tuple[str, str] | None:
    certificate, key = _file(user, "client-certificate", folder), _file(user, "client-key", folder)
    return (certificate, key) if certificate and key else None


def _token(user: Props, folder: Path) -> str | None:
    if path := user.get("tokenFile"):
        return (folder / str(path)).read_text().strip()
    token = user.get("token")
    return str(token) if token else None


def _file(part: Props, name: str, folder: Path) -> str | None:
    """Return the entry's file, or None; write inline data to a file first, because OpenSSL can read only files."""
    if data := part.get(f"{name}-data"):
        file = _scratch() / f"{name}-{abs(hash(data))}"
        file.touch(mode=0o600)
        file.write_bytes(base64.b64decode(data))
        return str(file)
    path = str(part.get(name) or "")
    return str(folder / path) if path else None


@cache
def _scratch() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="intermodal-kubernetes-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
