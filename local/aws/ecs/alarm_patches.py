"""Alarms on metric math keep their metrics, which ministack loses; see `local.aws.patches`."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

CLOUDWATCH = "ministack.services.cloudwatch"

EXPECTED: dict[tuple[str, str], Sequence[str]] = {
    (CLOUDWATCH, "_put_metric_alarm"): ("params", "cbor_data", "is_cbor", "is_json"),
    (CLOUDWATCH, "_record_history"): ("alarm_name", "old_state", "new_state", "reason", "alarm_type", "reason_data"),
}
ONE_METRIC = ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Unit")


def apply() -> None:
    """Patch ministack in this process."""
    cloudwatch: Any = import_module(CLOUDWATCH)
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
