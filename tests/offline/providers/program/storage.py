"""Declare the program's table, repository, secret and key, and their arguments in every variant."""

import json
from typing import Any

import pulumi_aws as aws

Arguments = dict[str, dict[str, Any]]


def owner(*actions: str) -> str:
    """Return a key's policy."""
    root = {"AWS": "arn:aws:iam::111122223333:root"}
    statement = {"Effect": "Allow", "Principal": root, "Action": list(actions), "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


TEAM = {"tags": {"team": "a"}}
BASE: Arguments = {
    "Table": {
        "billing_mode": "PAY_PER_REQUEST", "hash_key": "id", "range_key": "at",
        "attributes": [{"name": "id", "type": "S"}, {"name": "at", "type": "N"}],
        "point_in_time_recovery": {"enabled": True}, **TEAM,
    },
    "Repository": {"image_scanning_configuration": {"scan_on_push": True}, "force_delete": True, **TEAM},
    "Secret": {"description": "first", "recovery_window_in_days": 0, **TEAM},
    "SecretVersion": {"secret_string": "first", "version_stages": ["AWSCURRENT", "walk"]},
    "Key": {"description": "first", "policy": owner("kms:*"), "deletion_window_in_days": 7, **TEAM},
}  # fmt: skip

UPDATE: Arguments = {
    "Table": {
        "billing_mode": "PROVISIONED", "read_capacity": 2, "write_capacity": 3,
        "point_in_time_recovery": {"enabled": False}, "server_side_encryption": {"enabled": True},
    },
    "Repository": {"image_tag_mutability": "IMMUTABLE", "image_scanning_configuration": {"scan_on_push": False}},
    "Secret": {"description": None, "tags": {"crew": "b"}},
    "SecretVersion": {"version_stages": ["AWSCURRENT"]},
    "Key": {"description": "second", "enable_key_rotation": True, "policy": owner("kms:*", "kms:Decrypt")},
}  # fmt: skip

REPLACE: Arguments = {
    "Table": {"range_key": None, "attributes": [{"name": "id", "type": "S"}]},
    "Repository": {"name": "walk-other"},
    "Secret": {"name_prefix": "other-"},
    "Key": {"key_usage": "SIGN_VERIFY"},
}

ADOPT: Arguments = {
    "Table": {"name": "adopt-table"},
    "Repository": {"name": "adopt-repository", "force_delete": None},
    "Secret": {"name": "adopt-secret", "recovery_window_in_days": None},
    "Key": {"deletion_window_in_days": None},
}


def deploy(given: Arguments) -> None:
    """Deploy the table, repository, secret and key."""
    aws.dynamodb.Table("main", **given["Table"])
    aws.ecr.Repository("main", **given["Repository"])
    secret = aws.secretsmanager.Secret("main", **given["Secret"])
    aws.secretsmanager.SecretVersion("main", secret_id=secret.arn, **given["SecretVersion"])
    aws.kms.Key("main", **given["Key"])
