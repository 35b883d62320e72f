"""Write a report."""

import json
import os
from typing import Any

import boto3

s3 = boto3.client("s3")


def handler(event: dict[str, Any], context: Any) -> None:  # noqa: ARG001 - the handler's signature
    """Handle a batch; each body is the schedule's input, or by default an EventBridge `Scheduled Event`."""
    for record in event["Records"]:
        body = json.loads(record["body"])
        name = body.get("report", "morning")
        s3.put_object(Bucket=os.environ["REPORTS_BUCKET"], Key=f"{name}.json", Body=record["body"])
