"""Send log messages from a plugin to the engine that started it."""

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc


def warn(address: str, text: str) -> None:
    """Log a warning for the deployment that is not associated with a resource."""
    with grpc.insecure_channel(address) as channel:
        request = engine_pb2.LogRequest(severity=engine_pb2.WARNING, message=text)
        engine_pb2_grpc.EngineStub(channel).Log(request)
