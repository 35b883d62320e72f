"""The offline provider rejects what it does not support, and reports errors clearly."""

import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2, status_pb2

from intermodal_offline.providers import values
from intermodal_offline.providers.operations import MARK, MARKER
from tests.offline.providers.rpc import Aborted, Plugin, urn

QUEUE = "aws:sqs/queue:Queue"


# -- types and state


@pytest.mark.parametrize("method", ["Check", "Create", "Read", "Update", "Delete", "Diff"])
def test_unlisted_type_is_refused(method: str) -> None:
    request = getattr(provider_pb2, f"{method}Request")(urn=urn("aws:ecs/taskSet:TaskSet"))
    for name in {"olds", "properties"} & set(request.DESCRIPTOR.fields_by_name):
        getattr(request, name).CopyFrom(values.write({MARKER: MARK}))
    with pytest.raises(Aborted, match="resource type aws:ecs/taskSet:TaskSet is not supported by the offline provider"):
        Plugin().configure().ask(method, request)


FOREIGN = values.write({"name": "theirs", "url": "http://127.0.0.1:9/theirs"})
INPUTS = values.write({"name": "theirs"})


@pytest.mark.parametrize(
    "request_",
    [
        provider_pb2.DiffRequest(urn=urn(QUEUE), olds=FOREIGN, old_inputs=INPUTS, news=INPUTS),
        provider_pb2.UpdateRequest(urn=urn(QUEUE), olds=FOREIGN, old_inputs=INPUTS, news=INPUTS),
        provider_pb2.UpdateRequest(urn=urn(QUEUE), olds=FOREIGN, old_inputs=INPUTS, news=INPUTS, preview=True),
        provider_pb2.ReadRequest(urn=urn(QUEUE), id="x", properties=FOREIGN, inputs=INPUTS),
        provider_pb2.DeleteRequest(urn=urn(QUEUE), id="x", properties=FOREIGN),
    ],
    ids=["Diff", "Update", "Update preview", "Read", "Delete"],
)
def test_official_plugins_state_is_not_touched(request_: Any) -> None:
    method = type(request_).__name__.removesuffix("Request")
    with pytest.raises(Aborted, match="created by the official aws plugin, so the offline provider does not manage it"):
        Plugin().configure().ask(method, request_)


def test_unlisted_function_is_refused() -> None:
    with pytest.raises(Aborted, match="aws:ec2/getSubnets:getSubnets: the function is not supported"):
        Plugin().configure().ask("Invoke", provider_pb2.InvokeRequest(tok="aws:ec2/getSubnets:getSubnets"))


def test_unknown_function_argument_is_refused() -> None:
    request = provider_pb2.InvokeRequest(tok="aws:index/getRegion:getRegion", args=values.write({"endpoint": "e"}))
    with pytest.raises(Aborted, match="'endpoint' is not supported"):
        Plugin().configure().ask("Invoke", request)


def test_resources_own_region_is_honoured(emulator: str) -> None:
    plugin = Plugin(emulator).configure()
    inputs, _ = plugin.check(QUEUE, {"name": "elsewhere", "region": "eu-west-1"})
    made = plugin.ask("Create", provider_pb2.CreateRequest(urn=urn(QUEUE), properties=values.write(inputs)))
    outputs = values.read(made.properties)
    plugin.ask("Delete", provider_pb2.DeleteRequest(urn=urn(QUEUE), id=made.id, properties=made.properties))
    assert outputs["region"] == "eu-west-1"
    assert outputs["arn"].split(":")[3] == "eu-west-1"


# -- errors


def test_api_error_has_operation_resource_and_message(emulator: str) -> None:
    plugin = Plugin(emulator).configure()
    token = "aws:iam/rolePolicy:RolePolicy"
    inputs, _ = plugin.check(token, {"role": "nobody", "policy": "{}"})
    with pytest.raises(Aborted) as error:
        plugin.ask("Create", provider_pb2.CreateRequest(urn=urn(token), properties=values.write(inputs)))
    message = str(error.value)
    assert message.startswith(f"{token} 'one': iam PutRolePolicy returned ")
    assert "\n" not in message


def test_unreachable_endpoint_is_reported() -> None:
    plugin = Plugin(maxRetries=0).configure()
    request = provider_pb2.CreateRequest(urn=urn(QUEUE), properties=values.write(plugin.check(QUEUE, {})[0]))
    with pytest.raises(Aborted, match=r"Queue 'one': .*http://127.0.0.1:9"):
        plugin.ask("Create", request)


class DenyingHandler(http.server.BaseHTTPRequestHandler):
    """Endpoint that creates queues and denies every read."""

    def do_POST(self) -> None:
        """Respond as SQS does."""
        self.rfile.read(int(self.headers["Content-Length"]))
        made = self.headers["X-Amz-Target"].endswith("CreateQueue")
        body = {"QueueUrl": "http://127.0.0.1/1/q"} if made else {"__type": "AccessDenied", "message": "not for you"}
        self.send_response(200 if made else 400)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: Any) -> None:
        """Write no access log."""


@pytest.fixture
def denying_endpoint() -> Iterator[str]:
    with http.server.HTTPServer(("127.0.0.1", 0), DenyingHandler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_partially_created_resource_is_kept_in_state(denying_endpoint: str) -> None:
    plugin = Plugin(denying_endpoint, maxRetries=0).configure()
    request = provider_pb2.CreateRequest(urn=urn(QUEUE), properties=values.write(plugin.check(QUEUE, {})[0]))
    with pytest.raises(Aborted, match="AccessDenied: not for you"):
        plugin.ask("Create", request)
    ((name, details),) = plugin.context.trailers
    kept = provider_pb2.ErrorResourceInitFailed()
    assert status_pb2.Status.FromString(details).details[0].Unpack(kept)
    assert name == "grpc-status-details-bin"
    assert kept.id == "http://127.0.0.1/1/q"
    assert values.read(kept.properties)[MARKER] == MARK
    assert values.read(kept.inputs) == values.read(request.properties)
