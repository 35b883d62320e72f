"""Call the API server's REST API: discovery, server-side apply, get, create, and delete."""

import threading
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from intermodal_offline.providers.failures import AnswerError, RefusedError
from intermodal_offline.providers.kubernetes.kubeconfig import Connection
from intermodal_offline.providers.values import Props

TIMEOUT_SECONDS = (5.0, 60.0)
"""Connect and read timeouts; webhooks may take up to 30 seconds."""

POOL = 32
APPLY = "application/apply-patch+yaml"  # the body may be JSON, which is valid YAML
NOT_FOUND = 404


class UnreachableError(RefusedError):
    """The API server is not responding."""


class ApiError(AnswerError):
    """The API server returned an error; the message contains the server's message."""

    def __init__(self, code: int, status: Props, request: str) -> None:
        self.code, self.reason = code, status.get("reason") or ""
        self.causes: list[Props] = (status.get("details") or {}).get("causes") or []
        super().__init__(f"{request} returned {code} {self.reason}: {status.get('message') or '(no message)'}")


class NoSuchKindError(RefusedError):
    """The API server does not serve a kind; the same update may still create its CustomResourceDefinition."""


@dataclass(frozen=True, kw_only=True)
class Served:
    """Discovery data for one kind."""

    plural: str
    namespaced: bool


class Api:
    """API server client; all methods are thread-safe."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy could be on another machine
        self._session.mount(connection.server, HTTPAdapter(pool_connections=1, pool_maxsize=POOL))
        self._session.verify, self._session.cert = connection.authority, connection.certificate
        if connection.token:
            self._session.headers["Authorization"] = f"Bearer {connection.token}"
        self._groups: dict[str, dict[str, Served]] = {}
        self._lock = threading.Lock()

    def served(self, api_version: str, kind: str) -> Served:
        """Return the discovery data for a kind.

        Raises:
            NoSuchKindError: the cluster does not serve the kind.
        """
        with self._lock:
            found = self._groups.get(api_version, {}).get(kind)
            if found is None:  # a CustomResourceDefinition may have been created since
                self._groups[api_version] = self._discover(api_version)
                found = self._groups[api_version].get(kind)
        if found is None:
            kinds = ", ".join(sorted(self._groups[api_version])) or "none"
            raise NoSuchKindError(
                f"the cluster does not serve kind {kind} in {api_version} (available kinds: {kinds}); install its "
                "CustomResourceDefinition first, or correct apiVersion and kind."
            )
        return found

    def path(self, api_version: str, kind: str, namespace: str | None, name: str) -> str:
        """Return an object's URL path."""
        served = self.served(api_version, kind)
        scope = f"/namespaces/{namespace}" if served.namespaced else ""
        return f"{_root(api_version)}{scope}/{served.plural}/{name}"

    def get(self, path: str, **query: str) -> Props | None:
        """Return an object or list, or None if it does not exist."""
        return self._call("GET", path, query=query, missing_is_none=True)

    def apply(self, path: str, body: Props, *, manager: str, force: bool = False, dry_run: bool = False) -> Props:
        """Apply an object with server-side apply, and return it; `manager` then owns the fields in `body`."""
        query = {"fieldManager": manager, "force": str(force).lower(), "fieldValidation": "Strict"}
        if dry_run:
            query["dryRun"] = "All"
        found = self._call("PATCH", path, query=query, body=body, content_type=APPLY)
        return found or {}

    def create(self, path: str, body: Props) -> Props:
        """Send a POST request to a collection or subresource, and return the response body."""
        return self._call("POST", path, query={}, body=body) or {}

    def delete(self, path: str, propagation: str, uid: str | None = None) -> Props | None:
        """Delete an object if its UID is `uid` or `uid` is None; return None if the object does not exist."""
        body: Props = {"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": propagation}
        if uid:
            body["preconditions"] = {"uid": uid}
        return self._call("DELETE", path, query={}, body=body, missing_is_none=True)

    def _discover(self, api_version: str) -> dict[str, Served]:
        listed = self._call("GET", _root(api_version), query={}, missing_is_none=True) or {}
        return {
            each["kind"]: Served(plural=each["name"], namespaced=each["namespaced"])
            for each in listed.get("resources", [])
            if "/" not in each["name"]
        }

    def _call(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, str],
        body: Props | None = None,
        content_type: str = "application/json",
        missing_is_none: bool = False,
    ) -> Props | None:
        try:
            answer = self._session.request(
                method,
                self.connection.server + path,
                params=query,
                json=body,
                headers={"Content-Type": content_type} if body is not None else {},
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise UnreachableError(
                f"the Kubernetes cluster at {self.connection.server} is not responding ({_why(error)}); start it "
                "(`make cluster`), or correct the kubeconfig."
            ) from error
        if answer.status_code == NOT_FOUND and missing_is_none:
            return None
        content = _content(answer)
        if not answer.ok:
            raise ApiError(answer.status_code, content, f"{method} {path}")
        return content


def _root(api_version: str) -> str:
    return f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"


def _content(answer: requests.Response) -> Props:
    try:
        content: Any = answer.json()
    except ValueError:
        return {"message": answer.text.strip()[:300]}
    return content if isinstance(content, dict) else {"message": str(content)}


def _why(error: requests.RequestException) -> str:
    """Return the root cause of a library error."""
    cause: BaseException = error
    while inner := cause.__cause__ or cause.__context__:
        cause = inner
    text = str(cause)
    return text.rpartition("] ")[2] or type(cause).__name__
