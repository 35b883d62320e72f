"""What the stand-in must not do, and how it fails."""

import http.server
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, status_pb2

from local import providers
from local.providers import cloud, values
from local.providers.failures import RefusedError
from local.providers.operations import MARK, MARKER
from tests.engine.providers.conftest import until
from tests.engine.providers.rpc import SERVICES, Aborted, Plugin, urn

QUEUE = "aws:sqs/queue:Queue"
LOCAL = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def no_account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of the machine's AWS configuration."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)


# -- endpoints


@pytest.mark.parametrize(
    "url",
    [
        "https://sqs.eu-central-1.amazonaws.com",
        "http://10.0.0.1:4566",
        "http://127.0.0.1.example.com",
        "http://0.0.0.0:1",
    ],
)
@pytest.mark.parametrize("service", SERVICES)
def test_endpoint_of_the_configuration_must_be_local(service: str, url: str) -> None:
    endpoints = [dict.fromkeys(SERVICES, LOCAL) | {service: url}]
    with pytest.raises(Aborted, match="only with an emulator on this machine") as error:
        Plugin(endpoints=endpoints).configure()
    assert url in str(error.value)
    assert error.value.code is grpc.StatusCode.FAILED_PRECONDITION


@pytest.mark.parametrize("url", [LOCAL, "http://localhost:4566", "http://[::1]:4566", "https://127.9.9.9"])
def test_loopback_is_accepted(url: str) -> None:
    assert Plugin(url).configure().servicer.cloud is not None


def test_without_an_endpoint_it_would_be_aws() -> None:
    with pytest.raises(Aborted, match="would go to AWS itself"):
        Plugin(endpoints=None).configure()


def test_endpoint_of_a_service_outside_the_table_must_be_local() -> None:
    with pytest.raises(Aborted, match="dynamodb"):
        Plugin(endpoints=[dict.fromkeys(SERVICES, LOCAL), {"dynamodb": "https://example.com"}]).configure()


def test_endpoint_of_the_environment_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", LOCAL)
    assert Plugin(endpoints=None).configure()
    monkeypatch.setenv("AWS_ENDPOINT_URL_IAM", "https://iam.example.com")
    with pytest.raises(Aborted, match=re.escape("iam would go to https://iam.example.com")):
        Plugin(endpoints=None).configure()


def test_endpoint_of_the_profile_is_looked_at(tmp_path: Path) -> None:
    profile = tmp_path / "profiles"
    profile.write_text(f"[profile near]\nendpoint_url = {LOCAL}\n[profile far]\nendpoint_url = https://example.com\n")
    files: dict[str, Any] = {"sharedConfigFiles": [str(profile)], "endpoints": None}
    assert Plugin(profile="near", **files).configure()
    with pytest.raises(Aborted, match=re.escape("https://example.com")):
        Plugin(profile="far", **files).configure()


def test_endpoints_may_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", LOCAL)
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
    with pytest.raises(Aborted, match="AWS itself"):
        Plugin(endpoints=None).configure()


def test_client_that_resolved_another_endpoint_is_refused() -> None:
    configured = Plugin().configure().servicer.cloud
    assert configured is not None
    configured.endpoints = {"sqs": "https://example.com"}
    with pytest.raises(RefusedError, match=re.escape("https://example.com")):
        configured.client("sqs")


def test_request_that_leaves_the_machine_is_stopped() -> None:
    configured = Plugin().configure().servicer.cloud
    assert configured is not None
    client = configured.client("sqs")

    def redirect(request: Any, **_: Any) -> None:
        request.url = "https://example.com/"

    client.meta.events.register_first("before-send", redirect)
    with pytest.raises(RefusedError, match=re.escape("https://example.com/")):
        client.list_queues()


# -- configuration


def test_unknown_key_of_the_configuration_is_refused() -> None:
    plugin = Plugin(assumeRoles=[{"roleArn": "r"}])
    with pytest.raises(Aborted, match="'assumeRoles' is not emulated"):
        plugin.configure()
    answer = plugin.ask("CheckConfig", provider_pb2.CheckRequest(news=values.write(plugin.config)))
    assert [failure.property for failure in answer.failures] == ["assumeRoles"]


def test_configuration_arrives_as_json_text() -> None:
    texts = {"endpoints": json.dumps([dict.fromkeys(SERVICES, LOCAL)]), "skipMetadataApiCheck": "true"}
    plugin = Plugin(**texts, defaultTags=json.dumps({"tags": {"on": "true"}})).configure()
    assert plugin.servicer.cloud is not None
    assert plugin.servicer.cloud.default_tags == {"on": "true"}


@pytest.mark.parametrize(("config", "text"), [({"region": None}, "no region"), ({"region": values.UNKNOWN}, "known")])
def test_region_must_be_there(config: dict[str, Any], text: str) -> None:
    with pytest.raises(Aborted, match=text):
        Plugin(**config).configure()


def test_engine_s_own_keys_are_no_configuration() -> None:
    assert cloud.unknown_keys({"version": "7", "pluginDownloadURL": "x", "__internal": {}}) == []


def test_accounts_are_checked(emulator: str) -> None:
    assert Plugin(emulator, allowedAccountIds=["111122223333"]).configure()
    with pytest.raises(Aborted, match="account 111122223333 is not allowed"):
        Plugin(emulator, allowedAccountIds=["999999999999"]).configure()
    with pytest.raises(Aborted, match="not allowed"):
        Plugin(emulator, forbiddenAccountIds=["111122223333"]).configure()


# -- types and state


@pytest.mark.parametrize("method", ["Check", "Create", "Read", "Update", "Delete", "Diff"])
def test_unlisted_type_is_refused(method: str) -> None:
    request = getattr(provider_pb2, f"{method}Request")(urn=urn("aws:ecs/cluster:Cluster"))
    for name in {"olds", "properties"} & set(request.DESCRIPTOR.fields_by_name):
        getattr(request, name).CopyFrom(values.write({MARKER: MARK}))
    with pytest.raises(Aborted, match="resource type aws:ecs/cluster:Cluster is not emulated by the stand-in"):
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
def test_state_of_the_official_plugin_is_left_alone(request_: Any) -> None:
    method = type(request_).__name__.removesuffix("Request")
    with pytest.raises(Aborted, match="made by the official aws plugin, so the stand-in leaves it alone"):
        Plugin().configure().ask(method, request_)


def test_unlisted_function_is_refused() -> None:
    with pytest.raises(Aborted, match="aws:ec2/getVpc:getVpc: the function is not emulated"):
        Plugin().configure().ask("Invoke", provider_pb2.InvokeRequest(tok="aws:ec2/getVpc:getVpc"))


def test_argument_of_a_function_is_not_ignored() -> None:
    request = provider_pb2.InvokeRequest(tok="aws:index/getRegion:getRegion", args=values.write({"endpoint": "e"}))
    with pytest.raises(Aborted, match="'endpoint' is not emulated"):
        Plugin().configure().ask("Invoke", request)


def test_other_region_of_a_resource_is_honoured(emulator: str) -> None:
    plugin = Plugin(emulator).configure()
    inputs, _ = plugin.check(QUEUE, {"name": "elsewhere", "region": "eu-west-1"})
    made = plugin.ask("Create", provider_pb2.CreateRequest(urn=urn(QUEUE), properties=values.write(inputs)))
    outputs = values.read(made.properties)
    plugin.ask("Delete", provider_pb2.DeleteRequest(urn=urn(QUEUE), id=made.id, properties=made.properties))
    assert outputs["region"] == "eu-west-1"
    assert outputs["arn"].split(":")[3] == "eu-west-1"


# -- errors


def test_error_of_the_api_names_operation_resource_and_message(emulator: str) -> None:
    plugin = Plugin(emulator).configure()
    token = "aws:iam/rolePolicy:RolePolicy"
    inputs, _ = plugin.check(token, {"role": "nobody", "policy": "{}"})
    with pytest.raises(Aborted) as error:
        plugin.ask("Create", provider_pb2.CreateRequest(urn=urn(token), properties=values.write(inputs)))
    said = str(error.value)
    assert said.startswith(f"{token} 'one': iam PutRolePolicy answered ")
    assert "\n" not in said


def test_nobody_answers() -> None:
    plugin = Plugin(maxRetries=0).configure()
    request = provider_pb2.CreateRequest(urn=urn(QUEUE), properties=values.write(plugin.check(QUEUE, {})[0]))
    with pytest.raises(Aborted, match=r"Queue 'one': .*http://127.0.0.1:9"):
        plugin.ask("Create", request)


class Stingy(http.server.BaseHTTPRequestHandler):
    """Makes queues and tells nothing about them."""

    def do_POST(self) -> None:
        """Answer in SQS's words."""
        self.rfile.read(int(self.headers["Content-Length"]))
        made = self.headers["X-Amz-Target"].endswith("CreateQueue")
        body = {"QueueUrl": "http://127.0.0.1/1/q"} if made else {"__type": "AccessDenied", "message": "not for you"}
        self.send_response(200 if made else 400)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture
def stingy() -> Iterator[str]:
    with http.server.HTTPServer(("127.0.0.1", 0), Stingy) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_resource_that_is_half_made_is_remembered(stingy: str) -> None:
    plugin = Plugin(stingy, maxRetries=0).configure()
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


# -- the executable


def test_shim_is_installed_whole(tmp_path: Path) -> None:
    shim = providers.install(tmp_path / "a home", "v7.51.1", Path(sys.executable))
    assert shim == tmp_path / "a home/plugins/resource-aws-v7.51.1/pulumi-resource-aws"
    assert os.access(shim, os.X_OK)
    assert providers.install(tmp_path / "a home", "7.51.1", Path(sys.executable)) == shim
    assert [entry.name for entry in shim.parent.iterdir()] == [shim.name]


@pytest.mark.parametrize("linked", [True, False])
def test_official_plugin_is_not_overwritten(tmp_path: Path, *, linked: bool) -> None:
    place, own = tmp_path / "plugins/resource-aws-v7.51.1", tmp_path / "own"
    place.parent.mkdir()
    own.mkdir()
    if linked:
        place.symlink_to(own)
    else:
        place.mkdir()
        (place / "pulumi-resource-aws").write_bytes(b"\x7fELF")
    with pytest.raises(FileExistsError, match="does not replace it"):
        providers.install(tmp_path, "7.51.1", Path(sys.executable))
    assert list(own.iterdir()) == []


def test_plugin_prints_its_port_and_ends_with_its_parent(tmp_path: Path) -> None:
    shim = providers.install(tmp_path, "7.51.1", Path(sys.executable))
    # A shell stands for the engine: killed, it closes nothing.
    said = tmp_path / "port"
    script = f"'{shim}' > '{said}' & echo $!; wait"
    with subprocess.Popen(["/bin/sh", "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        plugin = int(parent.stdout.readline())
        try:
            until(lambda: said.exists() and said.read_text().endswith("\n"), "the port of the plugin")
            with socket.create_connection(("127.0.0.1", int(said.read_text())), timeout=5):
                assert running(plugin)
            parent.kill()
            parent.wait()
            until(lambda: not running(plugin), "the plugin to end after its parent")
        finally:
            parent.kill()
            if running(plugin):
                os.kill(plugin, signal.SIGKILL)


def running(process: int) -> bool:
    """Whether a process runs; one that waits to be reaped does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
