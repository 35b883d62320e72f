"""Build images with the Go, Rust and Java runtime clients, once per machine.

The builds use the machine's tools and registries. They are cached under a hash of their sources.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from docker import DockerClient
from docker.errors import ImageNotFound

from intermodal.images import reference as image
from local import cache
from local.advice import LocalError
from local.console import step
from local.docker import base_image

HERE = Path(__file__).parent


def build_images(client: DockerClient) -> dict[str, str]:
    """Return each language's image; build it if Docker does not have it.

    Raises:
        LocalError: a tool is missing, or a build failed.
    """
    return {language: _build_image(client, language) for language in BUILDS}


def _build_image(client: DockerClient, language: str) -> str:
    folder = f"tests/conformance/{language}"
    reference = image.build_reference(folder)
    try:
        client.images.get(reference)
    except ImageNotFound:
        context = cache.build_once(f"conformance/{language}-{reference.rpartition(':')[2]}", _maker(language))
        base = base_image.ensure(client)
        with step(f"Building the image from {folder}", "its files have changed, or this is the first build"):
            client.images.build(
                path=str(context), tag=reference, buildargs={"BASE_IMAGE": base}, network_mode="host", rm=True
            )
    return reference


def _maker(language: str) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        source = folder / "source"
        shutil.copytree(HERE / language, source)
        with step(f"Building the conformance function in {language}", "once per machine"):
            BUILDS[language](source, folder)
        shutil.copyfile(source / "Dockerfile", folder / "Dockerfile")
        shutil.rmtree(source)

    return make


def _go(source: Path, folder: Path) -> None:
    variables = {"CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly -buildvcs=false", "GOWORK": "off"}
    _run("go", source, variables, "build", "-trimpath", "-ldflags", "-s -w", "-o", str(folder / "bootstrap"), ".")


def _rust(source: Path, folder: Path) -> None:
    """Build a static binary; an explicit target keeps the flag away from libraries that the compiler loads."""
    said = subprocess.run([_tool("rustc"), "-vV"], capture_output=True, text=True, check=True).stdout
    host = next(line.split()[1] for line in said.splitlines() if line.startswith("host:"))
    variables = {"RUSTFLAGS": "-C target-feature=+crt-static", "CARGO_TARGET_DIR": str(source / "target")}
    _run("cargo", source, variables, "build", "--release", "--locked", "--quiet", "--target", host)
    shutil.copy(source / "target" / host / "release" / "bootstrap", folder / "bootstrap")


def _java(source: Path, folder: Path) -> None:
    _run("mvn", source, {}, "--batch-mode", "--quiet", "package")
    shutil.copytree(source / "target" / "lib", folder / "lib")
    shutil.copy(source / "target" / "conformance-0.jar", folder / "lib")


BUILDS: Mapping[str, Callable[[Path, Path], None]] = {"go": _go, "rust": _rust, "java": _java}


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise LocalError(f"The conformance suite builds a client with `{name}`, which is not on PATH; install it.")
    return found


def _run(tool: str, folder: Path, variables: Mapping[str, str], *arguments: str) -> None:
    done = subprocess.run(
        ["nice", _tool(tool), *arguments], cwd=folder, env={**os.environ, **variables},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        tail = "\n".join((done.stderr + done.stdout).strip().splitlines()[-15:])
        raise LocalError(f"`{tool}` failed in {folder}:\n{tail}")
