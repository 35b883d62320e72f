"""The stack `local` has the settings that the official aws plugin needs for a local emulator."""

import yaml

from local import paths
from local.aws.settings import PROFILE, PROVIDER_CONFIG


def test_local_stack_file_explains_bucket_requirements() -> None:
    """Only the combination of both settings prevents calls to S3 Control at ACCOUNT.127.0.0.1."""
    config = yaml.safe_load((paths.ROOT / "stacks" / "Pulumi.local.yaml").read_text())["config"]
    assert config.items() >= PROVIDER_CONFIG.items()
    assert set(PROVIDER_CONFIG.values()) == {"true"}
    assert config["aws:profile"] == PROFILE
