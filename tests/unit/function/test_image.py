"""A built image's reference changes if, and only if, its contents change."""

from pathlib import Path

import pulumi
import pulumi_docker_build as docker_build
import pytest
from pulumi_aws import ecr

from intermodal import ContainerFunction, DefinitionError
from intermodal.function.check import check_definition
from intermodal.images.reference import build_reference, folder_of, is_on_this_machine, is_reference, strip_tag
from intermodal.targets.aws_lambda.check import value_checks
from tests.conftest import IMAGE, REGION, Run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    made = tmp_path / "apps" / "scan"
    made.mkdir(parents=True)
    (made / "Dockerfile").write_text("FROM scratch\n")
    (made / "app.py").write_text("x = 1\n")
    return made


def test_reference_contains_its_folder(folder: Path) -> None:
    name = build_reference("apps/scan")
    assert name.startswith("intermodal-local/apps/scan:")
    assert folder_of(name) == "apps/scan"
    assert folder_of("registry.example/apps/scan:1") is None


def test_content_name_and_execute_bit_change_the_tag(folder: Path) -> None:
    seen = {build_reference("apps/scan")}
    (folder / "app.py").write_text("x = 2\n")
    seen.add(build_reference("apps/scan"))
    (folder / "app.py").rename(folder / "main.py")
    seen.add(build_reference("apps/scan"))
    (folder / "main.py").chmod(0o755)
    seen.add(build_reference("apps/scan"))
    assert len(seen) == 4


def test_times_and_python_caches_do_not_change_the_tag(folder: Path) -> None:
    before = build_reference("apps/scan")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "app.cpython-311.pyc").write_bytes(b"0")
    (folder / "app.py").touch()
    assert build_reference("apps/scan") == before


DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (f"registry.example:5000/scan:1@{DIGEST}", f"registry.example:5000/scan@{DIGEST}"),
        (f"registry.example/scan@{DIGEST}", f"registry.example/scan@{DIGEST}"),
        ("registry.example:5000/scan:1", "registry.example:5000/scan:1"),
        ("registry.example:5000/scan", "registry.example:5000/scan"),
    ],
)
def test_image_with_tag_and_digest_is_used_by_digest(given: str, taken: str) -> None:
    assert strip_tag(given) == taken


def test_lambda_uses_an_output_with_tag_by_digest(cloud: Run) -> None:
    reference = pulumi.Output.from_input(IMAGE.replace("@", ":latest@"))
    made = cloud(lambda: ContainerFunction("scan", {"image": reference, "target": "lambda"}))
    assert made.inputs("aws:lambda/function:Function", "scan-main-function")["imageUri"] == IMAGE


def test_docker_build_image_is_used_by_digest(cloud: Run) -> None:
    def program() -> None:
        tag = f"{IMAGE.partition('@')[0]}:latest"
        image = docker_build.Image("scan", push=True, tags=[tag], context={"location": "scan"})
        ContainerFunction("scan", image=image, target="lambda")

    made = cloud(program)
    assert made.inputs("aws:lambda/function:Function", "scan-main-function")["imageUri"] == IMAGE


class DockerImage(pulumi.CustomResource):
    """An image of the docker provider, whose SDK is not a dependency."""

    repo_digest: pulumi.Output[str]

    def __init__(self, name: str) -> None:
        super().__init__("docker:index/image:Image", name, {"repoDigest": IMAGE, "repo_digest": None})

    def translate_output_property(self, prop: str) -> str:
        """Return the Python name of a property."""
        return "repo_digest" if prop == "repoDigest" else prop


def test_docker_image_is_used_by_digest(cloud: Run) -> None:
    made = cloud(lambda: ContainerFunction("scan", {"image": DockerImage("scan"), "target": "lambda"}))  # type: ignore[typeddict-item]
    assert made.inputs("aws:lambda/function:Function", "scan-main-function")["imageUri"] == IMAGE


def test_repository_is_not_an_image(cloud: Run) -> None:
    with pytest.raises(DefinitionError, match="image must be an image, got aws:ecr/repository:Repository; use a"):
        cloud(lambda: ContainerFunction("scan", {"image": ecr.Repository("scan"), "target": "lambda"}))  # type: ignore[typeddict-item]


@pytest.mark.parametrize(
    ("image", "is_local"),
    [("127.0.0.1:4599/scan@sha256:0", True), ("localhost:5000/a/scan", True), ("127.0.0.1.example.com:1/scan", False)],
)
def test_image_on_this_machine_is_for_the_emulator(image: str, *, is_local: bool) -> None:
    assert is_on_this_machine(image) is is_local
    problems = value_checks(check_definition("scan", {"image": {"uri": IMAGE}, "target": "lambda"}))["image"](image)
    assert (problems is None) is is_local


def test_image_from_another_region_is_rejected_on_lambda(cloud: Run) -> None:
    image = IMAGE.replace(REGION, "us-east-1")
    with pytest.raises(ValueError, match=f"image must be in ECR in the function's Region {REGION}"):
        cloud(lambda: ContainerFunction("scan", {"image": image, "target": "lambda"}))


@pytest.mark.parametrize(("image", "warned"), [(f"{IMAGE.partition('@')[0]}:latest", True), (IMAGE, False)])
def test_preview_warns_about_a_tag(cloud: Run, monkeypatch: pytest.MonkeyPatch, image: str, warned: bool) -> None:
    warnings: list[str] = []
    monkeypatch.setattr(pulumi, "warn", lambda text, _: warnings.append(text))
    cloud(lambda: ContainerFunction("scan", {"image": image, "target": "lambda"}))
    assert [image in text for text in warnings] == ([True] if warned else [])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("functions/scan", False),
        ("function", False),
        ("scan:1", True),
        ("docker.io/acme/scan", True),
        ("localhost:5000/scan", True),
        ("localhost/scan", True),
        (f"scan@sha256:{'0' * 64}", True),
        ("123456789012.dkr.ecr.eu-central-1.amazonaws.com/scan", True),
    ],
)
def test_plain_string_is_a_folder_unless_it_has_host_tag_or_digest(given: str, *, expected: bool) -> None:
    assert is_reference(given) is expected
