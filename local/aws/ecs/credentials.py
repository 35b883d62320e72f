"""Keys of the roles of a task, and clients that use them: IAM decides what they may do."""

import secrets
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import boto3
from botocore.config import Config

from local.aws.settings import Emulator

STS = "ministack.services.sts"
LIFE_SECONDS, RENEW_SECONDS = 3600.0, 900.0
"""A role's session lasts an hour; who asks within its last quarter gets the next one."""

_SESSION = boto3.Session()
"""One for all tasks: it keeps the services' models, which take a tenth of a second and megabytes to load."""

_making = threading.Lock()  # a session of boto3 makes one client at a time


@dataclass(kw_only=True)
class Role:
    """A role that a task has, in sessions that follow each other."""

    arn: str
    session_name: str
    """The task's id."""
    _keys: dict[str, str] = field(default_factory=dict, repr=False)
    _until: float = 0.0

    def keys(self) -> dict[str, str]:
        """The keys of now, as the credentials endpoint gives them."""
        if time.time() > self._until - RENEW_SECONDS:
            self._until = time.time() + LIFE_SECONDS
            expires = datetime.fromtimestamp(self._until, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            self._keys = {
                "RoleArn": self.arn,
                "AccessKeyId": f"ASIA{secrets.token_hex(8).upper()}",
                "SecretAccessKey": secrets.token_hex(32),
                "Token": secrets.token_hex(32),
                "Expiration": expires,
            }
            self._register()
        return dict(self._keys)

    def client(self, service: str, emulator: Emulator, region: str) -> Any:
        """A client of `service` that acts as the role."""
        keys = self.keys()
        with _making:
            connect: Any = _SESSION.client
            return connect(
                service,
                endpoint_url=emulator.endpoint,
                region_name=region,
                aws_access_key_id=keys["AccessKeyId"],
                aws_secret_access_key=keys["SecretAccessKey"],
                aws_session_token=keys["Token"],
                config=Config(retries={"total_max_attempts": 2}),
            )

    def _register(self) -> None:
        account, name = self.arn.split(":")[4], self.arn.rsplit("/", 1)[-1]
        session = {
            "Arn": f"arn:aws:sts::{account}:assumed-role/{name}/{self.session_name}",
            "UserId": f"{name}:{self.session_name}",
            "SecretAccessKey": self._keys["SecretAccessKey"],
            "SessionToken": self._keys["Token"],
            "Expiration": self._until,
        }
        import_module(STS).register_session(self._keys["AccessKeyId"], session)
