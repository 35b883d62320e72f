"""Check that images can be built."""

from importlib.util import find_spec

from intermodal.problems.validation import Validator

BUILDER = "pulumi_docker_build"


def require_builder(validator: Validator, path: str, instead: str) -> None:
    """Add a problem if the SDK of docker-build is not installed."""
    if find_spec(BUILDER) is None:
        text = "needs the package pulumi-docker-build, which is not installed; run `pip install 'intermodal[docker]'`"
        validator.add(path, f"{text}, or {instead}")
