"""Create the IAM user that deploys stacks, its policy, and the AWS profile with its keys."""

import configparser
import io
import json

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from local.aws.settings import ACCOUNT, PROFILE, REGION, Emulator

USER = "intermodal-deployer"

SERVICES = (
    "apigateway", "application-autoscaling", "cloudwatch", "dynamodb", "ec2", "ecr", "ecs", "events", "iam", "kms",
    "lambda", "logs", "s3", "scheduler", "secretsmanager", "sns", "sqs", "ssm", "sts",
)  # fmt: skip
"""IAM prefixes of the services that a deployment and the demo call; calls to any other service are denied."""

POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": [f"{service}:*" for service in SERVICES], "Resource": "*"},
        {
            "Effect": "Deny",
            "Action": ["iam:*User*", "iam:*AccessKey*"],
            "Resource": "*",
        },
    ],
}


def ensure(emulator: Emulator) -> None:
    """Update the user's policy; if its profile does not work, also create the user and write the profile."""
    iam = boto3.client(
        "iam",
        endpoint_url=emulator.endpoint,
        region_name=REGION,
        aws_access_key_id=ACCOUNT,  # the account's root user, used only to create the user
        aws_secret_access_key="root",  # noqa: S106 - ministack does not check the root user's secret key
        config=Config(retries={"total_max_attempts": 3}),
    )
    is_valid = _is_profile_valid(emulator)
    if not is_valid:
        try:
            iam.create_user(UserName=USER)
        except ClientError as error:
            if error.response["Error"]["Code"] != "EntityAlreadyExists":
                raise
    # State saved by an older version may contain a user with fewer permissions.
    iam.put_user_policy(UserName=USER, PolicyName="deploy", PolicyDocument=json.dumps(POLICY))
    if is_valid:
        return
    for key in iam.list_access_keys(UserName=USER)["AccessKeyMetadata"]:
        iam.delete_access_key(UserName=USER, AccessKeyId=key["AccessKeyId"])
    key_pair = iam.create_access_key(UserName=USER)["AccessKey"]
    _write(emulator, key_pair["AccessKeyId"], key_pair["SecretAccessKey"])


def session(emulator: Emulator) -> boto3.Session:
    """Return a boto3 session with the deployer's credentials."""
    keys = configparser.ConfigParser()
    keys.read(emulator.folder / "credentials")
    return boto3.Session(
        aws_access_key_id=keys[PROFILE]["aws_access_key_id"],
        aws_secret_access_key=keys[PROFILE]["aws_secret_access_key"],
        region_name=REGION,
    )


def _is_profile_valid(emulator: Emulator) -> bool:
    if not (emulator.folder / "credentials").exists() or not (emulator.folder / "config").exists():
        return False
    if emulator.endpoint not in (emulator.folder / "config").read_text():
        return False  # the port has changed
    try:
        caller = session(emulator).client("sts", endpoint_url=emulator.endpoint).get_caller_identity()
    except ClientError:
        return False
    return caller["Arn"].endswith(f":user/{USER}")


def _write(emulator: Emulator, key: str, secret: str) -> None:
    _write_ini(emulator, "credentials", PROFILE, {"aws_access_key_id": key, "aws_secret_access_key": secret})
    _write_ini(emulator, "config", f"profile {PROFILE}", {"region": REGION, "endpoint_url": emulator.endpoint})


def _write_ini(emulator: Emulator, file: str, section: str, values: dict[str, str]) -> None:
    parser = configparser.ConfigParser()
    parser[section] = values
    text = io.StringIO()
    parser.write(text)
    path = emulator.folder / file
    path.touch(mode=0o600)
    path.write_text(text.getvalue())
