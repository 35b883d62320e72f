"""Policies as text: what Output.json_dumps gives, with one output instead of one per list."""

import json
from typing import Any

import pulumi
from pulumi_aws import sqs

from intermodal.documents import json_text
from tests.conftest import Run


def test_a_plain_document_is_plain_text() -> None:
    document = {"Version": "1", "Statement": [{"Action": ("a", "b")}]}
    assert json_text(document) == json.dumps(document)


def test_outputs_are_filled_in_where_they_stand_and_secrets_stay_secret(cloud: Run) -> None:
    seen: dict[str, Any] = {}

    def program() -> None:
        first = sqs.Queue("first")
        document = {
            "A": [first.arn, {"B": first.url}],
            "C": {"D": pulumi.Output.from_input([first.name]), "E": pulumi.Output.secret("s")},
        }
        texts = {"ours": json_text(document), "theirs": pulumi.Output.json_dumps(document)}
        for name, text in texts.items():
            sqs.Queue(name, policy=text)
        pulumi.Output.all(**texts).apply(seen.update)

    recorder = cloud(program)
    assert seen["ours"] == seen["theirs"]
    assert json.loads(seen["ours"])["C"]["D"] == ["first"]
    kind = "aws:sqs/queue:Queue"
    assert recorder.inputs(kind, "ours")["policy"] == recorder.inputs(kind, "theirs")["policy"]
