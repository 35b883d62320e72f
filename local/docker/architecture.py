"""Whether an image is built for this machine."""

import platform
from typing import Any

WORDS = {"x86_64": "amd64", "aarch64": "arm64"}
"""Docker's words for what the kernel says."""

EXEC_FORMAT = {1, 255}
"""Exit codes of a container whose program is for another machine, by the age of runc."""


def mismatch(container: Any, exit_code: int) -> str:
    """Why a container could not run, where that is its image's architecture; else empty.

    Only looked at after it failed: a machine with binfmt_misc and QEMU runs images of others.
    """
    return "" if exit_code not in EXEC_FORMAT else _advice(container.image, "exec format error: ")


def unfit(image: Any) -> str:
    """Why containerd would not take the image, where it is built for another machine; else empty."""
    return _advice(image, "")


def _advice(image: Any, beginning: str) -> str:
    here = WORDS.get(platform.machine(), platform.machine())
    built = str(image.attrs.get("Architecture") or here)
    if built == here:
        return ""
    return (
        f"{beginning}the image is built for {built}, and this machine is {here}; "
        f"build it with `docker build --platform linux/{here}`"
    )
