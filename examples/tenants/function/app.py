"""Store every order with the name of the function that handled it."""

import json
import os
from typing import Any

import boto3

table = boto3.resource("dynamodb").Table(os.environ["ORDERS_TABLE_NAME"])


def handler(event: dict[str, Any], context: Any) -> None:  # noqa: ARG001 - the runtime's signature
    """Handle a batch; every record is one bus event, and writing an order twice results in the same row."""
    for record in event["Records"]:
        order = json.loads(record["body"])["detail"]
        table.put_item(Item={"id": order["id"], "tenant": order["tenant"], "lane": os.environ["LANE"]})
