"""Validate the `queue` source."""

import re
from typing import Any

from intermodal.events.sources.queue.args import ExistingQueueArgs, QueueSourceArgs
from intermodal.problems.validation import Validator

ARGS = QueueSourceArgs

DELIVERED = False
"""Whether AWS delivers the events, so that delivery can be disabled."""

FIFO = True
"""Whether the source can send to a FIFO inbox, which requires a message group ID."""

PRINCIPAL = re.compile(r"\d{12}|arn:[\w-]+:(iam|sts)::\d{12}:[^*]+")
"""Account IDs and ARNs of roles, users and sessions (IAM user guide, AWS JSON policy elements: Principal)."""


def check(validator: Validator, path: str, fields: dict[str, Any]) -> None:
    """Validate the fields of a queue source and apply their defaults."""
    if not fields:
        validator.add(path, "must have senders or existing, got {}; every function has an inbox, so remove this source")
    if "existing" in fields:
        fields["existing"] = validator.fields(f"{path}.existing", fields["existing"], ExistingQueueArgs)
        validator.require_text(f"{path}.existing", fields["existing"], ("arn", "url"))
        if "senders" in fields:
            text = "and existing are mutually exclusive; the policy of an existing queue is not changed"
            validator.add(f"{path}.senders", text)
    if "senders" in fields:
        _refuse_everybody(validator, f"{path}.senders", fields["senders"])


def _refuse_everybody(validator: Validator, path: str, given: object) -> None:
    for index, sender in enumerate(validator.text_list(path, given)):
        if sender == "*":
            text = 'must be the ARN of a principal, got "*", which is everyone; list the senders'
            validator.add(f"{path}[{index}]", text)
        elif isinstance(sender, str) and not PRINCIPAL.fullmatch(sender):
            text = f'must be an account ID or the ARN of a role or user, without *, got "{sender}"'
            validator.add(f"{path}[{index}]", text)
