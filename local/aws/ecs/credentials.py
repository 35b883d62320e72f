"""Issue credentials for a task's roles, and create clients that use them."""

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
"""Lifetime of a role session, and the remaining lifetime at which it is renewed."""

_SESSION = boto3.Session()
"""Shared by all tasks to cache service models, which take 0.1 s and several megabytes to load."""

_making = threading.Lock()  # boto3 sessions are not thread-safe


@dataclass(kw_only=True)
class Role:
    """A task's role; a new session replaces one that is about to expire."""

    arn: str
    session_name: str
    """Task ID."""
    _keys: dict[str, str] = field(default_factory=dict, repr=False)
    _until: float = 0.0

    def keys(self) -> dict[str, str]:
        """Return the current credentials in the credentials endpoint's format."""
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
        """Return a boto3 client for `service` with the role's credentials."""
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
