"""Invalid definitions are rejected, each with its message."""

from typing import Any

import pytest

from intermodal import DefinitionError, Target
from intermodal.function.check import check_definition
from intermodal.images.reference import BUILD_ADVICE, DIGEST_ADVICE
from tests.unit.function.definitions import GOOD, IMAGE, refusal

CASES: dict[str, tuple[dict[str, Any], str]] = {
    "unknown target": (
        {"target": "lamda"},
        'target must be one of lambda, ecs, kubernetes, got "lamda"; did you mean "lambda"?',
    ),
    "ecs without a platform": (
        {"target": Target.ECS},
        "platform is required for target ecs, which runs on the platform's cluster; set platform.",
    ),
    "too little memory for the vCPUs on Lambda": (
        {"vcpu": 2},
        "memory_mib must be at least 3538 for vcpu 2 on target lambda, got 512; raise it or lower vcpu.",
    ),
    "vcpu as a string": (
        {"vcpu": "two"},
        "vcpu must be a number that is at least 0 and known before the deployment, got 'two'.",
    ),
    "another architecture": (
        {"architecture": "arm"},
        'architecture must be one of x86_64, arm64, got "arm"; did you mean "arm64"?',
    ),
    "kubernetes without a platform": (
        {"target": "kubernetes"},
        "platform is required for target kubernetes, which runs on the platform's cluster; set platform.",
    ),
    "timeout over the target's limit": (
        {"timeout_seconds": 3600},
        "timeout_seconds must be at most 900 for target lambda, got 3600; lower it or use target ecs or kubernetes.",
    ),
    "timeout of zero": (
        {"timeout_seconds": 0},
        "timeout_seconds must be an integer from 1 to 900 for target lambda, got 0; "
        "lower it or use target ecs or kubernetes.",
    ),
    "too little memory": (
        {"memory_mib": 64},
        "memory_mib must be an integer from 128 to 10240 for target lambda, got 64; change it.",
    ),
    "too much memory": (
        {"memory_mib": 20480},
        "memory_mib must be at most 10240 for target lambda, got 20480; change it.",
    ),
    "memory as a string": (
        {"memory_mib": "1 GB"},
        "memory_mib must be an integer, got '1 GB'.",
    ),
    "image without digest on a protected stack": (
        {"protect": True},
        f"image must be specified by digest in a protected stack, got {IMAGE}; {DIGEST_ADVICE}.",
    ),
    "built image on a protected stack": (
        {"image": {"build": "examples/thumbnails"}, "protect": True},
        f"image must be specified by digest in a protected stack, got build: examples/thumbnails; {DIGEST_ADVICE}.",
    ),
    "image outside ECR on lambda": (
        {"image": "ghcr.io/acme/scan:latest"},
        "image must be in Amazon ECR for target lambda, got ghcr.io/acme/scan:latest; push it there as a single "
        "manifest: "
        f"{BUILD_ADVICE}.",
    ),
    "folder without a Dockerfile": (
        {"image": {"build": "examples"}},
        "image.build must be a folder with a Dockerfile, relative to the program; examples/Dockerfile does not exist.",
    ),
    "folder that is not an image name": (
        {"image": {"build": "../Scan"}},
        "image.build must be a relative path that is a valid image name: lower-case letters, digits, ., _ and -, "
        "got '../Scan'; move or rename the folder.",
    ),
    "image with two kinds": (
        {"image": {"build": "examples/thumbnails", "uri": IMAGE}},
        "image must have exactly one of uri, build, got uri and build; use a separate block for each.",
    ),
    "environment over 4 KB": (
        {"environment": {"SMALL": "x", "BIG": "y" * 3000, "BIGGER": "z" * 4000}},
        "environment must be at most 4096 bytes as JSON for target lambda, got 7034; move long values "
        "to a parameter or secret; the largest variables are BIGGER (4000 bytes), BIG (3000 bytes), SMALL (1 bytes).",
    ),
    "reserved variable": (
        {"environment": {"AWS_REGION": "x"}},
        "environment.AWS_REGION is reserved by target lambda; use a different name.",
    ),
    "malformed variable": (
        {"environment": {"9LIVES": "x"}},
        "environment.9LIVES must be a letter followed by letters, digits or _ for target lambda; rename it.",
    ),
    "unknown key": (
        {"timeout_second": 3},
        "timeout_second is not an argument; use one of image, target, lane, lanes, maximum_concurrency, "
        "command, entry_point, working_directory, memory_mib, ephemeral_storage_mib, "
        "vcpu, architecture, timeout_seconds, platform, vpc, security_group_ids, environment, secrets, kms_key_arn, "
        "links, permissions, sources, batch_size, batch_window_seconds, report_batch_item_failures, maximum_receives, "
        "reserved_concurrency, ecs, kubernetes, fifo, trust, role, alarm_topic_arns, log_retention_days, protect, "
        "drain_before_delete, tags, placement; "
        'did you mean "timeout_seconds"?',
    ),
    "neither target nor lanes": (
        {"target": None},
        "target is required; set target, or lanes for several lanes.",
    ),
    "both target and lanes": (
        {"lanes": [{"name": "main", "target": "lambda"}]},
        "target and lanes are mutually exclusive; set it in each lane, or remove lanes.",
    ),
    "lane with a dash": (
        {"lane": "blue-green"},
        "lane must be lower-case letters and digits (pattern: [a-z][a-z0-9]{0,15}), got 'blue-green'.",
    ),
    "concurrency of one": (
        {"maximum_concurrency": 1},
        (
            "maximum_concurrency must be an integer from 2 to 1000 for target lambda, got 1; change it, or use 0 "
            "to pause."
        ),
    ),
    "number in the environment": (
        {"environment": {"LEVEL": 3}},
        "environment.LEVEL must be a string, got 3; quote it.",
    ),
    "environment as a list": (
        {"environment": ["LEVEL"]},
        "environment must be a mapping with string keys, got ['LEVEL'].",
    ),
    "VPC without a platform": (
        {"vpc": True},
        "vpc requires a platform with a network; set platform, or remove vpc.",
    ),
    "security groups outside a VPC": (
        {"security_group_ids": ["sg-1"]},
        "security_group_ids requires vpc: true, because security groups exist only in a VPC.",
    ),
    "build folder as a number": (
        {"image": {"build": 3}},
        "image.build must be a folder path, got 3.",
    ),
    "empty image": (
        {"image": {"uri": ""}},
        "image.uri must be an image reference, got ''.",
    ),
    "protect as a string": (
        {"protect": "no"},
        "protect must be true or false, got 'no'.",
    ),
    "log retention unknown to CloudWatch": (
        {"log_retention_days": 13},
        "log_retention_days must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, "
        "2192, 2557, 2922, 3288, 3653, got 13; use the next longer period.",
    ),
    "command as a string": (
        {"command": "app.handler"},
        "command must be a list, got 'app.handler'; enclose it in [ ].",
    ),
    "entry point without a command": (
        {"entry_point": ["python"]},
        "entry_point requires command, because not all targets keep the image's CMD if the entry point is overridden; "
        "also set command.",
    ),
    "relative working directory": (
        {"working_directory": "task"},
        "working_directory must be an absolute path in the image, got 'task'; start it with /.",
    ),
    "more temporary storage than Lambda has": (
        {"ephemeral_storage_mib": 11_000},
        "ephemeral_storage_mib must be at most 10240 for target lambda, got 11000; change it, or use target ecs or "
        "kubernetes.",
    ),
    "large batch without a window": (
        {"batch_size": 100},
        "batch_size must be at most 10 without a batch window, got 100; set batch_window_seconds to at least 1.",
    ),
    "batch above every limit": (
        {"batch_size": 10_001, "batch_window_seconds": 1},
        "batch_size must be an integer from 1 to 10000, got 10001.",
    ),
    "window on a FIFO inbox": (
        {"fifo": True, "batch_window_seconds": 5},
        "batch_window_seconds must be 0 for a FIFO inbox, got 5; remove it.",
    ),
    "large batch on a FIFO inbox": (
        {"fifo": True, "batch_size": 11},
        "batch_size must be at most 10 for a FIFO inbox, got 11; lower it.",
    ),
    "no receive": (
        {"maximum_receives": 0},
        "maximum_receives must be an integer from 1 to 1000, got 0.",
    ),
    "reserved concurrency below the lane's": (
        {"reserved_concurrency": 10},
        "reserved_concurrency must be at least maximum_concurrency (50) for target lambda, got 10; raise it, or lower "
        "maximum_concurrency.",
    ),
    "overlong lane name": (
        {"lane": "x" * 17},
        f"lane must be lower-case letters and digits (pattern: [a-z][a-z0-9]{{0,15}}), got '{'x' * 17}'.",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_problem_is_one_sentence(case: str) -> None:
    change, sentence = CASES[case]
    assert refusal(change) == f'ContainerFunction "scan": {sentence}'


def test_all_problems_and_missing_keys_are_reported_at_once() -> None:
    args = {"target": "lambda", "timeout_seconds": 9999, "memory_mib": 1, "environment": {"_HANDLER": "x"}, "tag": {}}
    with pytest.raises(DefinitionError) as refused:
        check_definition("Scan", args)  # type: ignore[arg-type]
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
def test_lane_shares_must_add_up(lanes: list[dict[str, Any]], path: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        check_definition("scan", {"image": {"uri": IMAGE}, "lanes": lanes})  # type: ignore[typeddict-item]
    assert [problem.path for problem in refused.value.problems] == [path]


def test_integral_floats_are_integers() -> None:
    """The engine passes every number to a program as a float."""
    spec = check_definition("scan", {**GOOD, "memory_mib": 1024.0, "timeout_seconds": 30.0})  # type: ignore[typeddict-item]
    assert (spec.memory_mib, type(spec.memory_mib), spec.timeout_seconds) == (1024, int, 30)
