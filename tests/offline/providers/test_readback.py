"""Every input in the table is sent to the emulator and read back from it, or is listed as echoed."""

from collections.abc import Mapping
from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

from intermodal_offline.providers import compare, facts, values
from intermodal_offline.providers.aws import ROWS
from intermodal_offline.providers.operations import Resource
from intermodal_offline.providers.values import Props
from tests.offline.providers.rpc import Aborted, Plugin, urn
from tests.offline.providers.services import SERVICES, functions
from tests.offline.providers.stack import ACCOUNT, REGION

AB = [f"{REGION}a", f"{REGION}b"]
CASES = [case for service in SERVICES for case in service.CASES]


def test_cases_cover_every_input_in_the_table() -> None:
    given = {(token, name) for token, inputs in CASES for name in inputs}
    automatic = {(token, rule.property) for token in ROWS if (rule := facts.of(token).autoname)}
    assert given | automatic == {(token, name) for token, row in ROWS.items() for name in row.inputs} | automatic


@pytest.mark.parametrize(
    ("token", "inputs"), CASES, ids=[f"{i} {token.rpartition(':')[2]}" for i, (token, _) in enumerate(CASES)]
)
def test_inputs_are_read_back_from_the_api(
    plugin: Plugin, dependencies: Mapping[str, Any], token: str, inputs: Props
) -> None:
    checked, failures = plugin.check(
        token, {name: value or dependencies.get(name, value) for name, value in inputs.items()}
    )
    assert failures == {}
    made = plugin.ask("Create", provider_pb2.CreateRequest(urn=urn(token), properties=values.write(checked)))
    try:
        live = live_of(plugin, token, made)
    finally:
        plugin.ask("Delete", provider_pb2.DeleteRequest(urn=urn(token), id=made.id, properties=made.properties))
    row, known = ROWS[token], facts.of(token)
    for name, field in row.inputs.items():
        if name in known.echoed:
            assert name not in live, f"{name} is read back now; remove it from the echoed inputs"
        elif not field.local and name in checked:
            assert compare.refresh({name: field}, {name: checked[name]}, live) == {name: checked[name]}


def live_of(plugin: Plugin, token: str, made: Any) -> Props:
    """Return the API's view of a resource, without anything kept from the inputs."""
    cloud = plugin.servicer.cloud
    assert cloud is not None
    call = Resource(token=token, row=ROWS[token], cloud=cloud).call(values.read(made.properties), made.id)
    live = ROWS[token].read(call)
    assert live is not None
    return live


@pytest.mark.parametrize(
    ("function", "arguments", "expected"),
    [
        ("index/getCallerIdentity", {}, {"accountId": ACCOUNT, "id": ACCOUNT}),
        (
            "index/getPartition",
            {},
            {"partition": "aws", "dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws"},
        ),
        ("index/getRegion", {}, {"region": REGION, "name": REGION, "endpoint": f"ec2.{REGION}.amazonaws.com"}),
        ("index/getRegion", {"region": "us-east-1"}, {"id": "us-east-1", "description": "US East (N. Virginia)"}),
        ("iam/getRole", {"name": "readback-role"}, {"arn": functions.ROLE_ARN, "tags": {}, "maxSessionDuration": 3600}),
        (
            "secretsmanager/getSecretVersion",
            {"secretId": "readback-known"},
            {"secretString": "swordfish", "secretId": "readback-known"},
        ),
        ("ssm/getParameter", {"name": "/readback/parameter"}, {"value": "plain", "type": "String"}),
        (
            "ssm/getParameter",
            {"name": f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/readback/parameter"},
            {"value": "plain"},
        ),
        ("ec2/getVpc", {"cidrBlock": "10.8.0.0/16"}, {"default": False, "enableDnsSupport": True, "region": REGION}),
        ("ec2/getVpc", {"default": True}, {"default": True, "cidrBlock": "172.31.0.0/16", "ipv6CidrBlock": ""}),
        ("ec2/getVpc", {"filters": [{"name": "state", "values": ["available"]}], "default": True}, {"default": True}),
        ("index/getAvailabilityZones", {}, {"id": REGION, "names": [f"{REGION}{zone}" for zone in "abc"]}),
        (
            "index/getAvailabilityZones",
            {
                "excludeNames": [f"{REGION}a"],
                "filters": [{"name": "zone-name", "values": [f"{REGION}a", f"{REGION}b"]}],
            },
            {"names": [f"{REGION}b"]},
        ),
    ],
)
def test_functions(
    plugin: Plugin, dependencies: Mapping[str, Any], function: str, arguments: Props, expected: Props
) -> None:
    token = f"aws:{function}:{function.partition('/')[2]}"
    request = provider_pb2.InvokeRequest(tok=token, args=values.write(arguments))
    found = values.read(getattr(plugin.ask("Invoke", request), "return"))
    assert found.keys() == set(facts.data()["_invokes"][token]["outputs"])
    assert expected.items() <= found.items()


@pytest.mark.parametrize(
    ("function", "arguments", "reason"),
    [
        ("iam/getRole", {"name": "nobody"}, "AWS GetRole returned NoSuchEntity"),
        ("secretsmanager/getSecretVersion", {"secretId": "nothing"}, "returned ResourceNotFoundException"),
        ("ssm/getParameter", {"name": "/nothing"}, "returned ParameterNotFound"),
        ("ec2/getVpc", {"cidrBlock": "10.99.0.0/16"}, "exactly one VPC must match, got 0"),
        (
            "ec2/getVpc",
            {"filters": [{"name": "dhcp-options-id", "values": ["d"]}]},
            "'dhcp-options-id' is not supported",
        ),
        ("ec2/getVpc", {"dhcpOptionsId": "d"}, "'dhcpOptionsId' is not supported"),
        ("index/getAvailabilityZones", {"filters": [{"name": "own", "values": ["x"]}]}, "'own' is not supported"),
    ],
)
def test_functions_refuse(plugin: Plugin, function: str, arguments: Props, reason: str) -> None:
    token = f"aws:{function}:{function.partition('/')[2]}"
    with pytest.raises(Aborted, match=reason):
        plugin.ask("Invoke", provider_pb2.InvokeRequest(tok=token, args=values.write(arguments)))
