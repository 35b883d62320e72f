"""One stack reads another's handle on the real engine: with secrets beside or in it, floats, missing keys, versions."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.harness.project import Project
from local.engine.workspace import Workspace

HERE = Path(__file__).parent
Stacks = tuple[Project, Project]


@pytest.fixture(scope="module")
def stacks(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stacks]:
    """Create the platform's stack and the team's stack."""
    folder, stack = tmp_path_factory.mktemp("two"), f"s{os.urandom(3).hex()}"
    shared = Project.copy(workspace, HERE / "shared", folder / "shared", stack)
    team = Project.copy(workspace, HERE / "functions", folder / "functions", stack)
    shared.configure({})
    shared.up()
    yield shared, team
    team.destroy()
    shared.destroy()


def attach(team: Project, output: str = "platform") -> None:
    """Set the output that the team's program reads."""
    team.configure({"teams:platform": f"organization/platforms/{team.stack}", "teams:output": output})


def deploy_shared(shared: Project, **wrong: object) -> None:
    """Deploy the platform's stack with a different export."""
    shared.configure({"platforms:wrong": wrong})
    shared.up()


def test_handle_keeps_integers_beside_a_secret_output(stacks: Stacks) -> None:
    shared, team = stacks
    deploy_shared(shared)
    attach(team)
    outputs = team.up()
    assert outputs["version_is"] == "int"
    assert outputs["handle"] == shared.outputs()["platform"]
    team.expect_no_changes()


def test_secret_in_the_handle_is_refused(stacks: Stacks) -> None:
    _, team = stacks
    attach(team, "with_a_secret")
    output = team.refused()
    assert 'Platform "p": with_a_secret must not be secret; ' in output
    assert "hunter2" not in output


def test_missing_output_suggests_the_nearest_name(stacks: Stacks) -> None:
    _, team = stacks
    attach(team, "platfrom")
    assert "platfrom must be an output of the other stack, which exports password, platform, " in team.refused()


def test_missing_keys_are_listed(stacks: Stacks) -> None:
    shared, team = stacks
    deploy_shared(shared, vpc_id=None)
    attach(team)
    assert "must have the keys vpc_id; deploy the platform's stack again." in team.refused()


def test_handle_with_another_version_is_rejected(stacks: Stacks) -> None:
    shared, team = stacks
    deploy_shared(shared, version=99)
    attach(team)
    assert "must be 1 for this release of intermodal, got 99; use one release for both stacks." in team.refused()
