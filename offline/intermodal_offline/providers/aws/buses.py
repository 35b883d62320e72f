"""Implement aws:cloudwatch/eventBus: EventBridge event buses."""

from intermodal_offline.providers import wire
from intermodal_offline.providers.aws import pairs
from intermodal_offline.providers.aws.events import GONE, write_tags
from intermodal_offline.providers.table import Call, Field, Row, Tagging, fields
from intermodal_offline.providers.values import Props

BUS = fields(
    name="Name",
    description=Field(wire="Description", blank=""),
    kmsKeyIdentifier=Field(wire="KmsKeyIdentifier", blank=""),
    deadLetterConfig=Field(wire="DeadLetterConfig", block=fields(arn="Arn"), blank={}),
)


def create(call: Call) -> str:
    call.client.create_event_bus(**wire.to_api(BUS, call.props))
    return str(call.props["name"])


def read(call: Call) -> Props:
    found = call.client.describe_event_bus(Name=call.id)
    return {**wire.from_api(BUS, found), "arn": found["Arn"]}


def update(call: Call, changed: frozenset[str]) -> None:
    call.client.update_event_bus(**wire.to_api(BUS, call.props, changed - call.props.keys()))


ROWS = {
    "aws:cloudwatch/eventBus:EventBus": Row(
        service="events",
        inputs=BUS,
        create=create,
        read=read,
        update=update,
        delete=lambda call: call.client.delete_event_bus(Name=call.id),
        tagging=Tagging(
            read=lambda call: pairs.to_tags(call.client.list_tags_for_resource(ResourceARN=call.live["arn"])["Tags"]),
            write=write_tags,
        ),
        gone=GONE,
    ),
}
