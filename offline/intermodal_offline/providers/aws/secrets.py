"""Implement aws:secretsmanager secrets and secret versions, and aws:kms keys."""

from intermodal_offline.providers import wire
from intermodal_offline.providers.aws import pairs
from intermodal_offline.providers.aws.invokes import reject_unsupported
from intermodal_offline.providers.cloud import Cloud
from intermodal_offline.providers.compare import policy, unordered
from intermodal_offline.providers.table import Call, Field, Invoke, Row, Tagging, fields
from intermodal_offline.providers.values import Props

GONE = frozenset({"ResourceNotFoundException"})
CURRENT = "AWSCURRENT"

SECRET = fields(
    name="Name",
    namePrefix=Field(local=True),
    description=Field(wire="Description", blank=""),
    kmsKeyId=Field(wire="KmsKeyId", blank=""),
    recoveryWindowInDays=Field(local=True),
    forceOverwriteReplicaSecret=Field(local=True),
)


def create_secret(call: Call) -> str:
    return str(call.client.create_secret(**wire.to_api(SECRET, call.props))["ARN"])


def read_secret(call: Call) -> Props | None:
    found = call.client.describe_secret(SecretId=call.id)
    return None if found.get("DeletedDate") else {**wire.from_api(SECRET, found), "arn": found["ARN"]}


def update_secret(call: Call, changed: frozenset[str]) -> None:
    given: dict[str, Field] = {name: SECRET[name] for name in ("description", "kmsKeyId") if name in changed}
    if given:
        call.client.update_secret(SecretId=call.id, **wire.to_api(given, call.props, given.keys() - call.props.keys()))


def delete_secret(call: Call) -> None:
    days = call.props.get("recoveryWindowInDays", 30)
    how = {"RecoveryWindowInDays": days} if days else {"ForceDeleteWithoutRecovery": True}
    call.client.delete_secret(SecretId=call.id, **how)


def write_secret_tags(call: Call, tags: dict[str, str], removed: list[str]) -> None:
    if removed:
        call.client.untag_resource(SecretId=call.id, TagKeys=removed)
    if tags:
        call.client.tag_resource(SecretId=call.id, Tags=pairs.to_pairs(tags))


VERSION = fields(
    secretId="SecretId",
    secretString="SecretString",
    versionStages=Field(wire="VersionStages", normal=unordered),
)


def create_version(call: Call) -> str:
    made = call.client.put_secret_value(**wire.to_api(VERSION, call.props))
    return f"{call.props['secretId']}|{made['VersionId']}"


def version_key(identity: str) -> Props:
    secret, _, version = identity.partition("|")
    return {"SecretId": secret, "VersionId": version}


def read_version(call: Call) -> Props:
    key = version_key(call.id)
    found = call.client.get_secret_value(**key)
    return {
        **wire.from_api(VERSION, found), "secretId": key["SecretId"], "arn": found["ARN"], "secretArn": found["ARN"],
        "versionId": found["VersionId"], "hasSecretStringWo": False,
    }  # fmt: skip


def update_version(call: Call, _: frozenset[str]) -> None:
    """Update the staging labels only, because a new value requires a new version."""
    key, stages = version_key(call.id), set(call.props.get("versionStages", []))
    held = set(call.client.get_secret_value(**key)["VersionStages"])
    others: dict[str, list[str]] = call.client.describe_secret(SecretId=key["SecretId"])["VersionIdsToStages"]
    for stage in sorted(stages - held):
        holder = next((version for version, labels in others.items() if stage in labels), None)
        removal = {"RemoveFromVersionId": holder} if holder else {}
        call.client.update_secret_version_stage(
            SecretId=key["SecretId"], VersionStage=stage, MoveToVersionId=key["VersionId"], **removal
        )
    drop_stages(call, held - stages)


def delete_version(call: Call) -> None:
    drop_stages(call, set(call.client.get_secret_value(**version_key(call.id))["VersionStages"]))


def drop_stages(call: Call, stages: set[str]) -> None:
    """Remove staging labels except AWSCURRENT, which can only be moved to another version."""
    key = version_key(call.id)
    for stage in sorted(stages - {CURRENT}):
        call.client.update_secret_version_stage(
            SecretId=key["SecretId"], VersionStage=stage, RemoveFromVersionId=key["VersionId"]
        )


KEY = fields(
    description=Field(wire="Description", blank=""),
    keyUsage="KeyUsage",
    policy=Field(wire="Policy", normal=policy),
    enableKeyRotation=Field(),
    deletionWindowInDays=Field(local=True),
)


def create_key(call: Call) -> str:
    return str(call.client.create_key(**wire.to_api(KEY, call.props))["KeyMetadata"]["KeyId"])


def settle_key(call: Call) -> None:
    if call.props.get("enableKeyRotation"):
        update_key(call, frozenset({"enableKeyRotation"}))


def read_key(call: Call) -> Props | None:
    found = call.client.describe_key(KeyId=call.id)["KeyMetadata"]
    if found["KeyState"] == "PendingDeletion":
        return None
    rotates = call.client.get_key_rotation_status(KeyId=call.id)["KeyRotationEnabled"]
    document = call.client.get_key_policy(KeyId=call.id, PolicyName="default")["Policy"]
    return {
        **wire.from_api(KEY, found), "enableKeyRotation": rotates, "policy": document, "arn": found["Arn"],
        "keyId": call.id,
    }  # fmt: skip


def update_key(call: Call, changed: frozenset[str]) -> None:
    if "description" in changed:
        call.client.update_key_description(KeyId=call.id, Description=call.props.get("description", ""))
    if "policy" in changed:
        call.client.put_key_policy(KeyId=call.id, PolicyName="default", Policy=call.props["policy"])
    if "enableKeyRotation" in changed:
        rotate = "enable" if call.props.get("enableKeyRotation") else "disable"
        getattr(call.client, f"{rotate}_key_rotation")(KeyId=call.id)


def delete_key(call: Call) -> None:
    days = call.props.get("deletionWindowInDays")
    call.client.schedule_key_deletion(KeyId=call.id, **({"PendingWindowInDays": days} if days else {}))


def write_key_tags(call: Call, tags: dict[str, str], removed: list[str]) -> None:
    if removed:
        call.client.untag_resource(KeyId=call.id, TagKeys=removed)
    if tags:
        named = [{"TagKey": key, "TagValue": value} for key, value in sorted(tags.items())]
        call.client.tag_resource(KeyId=call.id, Tags=named)


def read_key_tags(call: Call) -> dict[str, str]:
    found = call.client.list_resource_tags(KeyId=call.id)["Tags"]
    return {one["TagKey"]: one["TagValue"] for one in found}


def value_of(cloud: Cloud, arguments: Props) -> Props:
    """Return the secret value of the version with this stage or ID, or of the current version by default."""
    reject_unsupported(arguments, "secretId", "versionId", "versionStage")
    chosen = {"VersionId": arguments.get("versionId"), "VersionStage": arguments.get("versionStage")}
    given = {name: value for name, value in chosen.items() if value}
    found = cloud.client("secretsmanager").get_secret_value(SecretId=arguments["secretId"], **given)
    version = found["VersionId"]
    return {
        "id": f"{arguments['secretId']}|{arguments.get('versionStage') or version}",
        "arn": found["ARN"], "secretArn": found["ARN"],
        "secretId": arguments["secretId"], "secretString": found["SecretString"], "versionId": version,
        "versionStage": arguments.get("versionStage", ""), "versionStages": found["VersionStages"],
        "secretBinary": "", "createdDate": found["CreatedDate"].strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": cloud.region,
    }  # fmt: skip


INVOKES: dict[str, Invoke] = {"aws:secretsmanager/getSecretVersion:getSecretVersion": value_of}

ROWS = {
    "aws:secretsmanager/secret:Secret": Row(
        service="secretsmanager",
        inputs=SECRET,
        create=create_secret,
        read=read_secret,
        update=update_secret,
        delete=delete_secret,
        tagging=Tagging(
            read=lambda call: pairs.to_tags(call.client.describe_secret(SecretId=call.id).get("Tags", [])),
            write=write_secret_tags,
        ),
        gone=GONE,
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": Row(
        service="secretsmanager",
        inputs=VERSION,
        create=create_version,
        read=read_version,
        update=update_version,
        delete=delete_version,
        # Secrets Manager rejects reads of a secret that is scheduled for deletion.
        gone=GONE | {"InvalidRequestException"},
        replaced_if={"secretString": lambda olds, news: True},  # noqa: ARG005 - values are immutable
    ),
    "aws:kms/key:Key": Row(
        service="kms",
        inputs=KEY,
        create=create_key,
        settle=settle_key,
        read=read_key,
        update=update_key,
        delete=delete_key,
        tagging=Tagging(read=read_key_tags, write=write_key_tags),
        gone=frozenset({"NotFoundException"}),
    ),
}
