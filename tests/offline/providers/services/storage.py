"""Define cases for tables, repositories, secrets and keys: inputs, lifecycle drift and checks, and objects to adopt."""

import json
from collections.abc import Iterator
from typing import Any

from intermodal_offline.providers.values import Props
from tests.offline.providers.program import storage
from tests.offline.providers.stack import ACCOUNT, REGION
from tests.offline.providers.subjects import Clients, Ids, Subject

TABLE, KEY = "aws:dynamodb/table:Table", "aws:kms/key:Key"
REPOSITORY = "aws:ecr/repository:Repository"
SECRET, VERSION = "aws:secretsmanager/secret:Secret", "aws:secretsmanager/secretVersion:SecretVersion"

KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
ATTRIBUTES = [{"name": "id", "type": "S"}, {"name": "at", "type": "N"}]
CASES: list[tuple[str, Props]] = [
    (
        TABLE,
        {
            "name": "readback-t", "billingMode": "PROVISIONED", "hashKey": "id", "rangeKey": "at",
            "attributes": ATTRIBUTES, "readCapacity": 4, "writeCapacity": 5,
            "serverSideEncryption": {"enabled": True, "kmsKeyArn": KEY_ARN}, "pointInTimeRecovery": {"enabled": True},
        },
    ),
    (
        TABLE,
        {
            "billingMode": "PAY_PER_REQUEST", "hashKey": "id", "attributes": ATTRIBUTES[:1],
            "deletionProtectionEnabled": False,
        },
    ),
    (
        REPOSITORY,
        {
            "name": "readback/repository", "imageTagMutability": "IMMUTABLE",
            "imageScanningConfiguration": {"scanOnPush": True}, "forceDelete": True,
        },
    ),
    (
        SECRET,
        {
            "namePrefix": "readback-", "description": "d", "kmsKeyId": KEY_ARN, "recoveryWindowInDays": 0,
            "forceOverwriteReplicaSecret": True,
        },
    ),
    (SECRET, {"name": "readback-made", "recoveryWindowInDays": 0}),
    (VERSION, {"secretId": "", "secretString": "s", "versionStages": ["AWSCURRENT", "own"]}),
    (
        KEY,
        {
            "description": "d", "keyUsage": "ENCRYPT_DECRYPT", "policy": storage.owner("kms:*"),
            "enableKeyRotation": True, "deletionWindowInDays": 7,
        },
    ),
]  # fmt: skip


def dependencies(client: Clients) -> Iterator[dict[str, Any]]:
    """Create the resources that the cases refer to."""
    secret = client("secretsmanager").create_secret(Name="readback-secret")["ARN"]
    yield {"secretId": secret}
    client("secretsmanager").delete_secret(SecretId=secret, ForceDeleteWithoutRecovery=True)


def backups(client: Clients, ids: Ids) -> object:
    """Return whether point-in-time recovery is on."""
    found = client("dynamodb").describe_continuous_backups(TableName=ids[TABLE])["ContinuousBackupsDescription"]
    return found["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]


def stages(client: Clients, ids: Ids) -> object:
    """Return the staging labels on the secret's value."""
    secret, _, version = ids[VERSION].partition("|")
    return sorted(client("secretsmanager").get_secret_value(SecretId=secret, VersionId=version)["VersionStages"])


def label(client: Clients, ids: Ids) -> None:
    """Add a staging label to the secret's value."""
    secret, _, version = ids[VERSION].partition("|")
    client("secretsmanager").update_secret_version_stage(SecretId=secret, VersionStage="stray", MoveToVersionId=version)


SUBJECTS: dict[str, Subject] = {
    TABLE: Subject(
        updated=frozenset(
            {
                "billingMode", "readCapacity", "writeCapacity", "pointInTimeRecovery.enabled", "serverSideEncryption",
            }
        ),
        replaced="rangeKey",
        drifted="pointInTimeRecovery.enabled",
        cause_drift=lambda client, ids: client("dynamodb").update_continuous_backups(
            TableName=ids[TABLE], PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        ),
        read_live=backups,
    ),
    REPOSITORY: Subject(
        updated=frozenset({"imageTagMutability", "imageScanningConfiguration.scanOnPush"}),
        replaced="name",
        drifted="imageTagMutability",
        cause_drift=lambda client, ids: client("ecr").put_image_tag_mutability(
            repositoryName=ids[REPOSITORY], imageTagMutability="MUTABLE"
        ),
        read_live=lambda client, ids: client("ecr").describe_repositories(repositoryNames=[ids[REPOSITORY]])[
            "repositories"
        ][0]["imageTagMutability"],
    ),
    SECRET: Subject(
        updated=frozenset({"description", "tags", "tagsAll"}),
        replaced="namePrefix",
        drifted="description",
        cause_drift=lambda client, ids: client("secretsmanager").update_secret(
            SecretId=ids[SECRET], Description="stray"
        ),
        read_live=lambda client, ids: client("secretsmanager").describe_secret(SecretId=ids[SECRET]).get("Description"),
    ),
    VERSION: Subject(
        updated=frozenset({"versionStages"}),
        replaced="secretId",
        drifted="versionStages",
        cause_drift=label,
        read_live=stages,
    ),
    KEY: Subject(
        updated=frozenset({"description", "enableKeyRotation", "policy"}),
        replaced="keyUsage",
        drifted="enableKeyRotation",
        cause_drift=lambda client, ids: client("kms").disable_key_rotation(KeyId=ids[KEY]),
        read_live=lambda client, ids: client("kms").get_key_rotation_status(KeyId=ids[KEY])["KeyRotationEnabled"],
    ),
}  # fmt: skip


def create_all(client: Clients) -> dict[str, str]:
    """Create the objects for the variant `adopt`; return their import IDs."""
    tags = {"team": "a", "owner": "walk"}
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    dynamodb, secrets = client("dynamodb"), client("secretsmanager")
    dynamodb.create_table(
        TableName="adopt-table", BillingMode="PAY_PER_REQUEST", Tags=pairs,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"}, {"AttributeName": "at", "AttributeType": "N"},
        ],
    )  # fmt: skip
    dynamodb.update_continuous_backups(
        TableName="adopt-table", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    client("ecr").create_repository(
        repositoryName="adopt-repository", imageScanningConfiguration={"scanOnPush": True}, tags=pairs
    )
    secret = secrets.create_secret(Name="adopt-secret", Description="first", Tags=pairs)["ARN"]
    version = secrets.put_secret_value(
        SecretId=secret, SecretString="first", VersionStages=["AWSCURRENT", "walk"]
    )["VersionId"]  # fmt: skip
    key = client("kms").create_key(
        Description="first", Policy=json.dumps(json.loads(storage.BASE["Key"]["policy"]), indent=1),
        Tags=[{"TagKey": key, "TagValue": value} for key, value in tags.items()],
    )["KeyMetadata"]["KeyId"]  # fmt: skip
    return {
        TABLE: "adopt-table",
        REPOSITORY: "adopt-repository",
        SECRET: secret,
        VERSION: f"{secret}|{version}",
        KEY: key,
    }


def delete_all(client: Clients, ids: Ids) -> None:
    """Delete these objects."""
    client("dynamodb").delete_table(TableName="adopt-table")
    client("ecr").delete_repository(repositoryName="adopt-repository")
    client("secretsmanager").delete_secret(SecretId=ids[SECRET], ForceDeleteWithoutRecovery=True)
    client("kms").schedule_key_deletion(KeyId=ids[KEY], PendingWindowInDays=7)


def list_existing(client: Clients) -> dict[str, list[str]]:
    """Return all of these objects that exist, except keys that are pending deletion."""
    keys = [one["KeyId"] for one in client("kms").list_keys()["Keys"]]
    return {
        "tables": client("dynamodb").list_tables()["TableNames"],
        "repositories": [one["repositoryName"] for one in client("ecr").describe_repositories()["repositories"]],
        "secrets": [one["Name"] for one in client("secretsmanager").list_secrets()["SecretList"]],
        "keys": [
            key
            for key in keys
            if (found := client("kms").describe_key(KeyId=key)["KeyMetadata"])["KeyState"] != "PendingDeletion"
            and found["KeyManager"] == "CUSTOMER"
        ],
    }
