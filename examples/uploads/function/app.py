"""Write a receipt for each upload."""

import json
import os
from typing import Any

import boto3

s3 = boto3.client("s3")


def handler(event: dict[str, Any], context: Any) -> None:  # noqa: ARG001 - the handler's signature
    """Handle a batch; each record is one `Object Created` event from EventBridge."""
    for record in event["Records"]:
        key = json.loads(record["body"])["detail"]["object"]["key"]
        size = s3.head_object(Bucket=os.environ["UPLOADS_BUCKET"], Key=key)["ContentLength"]
        receipt = json.dumps({"key": key, "bytes": size})
        s3.put_object(Bucket=os.environ["RECEIPTS_BUCKET"], Key=f"{key}.json", Body=receipt)
