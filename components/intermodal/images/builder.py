"""Check that the package for building images is installed."""

from importlib.util import find_spec

from intermodal.problems.validation import Validator

BUILDER = "pulumi_docker_build"


def require_builder(validator: Validator, path: str, instead: str) -> None:
    """Add a problem if pulumi-docker-build is not installed; `instead` is an alternative to suggest."""
    if find_spec(BUILDER) is None:
        text = "needs the package pulumi-docker-build, which is not installed; run `pip install 'intermodal[docker]'`"
        validator.add(path, f"{text}, or {instead}")
