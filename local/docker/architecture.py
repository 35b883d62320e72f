"""Check whether an image is built for this machine's architecture."""

import platform
from typing import Any

WORDS = {"x86_64": "amd64", "aarch64": "arm64"}
"""Docker's architecture names, by the kernel's."""

EXEC_FORMAT = {1, 255}
"""Exit codes for an executable built for another architecture; they depend on the runc version."""


def of_this_machine() -> str:
    """Return Docker's name for this machine's architecture, such as `amd64`."""
    return WORDS.get(platform.machine(), platform.machine())


def explain_failure(container: Any, exit_code: int) -> str:
    """Return an explanation if a container failed because of its image's architecture, or an empty string otherwise.

    Call it only after a failure: with binfmt_misc and QEMU, a machine can run images for other architectures.
    """
    return "" if exit_code not in EXEC_FORMAT else _advice(container.image, "exec format error: ")


def explain_foreign(image: Any) -> str:
    """Return why containerd would reject an image for another architecture, or an empty string for any other image."""
    return _advice(image, "")


def _advice(image: Any, beginning: str) -> str:
    here = of_this_machine()
    built = str(image.attrs.get("Architecture") or here)
    if built == here:
        return ""
    return (
        f"{beginning}the image is built for {built}, but this machine is {here}; "
        f"build it with `docker build --platform linux/{here}`"
    )
