"""Store orders with the name of the lane that handled them."""

import json
import os
from typing import Any

import boto3

table = boto3.resource("dynamodb").Table(os.environ["ORDERS_TABLE_NAME"])


def handler(event: dict[str, Any], context: Any) -> None:  # noqa: ARG001 - the handler's signature
    """Handle a batch; each record is one bus event, and writing an order again does not change the item."""
    for record in event["Records"]:
        order = json.loads(record["body"])["detail"]
        table.put_item(Item={"id": order["id"], "tenant": order["tenant"], "lane": os.environ["LANE"]})
