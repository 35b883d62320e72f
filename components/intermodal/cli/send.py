"""`intermodal send`: send one message to a function's inbox."""

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
"""Maximum message size: 1 MiB since August 2025 (SQS quotas, Message size)."""
NOT_IN_A_MESSAGE = re.compile(r"[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
"""Characters that SQS rejects (SQS API reference, SendMessage, MessageBody)."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("name", metavar="NAME", help="function name")
    parser.add_argument("file", metavar="FILE", help="file that contains the message body; - for standard input")
    parser.add_argument("--group", metavar="ID", help="message group ID, required for a FIFO inbox")
    parser.add_argument("--stack", metavar="STACK", help="stack name; default: the selected stack")
    parser.add_argument("--cwd", type=Path, default=Path(), metavar="DIR", help="folder in the Pulumi project")


def run(options: argparse.Namespace) -> int:
    """Send the message and print its ID."""
    body = read_message(options.file)
    function = deployed.find_function(options.name, stack=options.stack, folder=options.cwd)
    message = _message(function, body, options.group)
    with aws.open_session(function) as session:
        print(session.client("sqs").send_message(**message)["MessageId"])
    return 0


def read_message(file: str) -> str:
    """Return a file's content as a message body.

    Raises:
        CliError: The file cannot be read, or SQS would reject the content.
    """
    name, held = input_file.display_name(file), input_file.read_bytes(file)
    if not held:
        raise CliError(f"{name} is empty, and SQS rejects empty messages; add a message body")
    if len(held) > LARGEST_BYTES:
        text = f"{name} is {len(held):,} bytes long, but SQS allows at most {LARGEST_BYTES:,}"
        raise CliError(f"{text}; upload it to a bucket and send its key")
    try:
        body = held.decode()
    except UnicodeDecodeError as error:
        raise CliError(f"{name} is not valid UTF-8 (byte {error.start}); encode it, for example as base64") from error
    if found := NOT_IN_A_MESSAGE.search(body):
        text = f"{name} contains the character {found.group()!r}, which SQS rejects"
        raise CliError(f"{text}; encode the content, for example as base64")
    return body


def _message(function: deployed.DeployedFunction, body: str, group: str | None) -> "Message":
    """Build the SendMessage request.

    A random deduplication ID lets a user send the same file to a FIFO queue twice within five minutes.
    """
    message: Message = {"QueueUrl": function.inbox_url, "MessageBody": body}
    if function.is_fifo and not group:
        text = f'the inbox of "{function.name}" is a FIFO queue, which requires a message group'
        raise CliError(f"{text}; set one with --group ID")
    if group and not function.is_fifo:
        raise CliError(f'the inbox of "{function.name}" is not a FIFO queue; remove --group')
    if group:
        message |= {"MessageGroupId": group, "MessageDeduplicationId": str(uuid.uuid4())}
    return message
