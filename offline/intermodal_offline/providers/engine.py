"""What a plugin says to the engine that started it."""

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc


def warn(address: str, text: str) -> None:
    """A warning of the deployment, not of one resource."""
    with grpc.insecure_channel(address) as channel:
        request = engine_pb2.LogRequest(severity=engine_pb2.WARNING, message=text)
        engine_pb2_grpc.EngineStub(channel).Log(request)
