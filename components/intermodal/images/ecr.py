"""Parse Amazon ECR image and repository URIs."""

import re
from dataclasses import dataclass

NAME = re.compile(
    r"(?P<account>\d{12})\.dkr[.-]ecr(?:-fips)?\.(?P<region>[a-z0-9-]+)\."
    r"(?:amazonaws\.(?:com(?:\.cn)?|eu)|on\.aws|on\.amazonwebservices\.(?:com\.cn|eu)"
    r"|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)/(?P<name>[a-z0-9._/-]+?)(?:[:@].*)?"
)
"""Registry host, including the FIPS and dual-stack endpoints (ECR user guide, Amazon ECR endpoints)."""

PARTITIONS = {
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "eusc-": "aws-eusc",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "eu-isoe-": "aws-iso-e",
    "us-isof-": "aws-iso-f",
}
"""Partition by Region prefix, except for `aws`. These and the DNS suffixes are from botocore's partitions.json."""


@dataclass(frozen=True, kw_only=True)
class Repository:
    """An ECR repository."""

    account: str
    region: str
    name: str

    @property
    def arn(self) -> str:
        """Repository ARN."""
        return f"arn:{self._partition}:ecr:{self.region}:{self.account}:repository/{self.name}"

    @property
    def _partition(self) -> str:
        found = [partition for prefix, partition in PARTITIONS.items() if self.region.startswith(prefix)]
        return found[0] if found else "aws"


def repository_of(image: str) -> Repository | None:
    """Return the repository in an image or repository URI, or None if it is not in ECR."""
    found = NAME.fullmatch(image)
    return Repository(**found.groupdict()) if found else None
