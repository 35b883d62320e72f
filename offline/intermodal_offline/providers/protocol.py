"""Implement the resource provider protocol for the aws resource types."""

from collections.abc import Mapping
from typing import Any

from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2

from intermodal_offline.providers import check, cloud, facts, values
from intermodal_offline.providers.cloud import Cloud
from intermodal_offline.providers.compare import Change
from intermodal_offline.providers.failures import RefusedError, name_of, report_errors, type_of
from intermodal_offline.providers.naming import Naming
from intermodal_offline.providers.operations import Resource, must_be_ours
from intermodal_offline.providers.plugin import Plugin, changed_keys, configure_response
from intermodal_offline.providers.table import Invoke, Row
from intermodal_offline.providers.values import Props

Diff = provider_pb2.DiffResponse
Kind = provider_pb2.PropertyDiff
Autonaming = provider_pb2.CheckRequest.AutonamingOptions


class Servicer(Plugin):
    """Offline aws provider."""

    def __init__(self, version: str, rows: Mapping[str, Row], invokes: Mapping[str, Invoke]) -> None:
        super().__init__(version)
        self.rows, self.invokes = rows, invokes
        self.cloud: Cloud | None = None

    def _row(self, token: str) -> Row:
        if token not in self.rows:
            raise RefusedError(
                f"resource type {token} is not supported by the offline provider, which supports "
                f"{', '.join(sorted(self.rows))}. "
                "Use the official aws plugin, or add the type to intermodal_offline/providers/aws."
            )
        return self.rows[token]

    def service_of(self, request: Any) -> str:
        """Return the AWS service that a request uses, or `AWS` for a provider function, which may use several."""
        row = self.rows.get(type_of(urn)) if (urn := getattr(request, "urn", "")) else None
        return row.service if row else "AWS"

    def _cloud(self) -> Cloud:
        if self.cloud is None:
            raise RefusedError("the provider was used before it was configured; run `pulumi` again.")
        return self.cloud

    def _resource(self, urn: str) -> Resource:
        token = type_of(urn)
        return Resource(token=token, row=self._row(token), cloud=self._cloud())

    # -- plugin

    def unknown_keys(self, given: Props) -> list[str]:
        """Return the configuration keys that are not supported."""
        return cloud.unknown_keys(given)

    @report_errors
    def DiffConfig(self, request: Any) -> Any:  # noqa: N802
        """Compare configurations; no change replaces the provider, because each resource compares its region."""
        olds, news = values.read(request.olds), values.read(request.news)
        changed = changed_keys(olds, news)
        return Diff(changes=Diff.DIFF_SOME if changed else Diff.DIFF_NONE, diffs=changed)

    @report_errors
    def Configure(self, request: Any) -> Any:  # noqa: N802
        """Configure the provider, and check that all endpoints are on this machine without calling them."""
        services = {row.service for row in self.rows.values()} | {"sts"}
        self.cloud = cloud.configure(values.read(request.args), services, self.cancelled)
        return configure_response()

    @report_errors
    def Invoke(self, request: Any) -> Any:  # noqa: N802
        """Call a provider function."""
        function = self.invokes.get(request.tok)
        if function is None:
            raise RefusedError(
                "the function is not supported by the offline provider, which supports "
                f"{', '.join(sorted(self.invokes))}."
            )
        result = function(self._cloud(), values.read(request.args))
        answer = provider_pb2.InvokeResponse()
        getattr(answer, "return").CopyFrom(values.write(result))  # `return` is a Python keyword
        return answer

    # -- resources

    @report_errors
    def Check(self, request: Any) -> Any:  # noqa: N802
        """Return the inputs with defaults and a name, and a failure for each invalid or unsupported input."""
        token = type_of(request.urn)
        row, tags = self._row(token), self.cloud.default_tags if self.cloud else {}
        given = values.read(request.news), values.read(request.olds)
        if self.cloud and facts.of(token).regional:  # the official plugin also adds the region first
            given = {"region": self.cloud.region, **given[0]}, given[1]
        inputs, failures = check.check_inputs(token, row, facts.of(token), given, naming_of(request), tags)
        return provider_pb2.CheckResponse(
            inputs=values.write(inputs),
            failures=[provider_pb2.CheckFailure(property=name, reason=reason) for name, reason in failures],
        )

    @report_errors
    def Diff(self, request: Any) -> Any:  # noqa: N802
        """Compare old and new inputs; the state is not compared."""
        resource, news, state = self._resource(request.urn), values.read(request.news), values.read(request.olds)
        must_be_ours(state)
        ignored = set(request.ignoreChanges)
        found = [
            change
            for change in resource.changes(values.read(request.old_inputs), news, state)
            if change.property not in ignored and change.path not in ignored
        ]
        replaces = sorted({change.property for change in found if change.replace})
        return Diff(
            changes=Diff.DIFF_SOME if found else Diff.DIFF_NONE,
            diffs=sorted({change.property for change in found}),
            replaces=replaces,
            detailedDiff={change.path: kind_of(change) for change in found},
            hasDetailedDiff=True,
            deleteBeforeReplace=bool(replaces) and resource.deletes_first(news),
        )

    @report_errors
    def Create(self, request: Any) -> Any:  # noqa: N802
        """Create the resource; in a preview, return only the inputs."""
        inputs, resource = values.read(request.properties), self._resource(request.urn)
        if request.preview:
            return provider_pb2.CreateResponse(id="", properties=values.write(inputs))
        identity, outputs = resource.create(inputs)
        return provider_pb2.CreateResponse(id=identity, properties=values.write(outputs))

    @report_errors
    def Read(self, request: Any) -> Any:  # noqa: N802
        """Refresh or import the resource."""
        inputs, state = values.read(request.inputs), values.read(request.properties)
        if inputs:  # an import has no inputs
            must_be_ours(state)
        found = self._resource(request.urn).read(request.id, inputs, state)
        if found is None:
            return provider_pb2.ReadResponse()
        identity, inputs, outputs = found
        return provider_pb2.ReadResponse(id=identity, inputs=values.write(inputs), properties=values.write(outputs))

    @report_errors
    def Update(self, request: Any) -> Any:  # noqa: N802
        """Update the resource."""
        resource, news, state = self._resource(request.urn), values.read(request.news), values.read(request.olds)
        olds = values.read(request.old_inputs)
        must_be_ours(state)
        if request.preview:
            return provider_pb2.UpdateResponse(properties=values.write(resource.preview(news, olds, state)))
        outputs = resource.update(request.id, news, (olds, state))
        return provider_pb2.UpdateResponse(properties=values.write(outputs))

    @report_errors
    def Delete(self, request: Any) -> Any:  # noqa: N802
        """Delete the resource."""
        state = values.read(request.properties)
        must_be_ours(state)
        self._resource(request.urn).delete(request.id, state)
        return empty_pb2.Empty()


def kind_of(change: Change) -> provider_pb2.PropertyDiff:
    """Return a change's kind in the protocol's format."""
    kind = Kind.Kind.Value(change.kind + ("_REPLACE" if change.replace else ""))
    return Kind(kind=kind, inputDiff=True)


def naming_of(request: Any) -> Naming:
    """Return the engine's parameters for an automatic name."""
    mode = request.autonaming.mode if request.HasField("autonaming") else None
    return Naming(
        resource=name_of(request.urn),
        seed=request.randomSeed,
        proposed=request.autonaming.proposed_name,
        enforced=mode == Autonaming.ENFORCE,
        disabled=mode == Autonaming.DISABLE,
    )
