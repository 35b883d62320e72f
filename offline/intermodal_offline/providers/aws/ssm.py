"""Implement aws:ssm/parameter."""

from typing import Any

from intermodal_offline.providers import wire
from intermodal_offline.providers.aws import pairs
from intermodal_offline.providers.aws.invokes import reject_unsupported
from intermodal_offline.providers.cloud import Cloud
from intermodal_offline.providers.table import Call, Field, Invoke, Row, Tagging, fields
from intermodal_offline.providers.values import Props

PARAMETER = fields(
    name="Name",
    type="Type",
    value="Value",
    description=Field(wire="Description", blank=""),
    allowedPattern=Field(wire="AllowedPattern", blank=""),
    dataType="DataType",
    keyId="KeyId",
    tier="Tier",
    overwrite=Field(local=True),
)


def put(call: Call, *, overwrite: bool) -> str:
    blank = {"description", "allowedPattern"} if overwrite else set[str]()
    given = wire.to_api(PARAMETER, call.props, blank - call.props.keys())
    call.client.put_parameter(**given, Overwrite=overwrite)
    return str(call.props["name"])


def update(call: Call, _: frozenset[str]) -> None:
    put(call, overwrite=True)


def read(call: Call) -> Props | None:
    value = call.client.get_parameter(Name=call.id, WithDecryption=True)["Parameter"]
    one = [{"Key": "Name", "Option": "Equals", "Values": [call.id]}]
    described = call.client.describe_parameters(ParameterFilters=one)["Parameters"]
    if not described:
        return None
    found: dict[str, Any] = {**described[0], **value}
    outputs = {"arn": found["ARN"], "version": found["Version"], "hasValueWo": False}
    return {**wire.from_api(PARAMETER, found), **outputs}


def rules(inputs: Props) -> list[tuple[str, str]]:
    return (
        []
        if "value" in inputs
        else [("value", "value is required; the offline provider does not support valueWo or insecureValue.")]
    )


def write_tags(call: Call, tags: dict[str, str], removed: list[str]) -> None:
    if removed:
        call.client.remove_tags_from_resource(ResourceType="Parameter", ResourceId=call.id, TagKeys=removed)
    if tags:
        call.client.add_tags_to_resource(ResourceType="Parameter", ResourceId=call.id, Tags=pairs.to_pairs(tags))


def read_tags(call: Call) -> dict[str, str]:
    return pairs.to_tags(call.client.list_tags_for_resource(ResourceType="Parameter", ResourceId=call.id)["TagList"])


def value_of(cloud: Cloud, arguments: Props) -> Props:
    """Return the value of the parameter with this name or ARN."""
    reject_unsupported(arguments, "name", "withDecryption")
    decrypted = bool(arguments.get("withDecryption", True))
    found = cloud.client("ssm").get_parameter(Name=arguments["name"], WithDecryption=decrypted)["Parameter"]
    return {
        "id": found["Name"], "name": arguments["name"], "arn": found["ARN"], "type": found["Type"],
        "value": found["Value"], "version": found["Version"], "withDecryption": decrypted, "region": cloud.region,
        "insecureValue": "" if found["Type"] == "SecureString" else found["Value"],
    }  # fmt: skip


INVOKES: dict[str, Invoke] = {"aws:ssm/getParameter:getParameter": value_of}

ROWS = {
    "aws:ssm/parameter:Parameter": Row(
        service="ssm",
        inputs=PARAMETER,
        create=lambda call: put(call, overwrite=bool(call.props.get("overwrite"))),
        read=read,
        update=update,
        delete=lambda call: call.client.delete_parameter(Name=call.id),
        tagging=Tagging(read=read_tags, write=write_tags),
        gone=frozenset({"ParameterNotFound"}),
        rules=rules,
        # AWS upgrades a parameter to Advanced in place, but never downgrades it.
        replaced_if={"tier": lambda olds, news: olds.get("tier") == "Advanced" and news.get("tier") == "Standard"},
        volatile=lambda olds, news: ("version",),  # noqa: ARG005 - every update changes it
    ),
}
