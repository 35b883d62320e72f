"""Stale statements that have been fixed do not return."""

import ast
import json
import re
from pathlib import Path

import pytest

from intermodal.limits import Target
from tests.conftest import ROOT, Session
from tests.unit.docs.samples import HERE, run
from tests.unit.docs.test_pages import PAGES, blocks

PICTURES = sorted((ROOT / "docs" / "pictures").glob("*.svg"))
NAMES = {Target.LAMBDA: "Lambda", Target.ECS: "ECS", Target.KUBERNETES: "Kubernetes"}
LANES = [
    ("lambda", "receipt-main-", "receipt.py", "receipt"),
    ("ecs", "receipt-main-", "receipt.py", "moved"),
    ("kubernetes", "scan-main-", "clusters.py", "clusters"),
]
"""For each diagram: the start of a lane's resource names, its program and its stack."""

NOT_YET = re.compile(r"\blater\b|not there yet|to come\b|dashed", re.IGNORECASE)


def read_docstring(path: str) -> str:
    """Return a module's docstring."""
    return ast.get_docstring(ast.parse((ROOT / path).read_text())) or ""


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.stem)
def test_diagram_shows_every_target(picture: Path) -> None:
    text = picture.read_text()
    described = re.search(r"<desc[^>]*>(.*?)</desc>", text, re.DOTALL)
    assert described
    shown = " ".join(re.findall(r"<text[^>]*>([^<]*)", text))
    for target in Target:
        assert NAMES[target] in described[1]
        assert NAMES[target] in shown


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.stem)
def test_picture_mentions_no_future_work(picture: Path) -> None:
    assert not NOT_YET.search(re.sub(r"<style>.*?</style>", "", picture.read_text(), flags=re.DOTALL))


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.stem)
def test_diagram_supports_dark_mode_and_loads_no_other_file(picture: Path) -> None:
    text = picture.read_text()
    assert "prefers-color-scheme: dark" in text
    assert not re.search(r"@import|@font-face|href=|url\((?!#)", text)


def read_picture(picture: str) -> str:
    """Return the text that a diagram shows."""
    file = ROOT / "docs" / "pictures" / f"{picture}.svg"
    return " ".join(re.findall(r"<text[^>]*>([^<]*)", file.read_text()))


def test_ecs_diagram_has_a_tasks_containers(session: Session) -> None:
    found = run(HERE / "programs" / "receipt.py", session, "moved")
    task = found.inputs("aws:ecs/taskDefinition:TaskDefinition", "receipt-main-task")
    names = [container["name"] for container in json.loads(task["containerDefinitions"])]
    assert len(names) == 4
    assert [name for name in names if name not in read_picture("ecs")] == []
    page = (ROOT / "docs" / "explanation" / "targets.md").read_text()
    assert f"A task has four containers: {names[0]}" in page


def test_kubernetes_diagram_has_a_pods_containers(session: Session) -> None:
    found = run(HERE / "programs" / "clusters.py", session)
    job = found.inputs("kubernetes:keda.sh/v1alpha1:ScaledJob", "scan-main-jobs")
    pod = job["spec"]["jobTargetRef"]["template"]["spec"]
    names = [container["name"] for container in [*pod["initContainers"], *pod["containers"]]]
    assert len(names) == 3
    assert [name for name in names if name not in read_picture("kubernetes")] == []


@pytest.mark.parametrize(("picture", "prefix", "program", "stack"), LANES)
def test_diagram_shows_every_resource_in_a_lane(
    picture: str, prefix: str, program: str, stack: str, session: Session
) -> None:
    found = run(HERE / "programs" / program, session, stack)
    kinds = ("aws:lambda/", "aws:ecs/", "aws:appautoscaling/", "aws:scheduler/", "kubernetes:")
    names = [key.split(f" {prefix}")[1] for key in found.resources if key.startswith(kinds) and f" {prefix}" in key]
    assert names
    assert [name for name in names if f"-{name}" not in read_picture(picture)] == []


def test_platform_docstring_lists_its_parts() -> None:
    text = read_docstring("components/intermodal/platform/__init__.py")
    assert not NOT_YET.search(text)
    assert all(part in text for part in ("network", "bus", "ECS", "Kubernetes"))


def test_security_group_docstring_matches_its_rules(session: Session) -> None:
    assert read_docstring("components/intermodal/network/security_group.py").endswith(
        "allows all egress and no ingress."
    )
    found = run(HERE / "programs" / "receipt.py", session)
    assert "ingress" not in found.inputs("aws:ec2/securityGroup:SecurityGroup", "receipt-security-group")
    rules = [args.inputs for key, args in found.resources.items() if "EgressRule receipt-" in key]
    assert {rule.get("cidrIpv4") or rule.get("cidrIpv6") for rule in rules} == {"0.0.0.0/0", "::/0"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_page_does_not_copy_the_librarys_messages(page: Path) -> None:
    """A copied error message goes stale, for example its list of keys; `goldens/` holds the tested messages."""
    for language, code in blocks(page):
        if language == "console":
            assert not re.search(r'^(ContainerFunction|Platform|Network) "|^warning: |known are', code, re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_shown_command_error_is_expected_by_a_test(page: Path) -> None:
    tests = "".join(path.read_text() for path in sorted((ROOT / "tests").glob("*/*/test_cli.py")))
    for _, code in blocks(page):
        for line in re.findall("^error: .*$", code, re.MULTILINE):
            assert line in tests


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_pages_do_not_promise_two_minutes(page: Path) -> None:
    """ECS needs three to five minutes to start a task after hours without messages."""
    assert "within two minutes" not in " ".join(page.read_text().split())
