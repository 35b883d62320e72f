"""Implement aws:iam managed policies and role policy attachments."""

from typing import Any

from intermodal_offline.providers import wire
from intermodal_offline.providers.aws import pairs
from intermodal_offline.providers.aws.iam import GONE, text
from intermodal_offline.providers.compare import policy
from intermodal_offline.providers.table import Call, Field, Row, Tagging, fields
from intermodal_offline.providers.values import Props

VERSIONS = 5
"""Maximum number of versions of a policy."""

POLICY = fields(
    name="PolicyName",
    namePrefix=Field(local=True),
    path="Path",
    description="Description",
    policy=Field(wire="PolicyDocument", normal=policy),
)


def read_policy(call: Call) -> Props:
    found = call.client.get_policy(PolicyArn=call.id)["Policy"]
    version = call.client.get_policy_version(PolicyArn=call.id, VersionId=found["DefaultVersionId"])["PolicyVersion"]
    return {
        **wire.from_api(POLICY, found), "policy": text(version["Document"]), "arn": found["Arn"],
        "policyId": found["PolicyId"], "attachmentCount": found["AttachmentCount"],
    }  # fmt: skip


def older(call: Call) -> list[str]:
    """Return the IDs of all versions except the default one, oldest first."""
    found: list[dict[str, Any]] = call.client.list_policy_versions(PolicyArn=call.id)["Versions"]
    return [one["VersionId"] for one in sorted(found, key=lambda one: one["CreateDate"]) if not one["IsDefaultVersion"]]


def update_policy(call: Call, changed: frozenset[str]) -> None:
    if "policy" not in changed:
        return
    before = older(call)
    if len(before) >= VERSIONS - 1:
        call.client.delete_policy_version(PolicyArn=call.id, VersionId=before[0])
    call.client.create_policy_version(PolicyArn=call.id, PolicyDocument=call.props["policy"], SetAsDefault=True)


def delete_policy(call: Call) -> None:
    for version in older(call):
        call.client.delete_policy_version(PolicyArn=call.id, VersionId=version)
    call.client.delete_policy(PolicyArn=call.id)


def write_tags(call: Call, tags: dict[str, str], removed: list[str]) -> None:
    if removed:
        call.client.untag_policy(PolicyArn=call.id, TagKeys=removed)
    if tags:
        call.client.tag_policy(PolicyArn=call.id, Tags=pairs.to_pairs(tags))


ATTACHMENT = fields(role="RoleName", policyArn="PolicyArn")


def attach(call: Call) -> str:
    call.client.attach_role_policy(**wire.to_api(ATTACHMENT, call.props))
    return f"{call.props['role']}/{call.props['policyArn']}"


def key(identity: str) -> Props:
    role, _, arn = identity.partition("/")
    return {"role": role, "policyArn": arn}


def read_attachment(call: Call) -> Props | None:
    expected = key(call.id)
    for page in call.client.get_paginator("list_attached_role_policies").paginate(RoleName=expected["role"]):
        if any(one["PolicyArn"] == expected["policyArn"] for one in page["AttachedPolicies"]):
            return expected
    return None


ROWS = {
    "aws:iam/policy:Policy": Row(
        service="iam",
        inputs=POLICY,
        create=lambda call: str(call.client.create_policy(**wire.to_api(POLICY, call.props))["Policy"]["Arn"]),
        read=read_policy,
        update=update_policy,
        delete=delete_policy,
        tagging=Tagging(
            read=lambda call: pairs.to_tags(call.client.list_policy_tags(PolicyArn=call.id)["Tags"]),
            write=write_tags,
        ),
        gone=GONE,
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Row(
        service="iam",
        inputs=ATTACHMENT,
        create=attach,
        read=read_attachment,
        delete=lambda call: call.client.detach_role_policy(**wire.to_api(ATTACHMENT, key(call.id))),
        identify=key,
        gone=GONE,
    ),
}
