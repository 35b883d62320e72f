"""Implement the responses that all offline providers share."""

import threading
from typing import Any

from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from intermodal_offline.providers import values
from intermodal_offline.providers.failures import RefusedError, report_errors
from intermodal_offline.providers.values import Props


class Plugin(provider_pb2_grpc.ResourceProviderServicer):
    """The part of the protocol that concerns the plugin itself, not resources."""

    def __init__(self, version: str) -> None:
        self.version, self.cancelled = version, threading.Event()

    def unknown_keys(self, given: Props) -> list[str]:
        """Return the configuration keys that would have no effect."""
        raise NotImplementedError

    @report_errors
    def Handshake(self, request: Any) -> Any:  # noqa: ARG002, N802 - the protocol's signature and name
        """Let the engine unwrap secrets and mark them as secret again."""
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=False, accept_resources=False, accept_outputs=False
        )

    @report_errors
    def GetPluginInfo(self, request: Any) -> Any:  # noqa: ARG002, N802
        """Return the version, which the engine compares with the SDK version."""
        return plugin_pb2.PluginInfo(version=self.version)

    @report_errors
    def GetSchema(self, request: Any) -> Any:  # noqa: ARG002, N802
        """Reject the request; only code generation needs the schema."""
        raise RefusedError("the offline provider has no schema; run `pulumi import` with --generate-code=false.")

    @report_errors
    def CheckConfig(self, request: Any) -> Any:  # noqa: N802
        """Reject configuration keys that would have no effect."""
        failures = [
            provider_pb2.CheckFailure(
                property=name, reason=f"{name!r} is not supported by the offline provider; remove it."
            )
            for name in self.unknown_keys(values.read(request.news))
        ]
        return provider_pb2.CheckResponse(inputs=request.news, failures=failures)

    @report_errors
    def Cancel(self, request: Any) -> Any:  # noqa: ARG002, N802
        """Cancel all waits."""
        self.cancelled.set()
        return empty_pb2.Empty()

    @report_errors
    def Attach(self, request: Any) -> Any:  # noqa: ARG002, N802
        """Acknowledge an engine that attaches to a running server (PULUMI_DEBUG_PROVIDERS)."""
        return empty_pb2.Empty()


def changed_keys(olds: Props, news: Props) -> list[str]:
    """Return the configuration keys whose values differ."""
    return sorted(name for name in olds.keys() | news.keys() if olds.get(name) != news.get(name))


def configure_response() -> Any:
    """Return the response to Configure: previews are supported, secrets are not."""
    return provider_pb2.ConfigureResponse(
        acceptSecrets=False, supportsPreview=True, acceptResources=False, acceptOutputs=False
    )
