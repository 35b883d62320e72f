"""Write a receipt for each upload."""

import json
import os
from typing import Any

import boto3

s3 = boto3.client("s3")


def handler(event: dict[str, Any], context: Any) -> None:
    """Write `KEY.json` with the function's version for each upload."""
    for record in event["Records"]:
        key = json.loads(record["body"])["detail"]["object"]["key"]
        receipt = json.dumps({"key": key, "version": "one"})
        s3.put_object(Bucket=os.environ["RECEIPTS_BUCKET"], Key=f"{key}.json", Body=receipt)
