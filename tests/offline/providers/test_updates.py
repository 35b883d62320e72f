"""Updates that the lifecycle does not cover change the API and leave no difference."""

from collections.abc import Mapping
from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

from intermodal_offline.providers import values
from intermodal_offline.providers.operations import MARK, MARKER
from intermodal_offline.providers.values import Props
from tests.offline.providers.rpc import Plugin, urn
from tests.offline.providers.services import apis, storage
from tests.offline.providers.services import messaging_cases as messaging
from tests.offline.providers.services import network_cases as network
from tests.offline.providers.test_readback import live_of

TABLE = {"name": "updates", "hashKey": "id", "attributes": [{"name": "id", "type": "S"}]}
ON_DEMAND, PROVISIONED = {"billingMode": "PAY_PER_REQUEST"}, {"readCapacity": 2, "writeCapacity": 3}
STAGE = {"apiId": "@apiId", "name": "updates"}
INTEGRATION = {"apiId": "@apiId", "integrationType": "AWS_PROXY", "integrationSubtype": "SQS-SendMessage"}
ENDPOINT = {
    "vpcId": "@vpcId", "serviceName": "com.amazonaws.eu-central-1.sqs", "vpcEndpointType": "Interface",
    "subnetIds": "@subnetIds",
}  # fmt: skip
ALARM = {**messaging.ON, "name": "updates", "statistic": "Sum"}
RULE = {"securityGroupId": "@securityGroupId", "cidrIpv4": "10.0.0.0/8"}
SUBNET = {"vpcId": "@vpcId", "cidrBlock": "10.8.9.0/24"}
UPDATES: list[tuple[str, Props, Props, Props]] = [
    (
        network.VPC, {"cidrBlock": "10.7.0.0/16", "assignGeneratedIpv6CidrBlock": True}, {"cidrBlock": "10.7.0.0/16"},
        {"assignGeneratedIpv6CidrBlock": False, "ipv6CidrBlock": "", "ipv6AssociationId": ""},
    ),
    (
        network.VPC, {"cidrBlock": "10.7.0.0/16"}, {"cidrBlock": "10.7.0.0/16", "assignGeneratedIpv6CidrBlock": True},
        {"assignGeneratedIpv6CidrBlock": True},
    ),
    (network.SUBNET, SUBNET, {**SUBNET, "ipv6CidrBlock": "@ipv6CidrBlock"}, {"ipv6CidrBlock": "@ipv6CidrBlock"}),
    (
        network.SUBNET, {**SUBNET, "ipv6CidrBlock": "@ipv6CidrBlock"},
        {**SUBNET, "ipv6CidrBlock": "@ipv6CidrBlock", "mapPublicIpOnLaunch": True},
        {"mapPublicIpOnLaunch": True, "ipv6CidrBlock": "@ipv6CidrBlock"},
    ),
    (
        network.ENDPOINT, {**ENDPOINT, "privateDnsEnabled": True}, {**ENDPOINT, "privateDnsEnabled": False},
        {"privateDnsEnabled": False},
    ),
    (
        network.ENDPOINT, ENDPOINT, {**ENDPOINT, "securityGroupIds": "@securityGroupIds"},
        {"securityGroupIds": "@securityGroupIds"},
    ),
    (
        network.INGRESS, {**RULE, "ipProtocol": "tcp", "fromPort": 1, "toPort": 2}, {**RULE, "ipProtocol": "-1"},
        {"ipProtocol": "-1", "fromPort": None, "toPort": None},
    ),
    (
        messaging.TOPIC, {"name": "updates.fifo", "fifoTopic": True, "contentBasedDeduplication": True},
        {"name": "updates.fifo", "fifoTopic": True}, {"contentBasedDeduplication": False},
    ),
    (
        messaging.BUS, {"name": "updates", "deadLetterConfig": {"arn": messaging.QUEUE_ARN}}, {"name": "updates"},
        {"deadLetterConfig": {}},
    ),
    (messaging.ALARM, ALARM, {**ALARM, "threshold": 0, "actionsEnabled": False}, {"threshold": 0}),
    (
        storage.TABLE, {**TABLE, **PROVISIONED, "billingMode": "PROVISIONED", "deletionProtectionEnabled": True},
        {**TABLE, **ON_DEMAND}, {"billingMode": "PAY_PER_REQUEST", "deletionProtectionEnabled": False},
    ),
    (
        storage.TABLE, {**TABLE, **ON_DEMAND, "serverSideEncryption": {"enabled": True}},
        {**TABLE, **ON_DEMAND, "serverSideEncryption": {"enabled": False}},
        {"serverSideEncryption": {"enabled": False, "kmsKeyArn": None}},
    ),
    (
        apis.STAGE, {**STAGE, "accessLogSettings": {"destinationArn": apis.LOGS_ARN, "format": "f"}},
        {**STAGE, "autoDeploy": True}, {"autoDeploy": True, "accessLogSettings": None},
    ),
    (
        apis.INTEGRATION, {**INTEGRATION, "credentialsArn": apis.ROLE_ARN, "requestParameters": apis.PARAMETERS},
        {**INTEGRATION, "requestParameters": {"QueueUrl": "v"}}, {"requestParameters": {"QueueUrl": "v"}},
    ),
]  # fmt: skip


def resolve(value: Any, dependencies: Mapping[str, Any]) -> Any:
    """Return the value, or the resource behind `@name`."""
    return dependencies[value[1:]] if isinstance(value, str) and value.startswith("@") else value


@pytest.mark.parametrize(
    ("token", "old", "new", "expected"), UPDATES, ids=[f"{i} {case[0]}" for i, case in enumerate(UPDATES)]
)
def test_updates_are_sent_to_the_api(
    plugin: Plugin, dependencies: Mapping[str, Any], token: str, old: Props, new: Props, expected: Props
) -> None:
    old, new, expected = (
        {name: resolve(value, dependencies) for name, value in props.items()} for props in (old, new, expected)
    )
    before, _ = plugin.check(token, old)
    made = plugin.ask("Create", provider_pb2.CreateRequest(urn=urn(token), properties=values.write(before)))
    after, failures = plugin.check(token, new, before)
    assert failures == {}
    state = {"olds": made.properties, "old_inputs": values.write(before), "news": values.write(after)}
    try:
        assert plugin.ask("Diff", provider_pb2.DiffRequest(urn=urn(token), id=made.id, **state)).diffs
        done = plugin.ask("Update", provider_pb2.UpdateRequest(urn=urn(token), id=made.id, **state))
        live = live_of(plugin, token, provider_pb2.CreateResponse(id=made.id, properties=done.properties))
        assert {name: live.get(name) for name in expected} == expected
        again = plugin.ask(
            "Read",
            provider_pb2.ReadRequest(
                urn=urn(token), id=made.id, properties=done.properties, inputs=values.write(after)
            ),
        )
        news, olds = values.write(after), again.inputs
        same = provider_pb2.DiffRequest(urn=urn(token), id=made.id, olds=again.properties, old_inputs=olds, news=news)
        assert list(plugin.ask("Diff", same).diffs) == []
    finally:
        plugin.ask("Delete", provider_pb2.DeleteRequest(urn=urn(token), id=made.id, properties=made.properties))


@pytest.mark.parametrize(
    ("new", "unknown"),
    [
        ({"assignGeneratedIpv6CidrBlock": True}, {"ipv6CidrBlock", "ipv6AssociationId"}),
        ({"assignGeneratedIpv6CidrBlock": False}, set[str]()),
        ({"enableDnsHostnames": True}, set[str]()),
    ],
)
def test_preview_marks_a_networks_new_ipv6_block(plugin: Plugin, new: Props, unknown: set[str]) -> None:
    state = {"ipv6CidrBlock": "", "ipv6AssociationId": "", "arn": "a", MARKER: MARK}
    before, after = ({"cidrBlock": "10.7.0.0/16", **more} for more in ({}, new))
    request = provider_pb2.UpdateRequest(
        urn=urn(network.VPC), id="vpc-1", olds=values.write(state), old_inputs=values.write(before),
        news=values.write(after), preview=True,
    )  # fmt: skip
    shown = values.read(plugin.ask("Update", request).properties)
    assert {name for name, value in shown.items() if value == values.UNKNOWN} == unknown
