"""Validate source `queue`."""

import re
from typing import Any

from intermodal.events.sources.queue.args import ExistingQueueArgs, QueueSourceArgs
from intermodal.problems.validation import Validator

ARGS = QueueSourceArgs

DELIVERED = False
"""Whether AWS delivers its events, so that delivery can be disabled."""

FIFO = True
"""Whether it can feed a FIFO inbox: it must set the message group."""

PRINCIPAL = re.compile(r"\d{12}|arn:[\w-]+:(iam|sts)::\d{12}:[^*]+")
"""Accounts, roles, users and sessions (IAM user guide, AWS JSON policy elements: Principal)."""


def check(validator: Validator, path: str, fields: dict[str, Any]) -> None:
    """Validate the block of a queue source and apply its defaults."""
    if "existing" in fields:
        fields["existing"] = validator.fields(f"{path}.existing", fields["existing"], ExistingQueueArgs)
        validator.require_text(f"{path}.existing", fields["existing"], ("arn", "url"))
        if "senders" in fields:
            text = "and existing exclude each other; the policy of a queue that exists is left alone"
            validator.add(f"{path}.senders", text)
    if "senders" in fields:
        _refuse_everybody(validator, f"{path}.senders", fields["senders"])


def _refuse_everybody(validator: Validator, path: str, given: object) -> None:
    for index, sender in enumerate(validator.text_list(path, given)):
        if sender == "*":
            text = 'must be the ARN of a principal, got "*", which is everybody; name who sends'
            validator.add(f"{path}[{index}]", text)
        elif isinstance(sender, str) and not PRINCIPAL.fullmatch(sender):
            text = f'must be the number of an account or the ARN of a role or user, without *, got "{sender}"'
            validator.add(f"{path}[{index}]", text)
