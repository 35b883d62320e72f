"""Implement the resource provider protocol for Kubernetes objects of any kind."""

import hashlib
import os
from collections.abc import Callable
from typing import Any

import yaml
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2

from intermodal_offline.providers import values
from intermodal_offline.providers.failures import RefusedError, name_of, report_errors
from intermodal_offline.providers.kubernetes import compare, objects, provider
from intermodal_offline.providers.kubernetes.objects import AUTONAMED
from intermodal_offline.providers.kubernetes.operations import NOT_THERE, Operation
from intermodal_offline.providers.kubernetes.provider import Provider
from intermodal_offline.providers.operations import must_be_ours
from intermodal_offline.providers.plugin import Plugin, changed_keys, configure_response
from intermodal_offline.providers.protocol import Autonaming, kind_of
from intermodal_offline.providers.values import Props

Diff = provider_pb2.DiffResponse
LONGEST_NAME = 253 - 9


class Servicer(Plugin):
    """Offline kubernetes provider."""

    def __init__(self, version: str, warn: Callable[[str], None]) -> None:
        super().__init__(version)
        self._warn = warn
        self.provider: Provider | None = None

    def service_of(self, request: Any) -> str:  # noqa: ARG002 - all plugins have this method
        """Return the API name for error messages."""
        return "Kubernetes"

    def _provider(self) -> Provider:
        if self.provider is None:
            raise RefusedError("the provider was used before it was configured; run `pulumi` again.")
        return self.provider

    def _operation(self, body: Props, request: Any = None) -> Operation:
        return Operation(provider=self._provider(), body=body, seconds=getattr(request, "timeout", 0))

    # -- plugin

    def unknown_keys(self, given: Props) -> list[str]:
        """Return the configuration keys that are not supported."""
        return provider.unknown_keys(given)

    @report_errors
    def DiffConfig(self, request: Any) -> Any:  # noqa: N802
        """Compare configurations; a different cluster requires a replacement, different credentials do not."""
        olds, news = values.read(request.olds), values.read(request.news)
        changed = changed_keys(olds, news)
        before, after = provider.identity(olds), provider.identity(news)
        replaces = changed if changed and before and after and before != after else []
        return Diff(changes=Diff.DIFF_SOME if changed else Diff.DIFF_NONE, diffs=changed, replaces=replaces)

    @report_errors
    def Configure(self, request: Any) -> Any:  # noqa: N802
        """Configure the provider without calling the API server, which the same update may create."""
        self.provider = provider.configure(values.read(request.args), self.cancelled, self._warn)
        return configure_response()

    @report_errors
    def Invoke(self, request: Any) -> Any:  # noqa: N802
        """Call the only supported function, kubernetes:yaml:decode."""
        if request.tok != "kubernetes:yaml:decode":
            raise RefusedError(
                "the function is not supported; the offline provider supports only kubernetes:yaml:decode."
            )
        documents = [each for each in yaml.safe_load_all(values.read(request.args)["text"]) if each]
        answer = provider_pb2.InvokeResponse()
        getattr(answer, "return").CopyFrom(values.write({"result": documents}))  # `return` is a Python keyword
        return answer

    # -- objects

    @report_errors
    def Check(self, request: Any) -> Any:  # noqa: N802
        """Return the inputs with apiVersion, kind, name, and namespace."""
        objects.check_token(request.urn)
        news, olds = values.read(request.news), values.read(request.olds)
        version, kind = objects.version_and_kind(request.urn)
        metadata: Any = news.get("metadata") or {}
        failures: list[Any] = []
        if isinstance(metadata, dict):
            metadata, failures = _add_name(dict(metadata), olds, request)
            if self._provider().namespaced(version, kind):
                metadata.setdefault("namespace", self._provider().namespace())
        news = {**news, "apiVersion": version, "kind": kind, "metadata": metadata}
        return provider_pb2.CheckResponse(inputs=values.write(news), failures=failures)

    @report_errors
    def Diff(self, request: Any) -> Any:  # noqa: N802
        """Compare old and new inputs; the state is not compared."""
        olds, news = values.read(request.old_inputs), values.read(request.news)
        must_be_ours(values.read(request.olds), "kubernetes")
        ignored = tuple(request.ignoreChanges)
        found = [
            change
            for change in compare.changes(olds, news, self._provider().mutable)
            if not any(change.path == path or change.path.startswith((f"{path}.", f"{path}[")) for path in ignored)
        ]
        replaces = sorted({change.path for change in found if change.replace})
        return Diff(
            changes=Diff.DIFF_SOME if found else Diff.DIFF_NONE,
            diffs=sorted({change.path.partition(".")[0].partition("[")[0] for change in found}),
            replaces=replaces,
            detailedDiff={change.path: kind_of(change) for change in found},
            hasDetailedDiff=True,
            deleteBeforeReplace=bool(replaces) and compare.deletes_first(olds, news),
        )

    @report_errors
    def Create(self, request: Any) -> Any:  # noqa: N802
        """Create the object; in a preview, make the API server perform a dry run."""
        operation = self._operation(values.read(request.properties), request)
        if request.preview:
            return provider_pb2.CreateResponse(id="", properties=values.write(operation.preview_create()))
        identity, outputs = operation.create()
        return provider_pb2.CreateResponse(id=identity, properties=values.write(outputs))

    @report_errors
    def Read(self, request: Any) -> Any:  # noqa: N802
        """Refresh or import the object."""
        inputs, state = values.read(request.inputs), values.read(request.properties)
        if inputs:  # an import has neither inputs nor state
            must_be_ours(state, "kubernetes")
        objects.check_token(request.urn)
        version, kind = objects.version_and_kind(request.urn)
        namespace, _, name = request.id.rpartition("/")
        if not namespace and not state and self._provider().namespaced(version, kind):
            namespace = self._provider().namespace()
        metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
        body = {**inputs, "apiVersion": version, "kind": kind, "metadata": metadata}
        try:
            found = self._operation(body).read(inputs, state)
        except NOT_THERE as error:
            return self._read_unreachable(error, request)
        if found is None:
            return provider_pb2.ReadResponse()
        seen, outputs = found
        identity = objects.identity(outputs)
        return provider_pb2.ReadResponse(id=identity, inputs=values.write(seen), properties=values.write(outputs))

    def _read_unreachable(self, error: Exception, request: Any) -> Any:
        if self._provider().on("deleteUnreachable"):
            return provider_pb2.ReadResponse()
        if self._provider().on("skipUpdateUnreachable"):
            return provider_pb2.ReadResponse(id=request.id, inputs=request.inputs, properties=request.properties)
        raise RefusedError(
            f"{error} If the cluster no longer exists, set the provider's deleteUnreachable option "
            "(PULUMI_K8S_DELETE_UNREACHABLE=true) to remove its objects from the state."
        ) from error

    @report_errors
    def Update(self, request: Any) -> Any:  # noqa: N802
        """Update the object."""
        news, state = values.read(request.news), values.read(request.olds)
        must_be_ours(state, "kubernetes")
        operation = self._operation(news, request)
        if request.preview:
            return provider_pb2.UpdateResponse(properties=values.write(operation.preview_update(state)))
        try:
            return provider_pb2.UpdateResponse(properties=values.write(operation.update(state)))
        except NOT_THERE:
            if self._provider().on("skipUpdateUnreachable"):
                return provider_pb2.UpdateResponse(properties=request.olds)
            raise

    @report_errors
    def Delete(self, request: Any) -> Any:  # noqa: N802
        """Delete the object."""
        state = values.read(request.properties)
        must_be_ours(state, "kubernetes")
        try:
            self._operation(state, request).delete()
        except NOT_THERE:
            if not self._provider().on("deleteUnreachable"):
                raise
        return empty_pb2.Empty()


def _add_name(metadata: Props, olds: Props, request: Any) -> tuple[Props, list[Any]]:
    """Return the metadata with the user's name, the old automatic name, or a new automatic name, and any failures."""
    annotations = {k: v for k, v in (metadata.get("annotations") or {}).items() if k != AUTONAMED}
    if metadata.get("generateName"):
        why = "generateName is not supported by the offline provider; remove it to use automatic naming."
        return metadata, [provider_pb2.CheckFailure(property="metadata.generateName", reason=why)]
    if metadata.get("name"):
        return metadata, []
    before = olds.get("metadata") or {}
    if (before.get("annotations") or {}).get(AUTONAMED) == "true" and before.get("name"):
        name = before["name"]
    else:
        name, why = _make_name(request)
        if why:
            return metadata, [provider_pb2.CheckFailure(property="metadata.name", reason=why)]
    return {**metadata, "name": name, "annotations": {**annotations, AUTONAMED: "true"}}, []


def _make_name(request: Any) -> tuple[str, str]:
    """Return an automatic name and an empty reason, or an empty name and the reason why naming is disabled."""
    if request.HasField("autonaming"):
        if request.autonaming.mode == Autonaming.DISABLE:
            return "", "automatic naming is disabled (pulumi:autonaming); set metadata.name."
        return request.autonaming.proposed_name.lower(), ""
    start = name_of(request.urn).lower()[:LONGEST_NAME]
    seed = request.randomSeed or os.urandom(16)
    return f"{start}-{hashlib.sha256(seed).hexdigest()[:8]}", ""
