"""Implement the protocol methods that all offline providers share."""

import threading
from typing import Any

from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from intermodal_offline.providers import values
from intermodal_offline.providers.failures import RefusedError, report_errors
from intermodal_offline.providers.values import Props


class Plugin(provider_pb2_grpc.ResourceProviderServicer):
    """Protocol methods for the plugin itself."""

    def __init__(self, version: str) -> None:
        self.version, self.cancelled = version, threading.Event()

    def unknown_keys(self, given: Props) -> list[str]:
        """Return the configuration keys that are not supported."""
        raise NotImplementedError

    @report_errors
    def Handshake(self, request: Any) -> Any:  # noqa: ARG002, N802 - the protocol defines the signature
        """Decline secrets, resources, and outputs, so that the engine unwraps secrets and marks outputs as secret."""
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=False, accept_resources=False, accept_outputs=False
        )

    @report_errors
    def GetPluginInfo(self, request: Any) -> Any:  # noqa: ARG002, N802
        """Return the plugin version, which the engine compares with the SDK version."""
        return plugin_pb2.PluginInfo(version=self.version)

    @report_errors
    def GetSchema(self, request: Any) -> Any:  # noqa: ARG002, N802
        """Reject the request, because only code generation needs a schema."""
        raise RefusedError("the offline provider has no schema; run `pulumi import` with --generate-code=false.")

    @report_errors
    def CheckConfig(self, request: Any) -> Any:  # noqa: N802
        """Reject configuration keys that are not supported."""
        failures = [
            provider_pb2.CheckFailure(
                property=name, reason=f"{name!r} is not supported by the offline provider; remove it."
            )
            for name in self.unknown_keys(values.read(request.news))
        ]
        return provider_pb2.CheckResponse(inputs=request.news, failures=failures)

    @report_errors
    def Cancel(self, request: Any) -> Any:  # noqa: ARG002, N802
        """Cancel all operations that are waiting."""
        self.cancelled.set()
        return empty_pb2.Empty()

    @report_errors
    def Attach(self, request: Any) -> Any:  # noqa: ARG002, N802
        """Accept an engine that attaches to a running plugin (PULUMI_DEBUG_PROVIDERS)."""
        return empty_pb2.Empty()


def changed_keys(olds: Props, news: Props) -> list[str]:
    """Return the configuration keys whose values differ."""
    return sorted(name for name in olds.keys() | news.keys() if olds.get(name) != news.get(name))


def configure_response() -> Any:
    """Return the response to Configure, which declares that previews are supported and secrets are not."""
    return provider_pb2.ConfigureResponse(
        acceptSecrets=False, supportsPreview=True, acceptResources=False, acceptOutputs=False
    )
