"""Names of images and repositories in Amazon ECR."""

import re
from dataclasses import dataclass

NAME = re.compile(
    r"(?P<account>\d{12})\.dkr[.-]ecr(?:-fips)?\.(?P<region>[a-z0-9-]+)\.(?:amazonaws\.com|on\.aws)"
    r"/(?P<name>[a-z0-9._/-]+?)(?:[:@].*)?"
)
"""With the addresses for FIPS and dual stack (ECR user guide, Amazon ECR endpoints)."""


@dataclass(frozen=True, kw_only=True)
class Repository:
    """A repository of ECR."""

    account: str
    region: str
    name: str

    @property
    def arn(self) -> str:
        """ARN of it."""
        return f"arn:aws:ecr:{self.region}:{self.account}:repository/{self.name}"


def repository_of(image: str) -> Repository | None:
    """The repository that an image or a repository's address names; None for one that is elsewhere."""
    found = NAME.fullmatch(image)
    return Repository(**found.groupdict()) if found else None
