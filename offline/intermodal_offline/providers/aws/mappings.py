"""Implement aws:lambda/eventSourceMapping for SQS queues."""

from typing import Any

from intermodal_offline.providers import wire
from intermodal_offline.providers.aws.functions import GONE, read_tags, write_tags
from intermodal_offline.providers.compare import unordered
from intermodal_offline.providers.table import Call, Field, Row, Tagging, fields
from intermodal_offline.providers.values import Props

SECONDS = 60.0


def plain_name(function: Any) -> Any:
    """Return the function name from a function name or ARN."""
    return function.rpartition(":function:")[2] if isinstance(function, str) else function


MAPPING = fields(
    eventSourceArn="EventSourceArn",
    functionName=Field(wire="FunctionName", normal=plain_name),
    batchSize=Field(wire="BatchSize", computed=True),
    maximumBatchingWindowInSeconds=Field(wire="MaximumBatchingWindowInSeconds", blank=0),
    functionResponseTypes=Field(wire="FunctionResponseTypes", normal=unordered, blank=[]),
    scalingConfig=Field(wire="ScalingConfig", block=fields(maximumConcurrency="MaximumConcurrency"), blank={}),
    enabled="Enabled",
    filterCriteria=Field(
        wire="FilterCriteria",
        block=fields(filters=Field(wire="Filters", many=True, block=fields(pattern="Pattern"))),
        blank={},
    ),
    kmsKeyArn=Field(wire="KMSKeyArn", blank=""),
    metricsConfig=Field(
        wire="MetricsConfig", block=fields(metrics=Field(wire="Metrics", normal=unordered)), blank={"Metrics": []}
    ),
    provisionedPollerConfig=Field(
        wire="ProvisionedPollerConfig",
        block=fields(maximumPollers="MaximumPollers", minimumPollers="MinimumPollers"),
        blank={},
    ),
)


def create(call: Call) -> str:
    return str(call.client.create_event_source_mapping(**wire.to_api(MAPPING, call.props))["UUID"])


def read(call: Call) -> Props:
    found = call.client.get_event_source_mapping(UUID=call.id)
    arn = found["FunctionArn"]
    modified = found.get("LastModified")
    return {
        **wire.from_api(MAPPING, found), "functionName": arn, "functionArn": arn,
        "enabled": found["State"] in {"Enabled", "Enabling", "Creating", "Updating"},
        "arn": found.get("EventSourceMappingArn"), "uuid": found["UUID"], "state": found["State"],
        "stateTransitionReason": found.get("StateTransitionReason"),
        "lastProcessingResult": found.get("LastProcessingResult"),
        "lastModified": modified.isoformat() if modified else None,
    }  # fmt: skip


def settle(call: Call) -> None:
    """Wait until the mapping is enabled or disabled."""

    def done() -> bool:
        return call.client.get_event_source_mapping(UUID=call.id)["State"] in {"Enabled", "Disabled"}

    call.wait(f"event source mapping {call.id} to become enabled or disabled", SECONDS, done)


def update(call: Call, changed: frozenset[str]) -> None:
    fixed = {"eventSourceArn"}
    given = {name: value for name, value in call.props.items() if name in changed - fixed}
    removed = changed - given.keys() - fixed
    call.client.update_event_source_mapping(UUID=call.id, **wire.to_api(MAPPING, given, removed))
    settle(call)


def delete(call: Call) -> None:
    call.client.delete_event_source_mapping(UUID=call.id)

    def done() -> bool:
        found = call.client.list_event_source_mappings(EventSourceArn=call.props["eventSourceArn"])
        return all(one["UUID"] != call.id for one in found["EventSourceMappings"])

    call.wait(f"event source mapping {call.id} to be deleted", SECONDS, done)


def rules(inputs: Props) -> list[tuple[str, str]]:
    if inputs.get("eventSourceArn"):
        return []
    return [("eventSourceArn", "the offline provider supports only SQS queues; set eventSourceArn to a queue's ARN.")]


ROWS = {
    "aws:lambda/eventSourceMapping:EventSourceMapping": Row(
        service="lambda",
        inputs=MAPPING,
        create=create,
        settle=settle,
        read=read,
        update=update,
        delete=delete,
        tagging=Tagging(read=read_tags, write=write_tags),
        gone=GONE,
        rules=rules,
        volatile=lambda olds, news: ("lastModified",),  # noqa: ARG005 - every update changes it
    ),
}
