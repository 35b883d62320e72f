"""Check whether an image is built for this machine."""

import platform
from typing import Any

WORDS = {"x86_64": "amd64", "aarch64": "arm64"}
"""Docker's names by the kernel's."""

EXEC_FORMAT = {1, 255}
"""Exit codes for an executable of another architecture; they depend on the version of runc."""


def explain_failure(container: Any, exit_code: int) -> str:
    """Explain a failed container if the image has another architecture; otherwise return an empty string.

    Call it only after a failure: with binfmt_misc and QEMU a machine runs foreign images.
    """
    return "" if exit_code not in EXEC_FORMAT else _advice(container.image, "exec format error: ")


def explain_foreign(image: Any) -> str:
    """Explain why containerd would reject a foreign image; return an empty string for any other."""
    return _advice(image, "")


def _advice(image: Any, beginning: str) -> str:
    here = WORDS.get(platform.machine(), platform.machine())
    built = str(image.attrs.get("Architecture") or here)
    if built == here:
        return ""
    return (
        f"{beginning}the image is built for {built}, but this machine is {here}; "
        f"build it with `docker build --platform linux/{here}`"
    )
