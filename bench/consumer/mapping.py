"""Create an event source mapping in ministack for a Python function that ministack runs."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def mapped(session: Any, name: str, handler: str) -> Iterator[str]:
    """Yield the URL of a queue that a function with this handler consumes in batches of ten."""
    endpoint = session.endpoint
    sqs, functions = (session.client(each, endpoint_url=endpoint) for each in ("sqs", "lambda"))
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writer:
        writer.writestr("noop.py", handler)
    functions.create_function(
        FunctionName=name,
        Runtime="python3.11",
        Handler="noop.handler",
        Role="arn:aws:iam::000000000000:role/x",
        Code={"ZipFile": archive.getvalue()},
    )
    arn = f"arn:aws:sqs:{session.region_name}:000000000000:{name}"
    made = functions.create_event_source_mapping(FunctionName=name, EventSourceArn=arn, BatchSize=10)
    try:
        yield url
    finally:
        functions.delete_event_source_mapping(UUID=made["UUID"])
        functions.delete_function(FunctionName=name)
