"""Declare the program's managed policy and its attachment, with their arguments in every variant."""

from typing import Any

import pulumi_aws as aws

from tests.offline.providers.program.documents import access

Arguments = dict[str, dict[str, Any]]

BASE: Arguments = {"Policy": {"policy": access("s3:GetObject"), "description": "first", "tags": {"team": "a"}}}
UPDATE: Arguments = {"Policy": {"policy": access("s3:GetObject", "s3:PutObject"), "tags": {"crew": "b"}}}
REPLACE: Arguments = {"Policy": {"path": "/other/"}}
ADOPT: Arguments = {"Policy": {"name": "adopt-policy"}}


def deploy(given: Arguments, role: aws.iam.Role) -> None:
    """Deploy the policy and its attachment."""
    policy = aws.iam.Policy("main", **given["Policy"])
    aws.iam.RolePolicyAttachment("main", role=role.name, policy_arn=policy.arn)
