"""Call the offline provider in this process, as the engine calls it over gRPC."""

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import grpc
from pulumi.runtime.proto import provider_pb2

from intermodal_offline.providers import values
from intermodal_offline.providers.aws import INVOKES, ROWS
from intermodal_offline.providers.operations import MARK, MARKER
from intermodal_offline.providers.protocol import Servicer
from intermodal_offline.providers.values import Props

SERVICES = sorted({row.service for row in ROWS.values()} | {"sts"})


class Aborted(Exception):  # noqa: N818 - what gRPC calls it
    """A call was aborted with a gRPC status."""

    def __init__(self, code: grpc.StatusCode, text: str) -> None:
        super().__init__(text)
        self.code = code


class Context:
    """The part of a gRPC context that the provider uses."""

    def __init__(self) -> None:
        self.trailers: tuple[tuple[str, bytes], ...] = ()

    def abort(self, code: grpc.StatusCode, text: str) -> NoReturn:
        """Raise Aborted."""
        raise Aborted(code, text)

    def set_trailing_metadata(self, trailers: tuple[tuple[str, bytes], ...]) -> None:
        """Store the metadata."""
        self.trailers = trailers


def urn(token: str, name: str = "one") -> str:
    """Return a resource's URN."""
    return f"urn:pulumi:stack::project::{token}::{name}"


class Plugin:
    """A servicer that takes and returns plain dicts."""

    def __init__(self, endpoint: str = "http://127.0.0.1:9", **config: Any) -> None:
        self.servicer = Servicer("7.0.0", ROWS, INVOKES)
        self.context = Context()
        self.config: dict[str, Any] = {
            "region": "eu-central-1", "accessKey": "111122223333", "secretKey": "test",
            "endpoints": [dict.fromkeys(SERVICES, endpoint)], **config,
        }  # fmt: skip

    def ask(self, method: str, request: Any) -> Any:
        """Call a method."""
        call: Callable[[Any, Any], Any] = getattr(self.servicer, method)
        return call(request, self.context)

    def configure(self) -> "Plugin":
        """Configure the provider."""
        self.ask("Configure", provider_pb2.ConfigureRequest(args=values.write(self.config)))
        return self

    def check(self, token: str, news: Props, olds: Props | None = None, **more: Any) -> tuple[Props, Mapping[str, str]]:
        """Return the checked inputs, and the failures by property."""
        seed = more.pop("randomSeed", b"seed")
        request = provider_pb2.CheckRequest(
            urn=urn(token), news=values.write(news), olds=values.write(olds or {}), randomSeed=seed, **more
        )
        answer = self.ask("Check", request)
        return values.read(answer.inputs), {one.property: one.reason for one in answer.failures}

    def diff(self, token: str, old_inputs: Props, news: Props, **more: Any) -> Any:
        """Return the differences between two sets of inputs."""
        request = provider_pb2.DiffRequest(
            urn=urn(token), olds=values.write({MARKER: MARK, "region": "eu-central-1"}), news=values.write(news),
            old_inputs=values.write(old_inputs), **more,
        )  # fmt: skip
        return self.ask("Diff", request)
