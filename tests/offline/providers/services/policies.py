"""Define cases for managed policies and attachments: every input, the lifecycle, and objects to adopt."""

from collections.abc import Iterator
from typing import Any

from intermodal_offline.providers.values import Props
from tests.offline.providers.program import policies
from tests.offline.providers.program.documents import access
from tests.offline.providers.stack import ACCOUNT
from tests.offline.providers.subjects import ROLE, Clients, Ids, Subject

POLICY, ATTACHMENT = "aws:iam/policy:Policy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"

ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
CASES: list[tuple[str, Props]] = [
    (POLICY, {"name": "readback-p", "path": "/p/", "description": "d", "policy": access("s3:GetObject")}),
    (POLICY, {"namePrefix": "readback-", "policy": access("s3:GetObject")}),
    (ATTACHMENT, {"role": "readback-role", "policyArn": ADMINISTRATOR}),
]


def dependencies(client: Clients) -> Iterator[dict[str, Any]]:
    """Create the resources that the cases refer to."""
    yield {}


def in_force(client: Clients, ids: Ids) -> object:
    """Return the policy document's default version."""
    iam, arn = client("iam"), ids[POLICY]
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    return iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]


SUBJECTS: dict[str, Subject] = {
    POLICY: Subject(
        updated=frozenset({"policy", "tags", "tagsAll"}),
        replaced="path",
        drifted="policy",
        cause_drift=lambda client, ids: client("iam").create_policy_version(
            PolicyArn=ids[POLICY], PolicyDocument=access("s3:*"), SetAsDefault=True
        ),
        read_live=in_force,
    ),
    ATTACHMENT: Subject(
        updated=frozenset(),
        replaced="policyArn",
        drifted="",
        cause_drift=lambda client, ids: client("iam").detach_role_policy(RoleName=ids[ROLE], PolicyArn=ids[POLICY]),
        read_live=lambda client, ids: client("iam").list_attached_role_policies(RoleName=ids[ROLE])["AttachedPolicies"],
    ),
}


def create_all(client: Clients) -> dict[str, str]:
    """Create the objects for the variant `adopt`; return their import IDs."""
    pairs = [{"Key": "team", "Value": "a"}, {"Key": "owner", "Value": "walk"}]
    document = policies.BASE["Policy"]["policy"]
    client("iam").create_policy(PolicyName="adopt-policy", PolicyDocument=document, Description="first", Tags=pairs)
    arn = f"arn:aws:iam::{ACCOUNT}:policy/adopt-policy"
    client("iam").attach_role_policy(RoleName="adopt-role", PolicyArn=arn)
    return {POLICY: arn, ATTACHMENT: f"adopt-role/{arn}"}


def delete_all(client: Clients, ids: Ids) -> None:
    """Delete these objects."""
    client("iam").detach_role_policy(RoleName="adopt-role", PolicyArn=ids[POLICY])
    client("iam").delete_policy(PolicyArn=ids[POLICY])


def list_existing(client: Clients) -> dict[str, list[str]]:
    """Return all of these objects that exist."""
    return {"policies": [one["PolicyName"] for one in client("iam").list_policies(Scope="Local")["Policies"]]}
