"""Report errors to the engine as one sentence without a traceback."""

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
    """The request is not supported or not allowed; the message says why and what to do."""


class AnswerError(Exception):
    """An API returned an error; the message contains the API's message."""


class HalfMadeError(Exception):
    """A step failed after the resource was created, so the engine must record the resource."""

    def __init__(self, identity: str, inputs: Props, outputs: Props, reason: str) -> None:
        super().__init__(reason)
        self.identity, self.inputs, self.outputs = identity, inputs, outputs

    def details(self) -> bytes:
        """Return the serialized error details, which the engine reads from the gRPC trailers."""
        status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(self))
        status.details.add().Pack(
            provider_pb2.ErrorResourceInitFailed(
                id=self.identity, properties=values.write(self.outputs), inputs=values.write(self.inputs),
                reasons=[str(self)],
            )
        )  # fmt: skip
        return status.SerializeToString()


def sentence(error: Exception, service: str) -> str:
    """Return an error message that contains the source's message; `service` is the API that failed."""
    match error:
        case ClientError():
            details = error.response.get("Error", {})
            answer = f"{details.get('Code', '?')}: {details.get('Message', '(no message)')}"
            return f"{service} {error.operation_name} returned {answer}"
        case BotoCoreError() | RefusedError() | HalfMadeError() | AnswerError():
            return str(error)
    where = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"internal error in the offline provider ({where.filename.rpartition('/')[2]}, line {where.lineno}): "
        f"{type(error).__name__}: {error}"
    )


def code(error: Exception) -> str:
    """Return the error code in an AWS response, or an empty string for any other error."""
    return str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, ClientError) else ""


def report_errors(method: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a protocol method to convert exceptions to a gRPC status with a one-sentence message."""

    @wraps(method)
    def call(self: Any, request: Any, context: grpc.ServicerContext) -> Any:
        try:
            return method(self, request)
        except Exception as error:  # noqa: BLE001 - every error must be reported
            abort(context, error, about(request) + sentence(error, self.service_of(request)))

    return call


def about(request: Any) -> str:
    """Return a message prefix with the resource or function in the request, such as `TYPE 'NAME': `."""
    if urn := getattr(request, "urn", ""):
        return f"{type_of(urn)} {name_of(urn)!r}: "
    if token := getattr(request, "tok", ""):
        return f"{token}: "
    return ""


def abort(context: grpc.ServicerContext, error: Exception, text: str) -> NoReturn:
    """Abort the gRPC call with the status for an error."""
    if isinstance(error, HalfMadeError):
        context.set_trailing_metadata((("grpc-status-details-bin", error.details()),))
    refused = grpc.StatusCode.FAILED_PRECONDITION if isinstance(error, RefusedError) else grpc.StatusCode.UNKNOWN
    context.abort(refused, text)


def type_of(urn: str) -> str:
    """Return the type token from a URN."""
    return urn.split("::")[2].rpartition("$")[2]


def name_of(urn: str) -> str:
    """Return the resource name from a URN."""
    return urn.split("::", 3)[3]
