"""A zone is added to a platform with a function in its VPC; the preview shows no other change."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.harness.project import Project
from local.engine.workspace import Workspace

PROGRAM = Path(__file__).with_name("growing")
A, B = "eu-central-1a", "eu-central-1b"


@pytest.fixture
def project(workspace: Workspace, tmp_path: Path) -> Iterator[Project]:
    """Create a stack; destroy it at the end."""
    made = Project.copy(workspace, PROGRAM, tmp_path / "growing", f"g{os.urandom(3).hex()}")
    yield made
    made.destroy()


def test_new_zone_changes_neither_role_nor_queues(project: Project, images_of_examples: dict[str, str]) -> None:
    def configure(*zones: str) -> None:
        project.configure({"growing:zones": list(zones), "growing:image": images_of_examples["examples/thumbnails"]})

    configure(A)
    project.up()
    configure(A, B)
    planned, output = project.planned()
    of_others = [(operation, name) for operation, name in planned if B not in name]
    assert of_others == [
        ("update", "aws:ec2/vpcEndpoint:VpcEndpoint p-network-endpoint-dynamodb"),
        ("update", "aws:ec2/vpcEndpoint:VpcEndpoint p-network-endpoint-s3"),
        ("update", "aws:lambda/function:Function scan-main-function"),
    ]
    assert 'Platform "p": network cannot reach ecr.api, ecr.dkr, logs, sqs for target ecs, ' in output
    assert 'ContainerFunction "scan": ssm cannot be reached from its platform\'s network, ' in output
    assert sorted(project.changes()) == sorted(planned)
    project.expect_no_changes()
