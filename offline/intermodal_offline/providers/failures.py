"""Errors that reach the terminal: one sentence each, no tracebacks."""

import traceback
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

import grpc
from botocore.exceptions import BotoCoreError, ClientError
from pulumi.runtime.proto import provider_pb2, status_pb2

from intermodal_offline.providers import values
from intermodal_offline.providers.values import Props


class RefusedError(Exception):
    """Something the stand-in does not do, or must not do; the text says what, why and what to do."""


class AnswerError(Exception):
    """An API refused; the text is its own."""


class HalfMadeError(Exception):
    """The resource exists, but a later step failed: the engine must remember it."""

    def __init__(self, identity: str, inputs: Props, outputs: Props, reason: str) -> None:
        super().__init__(reason)
        self.identity, self.inputs, self.outputs = identity, inputs, outputs

    def details(self) -> bytes:
        """The protocol's detail message, as the engine reads it from the trailers."""
        status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(self))
        status.details.add().Pack(
            provider_pb2.ErrorResourceInitFailed(
                id=self.identity, properties=values.write(self.outputs), inputs=values.write(self.inputs),
                reasons=[str(self)],
            )
        )  # fmt: skip
        return status.SerializeToString()


def sentence(error: Exception, service: str) -> str:
    """What went wrong, in the words of whoever refused."""
    match error:
        case ClientError():
            said = error.response.get("Error", {})
            answer = f"{said.get('Code', '?')}: {said.get('Message', '(no message)')}"
            return f"{service} {error.operation_name} answered {answer}"
        case BotoCoreError() | RefusedError() | HalfMadeError() | AnswerError():
            return str(error)
    where = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"a mistake in the stand-in itself ({where.filename.rpartition('/')[2]} line {where.lineno}): "
        f"{type(error).__name__}: {error}"
    )


def code(error: Exception) -> str:
    """The error code of an AWS answer; empty for anything else."""
    return str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, ClientError) else ""


def answered(method: Callable[..., Any]) -> Callable[..., Any]:
    """A protocol method whose errors become a gRPC status with one sentence."""

    @wraps(method)
    def call(self: Any, request: Any, context: grpc.ServicerContext) -> Any:
        try:
            return method(self, request)
        except Exception as error:  # noqa: BLE001 - the last frame before the engine
            abort(context, error, about(request) + sentence(error, self.service_of(request)))

    return call


def about(request: Any) -> str:
    """The resource or function a request is about, as the start of a sentence."""
    if urn := getattr(request, "urn", ""):
        return f"{type_of(urn)} {name_of(urn)!r}: "
    if token := getattr(request, "tok", ""):
        return f"{token}: "
    return ""


def abort(context: grpc.ServicerContext, error: Exception, text: str) -> NoReturn:
    """End the call."""
    if isinstance(error, HalfMadeError):
        context.set_trailing_metadata((("grpc-status-details-bin", error.details()),))
    refused = grpc.StatusCode.FAILED_PRECONDITION if isinstance(error, RefusedError) else grpc.StatusCode.UNKNOWN
    context.abort(refused, text)


def type_of(urn: str) -> str:
    """The type token in a URN."""
    return urn.split("::")[2].rpartition("$")[2]


def name_of(urn: str) -> str:
    """The resource name in a URN."""
    return urn.split("::", 3)[3]
