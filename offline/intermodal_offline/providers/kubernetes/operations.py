"""Apply, wait for, read, and delete an object."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from intermodal_offline.providers.failures import HalfMadeError, RefusedError
from intermodal_offline.providers.kubernetes import compare, objects, readiness
from intermodal_offline.providers.kubernetes.api import Api, ApiError, NoSuchKindError, UnreachableError
from intermodal_offline.providers.kubernetes.kubeconfig import UnknownClusterError
from intermodal_offline.providers.kubernetes.provider import Provider
from intermodal_offline.providers.kubernetes.readiness import NeverReadyError
from intermodal_offline.providers.operations import MARK, MARKER
from intermodal_offline.providers.values import Props, has_unknown

MANAGER = "__fieldManager"
POLL_SECONDS = 0.2
CONFLICT, MISSING = 409, 404
NOT_THERE = (UnknownClusterError, UnreachableError)
"""Errors for an unreachable cluster; a preview continues with the program's inputs."""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One engine request for one object."""

    provider: Provider
    body: Props
    """The inputs, or the state for Read and Delete."""
    seconds: float = 0
    """The engine's time limit; 0 means that the object's time limit applies."""

    @property
    def api(self) -> Api:
        """API server client."""
        return self.provider.api()

    @property
    def path(self) -> str:
        """URL path of the object."""
        version, kind = str(self.body["apiVersion"]), str(self.body["kind"])
        return self.api.path(version, kind, objects.namespace_of(self.body), objects.name_of(self.body))

    # -- previews

    def preview_create(self) -> Props:
        """Return a new object's outputs from a dry run, or the inputs if the API server cannot run one."""
        return self._dry_run(self.body, lambda: self.api.get(self.path) is not None)

    def preview_update(self, state: Props) -> Props:
        """Return an updated object's outputs from a dry run, or the inputs if the API server cannot run one."""
        kept = {name: value for name, value in state.items() if name.startswith("__") or name not in self.body}
        return self._dry_run({**kept, **self.body}, lambda: False, str(state.get(MANAGER) or ""))

    def _dry_run(self, otherwise: Props, is_pointless: Callable[[], bool], manager: str = "") -> Props:
        if has_unknown(self.body):
            return otherwise
        try:
            if is_pointless():  # the object still exists, and a replacement will delete it
                return otherwise
            live = self.api.apply(
                self.path,
                objects.to_server(self.body),
                manager=manager or self._manager(),
                force=self._force,
                dry_run=True,
            )
        except NoSuchKindError:  # the same update may create its CustomResourceDefinition
            return otherwise
        except NOT_THERE as error:
            self.provider.warn_unreachable(error)
            return otherwise
        except ApiError as error:
            if error.code == MISSING:  # the same update may create its namespace
                return otherwise
            raise _explain(error) from error
        # The uid, version, and timestamps in a dry run are not those of the real object.
        metadata = {name: value for name, value in live["metadata"].items() if name not in objects.SERVERS_OWN}
        return {**live, "metadata": metadata}

    # -- lifecycle

    def create(self) -> tuple[str, Props]:
        """Create the object and wait until it is ready; return its ID and outputs."""
        if not self.provider.on("upsertExistingObjects") and self.api.get(self.path) is not None:
            raise RefusedError(
                f"{self.body['kind']} {objects.identity(self.body)!r} already exists in the cluster; import it with "
                "the resource option import_, delete it, or use another name."
            )
        return objects.identity(self.body), self._apply(self._manager())

    def update(self, state: Props) -> Props:
        """Update the object and wait until it is ready; return its outputs."""
        return self._apply(str(state.get(MANAGER) or self._manager()))

    def read(self, inputs: Props, state: Props) -> tuple[Props, Props] | None:
        """Return the current inputs and outputs, or None if the object does not exist."""
        live = self.api.get(self.path)
        if live is None:
            return None
        seen = compare.refresh(inputs, live) if inputs else objects.pick_owned(live)
        return seen, self._outputs(live, str(state.get(MANAGER) or self._manager()))

    def delete(self) -> None:
        """Delete the object and wait until it is gone. This method is idempotent."""
        policy = objects.annotation(self.body, "deletionPropagationPolicy").capitalize() or "Foreground"
        uid = objects.dig(self.body, "metadata", "uid")
        try:
            path = self.path
            if self.api.delete(path, policy, uid) is None:
                return
        except NoSuchKindError:
            return  # without its CustomResourceDefinition, no object of this kind exists
        except ApiError as error:
            if error.code == CONFLICT:  # the object in the state is gone; another one has its name
                return
            raise
        if not readiness.is_skipped(self.body):
            self._wait(lambda: "" if self._is_gone(path, uid) else "the object still exists")

    # -- helpers

    def _manager(self) -> str:
        """Return the object's field manager; its name never changes, so that it keeps ownership of its fields."""
        text = f"{self.body['apiVersion']}/{self.body['kind']}/{objects.identity(self.body)}"
        return f"pulumi-kubernetes-{hashlib.sha256(text.encode()).hexdigest()[:8]}"

    @property
    def _force(self) -> bool:
        return objects.annotation(self.body, "patchForce") == "true" or self.provider.on("enablePatchForce")

    def _apply(self, manager: str) -> Props:
        path = self.path
        try:
            live = self.api.apply(path, objects.to_server(self.body), manager=manager, force=self._force)
        except ApiError as error:
            raise _explain(error) from error
        if readiness.is_skipped(self.body):
            return self._outputs(live, manager)
        found = [live]

        def missing() -> str:
            found[0] = self.api.get(path) or found[0]
            return readiness.find_missing(found[0])

        try:
            if readiness.find_missing(live):
                self._wait(missing)
        except (RefusedError, NeverReadyError, ApiError) as error:
            outputs = self._outputs(found[0], manager)
            raise HalfMadeError(objects.identity(self.body), self.body, outputs, f"{error}") from error
        return self._outputs(found[0], manager)

    def _wait(self, missing: Callable[[], str]) -> None:
        limit = readiness.seconds(self.body, self.seconds)
        deadline = time.monotonic() + limit
        while reason := missing():
            if time.monotonic() > deadline:
                raise RefusedError(
                    f"timed out after {limit:g} seconds: {reason}; inspect the object with kubectl describe, increase "
                    "customTimeouts, or skip waiting (annotation pulumi.com/skipAwait)."
                )
            if self.provider.cancelled.wait(POLL_SECONDS):
                raise RefusedError(f"cancelled while waiting: {reason}; run `pulumi up` again.")

    def _is_gone(self, path: str, uid: str | None) -> bool:
        live = self.api.get(path)
        return live is None or (uid is not None and live["metadata"]["uid"] != uid)

    def _outputs(self, live: Props, manager: str) -> Props:
        return {**objects.to_engine(live), MANAGER: manager, MARKER: MARK}


def _explain(error: ApiError) -> Exception:
    if error.code != CONFLICT or not error.causes:
        return error
    conflicts = "; ".join(str(cause.get("message")) for cause in error.causes)
    return RefusedError(
        f"another field manager owns some of its fields: {conflicts}. Remove these fields, release them in the other "
        'field manager, or take ownership with the annotation pulumi.com/patchForce: "true".'
    )
