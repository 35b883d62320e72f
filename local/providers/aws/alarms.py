"""aws:cloudwatch/metricAlarm: alarms on one metric, or on an expression over several."""

from typing import Any

from local.providers import wire
from local.providers.aws import pairs
from local.providers.compare import unordered
from local.providers.table import Call, Field, Row, Tagging, fields
from local.providers.values import UNKNOWN, Props

QUERY = fields(
    id="Id",
    expression="Expression",
    label="Label",
    returnData="ReturnData",
    period="Period",
    metric=Field(),
)
"""A metric is flat in the provider and a block in a block in the API."""
FLAT = fields(metricName="MetricName", namespace="Namespace")

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
    metricQueries=Field(),
    treatMissingData="TreatMissingData",
    alarmActions=Field(wire="AlarmActions", normal=unordered),
    okActions=Field(wire="OKActions", normal=unordered),
    insufficientDataActions=Field(wire="InsufficientDataActions", normal=unordered),
    actionsEnabled="ActionsEnabled",
    unit="Unit",
)


def put(call: Call, *_: Any) -> str:
    """Everything at once: what is not sent is taken away."""
    listed = _listed(call.props.get("dimensions", {}))
    queries = [_sent_query(query) for query in call.props.get("metricQueries", [])]
    more = {"Metrics": queries} if queries else {"Dimensions": listed}
    call.client.put_metric_alarm(**wire.sent(ALARM, call.props), **more)
    return str(call.props["name"])


def _listed(dimensions: Props) -> list[Props]:
    return [{"Name": name, "Value": value} for name, value in dimensions.items()]


def _sent_query(query: Props) -> Props:
    sent = wire.sent(QUERY, query)
    if metric := query.get("metric"):
        named = {**wire.sent(FLAT, metric), "Dimensions": _listed(metric.get("dimensions", {}))}
        sent["MetricStat"] = {"Metric": named, "Period": metric["period"], "Stat": metric["stat"]}
        if metric.get("unit"):
            sent["MetricStat"]["Unit"] = metric["unit"]
    return {"ReturnData": False, **sent}


def _received_query(query: Props) -> Props:
    live = wire.received(QUERY, query)
    if stat := query.get("MetricStat"):
        dimensions = {one["Name"]: one["Value"] for one in stat["Metric"].get("Dimensions", [])}
        live["metric"] = {**wire.received(FLAT, stat["Metric"]), "dimensions": dimensions}
        live["metric"] |= {"period": stat["Period"], "stat": stat["Stat"]}
        if stat.get("Unit"):
            live["metric"]["unit"] = stat["Unit"]
    return {name: value for name, value in live.items() if value is not False}


def read(call: Call) -> Props | None:
    found = call.client.describe_alarms(AlarmNames=[call.id], AlarmTypes=["MetricAlarm"])["MetricAlarms"]
    if not found:
        return None
    live = wire.received(ALARM, found[0])
    if live.get("extendedStatistic"):  # an alarm has one of them; ministack answers both
        live.pop("statistic", None)
    if found[0].get("Metrics"):
        for name in ("metricName", "namespace", "period", "statistic", "dimensions"):
            live.pop(name, None)
        queries = [_received_query(query) for query in found[0]["Metrics"]]
        return {**live, "metricQueries": queries, "arn": found[0]["AlarmArn"]}
    dimensions = {one["Name"]: one["Value"] for one in found[0]["Dimensions"]}
    return {**live, "dimensions": dimensions, "arn": found[0]["AlarmArn"]}


def rules(inputs: Props) -> list[tuple[str, str]]:
    if inputs.get("metricQueries"):
        always = ("comparisonOperator", "evaluationPeriods")
        return [(name, f"an alarm on an expression needs {name}.") for name in always if inputs.get(name) is None]
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
