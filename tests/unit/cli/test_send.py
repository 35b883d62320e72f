"""`intermodal send` sends a message to a function's inbox, or says why it cannot."""

import io
import sys
from pathlib import Path
from typing import Any

import pytest

from intermodal import deployed
from tests.unit.cli.conftest import Aws, Engine, Intermodal, function

SENT = {"MessageId": "d5a1f0a8-0001"}


@pytest.fixture
def message(engine: Engine, tmp_path: Path) -> str:
    """Write a message to a file."""
    path = tmp_path / "message.json"
    path.write_text('{"name": "Ada"}\n')
    return str(path)


def test_content_is_one_unchanged_message(message: str, aws: Aws, intermodal: Intermodal) -> None:
    aws.answers["SendMessage"] = (200, SENT)
    assert intermodal("send", "hello", message) == (0, "d5a1f0a8-0001\n", "")
    ((operation, asked),) = aws.requests
    assert operation == "SendMessage"
    assert asked == {
        "QueueUrl": "https://sqs.eu-central-1.amazonaws.com/000000000000/hello-main-inbox",
        "MessageBody": '{"name": "Ada"}\n',
    }
    assert aws.regions == ["eu-central-1"], "the inbox's, not the stack's"


def test_message_is_read_from_standard_input(
    engine: Engine, aws: Aws, intermodal: Intermodal, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.answers["SendMessage"] = (200, SENT)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("Grüße".encode())))
    assert intermodal("send", "hello", "-")[0] == 0
    assert aws.requests[0][1]["MessageBody"] == "Grüße"


def test_outputs_in_camel_case_are_found(message: str, engine: Engine, aws: Aws, intermodal: Intermodal) -> None:
    aws.answers["SendMessage"] = (200, SENT)
    engine.set_state(function("hello", camel=True))
    assert intermodal("send", "hello", message)[0] == 0


def test_fifo_message_gets_group_and_deduplication_id(
    message: str, engine: Engine, aws: Aws, intermodal: Intermodal
) -> None:
    aws.answers["SendMessage"] = (200, SENT)
    engine.set_state(function("hello", fifo=True))
    for _ in range(2):
        assert intermodal("send", "hello", message, "--group", "acme")[0] == 0
    first, second = (asked for _, asked in aws.requests)
    assert first["MessageGroupId"] == second["MessageGroupId"] == "acme"
    assert first["MessageDeduplicationId"] != second["MessageDeduplicationId"]


CONTENTS: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "message is empty, and SQS rejects empty messages; add a message body."),
    "large": (
        b"x" * (1 << 20) + b"x",
        "message is 1,048,577 bytes long, but SQS allows at most 1,048,576; upload it to a bucket and send its key.",
    ),
    "not text": (b"ok \xff", "message is not valid UTF-8 (byte 3); encode it, for example as base64."),
    "control characters": (
        b"a\x00b",
        r"message contains the character '\x00', which SQS rejects; encode the content, for example as base64.",
    ),
}


@pytest.mark.parametrize("case", CONTENTS)
def test_messages_that_sqs_would_refuse_are_refused(case: str, tmp_path: Path, intermodal: Intermodal) -> None:
    content, sentence = CONTENTS[case]
    path = tmp_path / "message"
    path.write_bytes(content)
    assert intermodal("send", "hello", str(path)) == (1, "", f"error: {tmp_path}/{sentence}\n")


def test_largest_message_is_accepted(message: str, aws: Aws, intermodal: Intermodal) -> None:
    aws.answers["SendMessage"] = (200, SENT)
    Path(message).write_bytes(b"x" * (1 << 20))
    assert intermodal("send", "hello", message)[0] == 0


def test_missing_file_is_refused(intermodal: Intermodal) -> None:
    error = (
        "error: nowhere.json cannot be read: No such file or directory; specify an existing file, or - for "
        "standard input.\n"
    )
    assert intermodal("send", "hello", "nowhere.json") == (1, "", error)


STATES: dict[str, tuple[list[dict[str, Any]], list[str], str]] = {
    "unknown function": (
        [function("hello"), function("resize")],
        ["helo"],
        '"helo" is not a function in stack dev, which has hello, resize; did you mean "hello"?',
    ),
    "unknown function without a similar name": (
        [function("hello")],
        ["zebra"],
        '"zebra" is not a function in stack dev, which has hello.',
    ),
    "no function": (
        [{"type": "pulumi:pulumi:Stack", "urn": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"}],
        ["hello"],
        "stack dev has no container function; deploy it with `pulumi up`, or choose another stack with --stack.",
    ),
    "half deployed": (
        [function("hello", inbox_url=None)],
        ["hello"],
        'function "hello" in stack dev has no inbox_url yet; finish its deployment with `pulumi up`.',
    ),
    "no group": (
        [function("hello", fifo=True)],
        ["hello"],
        'the inbox of "hello" is a FIFO queue, which requires a message group; set one with --group ID.',
    ),
    "group for a standard inbox": (
        [function("hello")],
        ["hello", "--group", "acme"],
        'the inbox of "hello" is not a FIFO queue; remove --group.',
    ),
}


@pytest.mark.parametrize("case", STATES)
def test_unusable_state_is_refused(case: str, message: str, engine: Engine, intermodal: Intermodal) -> None:
    resources, (name, *options), sentence = STATES[case]
    engine.set_state(*resources)
    assert intermodal("send", name, message, *options) == (1, "", f"error: {sentence}\n")


def test_missing_stack_selection_is_reported(message: str, engine: Engine, intermodal: Intermodal) -> None:
    engine.respond("stack ls", [{"name": "prod", "current": False}, {"name": "dev", "current": False}])
    error = (
        "error: no stack is selected, and the stacks are dev, prod; choose one with --stack, or select it with `pulumi "
        "stack select`.\n"
    )
    assert intermodal("send", "hello", message) == (1, "", error)
    engine.respond("stack ls", [])
    error = (
        "error: no stack is selected, and none exists yet; choose one with --stack, or select it with `pulumi "
        "stack select`.\n"
    )
    assert intermodal("send", "hello", message) == (1, "", error)


def test_missing_stack_is_reported(message: str, engine: Engine, intermodal: Intermodal) -> None:
    engine.respond("stack export", error="error: no stack named 'prd' found")
    error = "error: no stack named 'prd' found; `pulumi stack ls` lists the existing stacks.\n"
    assert intermodal("send", "hello", message, "--stack", "prd") == (1, "", error)


def test_engine_error_is_one_sentence(message: str, engine: Engine, intermodal: Intermodal) -> None:
    engine.respond("stack export", error="warning: old\nerror: incorrect passphrase\nsee pulumi --help")
    error = "error: `pulumi` could not read the stack: incorrect passphrase.\n"
    assert intermodal("send", "hello", message) == (1, "", error)


def test_missing_pulumi_is_reported(
    message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, intermodal: Intermodal
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    error = "error: `pulumi` is not on PATH; install it (pulumi.com/docs/install), or add its folder to PATH.\n"
    assert intermodal("send", "hello", message) == (1, "", error)


def test_outdated_pulumi_is_reported(message: str, engine: Engine, intermodal: Intermodal) -> None:
    engine.respond("version", "v2.1.0")
    code, _, error = intermodal("send", "hello", message)
    assert code == 1
    assert error.startswith("error: this `pulumi` cannot be used: Minimum version requirement failed.")


def test_missing_project_is_reported(
    message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, intermodal: Intermodal
) -> None:
    monkeypatch.chdir(tmp_path)
    error = f"error: no Pulumi.yaml in {tmp_path} or its parent folders; change to a Pulumi project folder.\n"
    assert intermodal("send", "hello", message) == (1, "", error)
    error = "error: nowhere is not a folder; specify a Pulumi project folder.\n"
    assert intermodal("send", "hello", message, "--cwd", "nowhere") == (1, "", error)


def test_missing_credentials_are_reported(
    message: str, engine: Engine, monkeypatch: pytest.MonkeyPatch, intermodal: Intermodal
) -> None:
    error = (
        "error: no AWS credentials found in the default credential chain; log in (`aws sso login`), "
        "or set AWS_PROFILE or AWS_ACCESS_KEY_ID.\n"
    )
    assert intermodal("send", "hello", message) == (1, "", error)


def test_unknown_profile_is_reported(message: str, engine: Engine, intermodal: Intermodal) -> None:
    engine.respond("config", {"aws:profile": {"value": "shop", "secret": False}})
    error = 'error: profile "shop", which stack dev sets as aws:profile, does not exist on this machine; add it with '
    assert intermodal("send", "hello", message) == (1, "", f"{error}`aws configure --profile shop`.\n")


REFUSALS: dict[str, tuple[str, str]] = {
    "AccessDenied": ("AccessDenied", "AWS rejected SendMessage (AccessDenied): Not today."),
    "QueueDoesNotExist": (
        "com.amazonaws.sqs#QueueDoesNotExist",
        'function "hello" is in the state of stack dev but not in AWS (Not today.); run `pulumi up --refresh --stack '
        "dev`.",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_aws_error_is_one_sentence(case: str, message: str, aws: Aws, intermodal: Intermodal) -> None:
    code, sentence = REFUSALS[case]
    aws.answers["SendMessage"] = (400, {"__type": code, "message": "Not today."})
    assert intermodal("send", "hello", message) == (1, "", f"error: {sentence}\n")


def test_missing_boto3_is_reported(message: str, monkeypatch: pytest.MonkeyPatch, intermodal: Intermodal) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    for module in ("intermodal.deployed.session", "intermodal.cli.send", "intermodal.cli.logs"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.delattr(deployed, "session", raising=False)
    error = "error: this command requires boto3, which is not installed; run pip install 'intermodal[cli]'.\n"
    assert intermodal("send", "hello", message) == (1, "", error)
    assert intermodal("logs", "hello") == (1, "", error)


@pytest.mark.parametrize("usage", [[], ["send"], ["send", "hello"], ["sned"], ["logs", "hello", "--since", "10"]])
def test_usage_error_exits_with_2(usage: list[str], intermodal: Intermodal) -> None:
    with pytest.raises(SystemExit) as ended:
        intermodal(*usage)
    assert ended.value.code == 2
