"""Store the metrics of a metric math alarm.

AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html

ministack drops these metrics.
"""

from typing import Any

from local.aws.expected import Expected

MODULE = "ministack.services.cloudwatch"
ONE_METRIC = ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Unit")

EXPECTED: Expected = {
    (MODULE, "_put_metric_alarm"): ("params", "cbor_data", "is_cbor", "is_json"),
    (MODULE, "_record_history"): ("alarm_name", "old_state", "new_state", "reason", "alarm_type", "reason_data"),
}


def apply(cloudwatch: Any) -> None:
    """Patch ministack's cloudwatch module."""
    put = cloudwatch._put_metric_alarm

    def put_metric_alarm(params: Any, cbor_data: Any, is_cbor: bool, is_json: bool = False) -> Any:
        answer = put(params, cbor_data, is_cbor, is_json)
        metrics = (cbor_data or {}).get("Metrics") if is_cbor or is_json else None
        if answer[0] == 200 and metrics:
            alarm = cloudwatch._alarms[cbor_data["AlarmName"]]
            for name in ONE_METRIC:
                alarm.pop(name, None)
            alarm["Metrics"] = metrics
        return answer

    cloudwatch._put_metric_alarm = put_metric_alarm
