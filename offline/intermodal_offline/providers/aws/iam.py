"""Implement aws:iam roles and their inline policies."""

import json
from typing import Any

from intermodal_offline.providers import wire
from intermodal_offline.providers.aws import pairs
from intermodal_offline.providers.compare import policy
from intermodal_offline.providers.table import Call, Field, Row, Tagging, fields
from intermodal_offline.providers.values import Props

GONE = frozenset({"NoSuchEntity", "NoSuchEntityException"})

ROLE = fields(
    name="RoleName",
    namePrefix=Field(local=True),
    path="Path",
    assumeRolePolicy=Field(wire="AssumeRolePolicyDocument", normal=policy),
    description=Field(wire="Description", blank=""),
    maxSessionDuration="MaxSessionDuration",
    permissionsBoundary="PermissionsBoundary",
    forceDetachPolicies=Field(local=True),
)


def text(found: Any) -> Any:
    """Return a policy as a JSON string; botocore may have parsed it."""
    return found if isinstance(found, str) else json.dumps(found, separators=(",", ":"))


def read_role(call: Call) -> Props:
    found = call.client.get_role(RoleName=call.id)["Role"]
    boundary = found.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    return {
        **wire.from_api(ROLE, found), "assumeRolePolicy": text(found["AssumeRolePolicyDocument"]),
        "permissionsBoundary": boundary, "arn": found["Arn"], "uniqueId": found["RoleId"],
        "createDate": found["CreateDate"].strftime("%Y-%m-%dT%H:%M:%SZ"),
    }  # fmt: skip


def update_role(call: Call, changed: frozenset[str]) -> None:
    if "assumeRolePolicy" in changed:
        call.client.update_assume_role_policy(RoleName=call.id, PolicyDocument=call.props["assumeRolePolicy"])
    if "maxSessionDuration" in changed:
        call.client.update_role(RoleName=call.id, MaxSessionDuration=call.props["maxSessionDuration"])
    if "description" in changed:  # only this call accepts an empty description
        call.client.update_role_description(RoleName=call.id, Description=call.props.get("description", ""))
    if "permissionsBoundary" in changed:
        if boundary := call.props.get("permissionsBoundary"):
            call.client.put_role_permissions_boundary(RoleName=call.id, PermissionsBoundary=boundary)
        else:
            call.client.delete_role_permissions_boundary(RoleName=call.id)


def delete_role(call: Call) -> None:
    if call.props.get("forceDetachPolicies"):
        for page in call.client.get_paginator("list_attached_role_policies").paginate(RoleName=call.id):
            for attached in page["AttachedPolicies"]:
                call.client.detach_role_policy(RoleName=call.id, PolicyArn=attached["PolicyArn"])
        for page in call.client.get_paginator("list_role_policies").paginate(RoleName=call.id):
            for name in page["PolicyNames"]:
                call.client.delete_role_policy(RoleName=call.id, PolicyName=name)
    call.client.delete_role(RoleName=call.id)


def write_tags(call: Call, tags: dict[str, str], removed: list[str]) -> None:
    if removed:
        call.client.untag_role(RoleName=call.id, TagKeys=removed)
    if tags:
        call.client.tag_role(RoleName=call.id, Tags=pairs.to_pairs(tags))


POLICY = fields(
    role="RoleName",
    name="PolicyName",
    namePrefix=Field(local=True),
    policy=Field(wire="PolicyDocument", normal=policy),
)


def put_policy(call: Call, *_: Any) -> str:
    call.client.put_role_policy(**wire.to_api(POLICY, call.props))
    return f"{call.props['role']}:{call.props['name']}"


def key(identity: str) -> Props:
    role, _, name = identity.partition(":")
    return {"role": role, "name": name}


def named(call: Call) -> dict[str, str]:
    return wire.to_api({name: POLICY[name] for name in ("role", "name")}, key(call.id))


def read_policy(call: Call) -> Props:
    found = call.client.get_role_policy(**named(call))
    return {**wire.from_api(POLICY, found), "policy": text(found["PolicyDocument"])}


ROWS = {
    "aws:iam/role:Role": Row(
        service="iam",
        inputs=ROLE,
        create=lambda call: str(call.client.create_role(**wire.to_api(ROLE, call.props))["Role"]["RoleName"]),
        read=read_role,
        update=update_role,
        delete=delete_role,
        tagging=Tagging(
            read=lambda call: pairs.to_tags(call.client.list_role_tags(RoleName=call.id)["Tags"]), write=write_tags
        ),
        gone=GONE,
    ),
    "aws:iam/rolePolicy:RolePolicy": Row(
        service="iam",
        inputs=POLICY,
        create=put_policy,
        read=read_policy,
        update=put_policy,
        delete=lambda call: call.client.delete_role_policy(**named(call)),
        identify=key,
        gone=GONE,
    ),
}
