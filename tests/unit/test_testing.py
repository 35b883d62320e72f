"""A user's own unit test runs with the mocks of intermodal.testing and with Pulumi's documented ones."""

from typing import Any

import pulumi
import pytest
from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks
from pulumi_aws import ecr, kms, secretsmanager

from intermodal import ContainerFunction, Platform, enable_bucket_events, testing
from tests.conftest import IMAGE, Session
from tests.unit.test_contract import EVERY_SOURCE

FUNCTION = "aws:lambda/function:Function scan-main-function"


class DocumentedMocks(Mocks):
    """Mocks as in Pulumi's guide on unit tests: a resource returns its inputs, a function returns nothing."""

    def __init__(self) -> None:
        self.resources: dict[str, MockResourceArgs] = {}

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        self.resources[f"{args.typ} {args.name}"] = args
        return f"{args.name}_id", dict(args.inputs)

    def call(self, args: MockCallArgs) -> Any:  # noqa: ARG002 - the base class's
        return {}


def program(target: str) -> Any:
    """Return a program with everything that a user's program may contain."""

    def run() -> None:
        platform: Any = {
            "network": {"zones": ["eu-central-1a", "eu-central-1b"], "endpoints": ["ssm"], "ip_family": "ipv4"},
            "ecs": {},
            "bus": {},
            "kubernetes": {"existing": {"kubeconfig": "{}", "oidc_provider_arn": "arn:aws:iam::1:oidc-provider/o"}},
            "adapter": {"uri": IMAGE},
        }
        made = Platform("shared", platform)
        login = secretsmanager.Secret("login")
        version = secretsmanager.SecretVersion("login", secret_id=login.arn, secret_string="{}")
        key = kms.Key("variables")
        enable_bucket_events("photos", "photos")
        definition: Any = {
            "image": IMAGE,
            "target": target,
            "platform": made.handle,
            "vpc": target != "kubernetes",
            "sources": EVERY_SOURCE,
            "secrets": {"LOGIN": version.secret_arn},
            "kms_key_arn": key.arn,
        }
        ContainerFunction("scan", definition, pulumi.ResourceOptions(providers=made.providers))

    return run


@pytest.mark.parametrize("target", ["lambda", "ecs", "kubernetes"])
@pytest.mark.parametrize("mocks", [DocumentedMocks, testing.Mocks])
def test_program_runs_under_mocks(session: Session, mocks: Any, target: str) -> None:
    cloud = mocks()
    session.run(program(target), cloud)
    assert "intermodal:index:ContainerFunction scan" in cloud.resources


def test_mocks_return_arns_in_aws_format(session: Session) -> None:
    cloud = testing.Mocks(account="210987654321", region="us-east-1")
    image = IMAGE.replace("eu-central-1", "us-east-1")
    definition: Any = {"image": image, "target": "lambda"}
    session.run(lambda: ContainerFunction("scan", definition), cloud)
    role = cloud.inputs("aws:lambda/function:Function", "scan-main-function")["role"]
    assert role.startswith("arn:aws:iam::210987654321:role/scan-role-")


def test_invoke_without_a_response_is_reported(session: Session) -> None:
    with pytest.raises(KeyError, match="no response is mocked for aws:ec2/getAmi:getAmi"):
        testing.Mocks().call(MockCallArgs("aws:ec2/getAmi:getAmi", {}, ""))


def test_image_from_the_programs_repository_is_in_ecr(session: Session) -> None:
    cloud = testing.Mocks()

    def run() -> None:
        repository = ecr.Repository("scan").repository_url
        image = repository.apply(lambda url: f"{url}@sha256:{'0' * 64}")
        ContainerFunction("scan", {"image": image, "target": "lambda"})

    session.run(run, cloud)
    assert ".dkr.ecr." in cloud.inputs("aws:lambda/function:Function", "scan-main-function")["imageUri"]
