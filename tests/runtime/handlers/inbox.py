"""Handle SQS events: write each body, then do what the body says."""

import os
import time
from pathlib import Path
from typing import Any


def write(event: Any, context: Any) -> Any:
    """Handle `slow SECONDS …` (write, then sleep) and `poison` (fail without writing); other bodies succeed."""
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
