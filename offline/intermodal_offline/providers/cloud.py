"""Configure the aws provider, and create clients that can call only an emulator on this machine."""

import functools
import ipaddress
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import botocore.session
from botocore.config import Config
from botocore.configprovider import ConfiguredEndpointProvider
from botocore.loaders import create_loader

from intermodal_offline.providers.failures import RefusedError
from intermodal_offline.providers.values import Props, has_unknown, parse
from intermodal_offline.schemas import api

TEXTS = {"region", "profile", "accessKey", "secretKey", "token"}
APPLIED = TEXTS | {
    "endpoints", "defaultTags", "sharedConfigFiles", "sharedCredentialsFiles", "maxRetries",
    "allowedAccountIds", "forbiddenAccountIds",
}  # fmt: skip
# The offline provider never performs the checks that these settings skip (but see `arn_account`), and it always uses
# path-style S3 URLs, because no others work on loopback.
WITHOUT_EFFECT = {
    "skipCredentialsValidation", "skipMetadataApiCheck", "skipRegionValidation", "skipRequestingAccountId",
    "s3UsePathStyle",
}  # fmt: skip
ENGINES_OWN = {"version", "pluginDownloadURL", "__internal"}
ALIASES = {
    "cloudwatchlogs": "logs", "cloudwatchlog": "logs", "eventbridge": "events", "cloudwatchevents": "events",
    "s3api": "s3",
}  # fmt: skip


def unknown_keys(config: Props) -> list[str]:
    """Return the configuration keys that the offline provider does not support."""
    return sorted(set(config) - APPLIED - WITHOUT_EFFECT - ENGINES_OWN)


def loopback(url: str | None) -> bool:
    """Return whether a URL is on this machine; host names except localhost could resolve to any address."""
    host = urlsplit(url or "").hostname
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


@functools.cache
def partition_of(region: str) -> dict[str, Any]:
    """Return botocore's data for a region's partition, or for `aws` if the region is unknown."""
    partitions: list[dict[str, Any]] = create_loader().load_data("partitions")["partitions"]
    return next((one for one in partitions if re.match(one["regionRegex"], region)), partitions[0])


def dns_suffix(region: str) -> str:
    """Return the DNS suffix of a region's partition, such as amazonaws.com."""
    return str(partition_of(region)["outputs"]["dnsSuffix"])


def must_be_loopback(service: str, url: str | None) -> None:
    """Raise an error if an endpoint is not on this machine.

    Raises:
        RefusedError: the URL's host is not a loopback address.
    """
    if not loopback(url):
        raise RefusedError(
            f"the offline aws provider works only with an emulator on this machine, but calls to {service} would go to "
            f"{url or 'AWS itself'}; set endpoint_url in the AWS profile (or AWS_ENDPOINT_URL) to a loopback URL, "
            "or use the official aws plugin for AWS accounts."
        )


@dataclass(kw_only=True)
class Cloud:
    """A configured aws provider."""

    session: botocore.session.Session
    region: str
    config: Props
    endpoints: Mapping[str, str]
    default_tags: Mapping[str, str]
    cancelled: threading.Event
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def client(self, service: str, region: str = "") -> Any:
        """Return a cached client for a service in a region."""
        key = (service, region or self.region)
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._connect(*key)
            return self._clients[key]

    def _connect(self, service: str, region: str) -> Any:
        client = self.session.create_client(
            service,
            region_name=region,
            endpoint_url=self.endpoints.get(service),
            aws_access_key_id=self.config.get("accessKey"),
            aws_secret_access_key=self.config.get("secretKey"),
            aws_session_token=self.config.get("token"),
            config=Config(
                max_pool_connections=32,
                connect_timeout=5,
                retries={"total_max_attempts": int(self.config.get("maxRetries", 3)) + 1, "mode": "standard"},
                s3={"addressing_style": "path"},
                proxies={},  # a proxy could be on another machine
            ),
        )
        must_be_loopback(service, client.meta.endpoint_url)
        client.meta.events.register("before-send", functools.partial(_check_address, service))
        api.refuse_invalid(client)
        return client

    @functools.cached_property
    def account(self) -> str:
        """ID of the caller's account."""
        return str(self.client("sts").get_caller_identity()["Account"])

    @property
    def arn_account(self) -> str:
        """Account ID for ARNs that the provider builds; empty if the configuration skips the account lookup.

        The lookup is skipped only if both settings are true, because aws-sdk-go-base otherwise calls STS.
        """
        skips = ("skipCredentialsValidation", "skipRequestingAccountId")
        return "" if all(self.config.get(name) is True for name in skips) else self.account

    @property
    def partition(self) -> str:
        """Partition of the region, such as aws or aws-cn."""
        return str(partition_of(self.region)["id"])

    def must_be_own_account(self) -> None:
        """Raise an error if the configuration excludes the account.

        Raises:
            RefusedError: the account is not in allowedAccountIds or is in forbiddenAccountIds.
        """
        permitted, forbidden = self.config.get("allowedAccountIds"), self.config.get("forbiddenAccountIds", [])
        if (permitted and self.account not in permitted) or self.account in forbidden:
            raise RefusedError(
                f"account {self.account} is not allowed by allowedAccountIds or forbiddenAccountIds; correct them, or "
                "use another AWS profile."
            )


def _check_address(service: str, request: Any, **_: Any) -> None:
    """Check the URL of every request, regardless of where its endpoint was configured."""
    must_be_loopback(service, request.url)


def configure(arguments: Props, services: set[str], cancelled: threading.Event) -> Cloud:
    """Create the provider from its configuration; check the endpoints without calling them.

    Raises:
        RefusedError: a key is not supported, the region is not set, or an endpoint is not on this machine.
    """
    config = {name: value if name in TEXTS else parse(value) for name, value in arguments.items()}
    if unknown := unknown_keys(config):
        raise RefusedError(_no_effect(unknown))
    if has_unknown({name: value for name, value in config.items() if name not in ENGINES_OWN}):
        raise RefusedError("the provider configuration must be known during preview; do not use resource outputs.")
    session = _session(config)
    region = config.get("region") or session.get_config_variable("region")
    if not region:
        raise RefusedError("the provider has no region; set aws:region, AWS_REGION, or the region in the AWS profile.")
    session.set_config_variable("region", region)
    endpoints = _endpoints(config.get("endpoints") or [])
    for service in sorted(services):
        must_be_loopback(service, endpoints.get(service) or _endpoint_of_profile(session, service))
    tags = (config.get("defaultTags") or {}).get("tags") or {}
    cloud = Cloud(
        session=session, region=region, config=config, endpoints=endpoints, default_tags=tags, cancelled=cancelled
    )
    if config.get("allowedAccountIds") or config.get("forbiddenAccountIds"):
        cloud.must_be_own_account()
    return cloud


def _no_effect(names: list[str]) -> str:
    return (
        f"provider configuration {', '.join(map(repr, names))} is not supported by the offline provider and would have "
        "no effect; remove it from the local stack, or use the official aws plugin."
    )


def _session(config: Props) -> botocore.session.Session:
    session = botocore.session.Session(profile=config.get("profile"))
    for name, variable in (("sharedConfigFiles", "config_file"), ("sharedCredentialsFiles", "credentials_file")):
        files = config.get(name) or []
        if len(files) > 1:
            raise RefusedError(
                f"{name} must list one file for the offline provider, got {len(files)}; merge the files."
            )
        if files:
            session.set_config_variable(variable, files[0])
    return session


def _endpoints(listed: list[dict[str, str]]) -> dict[str, str]:
    """Return the endpoints by botocore service name; check all, including those of unsupported services."""
    found = {ALIASES.get(name, name): url for entry in listed for name, url in entry.items() if url}
    for service, url in found.items():
        must_be_loopback(service, url)
    return found


def _endpoint_of_profile(session: botocore.session.Session, service: str) -> str | None:
    """Return the endpoint that boto3 would use from the environment or profile, or None for AWS itself."""
    provider = ConfiguredEndpointProvider(
        full_config=session.full_config, scoped_config=session.get_scoped_config(), client_name=service
    )
    if session.get_config_variable("ignore_configured_endpoint_urls"):
        return None
    found: str | None = provider.provide()
    return found
