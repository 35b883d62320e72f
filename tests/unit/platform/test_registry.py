"""A platform's registry gets the images of build folders, each once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest

from intermodal import ContainerFunction, DefinitionError, Platform
from intermodal.images.reference import hash_folder
from tests.conftest import ACCOUNT, DIGEST, Cloud, Run

ECR = f"{ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com/team/images"
IMAGE = "docker-build:index:Image"
FUNCTION = "aws:lambda/function:Function"


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Create build folders beside the program."""
    monkeypatch.chdir(tmp_path)
    for folder in ("functions/scan", "functions/report", "runtime"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "Dockerfile").write_text("FROM scratch")
    return tmp_path


def register(cloud: Run, program: Callable[[Platform], object], registry: Any, **parts: Any) -> Cloud:
    """Register a platform with a registry, and what the program creates on it."""
    return cloud(lambda: program(Platform("p", registry=registry, **parts)) and None)


def list_images(made: Cloud) -> list[str]:
    """Return the names of the images that are built."""
    return [key.removeprefix(f"{IMAGE} ") for key in made.resources if key.startswith(IMAGE)]


def test_registry_scans_images_and_keeps_them(cloud: Run) -> None:
    repository = register(cloud, lambda platform: platform, {}).inputs("aws:ecr/repository:Repository", "p-images")
    assert repository["imageScanningConfiguration"] == {"scanOnPush": True}
    assert (repository["imageTagMutability"], repository["forceDelete"]) == ("MUTABLE", False)


def test_folder_is_pushed_as_one_manifest_and_used_by_digest(cloud: Run) -> None:
    made = register(
        cloud,
        lambda platform: ContainerFunction("scan", image="functions/scan", target="lambda", platform=platform),
        {"existing": ECR},
    )
    image = made.inputs(IMAGE, "p-functions/scan-x86_64")
    assert image["tags"] == [f"{ECR}:functions-scan-x86_64-{hash_folder('functions/scan')}"]
    assert (image["platforms"], image["context"]) == (["linux/amd64"], {"location": "functions/scan"})
    assert made.inputs(FUNCTION, "scan-main-function")["imageUri"] == f"{ECR}@{DIGEST}"


def test_folder_is_built_once_for_each_architecture(cloud: Run) -> None:
    def program(platform: Platform) -> None:
        for name, architecture in (("a", "x86_64"), ("b", "x86_64"), ("c", "arm64")):
            definition: Any = {"image": "functions/scan", "target": "lambda", "architecture": architecture}
            ContainerFunction(name, definition, platform=platform)
        ContainerFunction("d", image="functions/report", target="lambda", platform=platform)

    made = register(cloud, program, {"existing": ECR})
    assert sorted(list_images(made)) == [
        "p-functions/report-x86_64",
        "p-functions/scan-arm64",
        "p-functions/scan-x86_64",
    ]


def test_adapter_is_pushed_to_the_registry(cloud: Run) -> None:
    made = register(cloud, lambda platform: platform, {"existing": ECR}, ecs={"existing": "arn:cluster"})
    assert made.inputs(IMAGE, "p-adapter")["tags"] == [f"{ECR}:{hash_folder('runtime')}"]


def test_existing_adapter_image_is_not_built(cloud: Run) -> None:
    parts: Any = {"ecs": {"existing": "arn:cluster"}, "adapter": {"uri": f"{ECR}@{DIGEST}"}}
    assert list_images(register(cloud, lambda platform: platform, {"existing": ECR}, **parts)) == []


def test_attached_platform_builds_on_request(cloud: Run) -> None:
    def program() -> None:
        reference: Any = pulumi.StackReference("organization/platform/dev")
        handle = {"version": 1, "region": "eu-central-1", "account_id": ACCOUNT, "reachable_services": ["*"]}
        reference.outputs = pulumi.Output.from_input({"platform": {**handle, "registry_url": ECR}})
        platform = Platform.attach("p", reference, registry=True)
        ContainerFunction("scan", image="functions/scan", target="lambda", platform=platform)

    made = cloud(program)
    assert list_images(made) == ["p-functions/scan-x86_64"]
    assert made.inputs(FUNCTION, "scan-main-function")["imageUri"] == f"{ECR}@{DIGEST}"


def test_attached_platform_without_a_registry_is_refused(cloud: Run) -> None:
    def program() -> None:
        reference: Any = pulumi.StackReference("organization/platform/dev")
        handle = {"version": 1, "region": "eu-central-1", "account_id": ACCOUNT, "reachable_services": ["*"]}
        reference.outputs = pulumi.Output.from_input({"platform": handle})
        platform = Platform.attach("p", reference, registry=True)
        ContainerFunction("scan", image="functions/scan", target="lambda", platform=platform)

    with pytest.raises(Exception, match=r'Platform "p": registry is missing; set registry: \{\} on the platform'):
        cloud(program)


def test_other_registry_is_refused_on_lambda(cloud: Run) -> None:
    with pytest.raises(
        Exception, match=r"image must be in Amazon ECR for target lambda, got registry\.example/images@"
    ):
        register(
            cloud,
            lambda platform: ContainerFunction("scan", image="functions/scan", target="lambda", platform=platform),
            {"existing": "registry.example/images"},
        )


def test_protected_function_may_build_for_a_registry(cloud: Run) -> None:
    def program(platform: Platform) -> ContainerFunction:
        return ContainerFunction("scan", image="functions/scan", target="lambda", platform=platform, protect=True)

    assert list_images(register(cloud, program, {"existing": ECR})) == ["p-functions/scan-x86_64"]


@pytest.mark.parametrize(
    ("registry", "sentence"),
    [
        (
            {"existing": ECR, "force_delete": True},
            'Platform "p": registry.force_delete has no effect on an existing repository; remove it.',
        ),
        (
            {"existing": ""},
            "Platform \"p\": registry.existing must be a non-empty string, got ''; set a value, or remove it.",
        ),
        ({"url": ECR}, 'Platform "p": registry.url is not an argument; use one of existing, force_delete.'),
    ],
)
def test_invalid_registry_is_refused(registry: Any, sentence: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        Platform("p", registry=registry)
    assert str(refused.value) == sentence


def test_missing_builder_is_reported(cloud: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intermodal.images.builder.find_spec", lambda _: None)
    text = (
        r"image.build requires the package pulumi-docker-build, which is not installed; run `pip install 'intermodal\["
    )
    with pytest.raises(DefinitionError, match=text):
        register(
            cloud,
            lambda platform: ContainerFunction("scan", image="functions/scan", target="lambda", platform=platform),
            {"existing": ECR},
        )
