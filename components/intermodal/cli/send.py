"""`intermodal send`: one message into the inbox of a function."""

import argparse
import re
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from intermodal.cli import input_file
from intermodal.deployed import session as aws
from intermodal.deployed import stack as deployed
from intermodal.problems.errors import CliError

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import SendMessageRequestTypeDef as Message

LARGEST_BYTES = 1 << 20
"""SQS quotas, Message size: 1 MiB since August 2025."""
NOT_IN_A_MESSAGE = re.compile(r"[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
"""SQS API reference, SendMessage, MessageBody."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("name", metavar="NAME", help="the function")
    parser.add_argument("file", metavar="FILE", help="what to send; - is the standard input")
    parser.add_argument("--group", metavar="ID", help="message group, for a FIFO inbox")
    parser.add_argument("--stack", metavar="STACK", help="default: the selected stack")
    parser.add_argument("--cwd", type=Path, default=Path(), metavar="DIR", help="a folder of the Pulumi project")


def run(options: argparse.Namespace) -> int:
    """Send the message and print its id."""
    body = read_message(options.file)
    function = deployed.find_function(options.name, stack=options.stack, folder=options.cwd)
    message = _message(function, body, options.group)
    with aws.open_session(function) as session:
        print(session.client("sqs").send_message(**message)["MessageId"])
    return 0


def read_message(file: str) -> str:
    """What a file holds, where SQS takes it.

    Raises:
        CliError: it cannot be read, or SQS would refuse it.
    """
    name, held = input_file.display_name(file), input_file.read_bytes(file)
    if not held:
        raise CliError(f"{name} is empty, and SQS takes no empty message; write what the handler is to get")
    if len(held) > LARGEST_BYTES:
        text = f"{name} has {len(held):,} bytes, and SQS takes {LARGEST_BYTES:,} at most"
        raise CliError(f"{text}; put it into a bucket and send its key")
    try:
        body = held.decode()
    except UnicodeDecodeError as error:
        raise CliError(f"{name} is not text in UTF-8 (byte {error.start}); encode it, such as in base64") from error
    if found := NOT_IN_A_MESSAGE.search(body):
        text = f"{name} has the character {found.group()!r}, which SQS does not take"
        raise CliError(f"{text}; encode the content, such as in base64")
    return body


def _message(function: deployed.DeployedFunction, body: str, group: str | None) -> "Message":
    """What SQS is to be sent. An id of its own lets the same file be sent to a FIFO queue twice within five minutes."""
    message: Message = {"QueueUrl": function.inbox_url, "MessageBody": body}
    if function.is_fifo and not group:
        text = f'the inbox of "{function.name}" keeps the order within message groups'
        raise CliError(f"{text}; say which one with --group ID")
    if group and not function.is_fifo:
        raise CliError(f'the inbox of "{function.name}" is no FIFO queue and knows no groups; leave --group out')
    if group:
        message |= {"MessageGroupId": group, "MessageDeduplicationId": str(uuid.uuid4())}
    return message
