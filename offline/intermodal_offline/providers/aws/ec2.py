"""What the types of EC2 have in common: tags, ARNs, and that they are read by describing one of many."""

from typing import Any

from intermodal_offline.providers.aws import pairs
from intermodal_offline.providers.table import Call, Tagging


def only(found: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The one that was asked for; EC2 answers some ids that do not exist with an empty list."""
    return found[0] if found else None


def filters(**wanted: str) -> list[dict[str, Any]]:
    """Filters of a Describe call; underscores of the names become dashes."""
    return [{"Name": name.replace("_", "-"), "Values": [value]} for name, value in wanted.items()]


def arn(call: Call, owner: str, resource: str) -> str:
    """The ARN of something that EC2 names only by its id."""
    return f"arn:{call.cloud.partition}:ec2:{call.region}:{owner}:{resource}"


def read_tags(call: Call) -> dict[str, str]:
    """The tags of a resource."""
    return pairs.mapped(call.client.describe_tags(Filters=filters(resource_id=call.id))["Tags"])


def write_tags(call: Call, tags: dict[str, str], removed: list[str]) -> None:
    """Take away and give."""
    if removed:
        call.client.delete_tags(Resources=[call.id], Tags=[{"Key": key} for key in removed])
    if tags:
        call.client.create_tags(Resources=[call.id], Tags=pairs.listed(tags))


TAGGING = Tagging(read=read_tags, write=write_tags)
