"""Stale statements that were fixed once do not return."""

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
"""By picture: the start of a lane's names, its program and its stack."""

NOT_YET = re.compile(r"\blater\b|not there yet|to come\b|dashed", re.IGNORECASE)


def docstring(path: str) -> str:
    """Return the docstring of a module."""
    return ast.get_docstring(ast.parse((ROOT / path).read_text())) or ""


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.stem)
def test_picture_names_every_target(picture: Path) -> None:
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
def test_picture_supports_dark_mode_and_loads_nothing(picture: Path) -> None:
    text = picture.read_text()
    assert "prefers-color-scheme: dark" in text
    assert not re.search(r"@import|@font-face|href=|url\((?!#)", text)


def shown_in(picture: str) -> str:
    """Return the text that a picture shows."""
    file = ROOT / "docs" / "pictures" / f"{picture}.svg"
    return " ".join(re.findall(r"<text[^>]*>([^<]*)", file.read_text()))


def test_picture_of_ecs_has_the_containers_of_a_task(session: Session) -> None:
    found = run(HERE / "programs" / "receipt.py", session, "moved")
    task = found.inputs("aws:ecs/taskDefinition:TaskDefinition", "receipt-main-task")
    names = [container["name"] for container in json.loads(task["containerDefinitions"])]
    assert len(names) == 4
    assert [name for name in names if name not in shown_in("ecs")] == []
    page = (ROOT / "docs" / "explanation" / "targets.md").read_text()
    assert f"A task has four containers: {names[0]}" in page


def test_picture_of_kubernetes_has_the_containers_of_a_pod(session: Session) -> None:
    found = run(HERE / "programs" / "clusters.py", session)
    job = found.inputs("kubernetes:keda.sh/v1alpha1:ScaledJob", "scan-main-jobs")
    pod = job["spec"]["jobTargetRef"]["template"]["spec"]
    names = [container["name"] for container in [*pod["initContainers"], *pod["containers"]]]
    assert len(names) == 3
    assert [name for name in names if name not in shown_in("kubernetes")] == []


@pytest.mark.parametrize(("picture", "prefix", "program", "stack"), LANES)
def test_picture_names_every_resource_of_a_lane(
    picture: str, prefix: str, program: str, stack: str, session: Session
) -> None:
    found = run(HERE / "programs" / program, session, stack)
    kinds = ("aws:lambda/", "aws:ecs/", "aws:appautoscaling/", "aws:scheduler/", "kubernetes:")
    names = [key.split(f" {prefix}")[1] for key in found.resources if key.startswith(kinds) and f" {prefix}" in key]
    assert names
    assert [name for name in names if f"-{name}" not in shown_in(picture)] == []


def test_docstring_of_platform_names_its_parts() -> None:
    text = docstring("components/intermodal/platform/__init__.py")
    assert not NOT_YET.search(text)
    assert all(part in text for part in ("network", "bus", "ECS", "Kubernetes"))


def test_docstring_of_the_security_group_matches_its_rules(session: Session) -> None:
    assert docstring("components/intermodal/network/security_group.py").endswith("no ingress, all egress.")
    found = run(HERE / "programs" / "receipt.py", session)
    assert "ingress" not in found.inputs("aws:ec2/securityGroup:SecurityGroup", "receipt-security-group")
    rules = [args.inputs for key, args in found.resources.items() if "EgressRule receipt-" in key]
    assert {rule.get("cidrIpv4") or rule.get("cidrIpv6") for rule in rules} == {"0.0.0.0/0", "::/0"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_page_copies_no_text_of_the_library(page: Path) -> None:
    """A copied error goes stale, such as a list of keys; `goldens/` holds the tested texts."""
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
    """ECS needs three to five minutes after hours of silence."""
    assert "within two minutes" not in " ".join(page.read_text().split())
