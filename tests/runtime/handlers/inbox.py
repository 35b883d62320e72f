"""A handler of SQS events: writes each body, then does what the body says."""

import os
import time
from pathlib import Path
from typing import Any


def write(event: Any, context: Any) -> Any:
    """Bodies: `slow SECONDS …` sleeps after it was written, `poison` is a failure and not written, others succeed."""
    failures = []
    for record in event["Records"]:
        word, _, rest = record["body"].partition(" ")
        if word == "poison":
            failures.append({"itemIdentifier": record["messageId"]})
            continue
        with Path(os.environ["OUT"]).open("a") as out:
            out.write(record["body"] + "\n")
        if word == "slow":
            time.sleep(float(rest.split()[0]))
    return {"batchItemFailures": failures}
