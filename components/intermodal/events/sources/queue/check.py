"""Validate source `queue`."""

import re
from typing import Any

from intermodal.events.sources.queue.args import ExistingQueueArgs, QueueSourceArgs
from intermodal.problems.validation import Definition

ARGS = QueueSourceArgs

DELIVERED = False
"""Whether AWS delivers its events, so that delivery can be disabled."""

FIFO = True
"""Whether it can feed a FIFO inbox: it must set the message group."""

PRINCIPAL = re.compile(r"\d{12}|arn:[\w-]+:(iam|sts)::\d{12}:[^*]+")
"""Accounts, roles, users and sessions (IAM user guide, AWS JSON policy elements: Principal)."""


def check(definition: Definition, path: str, block: dict[str, Any]) -> None:
    """Validate the block of a queue source and apply its defaults."""
    if "existing" in block:
        block["existing"] = definition.block(f"{path}.existing", block["existing"], ExistingQueueArgs)
        definition.plain_texts(f"{path}.existing", block["existing"], ("arn", "url"))
        if "senders" in block:
            text = "and existing exclude each other; the policy of a queue that exists is left alone"
            definition.add(f"{path}.senders", text)
    if "senders" in block:
        _refuse_everybody(definition, f"{path}.senders", block["senders"])


def _refuse_everybody(definition: Definition, path: str, given: object) -> None:
    for index, sender in enumerate(definition.text_items(path, given)):
        if sender == "*":
            text = 'must be the ARN of a principal, got "*", which is everybody; name who sends'
            definition.add(f"{path}[{index}]", text)
        elif isinstance(sender, str) and not PRINCIPAL.fullmatch(sender):
            text = f'must be the number of an account or the ARN of a role or user, without *, got "{sender}"'
            definition.add(f"{path}[{index}]", text)
