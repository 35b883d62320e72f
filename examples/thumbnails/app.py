"""Create thumbnails of photographs for requests from any source.

Each record in the event is one message from the inbox: an object created in the bucket, a `ThumbnailRequested` event
from the bus, a plain JSON message from the queue or topic, or the schedule's request for a report. The response lists
only failed records, so the others are not retried.
"""

import json
import os
import time
from typing import Any
from urllib.parse import unquote_plus

import boto3
from photographs import thumbnail

s3 = boto3.client("s3")
settings = json.loads(boto3.client("ssm").get_parameter(Name=os.environ["SETTINGS_PARAMETER"])["Parameter"]["Value"])


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Handle a batch; return the failed records (ReportBatchItemFailures)."""
    failures = []
    for record in event["Records"]:
        try:
            handle(record, context.aws_request_id)
        except Exception as error:  # noqa: BLE001 - one failed record must not fail the whole batch
            print(json.dumps({"level": "ERROR", "message_id": record["messageId"], "error": repr(error)}))
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}


def handle(record: dict[str, Any], run: str) -> None:
    """Process one record; processing it again writes the same objects."""
    body = json.loads(record["body"])
    if body.get("report"):
        report(body["id"])
        return
    request = request_of(body)
    bucket, key = request["bucket"], request["key"]
    photograph = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    small, facts = thumbnail(photograph, largest_side=request["largest_side"], grey=request["grey"])
    name = request["id"]
    s3.put_object(Bucket=bucket, Key=f"thumbnails/{name}.jpg", Body=small, ContentType="image/jpeg")
    done = time.time()
    result = {
        "source": request["source"],
        "photograph": key,
        **facts,
        "run": run,
        "attempt": int(record["attributes"]["ApproximateReceiveCount"]),
        "seconds": round(done - int(record["attributes"]["SentTimestamp"]) / 1000, 3),
    }
    s3.put_object(Bucket=bucket, Key=f"results/{name}.json", Body=json.dumps(result), ContentType="application/json")
    print(json.dumps({"level": "INFO", "message_id": record["messageId"], "id": name, "seconds": result["seconds"]}))


def report(name: str) -> None:
    """Count the existing thumbnails."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=os.environ["PHOTOGRAPHS_BUCKET"], Prefix="thumbnails/")
    result = {"source": "schedule", "thumbnails": sum(page["KeyCount"] for page in pages), "time": time.time()}
    bucket = os.environ["PHOTOGRAPHS_BUCKET"]
    s3.put_object(Bucket=bucket, Key=f"results/{name}.json", Body=json.dumps(result), ContentType="application/json")


def request_of(body: dict[str, Any]) -> dict[str, Any]:
    """Return the request in a message from any source."""
    if body.get("detail-type") == "Object Created":
        key = unquote_plus(body["detail"]["object"]["key"])
        asked = {"source": "bucket", "id": key.rpartition("/")[2].rpartition(".")[0], "key": key}
        asked["bucket"] = body["detail"]["bucket"]["name"]
    elif body.get("detail-type") == "ThumbnailRequested":
        asked = {"source": "bus", **body["detail"]}
    else:
        asked = {"source": "queue", **body}
    return {"largest_side": settings["largest_side"], "grey": False, **asked}
