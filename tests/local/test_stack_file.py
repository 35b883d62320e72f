"""Settings of the stack `local` for the official aws plugin and a local emulator."""

import yaml

from local import paths
from local.aws.settings import PROFILE, PROVIDER_CONFIG


def test_local_stack_file_explains_bucket_requirements() -> None:
    """Only both settings together prevent calls to S3 Control at ACCOUNT.127.0.0.1."""
    config = yaml.safe_load((paths.ROOT / "stacks" / "Pulumi.local.yaml").read_text())["config"]
    assert config.items() >= PROVIDER_CONFIG.items()
    assert set(PROVIDER_CONFIG.values()) == {"true"}
    assert config["aws:profile"] == PROFILE
