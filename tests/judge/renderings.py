"""Define programs that together use every option of the library, at its limits, as in a real account.

`test_every_option_is_rendered` fails for an option that no program here uses.
"""

from intermodal.testing import ACCOUNT, REGION
from tests.judge.definitions import (
    EVERYTHING_ADOPTED,
    EVERYTHING_CREATED,
    LONG_LANE,
    LONG_SOURCES,
    LONGEST_FUNCTION,
    LONGEST_PROJECT,
    LONGEST_STACK,
    OIDC,
    PARAMETER,
    SECRET,
    SINGLE_NAT,
    SOURCES,
    TAGS,
    TOPIC,
    WITHOUT_NAT,
    Rendering,
    create_linked,
)

RENDERINGS = [
    Rendering(
        name="everything created",
        platform=EVERYTHING_CREATED,
        beside=create_linked,
        functions={
            "scan": {"target": "lambda", "vpc": True, "sources": SOURCES, "tags": TAGS},
            "scan-ecs": {
                "target": "ecs",
                "vpc": True,
                "vcpu": 1,
                "secrets": {"DB": f"{SECRET}:password::", "TOKEN": PARAMETER},
                "maximum_concurrency": 100,
                "drain_before_delete": False,
                "ecs": {
                    "capacity_provider_strategies": [
                        {"capacity_provider": "FARGATE", "base": 1},
                        {"capacity_provider": "FARGATE_SPOT", "weight": 4},
                    ],
                    "minimum_tasks": 1,
                },
            },
            "scan-kubernetes": {
                "target": "kubernetes",
                "vpc": True,
                "architecture": "arm64",
                "secrets": {"DB": SECRET},
                "kubernetes": {
                    "memory_request_mib": 256,
                    "vcpu_request": 0.25,
                    "priority_class": "low",
                    "node_selector": {"disk": "ssd"},
                    "tolerations": [
                        {"key": "gpu", "operator": "Exists", "effect": "NoSchedule"},
                        {"key": "team", "operator": "Equal", "value": "a", "effect": "NoExecute"},
                        {"key": "slow", "operator": "Exists", "effect": "PreferNoSchedule"},
                    ],
                    "annotations": {"team": "a"},
                    "pod_patch": {"hostAliases": [{"ip": "10.0.0.1", "hostnames": ["db"]}]},
                },
            },
            "four": {
                "vpc": True,
                "security_group_ids": ["sg-0123456789abcdef1"],
                "lanes": [
                    {"name": "main", "target": "lambda", "share": 16, "maximum_concurrency": 2},
                    {"name": "green", "target": "lambda", "share": 0, "paused": True},
                    {"name": "tasks", "target": "ecs", "paused": True},
                    {"name": "jobs", "target": "kubernetes", "paused": True},
                ],
            },
        },
    ),
    Rendering(
        name="everything adopted",
        platform=EVERYTHING_ADOPTED,
        functions={
            "scan": {
                "target": "ecs",
                "vpc": True,
                "role": {"arn": f"arn:aws:iam::{ACCOUNT}:role/scan"},
                "sources": [
                    {
                        "queue": {
                            "existing": {
                                "arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:work",
                                "url": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/work",
                            }
                        }
                    }
                ],
            },
            "jobs": {
                "target": "kubernetes",
                "vpc": True,
                "security_group_ids": ["sg-0123456789abcdef1"],
                "ephemeral_storage_mib": 20_480,
                "command": ["app.handler"],
                "working_directory": "/var/task",
            },
        },
    ),
    Rendering(
        name="a network without NAT",
        platform=WITHOUT_NAT,
        networks={"own": {"zones": ["us-east-1f"]}},
        functions={
            "scan": {
                "target": "ecs",
                "vpc": True,
                "timeout_seconds": 42_000,
                "memory_mib": 122_624,
                "ephemeral_storage_mib": 184_320,
                "command": ["app.handler"],
                "batch_size": 1,
            }
        },
    ),
    Rendering(
        name="an adapter that is pushed",
        platform=SINGLE_NAT,
        functions={"scan": {"target": "ecs", "vpc": True, "architecture": "arm64", "memory_mib": 128}},
    ),
    Rendering(
        name="fifo",
        platform=EVERYTHING_CREATED,
        functions={
            target: {
                "target": target,
                "vpc": True,
                "fifo": True,
                "maximum_concurrency": 5,
                "sources": [{"topic": {"arn": f"{TOPIC}.fifo"}}, {"queue": {"senders": [ACCOUNT]}}],
            }
            for target in ("lambda", "ecs", "kubernetes")
        },
    ),
    Rendering(
        name="limits of lambda",
        functions={
            "large": {
                "target": "lambda",
                "command": ["app.handler"],
                "entry_point": ["python", "-m", "awslambdaric"],
                "working_directory": "/var/task",
                "ephemeral_storage_mib": 10_240,
                "batch_size": 10_000,
                "batch_window_seconds": 300,
                "report_batch_item_failures": False,
                "maximum_receives": 1000,
                "reserved_concurrency": 1000,
                "memory_mib": 10_240,
                "timeout_seconds": 900,
                "maximum_concurrency": 1000,
                "environment": {"TEXT": "x" * 4000},
                "alarm_topic_arns": [TOPIC],
                "log_retention_days": 3653,
                "protect": True,
                "kms_key_arn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1b2c3d4e-5f60-7182-93a4-b5c6d7e8f901",
            },
            "s": {"target": "lambda", "memory_mib": 128, "timeout_seconds": 1, "log_retention_days": 1},
            "paused": {"target": "lambda", "maximum_concurrency": 0, "secrets": {"DB": SECRET}},
            "trusted": {
                "target": "lambda",
                "trust": [
                    "lambda",
                    {"service": "ecs-tasks"},
                    {
                        "pods": {
                            "cluster_arn": f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/shared",
                            "namespace": "tenant-a",
                            "service_account": "scan",
                        }
                    },
                    {
                        "oidc": {
                            "provider_arn": OIDC,
                            "namespace": "tenant-a",
                            "service_account": "scan",
                            "audience": "sts.amazonaws.com",
                        }
                    },
                ],
                "permissions": [
                    {"sid": "Read", "actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::photos/*"]},
                    {"actions": ["textract:DetectDocumentText"], "resources": ["*"]},
                ],
            },
        },
    ),
    Rendering(
        name="longest names",
        project=LONGEST_PROJECT,
        stack=LONGEST_STACK,
        platform_name="p" * 40,
        platform=EVERYTHING_CREATED,
        functions={
            f"{LONGEST_FUNCTION[:-1]}{letter}": {"target": target, "vpc": True, "sources": LONG_SOURCES, **LONG_LANE}
            for letter, target in {"a": "lambda", "b": "ecs", "c": "kubernetes"}.items()
        },
    ),
    Rendering(
        name="shortest names",
        project="p",
        stack="s",
        platform_name="p",
        platform=EVERYTHING_CREATED,
        functions={
            letter: {
                "target": target,
                "vpc": True,
                "lane": "l",
                "sources": [{"bus": {"pattern": {"a": ["b"]}}, "name": "s"}],
            }
            for letter, target in {"a": "lambda", "b": "ecs", "c": "kubernetes"}.items()
        },
    ),
]
"""Every program whose registrations are checked."""
