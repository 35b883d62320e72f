"""Provide helpers for EC2 resource types: tags, ARNs, and Describe calls."""

from typing import Any

from intermodal_offline.providers.aws import pairs
from intermodal_offline.providers.table import Call, Tagging


def only(found: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the only item, or None, because EC2 returns an empty list for some IDs that do not exist."""
    return found[0] if found else None


def filters(**wanted: str) -> list[dict[str, Any]]:
    """Return filters for a Describe call; underscores in names become dashes."""
    return [{"Name": name.replace("_", "-"), "Values": [value]} for name, value in wanted.items()]


def arn(call: Call, owner: str, resource: str) -> str:
    """Return the ARN of a resource that EC2 identifies only by its ID."""
    return f"arn:{call.cloud.partition}:ec2:{call.region}:{owner}:{resource}"


def read_tags(call: Call) -> dict[str, str]:
    """Return a resource's tags."""
    return pairs.to_tags(call.client.describe_tags(Filters=filters(resource_id=call.id))["Tags"])


def write_tags(call: Call, tags: dict[str, str], removed: list[str]) -> None:
    """Remove the tags in `removed` and write those in `tags`."""
    if removed:
        call.client.delete_tags(Resources=[call.id], Tags=[{"Key": key} for key in removed])
    if tags:
        call.client.create_tags(Resources=[call.id], Tags=pairs.to_pairs(tags))


TAGGING = Tagging(read=read_tags, write=write_tags)
