"""JSON strings have the format that the AWS provider and SQS compare, with one output instead of one per list."""

import functools
import json
from typing import Any

import pulumi
from pulumi_aws import sqs

from intermodal.documents import json_text, render_policy
from tests.conftest import Run


def test_plain_document_is_compact_sorted_json() -> None:
    document = {"Version": "1", "Statement": [{"Action": ("a", "b")}]}
    assert json_text(document) == '{"Statement":[{"Action":["a","b"]}],"Version":"1"}'


def test_policy_is_compact_sorted_json() -> None:
    document = {"b": 1, "a": [1, 2]}
    assert render_policy(document, "subject", lambda _: []) == '{"a":[1,2],"b":1}'


def compact(document: object) -> pulumi.Output[str]:
    return pulumi.Output.json_dumps(document, separators=(",", ":"), sort_keys=True)


def test_outputs_are_filled_in_and_secrets_stay_secret(cloud: Run) -> None:
    seen: dict[str, Any] = {}

    def program() -> None:
        first = sqs.Queue("first")
        document = {
            "A": [first.arn, {"B": first.url}],
            "C": {"D": pulumi.Output.from_input([first.name]), "E": pulumi.Output.secret("s")},
        }
        texts = {"ours": json_text(document), "theirs": compact(document)}
        for name, text in texts.items():
            output: pulumi.Output[str] = pulumi.Output.from_input(text)
            output.apply(functools.partial(seen.__setitem__, name))
            sqs.Queue(name, policy=output)

    recorder = cloud(program)
    assert seen["ours"] == seen["theirs"]
    assert json.loads(seen["ours"])["C"]["D"] == ["first"]
    kind = "aws:sqs/queue:Queue"
    assert recorder.inputs(kind, "ours")["policy"] == recorder.inputs(kind, "theirs")["policy"]
