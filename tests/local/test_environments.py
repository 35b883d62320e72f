"""A function that fails in any way ends in an error with the right type, and never hangs its caller."""

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
from tests.local.mapping import Invoke, mapped


@pytest.fixture(scope="module")
def client(emulator: Emulator) -> Callable[[str], Any]:
    """Clients of the deployer."""
    session = deployer.session(emulator)
    connect: Any = session.client
    return lambda service: connect(service, endpoint_url=emulator.endpoint)


@pytest.fixture(scope="module")
def role(client: Callable[[str], Any]) -> Iterator[str]:
    """A role that may write logs, and nothing else."""
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
    """A function of the image `modes`; the test's parameter overrides how it starts."""
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


def test_it_answers(function: Invoke) -> None:
    assert function(hello="world") == (None, {"hello": "world"})


def test_it_sees_the_environment_of_lambda_and_its_own(function: Invoke, emulator: Emulator) -> None:
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


def test_user_and_file_system_are_those_of_lambda(function: Invoke) -> None:
    _, seen = function(mode="place")
    assert seen["user"] == "993:990"
    assert (seen["/tmp"], seen["/var/task"]) == ("ok", "Read-only file system")  # noqa: S108


def test_context_names_the_log_stream_of_its_lines(function: Invoke, client: Callable[[str], Any]) -> None:
    _, seen = function(mode="place")
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", seen["log_stream"])
    assert poll(lambda: any('"mode": "place"' in line for line in lines_of(client, seen["log_stream"])), 10)


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        ({"EntryPoint": ["/bin/true"]}, "Runtime exited with error: exit status 0"),
        ({"EntryPoint": ["/no/such/file"]}, "The image's entry point cannot be started"),
        ({"EntryPoint": ["/bin/sleep", "90"]}, "no Lambda runtime client asked for an event within 30 s"),
    ],
    indirect=["function"],
)
def test_reason_is_in_the_functions_own_log(function: Invoke, client: Callable[[str], Any], reason: str) -> None:
    known = streams_of(client)
    function(hello="world")
    assert poll(lambda: any(reason in line for new in streams_of(client) - known for line in lines_of(client, new)), 10)


@pytest.mark.parametrize("function", [{"timeout": 20}], indirect=True)  # the SDK is slow on a busy machine
def test_it_runs_as_its_role_and_may_do_only_what_the_role_may(function: Invoke) -> None:
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
def test_an_image_that_does_not_start_is_an_error_with_its_type(
    function: Invoke, error_type: str, message: str
) -> None:
    error, body = function(hello="world")
    assert (error, body["errorType"]) == ("Unhandled", error_type), body
    assert message in body["errorMessage"]


@pytest.fixture(scope="module")
def foreign_image(docker: Docker) -> None:
    """There before a function names it."""
    with closing(docker.client()) as client:
        foreign.load(client)


@pytest.mark.usefixtures("foreign_image")
@pytest.mark.parametrize("function", [{"image": foreign.REFERENCE}], indirect=True)
def test_an_image_for_another_machine_is_said_to_be_one(function: Invoke) -> None:
    error, body = function(hello="world")
    assert (error, body["errorType"]) == ("Unhandled", "Runtime.InvalidEntrypoint"), body
    assert f"exec format error: the image is built for {foreign.FOREIGN}, and this machine is" in body["errorMessage"]


def test_its_output_is_in_its_log_group(function: Invoke, client: Callable[[str], Any]) -> None:
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
    with contextlib.suppress(ValueError):  # a line of the handler's own
        parsed = json.loads(line)
        return bool(parsed.get("type") == "platform.report" and parsed["record"].get("errorType") == error_type)
    return False


def test_an_image_that_is_not_there_is_refused_when_it_is_named(client: Callable[[str], Any], role: str) -> None:
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
def test_a_malformed_batch_response_loses_no_message(
    function: Invoke, client: Callable[[str], Any], answer: Any, kept: bool
) -> None:
    with mapped(function, client, visibility=60) as inbox:
        inbox.send(answer=answer)
        assert poll(lambda: inbox.result().startswith(("OK", "FAILED")), 20)
        assert inbox.open_namespace() == (1 if kept else 0)


def test_a_consumer_that_is_killed_lets_its_message_come_again(
    function: Invoke, client: Callable[[str], Any], emulator: Emulator
) -> None:
    with mapped(function, client, visibility=5) as inbox:
        assert not victims.kill_consumer(emulator), "none has a batch"
        inbox.send(answer=None, seconds=1.5)
        sent = time.monotonic()
        assert poll(lambda: victims.kill_consumer(emulator), 10)
        assert not poll(lambda: inbox.result().startswith("OK"), sent + 4 - time.monotonic()), "it ended after its run"
        assert poll(lambda: inbox.result().startswith("OK"), 20)
        assert inbox.open_namespace() == 0
