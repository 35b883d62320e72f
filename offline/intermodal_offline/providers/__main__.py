"""Run a provider plugin for the engine: print its port and serve until the engine exits."""

import importlib.metadata
import logging
import os
import signal
import sys
import threading
from concurrent import futures
from functools import partial

import grpc
from pulumi import provider
from pulumi.runtime.proto import provider_pb2_grpc

from intermodal_offline.providers.engine import warn

UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
THREADS = 32
PARENT_SECONDS = 1.0


def end_with_parent(parent: int) -> None:
    """Exit when the parent process exits, because a killed engine does not stop its plugins."""
    tick = threading.Event()
    while os.getppid() == parent:
        tick.wait(PARENT_SECONDS)
    os._exit(0)


def servicer_of(package: str) -> provider_pb2_grpc.ResourceProviderServicer:
    """Return the offline provider for a package and import only the libraries that it needs."""
    version = importlib.metadata.version(f"pulumi-{package}")
    if package == "kubernetes":
        from intermodal_offline.providers.kubernetes.protocol import Servicer as OfKubernetes  # noqa: PLC0415

        return OfKubernetes(version, partial(warn, sys.argv[2]))
    if package == "docker-build":
        from intermodal_offline.providers.docker_build import DockerBuild  # noqa: PLC0415

        return DockerBuild(version)
    from intermodal_offline.providers.aws import INVOKES, ROWS  # noqa: PLC0415
    from intermodal_offline.providers.protocol import Servicer  # noqa: PLC0415

    return Servicer(version, ROWS, INVOKES)


def main() -> None:
    """Serve on a free port on the loopback interface."""
    if sys.argv[1] == "eks":
        from intermodal_offline.providers.eks import Eks  # noqa: PLC0415

        del sys.argv[1]  # the SDK expects the engine's address there
        provider.main(Eks(importlib.metadata.version("pulumi_eks")), sys.argv[1:])
        return
    logging.getLogger("grpc").setLevel(logging.CRITICAL)  # the engine receives every error as a gRPC status
    servicer = servicer_of(sys.argv[1])
    server = grpc.server(futures.ThreadPoolExecutor(THREADS), options=UNLIMITED)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: os._exit(0))  # nothing needs to be closed
    threading.Thread(target=end_with_parent, args=(os.getppid(),), daemon=True).start()
    server.start()
    print(port, flush=True)
    server.wait_for_termination()


if __name__ == "__main__":
    main()
