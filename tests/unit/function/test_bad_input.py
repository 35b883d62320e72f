"""Every definition that is not possible, and the sentence that says so."""

from typing import Any

import pytest

from intermodal import DefinitionError, Target
from intermodal.function.component import checked
from intermodal.images.reference import HOW_TO_BUILD, HOW_TO_GET_A_DIGEST

IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scan:1"

GOOD: dict[str, Any] = {"image": {"uri": IMAGE}, "target": "lambda"}

OIDC = {
    "provider_arn": "arn:aws:iam::123456789012:oidc-provider/oidc.example/id/1",
    "namespace": "tenant-a",
    "service_account": "scan",
}
TOPIC = "arn:aws:sns:eu-central-1:123456789012:orders"

CASES: dict[str, tuple[dict[str, Any], str]] = {
    "unknown target": (
        {"target": "lamda"},
        'target must be one of lambda, ecs, kubernetes, got "lamda"; did you mean "lambda"?',
    ),
    "ecs without a platform": (
        {"target": Target.ECS},
        "platform is missing, and target ecs runs on a cluster of it; give platform: platform.handle.",
    ),
    "less memory than the vCPUs take on Lambda": (
        {"vcpu": 2},
        "memory_mib must be at least 3538 for 2 vcpu on target lambda, got 512; raise it or lower vcpu.",
    ),
    "vcpu in words": (
        {"vcpu": "two"},
        "vcpu must be a number above 0, known before the deployment, got 'two'.",
    ),
    "another architecture": (
        {"architecture": "arm"},
        'architecture must be one of x86_64, arm64, got "arm"; did you mean "arm64"?',
    ),
    "kubernetes without a platform": (
        {"target": "kubernetes"},
        "platform is missing, and target kubernetes runs on a cluster of it; give platform: platform.handle.",
    ),
    "timeout over the target's limit": (
        {"timeout_seconds": 3600},
        "timeout_seconds must be at most 900 for target lambda, got 3600; lower it or use target ecs or kubernetes.",
    ),
    "timeout of nothing": (
        {"timeout_seconds": 0},
        "timeout_seconds must be a whole number from 1 to 900 for target lambda, got 0; "
        "lower it or use target ecs or kubernetes.",
    ),
    "too little memory": (
        {"memory_mib": 64},
        "memory_mib must be a whole number from 128 to 10240 for target lambda, got 64; change it.",
    ),
    "too much memory": (
        {"memory_mib": 20480},
        "memory_mib must be at most 10240 for target lambda, got 20480; change it.",
    ),
    "memory in words": (
        {"memory_mib": "1 GB"},
        "memory_mib must be a whole number from 128 to 10240 for target lambda, got '1 GB'; change it.",
    ),
    "image without digest on a protected stack": (
        {"protect": True},
        f"image must be given by digest on a protected stack, got {IMAGE}; {HOW_TO_GET_A_DIGEST}.",
    ),
    "built image on a protected stack": (
        {"image": {"build": "examples/thumbnails"}, "protect": True},
        f"image must be given by digest on a protected stack, got build: examples/thumbnails; {HOW_TO_GET_A_DIGEST}.",
    ),
    "image outside ECR on lambda": (
        {"image": "ghcr.io/acme/scan:latest"},
        "image must be in Amazon ECR for target lambda, got ghcr.io/acme/scan:latest; push it there as one manifest: "
        f"{HOW_TO_BUILD}.",
    ),
    "secret without its last characters": (
        {"secrets": {"DB": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/db"}},
        "secrets.DB must be the whole ARN of the secret, with the hyphen and six characters at its end, or IAM denies "
        "the read; `aws secretsmanager describe-secret --secret-id NAME --query ARN` prints it, got "
        "arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/db.",
    ),
    "issuer in the place of its provider": (
        {"trust": ["lambda", {"oidc": {**OIDC, "provider_arn": "https://oidc.example/id/1"}}]},
        "trust[1].oidc.provider_arn must be the ARN of an OIDC provider of IAM "
        "(arn:aws:iam::ACCOUNT:oidc-provider/ISSUER), not the issuer's URL; `aws iam list-open-id-connect-providers` "
        "prints the ARNs, and the provider of this issuer ends in oidc.example/id/1, got https://oidc.example/id/1.",
    ),
    "wildcard where a principal is compared as it is": (
        {"trust": ["lambda", {"oidc": {**OIDC, "provider_arn": OIDC["provider_arn"] + "*"}}]},
        "trust[1].oidc.provider_arn must be the ARN of an OIDC provider of IAM "
        "(arn:aws:iam::ACCOUNT:oidc-provider/ISSUER), without wildcards, because IAM compares a principal as it is, "
        f"got {OIDC['provider_arn']}*.",
    ),
    "any audience": (
        {"trust": ["lambda", {"oidc": {**OIDC, "audience": "*"}}]},
        'trust[1].oidc.audience must name one audience, got "*"; a token of any audience would do.',
    ),
    "filter with a value outside a list": (
        {"sources": [{"topic": {"arn": TOPIC, "filter": {"kind": "order"}}}]},
        "sources[0].topic.filter.kind must be a list of values, got 'order'; write ['order'].",
    ),
    "nested filter on attributes": (
        {"sources": [{"topic": {"arn": TOPIC, "filter": {"detail": {"kind": ["order"]}}}}]},
        "sources[0].topic.filter.detail must be a list of values for scope MessageAttributes, got "
        "{'kind': ['order']}; use filter_scope: \"MessageBody\" for nested keys.",
    ),
    "open API without a limit": (
        {"sources": [{"http": {"authorization": "none"}}]},
        "sources[0].http.requests_per_second is missing, and with authorization none everybody may post without limit; "
        "give the most that you expect.",
    ),
    "source that cannot wait": (
        {"sources": [{"http": {}, "enabled": False}]},
        "sources[0].enabled has no effect on http, whose senders decide; it is for bus, bucket, topic, schedule, leave "
        "it out.",
    ),
    "alias of a key": (
        {"kms_key_arn": "alias/scan"},
        "kms_key_arn must be the ARN of a key of KMS (arn:aws:kms:REGION:ACCOUNT:key/ID), got 'alias/scan'; an alias "
        "is none.",
    ),
    "sid of the role's own": (
        {"permissions": [{"sid": "Protect", "actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::b/*"]}]},
        'permissions[0].sid must be another one than "Protect", which is taken; rename it.',
    ),
    "folder without a Dockerfile": (
        {"image": {"build": "examples"}},
        "image.build must be a folder with a Dockerfile, seen from the program; there is no examples/Dockerfile.",
    ),
    "folder that is no image name": (
        {"image": {"build": "../Scan"}},
        "image.build must be a relative path of lower-case letters, digits, ., _ and -, as an image's name is, "
        "got '../Scan'; move or rename the folder.",
    ),
    "image of two kinds": (
        {"image": {"build": "examples/thumbnails", "uri": IMAGE}},
        "image must have exactly one of uri, build, got uri and build; give each its own block.",
    ),
    "environment over 4 KB": (
        {"environment": {"SMALL": "x", "BIG": "y" * 3000, "BIGGER": "z" * 4000}},
        "environment must be at most 4096 bytes as JSON for target lambda, got 7034; "
        "the largest are BIGGER (4000 bytes), BIG (3000 bytes), SMALL (1 bytes); "
        "keep long values in a parameter or secret and read them at start.",
    ),
    "reserved variable": (
        {"environment": {"AWS_REGION": "x"}},
        "environment.AWS_REGION is set by target lambda itself and cannot be given; use another name.",
    ),
    "malformed variable": (
        {"environment": {"9LIVES": "x"}},
        "environment.9LIVES must begin with a letter and go on with letters, digits or _ for target lambda; rename it.",
    ),
    "unknown key": (
        {"timeout_second": 3},
        "timeout_second is not known here; known are image, target, lane, lanes, maximum_concurrency, memory_mib, "
        "vcpu, architecture, timeout_seconds, platform, vpc, security_group_ids, environment, secrets, kms_key_arn, "
        "links, permissions, sources, fifo, trust, role, alarm_topic_arns, log_retention_days, protect, "
        "drain_before_delete, tags; "
        'did you mean "timeout_seconds"?',
    ),
    "same source twice": (
        {"sources": [{"bucket": {"bucket": "a"}}, {"bucket": {"bucket": "a"}, "name": "again"}]},
        'sources has the same bucket as "bucket" and as "again"; every event would arrive twice.',
    ),
    "same name of two sources": (
        {"sources": [{"bucket": {"bucket": "a"}}, {"bucket": {"bucket": "b"}}]},
        'sources has "bucket" 2 times; give each a `name` of its own.',
    ),
    "source of two kinds": (
        {"sources": [{"queue": {}, "bus": {"pattern": {}}}]},
        "sources[0] must have exactly one of queue, bus, bucket, topic, schedule, http, got queue and bus; "
        "give each its own block.",
    ),
    "source of no kind": (
        {"sources": [{"stream": {}}]},
        "sources[0].stream is not known here; known are queue, bus, bucket, topic, schedule, http, name, enabled.",
    ),
    "neither target nor lanes": (
        {"target": None},
        "target is missing; give target, or lanes for several.",
    ),
    "both target and lanes": (
        {"lanes": [{"name": "main", "target": "lambda"}]},
        "target and lanes exclude each other; say it in each lane, or leave lanes out.",
    ),
    "lane with a dash": (
        {"lane": "blue-green"},
        "lane must be lower-case letters and digits (pattern [a-z][a-z0-9]{0,15}), got 'blue-green'.",
    ),
    "concurrency of one": (
        {"maximum_concurrency": 1},
        'lane "main": maximum_concurrency must be a whole number from 2 to 1000 for target lambda, got 1; '
        "change it, or 0 to pause.",
    ),
    "trust without the target's service": (
        {"trust": ["ecs-tasks"]},
        'trust must include lambda, because lane "main" is on target lambda; add it, or leave trust out.',
    ),
    "unknown trust": (
        {"trust": ["lambda", "ec2"]},
        'trust[1] must be one of lambda, ecs-tasks, got "ec2".',
    ),
    "number in the environment": (
        {"environment": {"LEVEL": 3}},
        "environment.LEVEL must be text, got 3; write it in quotes.",
    ),
    "environment that is a list": (
        {"environment": ["LEVEL"]},
        "environment must map names to values, got ['LEVEL'].",
    ),
    "sources that are a block": (
        {"sources": {"queue": {}}},
        "sources must be a list, got {'queue': {}}; put it into [ ].",
    ),
    "pattern that is text": (
        {"sources": [{"bus": {"pattern": "shop"}}]},
        "sources[0].bus.pattern must map names to values, got 'shop'.",
    ),
    "everybody may send": (
        {"sources": [{"queue": {"senders": ["*"]}}]},
        'sources[0].queue.senders[0] must be the ARN of a principal, got "*", which is everybody; name who sends.',
    ),
    "one action without a list": (
        {"permissions": [{"actions": "s3:GetObject", "resources": ["arn"]}]},
        "permissions[0].actions must be a list, got 's3:GetObject'; put it into [ ].",
    ),
    "every action of a service": (
        {"permissions": [{"actions": ["s3:*"], "resources": ["arn"]}]},
        'permissions[0].actions[0] must not be a wildcard, got "s3:*"; name the actions, or use links: [read(…)].',
    ),
    "every resource": (
        {"permissions": [{"actions": ["s3:GetObject"], "resources": ["*"]}]},
        'permissions[0].resources[0] must name ARNs for s3:GetObject, got "*"; '
        "write for example arn:aws:s3:::BUCKET/*.",
    ),
    "unknown operator in a pattern": (
        {"sources": [{"bus": {"pattern": {"detail": {"state": [{"starts-with": "a"}]}}}}]},
        "sources[0].bus.pattern.detail.state[0] must be one of prefix, suffix, equals-ignore-case, wildcard, "
        'anything-but, numeric, exists, cidr, got "starts-with".',
    ),
    "pattern that is too long": (
        {"sources": [{"bus": {"pattern": {"source": ["x" * 3000]}}}]},
        "sources[0].bus.pattern must be at most 2048 characters as JSON, got 3015; match fewer values, or several "
        "sources.",
    ),
    "schedule that AWS refuses": (
        {"sources": [{"schedule": {"expression": "rate(1 hours)"}}]},
        "sources[0].schedule.expression must be written rate(1 hour).",
    ),
    "time zone that is not": (
        {"sources": [{"schedule": {"expression": "rate(1 hour)", "timezone": "Europe/Berln"}}]},
        "sources[0].schedule.timezone must be a zone of the IANA database such as Europe/Berlin, got 'Europe/Berln'; "
        'did you mean "Europe/Berlin"?',
    ),
    "path with a variable": (
        {"sources": [{"http": {"path": "/orders/{id}"}}]},
        "sources[0].http.path must begin with / and go on with letters, digits, ., _, ~ and -, got '/orders/{id}'.",
    ),
    "bus into a FIFO inbox": (
        {"fifo": True, "sources": [{"bus": {"pattern": {"source": ["a"]}}}]},
        'source "bus" cannot feed a FIFO inbox, which takes queue and topic; use fifo: false, or another source.',
    ),
    "adopted queue beside another source": (
        {"sources": [{"queue": {"existing": {"arn": "a", "url": "u"}}}, {"topic": {"arn": "t"}}]},
        "the queue that exists must be the only source; its policy is not ours, so nothing else can be let in.",
    ),
    "adopted queue and senders": (
        {"sources": [{"queue": {"existing": {"arn": "a", "url": "u"}, "senders": ["123456789012"]}}]},
        "sources[0].queue.senders and existing exclude each other; the policy of a queue that exists is left alone.",
    ),
    "filter scope without a filter": (
        {"sources": [{"topic": {"arn": "t", "filter_scope": "MessageBody"}}]},
        "sources[0].topic.filter_scope needs a filter; give filter, or leave it out.",
    ),
    "VPC without a platform": (
        {"vpc": True},
        "vpc needs a platform with a network; give platform, or leave vpc out.",
    ),
    "security groups outside a VPC": (
        {"security_group_ids": ["sg-1"]},
        "security_group_ids needs vpc: true; outside a VPC there are no security groups.",
    ),
    "role and trust": (
        {"role": {"arn": "arn:aws:iam::123456789012:role/r"}, "trust": ["lambda"]},
        "role and trust exclude each other; the trust of a role that exists is left alone.",
    ),
    "trust of two kinds": (
        {"trust": ["lambda", {"service": "ecs-tasks", "pods": {}}]},
        "trust[1] must have exactly one of service, pods, oidc, got service and pods; give each its own block.",
    ),
    "link that cannot be": (
        {"links": [{"access": "send", "kind": "bucket", "arn": "a", "variable": "B", "value": "b"}]},
        "links[0] cannot send a bucket; a bucket takes read, write.",
    ),
    "variable of a link and of the environment": (
        {
            "environment": {"BUS_NAME": "x"},
            "links": [{"access": "send", "kind": "bus", "arn": "a", "variable": "BUS_NAME", "value": "b"}],
        },
        "environment.BUS_NAME is set by a link as well; give the link another variable.",
    ),
    "two links with one variable": (
        {
            "links": [
                {"access": "read", "kind": "bucket", "arn": "a", "variable": "BUCKET", "value": "a"},
                {"access": "read", "kind": "bucket", "arn": "b", "variable": "BUCKET", "value": "b"},
            ],
        },
        "links has BUCKET for two resources; give one of them another variable.",
    ),
    "sender that is no principal": (
        {"sources": [{"queue": {"senders": ["arn:aws:iam::*:root"]}}]},
        "sources[0].queue.senders[0] must be the number of an account or the ARN of a role or user, without *, "
        'got "arn:aws:iam::*:root".',
    ),
    "standard topic into a FIFO inbox": (
        {"fifo": True, "sources": [{"topic": {"arn": "arn:aws:sns:eu-central-1:123456789012:orders"}}]},
        'source "topic" must be a FIFO topic to feed a FIFO inbox, got arn:aws:sns:eu-central-1:123456789012:orders; '
        "use fifo: false, or another topic.",
    ),
    "alarms of a queue that exists": (
        {"sources": [{"queue": {"existing": {"arn": "a", "url": "u"}}}], "alarm_topic_arns": ["t"]},
        "alarm_topic_arns has no effect on a queue that exists, which keeps its own kind and alarms; leave it out.",
    ),
    "bus of a platform that has none": (
        {"sources": [{"bus": {"pattern": {"source": ["a"]}, "bus_name": ""}}]},
        "sources[0].bus.bus_name must be text, got ''; give a value, or leave it out.",
    ),
    "statement id of our own": (
        {"permissions": [{"actions": ["s3:GetObject"], "resources": ["arn"], "sid": "Logs"}]},
        'permissions[0].sid must be another one than "Logs", which is taken; rename it.',
    ),
    "or of texts": (
        {"sources": [{"bus": {"pattern": {"$or": ["a", "b"]}}}]},
        "sources[0].bus.pattern.$or must be a list of two or more patterns, got ['a', 'b'].",
    ),
    "no resource": (
        {"permissions": [{"actions": ["s3:GetObject"], "resources": []}]},
        "permissions[0].resources must name at least one, got none.",
    ),
    "trust that is a word": (
        {"trust": "lambda"},
        "trust must be a list, got 'lambda'; put it into [ ].",
    ),
    "build folder that is a number": (
        {"image": {"build": 3}},
        "image.build must be the path of a folder, got 3.",
    ),
    "image that is empty": (
        {"image": {"uri": ""}},
        "image.uri must name an image, got ''.",
    ),
    "protect in words": (
        {"protect": "no"},
        "protect must be true or false, got 'no'.",
    ),
    "log retention that CloudWatch does not have": (
        {"log_retention_days": 13},
        "log_retention_days must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, "
        "2192, 2557, 2922, 3288, 3653, got 13; take the next longer one.",
    ),
    "lane name that leaves no room": (
        {"lane": "x" * 17},
        f"lane must be lower-case letters and digits (pattern [a-z][a-z0-9]{{0,15}}), got '{'x' * 17}'.",
    ),
    "secret that is no reference": (
        {"secrets": {"TOKEN": "swordfish"}},
        "secrets.TOKEN must be the ARN of a secret of Secrets Manager (with :key behind it for one key of its JSON) or "
        "of a parameter of SSM; its value belongs there, not here.",
    ),
    "secret that is a variable as well": (
        {"secrets": {"LEVEL": "arn:aws:ssm:eu-central-1:123456789012:parameter/level"}, "environment": {"LEVEL": "x"}},
        "secrets.LEVEL is set by environment or a link as well; give one of them another variable.",
    ),
    "secret under a name that Lambda keeps": (
        {"secrets": {"AWS_REGION": "arn:aws:ssm:eu-central-1:123456789012:parameter/level"}},
        "secrets.AWS_REGION is set by target lambda itself and cannot be given; use another name.",
    ),
    "permission without resources": (
        {"permissions": [{"actions": ["s3:GetObject"]}]},
        "permissions[0].resources is missing; it has no default.",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_one_problem_is_one_sentence(case: str) -> None:
    change, sentence = CASES[case]
    with pytest.raises(DefinitionError) as refused:
        checked("scan", {**GOOD, **change})  # type: ignore[typeddict-item]
    said = str(refused.value)
    if case == "source of no kind":  # the unknown key, and that no known kind is left
        assert sentence in said
    else:
        assert said == f'ContainerFunction "scan": {sentence}'


def test_all_problems_come_at_once_missing_keys_among_them() -> None:
    args = {"target": "lambda", "timeout_seconds": 9999, "memory_mib": 1, "environment": {"_HANDLER": "x"}, "tag": {}}
    with pytest.raises(DefinitionError) as refused:
        checked("Scan", args)  # type: ignore[arg-type]
    paths = [problem.path for problem in refused.value.problems]
    assert paths == ["name", "tag", "image", "timeout_seconds", "memory_mib", "environment._HANDLER"]
    assert str(refused.value).startswith('ContainerFunction "Scan" has 6 problems:\n  - name must be')


@pytest.mark.parametrize(
    ("lanes", "path"),
    [
        ([], "lanes"),
        ([{"name": "main", "target": "lambda"}, {"name": "main", "target": "lambda", "share": 16}], "lanes"),
        ([{"name": "main", "target": "lambda"}, {"name": "green", "target": "lambda"}], "share"),
        (
            [{"name": "main", "target": "lambda", "share": 8}, {"name": "green", "target": "lambda", "share": 8}],
            "share",
        ),
        ([{"target": "lambda"}], "lanes[0].name"),
    ],
)
def test_lanes_that_do_not_add_up(lanes: list[dict[str, Any]], path: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        checked("scan", {"image": {"uri": IMAGE}, "lanes": lanes})  # type: ignore[typeddict-item]
    assert [problem.path for problem in refused.value.problems] == [path]


def test_whole_floats_are_ints() -> None:
    """The engine hands every number over as a float."""
    spec = checked("scan", {**GOOD, "memory_mib": 1024.0, "timeout_seconds": 30.0})  # type: ignore[typeddict-item]
    assert (spec.memory_mib, type(spec.memory_mib), spec.timeout_seconds) == (1024, int, 30)
