"""Configure accepts only loopback endpoints, and no configuration without an effect."""

import json
import re
from pathlib import Path
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2

from intermodal_offline.providers import cloud, values
from intermodal_offline.providers.failures import RefusedError
from tests.offline.providers.rpc import SERVICES, Aborted, Plugin

LOCAL = "http://127.0.0.1:9"


@pytest.mark.parametrize(
    "url",
    [
        "https://sqs.eu-central-1.amazonaws.com",
        "http://10.0.0.1:4566",
        "http://127.0.0.1.example.com",
        "http://0.0.0.0:1",
    ],
)
@pytest.mark.parametrize("service", SERVICES)
def test_endpoint_in_the_configuration_must_be_local(service: str, url: str) -> None:
    endpoints = [dict.fromkeys(SERVICES, LOCAL) | {service: url}]
    with pytest.raises(Aborted, match="only with an emulator on this machine") as error:
        Plugin(endpoints=endpoints).configure()
    assert url in str(error.value)
    assert error.value.code is grpc.StatusCode.FAILED_PRECONDITION


@pytest.mark.parametrize("url", [LOCAL, "http://localhost:4566", "http://[::1]:4566", "https://127.9.9.9"])
def test_loopback_is_accepted(url: str) -> None:
    assert Plugin(url).configure().servicer.cloud is not None


def test_missing_endpoint_is_refused() -> None:
    with pytest.raises(Aborted, match="would go to AWS itself"):
        Plugin(endpoints=None).configure()


def test_endpoint_for_an_unlisted_service_must_be_local() -> None:
    with pytest.raises(Aborted, match="dynamodb"):
        Plugin(endpoints=[dict.fromkeys(SERVICES, LOCAL), {"dynamodb": "https://example.com"}]).configure()


def test_endpoint_in_the_environment_must_be_local(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", LOCAL)
    assert Plugin(endpoints=None).configure()
    monkeypatch.setenv("AWS_ENDPOINT_URL_IAM", "https://iam.example.com")
    with pytest.raises(Aborted, match=re.escape("iam would go to https://iam.example.com")):
        Plugin(endpoints=None).configure()


def test_endpoint_in_the_profile_must_be_local(tmp_path: Path) -> None:
    profile = tmp_path / "profiles"
    profile.write_text(f"[profile near]\nendpoint_url = {LOCAL}\n[profile far]\nendpoint_url = https://example.com\n")
    files: dict[str, Any] = {"sharedConfigFiles": [str(profile)], "endpoints": None}
    assert Plugin(profile="near", **files).configure()
    with pytest.raises(Aborted, match=re.escape("https://example.com")):
        Plugin(profile="far", **files).configure()


def test_configured_endpoints_can_be_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", LOCAL)
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
    with pytest.raises(Aborted, match="AWS itself"):
        Plugin(endpoints=None).configure()


def test_client_with_another_endpoint_is_rejected() -> None:
    configured = Plugin().configure().servicer.cloud
    assert configured is not None
    configured.endpoints = {"sqs": "https://example.com"}
    with pytest.raises(RefusedError, match=re.escape("https://example.com")):
        configured.client("sqs")


def test_request_that_leaves_the_machine_is_stopped() -> None:
    configured = Plugin().configure().servicer.cloud
    assert configured is not None
    client = configured.client("sqs")

    def redirect(request: Any, **_: Any) -> None:
        request.url = "https://example.com/"

    client.meta.events.register_first("before-send", redirect)
    with pytest.raises(RefusedError, match=re.escape("https://example.com/")):
        client.list_queues()


# -- configuration


@pytest.mark.parametrize("settings", [{}, {"skipRequestingAccountId": "true"}, {"skipCredentialsValidation": "true"}])
def test_account_is_in_arns_unless_both_settings_skip_it(emulator: str, settings: dict[str, str]) -> None:
    some = Plugin(emulator, **settings).configure().servicer.cloud
    both = {"skipRequestingAccountId": "true", "skipCredentialsValidation": "true"}
    none = Plugin(emulator, **both).configure().servicer.cloud
    assert some is not None
    assert none is not None
    assert (some.arn_account, none.arn_account) == (some.account, "")


def test_unknown_configuration_key_is_rejected() -> None:
    plugin = Plugin(assumeRoles=[{"roleArn": "r"}])
    with pytest.raises(Aborted, match="'assumeRoles' is not supported"):
        plugin.configure()
    answer = plugin.ask("CheckConfig", provider_pb2.CheckRequest(news=values.write(plugin.config)))
    assert [failure.property for failure in answer.failures] == ["assumeRoles"]


def test_configuration_arrives_as_json_text() -> None:
    texts = {"endpoints": json.dumps([dict.fromkeys(SERVICES, LOCAL)]), "skipMetadataApiCheck": "true"}
    plugin = Plugin(**texts, defaultTags=json.dumps({"tags": {"on": "true"}})).configure()
    assert plugin.servicer.cloud is not None
    assert plugin.servicer.cloud.default_tags == {"on": "true"}


@pytest.mark.parametrize(("config", "text"), [({"region": None}, "no region"), ({"region": values.UNKNOWN}, "known")])
def test_region_is_required(config: dict[str, Any], text: str) -> None:
    with pytest.raises(Aborted, match=text):
        Plugin(**config).configure()


def test_engines_own_keys_are_ignored() -> None:
    assert cloud.unknown_keys({"version": "7", "pluginDownloadURL": "x", "__internal": {}}) == []


def test_allowed_and_forbidden_accounts_are_checked(emulator: str) -> None:
    assert Plugin(emulator, allowedAccountIds=["111122223333"]).configure()
    with pytest.raises(Aborted, match="account 111122223333 is not allowed"):
        Plugin(emulator, allowedAccountIds=["999999999999"]).configure()
    with pytest.raises(Aborted, match="not allowed"):
        Plugin(emulator, forbiddenAccountIds=["111122223333"]).configure()
