"""Implement aws:cloudwatch/metricAlarm: alarms on one metric or a metric math expression."""

from typing import Any

from intermodal_offline.providers import wire
from intermodal_offline.providers.aws import pairs
from intermodal_offline.providers.compare import unordered
from intermodal_offline.providers.table import Call, Field, Row, Tagging, fields
from intermodal_offline.providers.values import UNKNOWN, Props

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
    metricQueries=Field(
        many=True,
        block=fields(
            id="Id",
            expression="Expression",
            label="Label",
            returnData="ReturnData",
            period="Period",
            accountId="AccountId",
            metric=Field(
                block=fields(
                    metricName=Field(),
                    namespace=Field(),
                    dimensions=Field(),
                    period="Period",
                    stat="Stat",
                    unit="Unit",
                )
            ),
        ),
    ),
)
QUERY = ALARM["metricQueries"].block or {}
STATISTIC = QUERY["metric"].block or {}
ONE_METRIC = ("metricName", "namespace", "period", "statistic", "extendedStatistic", "unit")


def put(call: Call, *_: Any) -> str:
    """Send all of the alarm's parameters, because AWS resets any parameter that is not sent."""
    if queries := call.props.get("metricQueries"):
        about = {"Metrics": [to_query(query) for query in queries]}
    else:
        about = {"Dimensions": to_dimensions(call.props.get("dimensions", {}))}
    call.client.put_metric_alarm(**wire.to_api(ALARM, call.props), **about)
    return str(call.props["name"])


def to_dimensions(dimensions: dict[str, str]) -> list[Any]:
    """Return metric dimensions in the API's format."""
    return [{"Name": name, "Value": value} for name, value in dimensions.items()]


def to_query(query: Props) -> Props:
    """Return a metric or a metric math expression in the API's format."""
    sent = wire.to_api(QUERY, query)
    if metric := query.get("metric"):
        names = {"Namespace": metric.get("namespace"), "MetricName": metric["metricName"]}
        defined = {name: value for name, value in names.items() if value}
        about = {**defined, "Dimensions": to_dimensions(metric.get("dimensions", {}))}
        sent["MetricStat"] = {"Metric": about, **wire.to_api(STATISTIC, metric)}
    return sent


def from_query(found: dict[str, Any]) -> Props:
    """Return the inputs for a query in the API's format."""
    query = wire.from_api(QUERY, found)
    if stat := found.get("MetricStat"):
        metric = stat["Metric"]
        query["metric"] = {
            **wire.from_api(STATISTIC, stat), "metricName": metric.get("MetricName"),
            "namespace": metric.get("Namespace"),
            "dimensions": {one["Name"]: one["Value"] for one in metric.get("Dimensions", [])},
        }  # fmt: skip
    return query


def read(call: Call) -> Props | None:
    found = call.client.describe_alarms(AlarmNames=[call.id], AlarmTypes=["MetricAlarm"])["MetricAlarms"]
    if not found:
        return None
    live = wire.from_api(ALARM, found[0])
    if live.get("extendedStatistic"):  # an alarm has only one of these statistics; ministack returns both
        live.pop("statistic", None)
    if queries := found[0].get("Metrics"):
        live = {name: value for name, value in live.items() if name not in ONE_METRIC}
        live["metricQueries"] = [from_query(query) for query in queries]
    dimensions = {one["Name"]: one["Value"] for one in found[0].get("Dimensions", [])}
    return {**live, "dimensions": dimensions, "arn": found[0]["AlarmArn"]}


def rules(inputs: Props) -> list[tuple[str, str]]:
    needed = ["comparisonOperator", "evaluationPeriods", "threshold"]
    if inputs.get("metricQueries"):
        both = [name for name in (*ONE_METRIC, "dimensions") if inputs.get(name)]
        found = [(name, f"{name} and metricQueries are mutually exclusive; set one of them.") for name in both]
    else:
        needed += ["metricName", "namespace", "period"]
        found = []
        if bool(inputs.get("statistic")) == bool(inputs.get("extendedStatistic")):
            found.append(("statistic", "exactly one of statistic and extendedStatistic is required; set one of them."))
    found += [(name, f"{name} is required for this alarm; set it.") for name in needed if inputs.get(name) is None]
    points, periods = inputs.get("datapointsToAlarm"), inputs.get("evaluationPeriods")
    if points and periods and UNKNOWN not in (points, periods) and points > periods:
        found.append(
            (
                "datapointsToAlarm",
                f"datapointsToAlarm must be at most evaluationPeriods ({periods}), got {points}; lower it.",
            )
        )
    return found


def write_tags(call: Call, tags: dict[str, str], removed: list[str]) -> None:
    arn = call.live["arn"]
    if removed:
        call.client.untag_resource(ResourceARN=arn, TagKeys=removed)
    if tags:
        call.client.tag_resource(ResourceARN=arn, Tags=pairs.to_pairs(tags))


ROWS = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": Row(
        service="cloudwatch",
        inputs=ALARM,
        create=put,
        read=read,
        update=put,
        delete=lambda call: call.client.delete_alarms(AlarmNames=[call.id]),
        tagging=Tagging(
            read=lambda call: pairs.to_tags(call.client.list_tags_for_resource(ResourceARN=call.live["arn"])["Tags"]),
            write=write_tags,
        ),
        gone=frozenset({"ResourceNotFound", "ResourceNotFoundException"}),
        rules=rules,
    ),
}
