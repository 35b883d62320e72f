"""Does what each message says, and tells a queue what it saw of the world."""

import functools
import json
import os
import threading
import time
from typing import Any


def handler(event: dict[str, Any], context: Any) -> Any:
    """A batch: `ok` tells, `bad` is a failed item, the other words end the run in their own way."""
    failures, noted = [], []
    for record in event["Records"]:
        body = json.loads(record["body"])
        print(json.dumps({"level": "INFO", "id": body["id"], "run": context.aws_request_id}), flush=True)
        match body["do"]:
            case "bad":
                failures.append({"itemIdentifier": record["messageId"]})
            case "error":
                raise LookupError(body["id"])
            case "crash":
                os._exit(3)
            case "timeout":
                threading.Event().wait()
            case "work":
                mark(body["id"], "started")
                time.sleep(body["seconds"])
                mark(body["id"], "done")
            case "note":
                time.sleep(body["seconds"])
                noted.append(body["id"])
            case "memory":
                bytearray(1 << 30)
            case _:
                tell(body["id"], record, context)
    if noted:
        send({"ids": noted, "what": "done"})
    return {"batchItemFailures": failures}


def other(event: dict[str, Any], context: Any) -> None:
    """Report where it runs; another function's handler in the same image."""
    for record in event["Records"]:
        send({"id": json.loads(record["body"])["id"], "module": __name__, "folder": os.getcwd()})  # noqa: PTH109


def mark(name: str, what: str) -> None:
    """That work began or ended, and when: a beginning without an end is work that was killed."""
    send({"id": name, "what": what, "at": time.time()})


@functools.cache
def client(service: str) -> Any:
    """Of the function's own role."""
    import boto3  # noqa: PLC0415 - the SDK takes longer than all the rest of a cold start

    connect: Any = boto3.client
    return connect(service)


if "PRELOAD_SDK" in os.environ:  # during init: on a busy machine, the import outlasts a short timeout
    client("sqs")


def send(report: dict[str, Any]) -> None:
    """Tell the queue."""
    client("sqs").send_message(QueueUrl=os.environ["RESULTS_URL"], MessageBody=json.dumps(report))


def tell(name: str, record: dict[str, Any], context: Any) -> None:
    """What this run sees."""
    report = {
        "id": name,
        "record": record,
        "environment": dict(os.environ),
        "context": {
            "function_name": context.function_name,
            "function_version": context.function_version,
            "memory_limit_in_mb": str(context.memory_limit_in_mb),
            "invoked_function_arn": context.invoked_function_arn,
            "has_time_left": 0 < context.get_remaining_time_in_millis() <= 60000,
        },
        "forbidden": forbidden(),
    }
    send(report)


def forbidden() -> str:
    """The error of a call that the role does not permit."""
    try:
        client("s3").list_buckets()
    except client("s3").exceptions.ClientError as error:
        return str(error.response["Error"]["Code"])
    return "permitted"
