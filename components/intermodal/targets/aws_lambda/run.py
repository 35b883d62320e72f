"""Run one event on AWS Lambda with a synchronous invocation."""

import base64
import json
import sys

from botocore.config import Config

from intermodal.deployed import session as aws
from intermodal.deployed.run_result import RunResult
from intermodal.deployed.stack import DeployedLane
from intermodal.problems.errors import CliError

LONGEST_SECONDS = 900 + 60
"""Maximum function timeout (Lambda quotas, Function timeout), plus a minute for the cold start."""

LARGEST_BYTES = 6 * 1_000_000
"""Maximum payload size of a synchronous invocation (Lambda quotas, Invocation payload)."""


def run(lane: DeployedLane, event: str) -> RunResult:
    """Invoke the function and return its response; print the end of its log to standard error."""
    if len(payload := event.encode()) > LARGEST_BYTES:
        text = f"the event is {len(payload):,} bytes long, but Lambda accepts at most {LARGEST_BYTES:,}"
        raise CliError(f"{text}; upload it to a bucket and send its key")
    # Do not retry, because retrying a slow call would run the event twice.
    patient = Config(read_timeout=LONGEST_SECONDS, retries={"total_max_attempts": 1})
    with aws.open_session(lane.function) as session:
        client = session.client("lambda", config=patient)
        name = str(lane.outputs["function_name"])
        answer = client.invoke(FunctionName=name, Payload=payload, LogType="Tail")
        body = answer["Payload"].read()
    sys.stderr.write(base64.b64decode(answer.get("LogResult", "")).decode(errors="replace"))
    return RunResult(ok="FunctionError" not in answer, payload=json.loads(body or b"null"))
