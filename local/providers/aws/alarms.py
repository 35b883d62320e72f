"""aws:cloudwatch/metricAlarm: alarms on one metric."""

from typing import Any

from local.providers import wire
from local.providers.aws import pairs
from local.providers.compare import unordered
from local.providers.table import Call, Field, Row, Tagging, fields
from local.providers.values import UNKNOWN, Props

ALARM = fields(
    name="AlarmName",
    alarmDescription="AlarmDescription",
    comparisonOperator="ComparisonOperator",
    evaluationPeriods="EvaluationPeriods",
    datapointsToAlarm="DatapointsToAlarm",
    metricName="MetricName",
    namespace="Namespace",
    period="Period",
    statistic="Statistic",
    extendedStatistic="ExtendedStatistic",
    threshold="Threshold",
    dimensions=Field(),
    treatMissingData="TreatMissingData",
    alarmActions=Field(wire="AlarmActions", normal=unordered),
    okActions=Field(wire="OKActions", normal=unordered),
    insufficientDataActions=Field(wire="InsufficientDataActions", normal=unordered),
    actionsEnabled="ActionsEnabled",
    unit="Unit",
)


def put(call: Call, *_: Any) -> str:
    """Everything at once: what is not sent is taken away."""
    listed = [{"Name": name, "Value": value} for name, value in call.props.get("dimensions", {}).items()]
    call.client.put_metric_alarm(**wire.sent(ALARM, call.props), Dimensions=listed)
    return str(call.props["name"])


def read(call: Call) -> Props | None:
    found = call.client.describe_alarms(AlarmNames=[call.id], AlarmTypes=["MetricAlarm"])["MetricAlarms"]
    if not found:
        return None
    live = wire.received(ALARM, found[0])
    if live.get("extendedStatistic"):  # an alarm has one of them; ministack answers both
        live.pop("statistic", None)
    dimensions = {one["Name"]: one["Value"] for one in found[0]["Dimensions"]}
    return {**live, "dimensions": dimensions, "arn": found[0]["AlarmArn"]}


def rules(inputs: Props) -> list[tuple[str, str]]:
    needed = ("comparisonOperator", "evaluationPeriods", "metricName", "namespace", "period", "threshold")
    found = [(name, f"an alarm on a metric needs {name}.") for name in needed if inputs.get(name) is None]
    if bool(inputs.get("statistic")) == bool(inputs.get("extendedStatistic")):
        found.append(("statistic", "an alarm has exactly one of statistic and extendedStatistic."))
    points, periods = inputs.get("datapointsToAlarm"), inputs.get("evaluationPeriods")
    if points and periods and UNKNOWN not in (points, periods) and points > periods:
        found.append(("datapointsToAlarm", f"datapointsToAlarm is at most evaluationPeriods, got {points}."))
    return found


def write_tags(call: Call, tags: dict[str, str], removed: list[str]) -> None:
    arn = call.live["arn"]
    if removed:
        call.client.untag_resource(ResourceARN=arn, TagKeys=removed)
    if tags:
        call.client.tag_resource(ResourceARN=arn, Tags=pairs.listed(tags))


ROWS = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": Row(
        service="cloudwatch",
        inputs=ALARM,
        create=put,
        read=read,
        update=put,
        delete=lambda call: call.client.delete_alarms(AlarmNames=[call.id]),
        tagging=Tagging(
            read=lambda call: pairs.mapped(call.client.list_tags_for_resource(ResourceARN=call.live["arn"])["Tags"]),
            write=write_tags,
        ),
        gone=frozenset({"ResourceNotFound", "ResourceNotFoundException"}),
        rules=rules,
    ),
}
