"""Build the examples' base image with debootstrap if no registry is reachable."""

import os
import shutil
import subprocess
from pathlib import Path

from docker import DockerClient

from intermodal_offline.docker import packages
from local.advice import LocalError, need_space
from local.cache import build_once
from local.console import step
from local.docker.base_image import OWN, UPSTREAM, is_present

SUITE = "bookworm"
PACKAGES = "python3,python3-pip,ca-certificates"
ENVIRONMENT = "ENV PIP_BREAK_SYSTEM_PACKAGES=1 PIP_ROOT_USER_ACTION=ignore"
"""Without these variables, Debian's pip refuses to change the system Python. An image needs no such protection."""

CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def make(client: DockerClient) -> str:
    """Build the base image once per machine, import it into this Docker daemon, and return its name.

    Raises:
        LocalError: this machine cannot run debootstrap, or Docker rejected the image.
    """
    archive = build_once(f"base-image/{SUITE}", _archive) / "rootfs.tar"
    with step("Importing the base image into Docker"):
        name, tag = OWN.split(":")
        client.api.import_image_from_file(str(archive), repository=name, tag=tag, changes=[ENVIRONMENT])
    if not is_present(client, OWN):
        raise LocalError(f"Docker did not import the base image {archive}; remove its folder and run this again.")
    return OWN


def _archive(folder: Path) -> None:
    if os.geteuid() != 0:
        raise LocalError(
            f"{UPSTREAM} cannot be pulled, and debootstrap requires root; pull it manually, or run this as root."
        )
    need_space(folder, 1.5, "Building the base image")
    tools = packages.ensure("debootstrap", f"{UPSTREAM} cannot be pulled")
    root = folder / "rootfs"
    with step(
        "Building the base image with debootstrap",
        "no image registry is reachable; takes about a minute, once per machine",
    ):
        environment = packages.environment(tools) | {"DEBOOTSTRAP_DIR": str(tools / "usr/share/debootstrap")}
        script = tools / "usr/sbin/debootstrap"
        command = [
            "sh",
            str(script),
            "--variant=minbase",
            f"--include={PACKAGES}",
            SUITE,
            str(root),
            *_mirror(),
        ]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            output = (done.stdout + done.stderr).strip()[-500:]
            raise LocalError(f"debootstrap failed; fix the cause below and run this again:\n{output}")
    _slim(root)
    subprocess.run(["tar", "-C", root, "-cf", folder / "rootfs.tar", "."], check=True)
    shutil.rmtree(root)


def _mirror() -> list[str]:
    """Return the package archive that this machine's apt uses for the suite, or an empty list if it has none."""
    output = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(SITE) $(RELEASE)", "Created-By: Packages"],
        capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip
    rows = [line.split() for line in output.splitlines()]
    return next(([site] for site, release in (row for row in rows if len(row) == 2) if release == SUITE), [])


def _slim(root: Path) -> None:
    """Remove files that functions do not need, and copy the certificates that this machine trusts."""
    for waste in ("var/cache/apt", "var/lib/apt/lists", "usr/share/doc", "usr/share/man", "usr/share/locale"):
        shutil.rmtree(root / waste, ignore_errors=True)
        (root / waste).mkdir(parents=True)
    if CERTIFICATES.exists():
        shutil.copyfile(CERTIFICATES, root / CERTIFICATES.relative_to("/"))
    (root / "usr/bin/python").symlink_to("python3")
