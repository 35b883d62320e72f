"""One event on AWS Lambda: a synchronous invocation."""

import base64
import json
import sys

from botocore.config import Config

from intermodal.deployed import session as aws
from intermodal.deployed.run_result import RunResult
from intermodal.deployed.stack import DeployedLane
from intermodal.problems.errors import CliError

LONGEST_SECONDS = 900 + 60
"""Lambda quotas, Function timeout, and what it takes to start."""

LARGEST_BYTES = 6 * 1_000_000
"""Lambda quotas, Invocation payload, synchronous."""


def run(lane: DeployedLane, event: str) -> RunResult:
    """Invoke the function and return its answer, with the end of the log on the standard error."""
    if len(payload := event.encode()) > LARGEST_BYTES:
        raise CliError(f"the event has {len(payload):,} bytes, and Lambda takes {LARGEST_BYTES:,}; send a key instead")
    # Sent once: a second try of a call that was merely slow would run the event again.
    patient = Config(read_timeout=LONGEST_SECONDS, retries={"total_max_attempts": 1})
    with aws.open_session(lane.function) as session:
        client = session.client("lambda", config=patient)
        name = str(lane.outputs["function_name"])
        answer = client.invoke(FunctionName=name, Payload=payload, LogType="Tail")
        body = answer["Payload"].read()
    sys.stderr.write(base64.b64decode(answer.get("LogResult", "")).decode(errors="replace"))
    return RunResult(ok="FunctionError" not in answer, payload=json.loads(body or b"null"))
