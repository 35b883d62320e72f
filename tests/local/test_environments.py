"""Every failing function returns an error of the right type and never blocks its caller."""

import contextlib
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from local.aws import deployer
from local.aws.settings import ACCOUNT, REGION, Emulator
from local.docker.daemon import Docker
from local.processes import poll
from tests.chaos import victims
from tests.local import foreign
from tests.local.log_lines import GROUP, lines_of, streams_of
from tests.local.mapping import Invoke, map_queue


@pytest.fixture(scope="module")
def client(emulator: Emulator) -> Callable[[str], Any]:
    """Return AWS clients with the deployer's keys."""
    session = deployer.session(emulator)
    connect: Any = session.client
    return lambda service: connect(service, endpoint_url=emulator.endpoint)


@pytest.fixture(scope="module")
def role(client: Callable[[str], Any]) -> Iterator[str]:
    """Create a role that is only allowed to write logs."""
    trusted = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trusted]})
    arn = client("iam").create_role(RoleName="modes", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    logs = {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "*"}
    consume = {"Effect": "Allow", "Action": ["sqs:*"], "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [logs, consume]})
    client("iam").put_role_policy(RoleName="modes", PolicyName="p", PolicyDocument=policy)
    client("logs").create_log_group(logGroupName=GROUP)
    yield arn
    client("logs").delete_log_group(logGroupName=GROUP)
    client("iam").delete_role_policy(RoleName="modes", PolicyName="p")
    client("iam").delete_role(RoleName="modes")


@pytest.fixture
def function(
    request: pytest.FixtureRequest, client: Callable[[str], Any], role: str, images_of_examples: dict[str, str]
) -> Iterator[Invoke]:
    """Create a function from the `modes` image; the test's parameter overrides its configuration."""
    started = dict(getattr(request, "param", {}))
    name = f"modes-{time.time_ns()}"
    timeout = started.pop("timeout", 3)
    image = started.pop("image", images_of_examples["tests/local/modes"])
    client("lambda").create_function(
        FunctionName=name,
        PackageType="Image",
        Code={"ImageUri": image},
        Role=role,
        Timeout=timeout,
        MemorySize=128,
        Environment={"Variables": {"COLOUR": "blue"}},
        LoggingConfig={"LogFormat": "JSON", "LogGroup": GROUP},
        ImageConfig=started,
    )

    def invoke(**event: Any) -> tuple[str | None, Any]:
        answer = client("lambda").invoke(FunctionName=name, Payload=json.dumps(event))
        return answer.get("FunctionError"), json.loads(answer["Payload"].read())

    invoke.name = name  # type: ignore[attr-defined]
    yield invoke
    client("lambda").delete_function(FunctionName=name)


def test_function_returns_its_result(function: Invoke) -> None:
    assert function(hello="world") == (None, {"hello": "world"})


def test_environment_has_lambdas_variables_and_its_own(function: Invoke, emulator: Emulator) -> None:
    _, seen = function(mode="environment")
    expected = {
        "COLOUR": "blue",
        "AWS_REGION": REGION,
        "AWS_LAMBDA_FUNCTION_NAME": function.name,  # type: ignore[attr-defined]
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
        "AWS_LAMBDA_LOG_GROUP_NAME": GROUP,
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_ENDPOINT_URL": emulator.endpoint,
    }
    assert {name: seen.get(name) for name in expected} == expected


def test_user_and_file_system_match_lambda(function: Invoke) -> None:
    _, seen = function(mode="place")
    assert seen["user"] == "993:990"
    assert (seen["/tmp"], seen["/var/task"]) == ("ok", "Read-only file system")  # noqa: S108


def test_context_has_the_log_stream_of_its_lines(function: Invoke, client: Callable[[str], Any]) -> None:
    _, seen = function(mode="place")
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", seen["log_stream"])
    assert poll(lambda: any('"mode": "place"' in line for line in lines_of(client, seen["log_stream"])), 10)


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        ({"EntryPoint": ["/bin/true"]}, "Runtime exited with error: exit status 0"),
        ({"EntryPoint": ["/no/such/file"]}, "The image's entry point cannot be started"),
        ({"EntryPoint": ["/bin/sleep", "90"]}, "no Lambda runtime client requested an event within 50 s"),
    ],
    indirect=["function"],
)
def test_error_is_in_the_functions_log(function: Invoke, client: Callable[[str], Any], reason: str) -> None:
    known = streams_of(client)
    function(hello="world")
    assert poll(lambda: any(reason in line for new in streams_of(client) - known for line in lines_of(client, new)), 10)


@pytest.mark.parametrize("function", [{"timeout": 20}], indirect=True)  # the SDK is slow on a busy machine
def test_function_has_only_its_roles_permissions(function: Invoke) -> None:
    name = function.name  # type: ignore[attr-defined]
    assert function(mode="identity") == (None, f"arn:aws:sts::{ACCOUNT}:assumed-role/modes/{name}")
    error, body = function(mode="buckets")
    assert (error, body["errorType"]) == ("Unhandled", "AccessDenied")


@pytest.mark.parametrize(
    ("mode", "error_type", "message"),
    [
        ("raise", "LookupError", "as asked"),
        ("exit", "Runtime.ExitError", "exit status 3"),
        ("kill", "Runtime.ExitError", "signal"),
        ("memory", "Runtime.OutOfMemory", "signal: killed"),
        ("hang", "Sandbox.Timedout", "Task timed out after 3.00 seconds"),
        ("large", "Function.ResponseSizeTooLarge", "exceeded maximum allowed payload size"),
    ],
)
def test_failed_event_does_not_affect_the_next(function: Invoke, mode: str, error_type: str, message: str) -> None:
    error, body = function(mode=mode)
    assert (error, body["errorType"]) == ("Unhandled", error_type), body
    assert message in body["errorMessage"]
    assert function(hello="again") == (None, {"hello": "again"})


@pytest.mark.parametrize(
    ("function", "error_type", "message"),
    [
        ({"Command": ["nowhere.handler"]}, "Runtime.ImportModuleError", "No module named 'nowhere'"),
        ({"EntryPoint": ["/bin/false"]}, "Runtime.ExitError", "exit status 1"),
        ({"EntryPoint": ["/bin/true"]}, "Runtime.ExitError", "exit status 0"),
        ({"EntryPoint": ["/no/such/file"]}, "Runtime.InvalidEntrypoint", "cannot be started"),
    ],
    indirect=["function"],
)
def test_image_that_does_not_start_returns_a_typed_error(function: Invoke, error_type: str, message: str) -> None:
    error, body = function(hello="world")
    assert (error, body["errorType"]) == ("Unhandled", error_type), body
    assert message in body["errorMessage"]


@pytest.fixture(scope="module")
def foreign_image(docker: Docker) -> None:
    """Load the image before a function references it."""
    with closing(docker.client()) as client:
        foreign.load(client)


@pytest.mark.usefixtures("foreign_image")
@pytest.mark.parametrize("function", [{"image": foreign.REFERENCE}], indirect=True)
def test_image_for_another_architecture_is_mentioned(function: Invoke) -> None:
    error, body = function(hello="world")
    assert (error, body["errorType"]) == ("Unhandled", "Runtime.InvalidEntrypoint"), body
    assert f"exec format error: the image is built for {foreign.FOREIGN}, but this machine is" in body["errorMessage"]


def test_output_is_in_the_functions_log_group(function: Invoke, client: Callable[[str], Any]) -> None:
    _, _ = function(mode="exit")
    logs = client("logs")

    def lines() -> list[str]:
        streams = logs.describe_log_streams(logGroupName=GROUP)["logStreams"]
        events = [
            logs.get_log_events(logGroupName=GROUP, logStreamName=stream["logStreamName"])["events"]
            for stream in streams
        ]
        return [event["message"] for found in events for event in found]

    assert poll(lambda: any('"mode": "exit"' in line for line in lines()), 10)
    assert poll(lambda: any(_reports(line, "Runtime.ExitError") for line in lines()), 10)


def _reports(line: str, error_type: str) -> bool:
    with contextlib.suppress(ValueError):  # a line from the handler itself
        parsed = json.loads(line)
        return bool(parsed.get("type") == "platform.report" and parsed["record"].get("errorType") == error_type)
    return False


def test_missing_image_is_refused(client: Callable[[str], Any], role: str) -> None:
    refused = client("lambda").exceptions.InvalidParameterValueException
    with pytest.raises(refused, match=r"nothing:1 does not exist.*run `make images`"):
        client("lambda").create_function(
            FunctionName="absent", PackageType="Image", Code={"ImageUri": "intermodal-local/nothing:1"}, Role=role
        )


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (None, False),
        ({}, False),
        ({"batchItemFailures": []}, False),
        ({"batchItemFailures": None}, False),
        ("hello", True),
        ({"batchItemFailures": [{"itemIdentifier": ""}]}, True),
        ({"batchItemFailures": [{"itemIdentifier": None}]}, True),
        ({"batchItemFailures": [{"itemIdentifier": "nobody"}]}, True),
        ({"batchItemFailures": [{"id": "x"}]}, True),
    ],
)
def test_malformed_batch_response_loses_no_message(
    function: Invoke, client: Callable[[str], Any], answer: Any, kept: bool
) -> None:
    with map_queue(function, client, visibility=60) as inbox:
        inbox.send(answer=answer)
        assert poll(lambda: inbox.result().startswith(("OK", "FAILED")), 20)
        assert inbox.count_messages() == (1 if kept else 0)


def test_killed_consumers_message_is_redelivered(
    function: Invoke, client: Callable[[str], Any], emulator: Emulator
) -> None:
    with map_queue(function, client, visibility=5) as inbox:
        assert not victims.kill_consumer(emulator), "no consumer is processing a batch"
        inbox.send(answer=None, seconds=1.5)
        sent = time.monotonic()
        assert poll(lambda: victims.kill_consumer(emulator), 10)
        assert not poll(lambda: inbox.result().startswith("OK"), sent + 4 - time.monotonic()), (
            "the consumer exited after its run"
        )
        assert poll(lambda: inbox.result().startswith("OK"), 20)
        assert inbox.count_messages() == 0
