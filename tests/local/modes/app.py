"""Ends as the event says."""

import json
import os
import signal
import threading
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError


def handler(event: dict[str, Any], context: Any) -> Any:  # noqa: C901, PLR0911 - one case each
    """Answer, raise, exit, hang, take all memory, or call AWS."""
    print(json.dumps({"mode": event.get("mode"), "run": context.aws_request_id}), flush=True)
    match event.get("mode"):
        case "environment":
            return dict(os.environ)
        case "place":
            return {
                "user": f"{os.getuid()}:{os.getgid()}",
                "log_stream": context.log_stream_name,
                **{folder: writable(folder) for folder in ("/tmp", "/var/task")},  # noqa: S108
            }
        case "raise":
            raise LookupError("as asked")
        case "exit":
            os._exit(3)
        case "kill":
            os.kill(1, signal.SIGKILL)
            os.abort()
        case "hang":
            threading.Event().wait()
        case "memory":
            return len(bytearray(1 << 30))
        case "large":
            return "x" * (7 << 20)
        case "identity":
            return boto3.client("sts").get_caller_identity()["Arn"]
        case "buckets":
            return boto3.client("s3").list_buckets()["Buckets"]
        case "calls":
            return {name: outcome(**call) for name, call in event["calls"].items()}
    if "Records" in event:
        return answer_batch(event["Records"])
    return event


def writable(folder: str) -> str:
    """Write a mebibyte; `ok`, or the name of the error."""
    try:
        Path(folder, "written").write_bytes(bytes(1 << 20))
    except OSError as error:
        return os.strerror(error.errno or 0)
    return "ok"


def outcome(service: str, method: str, arguments: dict[str, Any]) -> str:
    """`ok`, or the code of the error that a call of AWS ends in; `$NAME` stands for an environment variable."""
    given = {key: os.environ[value[1:]] if str(value).startswith("$") else value for key, value in arguments.items()}
    make: Any = boto3.client
    try:
        getattr(make(service), method)(**given)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "ok"


def answer_batch(records: list[dict[str, Any]]) -> Any:
    """The batch response that the first message asks for, after as many seconds as it asks for."""
    asked = json.loads(records[0]["body"])
    threading.Event().wait(asked.get("seconds", 0))
    return asked["answer"]
