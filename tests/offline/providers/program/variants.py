"""Define every resource's arguments: `base`, and the changes in each other variant."""

import json
from typing import Any

from tests.offline.providers.program import apis, messaging, network, policies, storage, workers
from tests.offline.providers.program.documents import access, trust

Arguments = dict[str, dict[str, Any]]


BASE: Arguments = {
    "dead": {},
    "Bucket": {"force_destroy": True, "tags": {"team": "a"}},
    "BucketNotification": {"filter_prefix": "in/"},
    "Queue": {"visibility_timeout_seconds": 60, "sqs_managed_sse_enabled": True, "tags": {"team": "a"}},
    "QueuePolicy": {"Action": ["sqs:SendMessage"]},
    "Role": {"assume_role_policy": trust("lambda.amazonaws.com"), "description": "first", "tags": {"team": "a"}},
    "RolePolicy": {"policy": access("sqs:ReceiveMessage", "sqs:DeleteMessage")},
    "LogGroup": {"retention_in_days": 7, "tags": {"team": "a"}},
    "Function": {
        "image_uri": "scanner:1", "image_config": {"commands": ["scan.handler"], "working_directory": "/app"},
        "environment": {"variables": {"LEVEL": "1"}}, "memory_size": 512, "timeout": 30, "publish": True,
        "architectures": ["arm64"], "tags": {"team": "a"},
    },
    "EventSourceMapping": {
        "batch_size": 5, "function_response_types": ["ReportBatchItemFailures"],
        "scaling_config": {"maximum_concurrency": 4}, "enabled": False, "tags": {"team": "a"},
        "metrics_config": {"metrics": ["EventCount"]},
    },
    "EventRule": {"event_pattern": json.dumps({"source": ["walk"]}), "description": "first", "tags": {"team": "a"}},
    "EventTarget": {"retry_policy": {"maximum_event_age_in_seconds": 60, "maximum_retry_attempts": 2}, "input": "{}"},
    "Parameter": {"type": "SecureString", "value": "first", "description": "first", "tags": {"team": "a"}},
}  # fmt: skip

UPDATE: Arguments = {
    "Bucket": {"tags": {"team": "b"}},
    "BucketNotification": {"filter_prefix": "out/"},
    "Queue": {"visibility_timeout_seconds": 90, "delay_seconds": 5, "tags": {"crew": "b"}},
    "QueuePolicy": {"Action": ["sqs:SendMessage", "sqs:GetQueueUrl"]},
    "Role": {"assume_role_policy": trust("ecs-tasks.amazonaws.com"), "description": None, "tags": None},
    "RolePolicy": {"policy": access("sqs:ReceiveMessage")},
    "LogGroup": {"retention_in_days": None},
    "Function": {
        "image_uri": "scanner:2", "image_config": None, "environment": {"variables": {"LEVEL": "2"}},
        "memory_size": 1024, "reserved_concurrent_executions": 2,
    },
    "EventSourceMapping": {"batch_size": 6, "function_response_types": None, "scaling_config": None},
    "EventRule": {"event_pattern": json.dumps({"source": ["run"]}), "description": None, "state": "DISABLED"},
    "EventTarget": {"retry_policy": None, "input": None, "input_path": "$.detail"},
    "Parameter": {"value": "second", "description": None, "allowed_pattern": ".*d"},
}  # fmt: skip

REPLACE: Arguments = {
    "Bucket": {"object_lock_enabled": True},
    "Queue": {"name_prefix": "other-"},
    "Role": {"path": "/other/"},
    "LogGroup": {"log_group_class": "INFREQUENT_ACCESS"},
    "Function": {"name": "walk-other"},
    "EventRule": {"name_prefix": "other-"},
    "EventTarget": {"target_id": "other"},
    "RolePolicy": {"name": "other"},
    "Parameter": {"name": "/walk/other"},
}

# Names of the objects created with boto3 for `pulumi import`; an import cannot read inputs that no API returns.
ADOPT: Arguments = {
    "dead": {"name": "adopt-dead"},
    "Bucket": {"bucket": "adopt-bucket", "force_destroy": None},
    "Queue": {"name": "adopt-queue"},
    "Role": {"name": "adopt-role"},
    "RolePolicy": {"name": "adopt-policy"},
    "LogGroup": {"name": "adopt-group"},
    "Function": {"name": "adopt-function", "publish": None},
    "EventSourceMapping": {"metrics_config": None},
    "EventRule": {"name": "adopt-rule"},
    "EventTarget": {"target_id": "adopt-target"},
    "Parameter": {"name": "/adopt/parameter"},
}

MORE = (apis, messaging, network, policies, storage, workers)
VARIANTS: dict[str, list[Arguments]] = {
    "base": [BASE, *(more.BASE for more in MORE)],
    "update": [UPDATE, *(more.UPDATE for more in MORE)],
    "replace": [REPLACE, *(more.REPLACE for more in MORE)],
    "adopt": [ADOPT, *(more.ADOPT for more in MORE)],
}
STEPS = {
    "base": ["base"],
    "update": ["base", "update"],
    "replace": ["base", "update", "replace"],
    "adopt": ["base", "adopt"],
}


def arguments(variant: str) -> Arguments:
    """Return a variant's arguments; the value None removes one."""
    merged: Arguments = {}
    for step in STEPS[variant]:
        for change in VARIANTS[step]:
            for name, given in change.items():
                merged[name] = merged.get(name, {}) | given
    return {name: {key: value for key, value in given.items() if value is not None} for name, given in merged.items()}
