"""A network grows and shrinks on the real engine, and existing subnets do not change."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.harness.project import Project
from local.engine.workspace import Workspace

PROGRAM = Path(__file__).with_name("program")
A, B, C = (f"eu-central-1{letter}" for letter in "abc")


@pytest.fixture
def project(workspace: Workspace, tmp_path: Path) -> Iterator[Project]:
    """Create a stack; destroy it at the end."""
    made = Project.copy(workspace, PROGRAM, tmp_path / "network", f"n{os.urandom(3).hex()}")
    yield made
    made.destroy()


def configure(project: Project, **network: Any) -> None:
    """Set the network for the next deployment."""
    project.configure({"network:network": network})


def test_adding_and_removing_zones_keeps_other_subnets(project: Project) -> None:
    configure(project, zones=[A, C])
    before = project.up()["subnets"]
    project.expect_no_changes()
    configure(project, zones=[A, C, B])
    added = project.changes()
    of_the_new_zone = {name for operation, name in added if operation == "create"}
    assert all(B in name for name in of_the_new_zone)
    assert {name for operation, name in added if operation != "create"} == {
        "aws:ec2/vpcEndpoint:VpcEndpoint n-endpoint-dynamodb",
        "aws:ec2/vpcEndpoint:VpcEndpoint n-endpoint-s3",
    }
    project.expect_no_changes()
    assert project.outputs()["subnets"][:2] == before
    configure(project, zones=[A, C])
    removed = project.changes()
    assert {name for operation, name in removed if operation == "delete"} == of_the_new_zone
    assert project.outputs()["subnets"] == before


def test_nat_and_endpoints_are_deployed_and_destroyed(project: Project) -> None:
    configure(project, zones=[A, B], nat="per-zone", endpoints=["ssm"])
    project.up()
    project.expect_no_changes()
    configure(project, zones=[A, B], nat="single", endpoints=["ssm"])
    narrowed = project.changes()
    assert ("delete", f"aws:ec2/natGateway:NatGateway n-nat-{B}") in narrowed
    assert [change for change in narrowed if A in change[1]] == [], "the remaining gateway is unchanged"
    project.expect_no_changes()


def test_ipv4_only_network_deploys(project: Project) -> None:
    configure(project, zones=[A], ip_family="ipv4")
    project.up()
    project.expect_no_changes()


def test_rename_with_alias_replaces_nothing(project: Project) -> None:
    configure(project, zones=[A])
    before = project.up()["subnets"]
    project.configure({"network:network": {"zones": [A]}, "network:name": "m", "network:aliases": ["n"]})
    assert [change for change in project.changes() if change[0] != "update"] == []
    assert project.outputs()["subnets"] == before
    project.expect_no_changes()
