"""The adapter's image is set, built for local Docker, or built and pushed by the platform."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.runtime import rpc

from intermodal import DefinitionError, Platform
from intermodal.images import reference as image
from intermodal.platform.spec import resolve_platform
from tests.conftest import ACCOUNT, DIGEST, Cloud, Run

ECR = f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/team/adapter"
IMAGE = "docker-build:index:Image"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Create the adapter's folder beside the program."""
    monkeypatch.chdir(tmp_path)
    made = tmp_path / "runtime"
    made.mkdir()
    (made / "Dockerfile").write_text("FROM scratch")
    return made


def platform(cloud: Run, adapter: Any, seen: list[Any] | None = None) -> Cloud:
    """Register a platform with a target other than Lambda."""

    def program() -> None:
        made = Platform("p", {"ecs": {"existing": "arn:cluster"}, "adapter": adapter})
        made.handle.apply([].append if seen is None else seen.append)

    return cloud(program)


def image_of(cloud: Run, adapter: Any) -> str:
    """Return the adapter image from the handle."""
    seen: list[Any] = []
    platform(cloud, adapter, seen)
    return str(seen[0]["adapter_image"])


def test_pushed_image_is_tagged_by_content_and_used_by_digest(cloud: Run) -> None:
    made = platform(cloud, {"build": "runtime", "repository": ECR}).inputs(IMAGE, "p-adapter")
    tag = f"{ECR}:{image.hash_folder('runtime')}"
    assert made["tags"] == [tag]
    assert (made["push"], made["context"]) == (True, {"location": "runtime"})
    assert made["platforms"] == ["linux/amd64", "linux/arm64"]
    assert made["buildOnPreview"] is False
    assert image_of(cloud, {"build": "runtime", "repository": ECR}) == f"{ECR}@{DIGEST}"


def test_changed_folder_gets_a_new_tag(cloud: Run, folder: Path) -> None:
    before = platform(cloud, {"repository": ECR}).inputs(IMAGE, "p-adapter")["tags"]
    (folder / "app.py").write_text("")
    assert platform(cloud, {"repository": ECR}).inputs(IMAGE, "p-adapter")["tags"] != before


def test_build_folder_does_not_depend_on_the_repository(cloud: Run) -> None:
    assert image_of(cloud, {"repository": ECR}) == image_of(cloud, {"build": "runtime", "repository": ECR})
    assert image_of(cloud, {"build": "runtime"}) == image.build_reference("runtime")


def test_without_a_repository_nothing_is_built(cloud: Run) -> None:
    for adapter in ({"build": "runtime"}, {"uri": "registry.example/adapter:1"}):
        assert not [key for key in platform(cloud, adapter).list_registrations() if IMAGE in key]


def test_architectures_limit_the_pushed_platforms(cloud: Run) -> None:
    made = platform(cloud, {"repository": ECR, "architectures": ["arm64"]}).inputs(IMAGE, "p-adapter")
    assert made["platforms"] == ["linux/arm64"]


def test_ecr_login_uses_the_repositorys_region(cloud: Run) -> None:
    logins = platform(cloud, {"repository": ECR}).inputs(IMAGE, "p-adapter")["registries"]
    assert rpc.is_rpc_secret(logins)
    (login,) = rpc.unwrap_rpc_secret(logins)
    address = ECR.partition("/")[0]
    assert login == {"address": address, "username": f"{ACCOUNT} in eu-west-1", "password": "swordfish"}


def test_other_registries_use_the_docker_login(cloud: Run) -> None:
    made = platform(cloud, {"repository": "registry.example:5000/team/adapter"})
    assert made.inputs(IMAGE, "p-adapter")["registries"] == []


def test_repository_in_the_same_program_is_an_output(cloud: Run) -> None:
    assert image_of(cloud, {"repository": pulumi.Output.from_input(ECR)}) == image_of(cloud, {"repository": ECR})


def test_repository_output_is_checked_when_it_resolves(cloud: Run) -> None:
    """The validated value is passed on, not the raw one."""
    late: list[Any] = []

    def program() -> None:
        raw = pulumi.Output.from_input(ECR)
        spec: Any = resolve_platform("p", {"ecs": {}, "adapter": {"repository": raw}})
        late.append((raw, spec.adapter.repository))

    cloud(program)
    raw, checked = late[0]
    assert checked is not raw


def test_password_does_not_make_the_handle_secret(cloud: Run) -> None:
    secret: list[bool] = []

    def program() -> None:
        made = Platform("p", {"ecs": {"existing": "arn:cluster"}, "adapter": {"repository": ECR}})
        found: pulumi.Output[bool] = pulumi.Output.from_input(asyncio.ensure_future(made.handle.is_secret()))
        found.apply(secret.append)

    cloud(program)
    assert secret == [False]


def test_pushed_image_is_retained_on_delete(cloud: Run) -> None:
    kept: dict[str, bool | None] = {}

    def record(args: pulumi.ResourceTransformationArgs) -> None:
        kept[args.name] = args.opts.retain_on_delete

    args: Any = {"ecs": {"existing": "arn:cluster"}, "adapter": {"repository": ECR}}
    cloud(lambda: Platform("p", args, pulumi.ResourceOptions(transformations=[record])))
    assert kept["p-adapter"] is True


@pytest.mark.parametrize(
    ("adapter", "sentence"),
    [
        (
            {"uri": "r/a:1", "repository": ECR},
            "adapter.repository and uri are mutually exclusive; set uri for an existing image, or repository to "
            "build and push an image.",
        ),
        (
            {"repository": f"{ECR}:1"},
            "adapter.repository must be a registry and a path, without a scheme, tag or digest, "
            f"got '{ECR}:1'; the tag is a hash of the files in the folder.",
        ),
        (
            {"repository": f"https://{ECR}"},
            "adapter.repository must be a registry and a path, without a scheme, tag or digest, "
            f"got 'https://{ECR}'; the tag is a hash of the files in the folder.",
        ),
        (
            {"build": "runtime", "architectures": ["arm64"]},
            "adapter.architectures requires repository, because the image is not pushed without it; set it, or remove "
            "architectures.",
        ),
        (
            {"repository": ECR, "architectures": []},
            "adapter.architectures must have at least one item, got none; remove the key to build for all.",
        ),
        (
            {"repository": ECR, "architectures": ["arm"]},
            'adapter.architectures[0] must be one of x86_64, arm64, got "arm"; did you mean "arm64"?',
        ),
        (
            {"repository": ECR, "build": "elsewhere"},
            "adapter.build must be a folder with the adapter's Dockerfile, relative to the program; "
            "elsewhere/Dockerfile "
            "does not exist; set adapter.uri to an image built from intermodal's runtime folder.",
        ),
    ],
)
def test_unpushable_image_is_refused(cloud: Run, adapter: Any, sentence: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        platform(cloud, adapter)
    assert str(refused.value) == f'Platform "p": {sentence}'


def test_missing_docker_build_package_is_refused_with_advice(cloud: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pulumi_docker_build", None)
    assert image_of(cloud, {"build": "runtime"}) == image.build_reference("runtime")
    with pytest.raises(DefinitionError) as refused:
        platform(cloud, {"repository": ECR})
    assert str(refused.value) == (
        'Platform "p": adapter.repository requires the package pulumi-docker-build, which is not installed; run '
        "`pip install 'intermodal[docker]'`, or set adapter.uri to an image that you built from the folder."
    )
