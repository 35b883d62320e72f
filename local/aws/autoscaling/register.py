"""Makes ministack answer for a service that it has not."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from local.aws.autoscaling.api import PREFIX, SERVICE, Api
from local.aws.autoscaling.cloud import Cloud
from local.aws.autoscaling.loop import Loop
from local.aws.autoscaling.store import Store
from local.aws.settings import Emulator

APP, ROUTER, RESPONSES = "ministack.app", "ministack.core.router", "ministack.core.responses"
CLOUDWATCH = "ministack.services.cloudwatch"

EXPECTED: dict[tuple[str, str], Sequence[str]] = {
    (RESPONSES, "get_account_id"): (),
    (RESPONSES, "get_region"): (),
    (APP, "_reset_all_state"): (),
    (CLOUDWATCH, "_put_metric_alarm"): ("params", "cbor_data", "is_cbor", "is_json"),
}


def apply(emulator: Emulator) -> Loop:
    """Register the API in this process; the loop, to be started once ministack serves."""
    store = Store(emulator.folder / "state" / f"{SERVICE}.json")
    app, router, responses = import_module(APP), import_module(ROUTER), import_module(RESPONSES)
    api = Api(store, lambda: (responses.get_account_id(), responses.get_region()))
    router.SERVICE_PATTERNS[SERVICE] = {"target_prefixes": [PREFIX], "host_patterns": []}
    app.SERVICE_HANDLERS[SERVICE] = api.handle_request
    _forget_with_the_rest(app, store)
    _keep_expressions()
    cloud = Cloud(emulator.endpoint)
    return Loop(store, cloud.counts, cloud.desired, cloud.set_desired, cloud.alarm_of)


def _forget_with_the_rest(app: Any, store: Store) -> None:
    reset = app._reset_all_state  # noqa: SLF001

    def reset_all_state() -> object:
        store.clear()
        return reset()

    app._reset_all_state = reset_all_state  # noqa: SLF001


def _keep_expressions() -> None:
    """An alarm on an expression keeps its metrics; ministack forgets them."""
    cloudwatch: Any = import_module(CLOUDWATCH)
    put = cloudwatch._put_metric_alarm  # noqa: SLF001

    def put_metric_alarm(params: object, cbor_data: dict[str, object], is_cbor: bool, is_json: bool = False) -> object:
        answer = put(params, cbor_data, is_cbor, is_json)
        name = (cbor_data or {}).get("AlarmName")
        if name and cbor_data.get("Metrics") and name in cloudwatch._alarms:  # noqa: SLF001
            cloudwatch._alarms[name]["Metrics"] = cbor_data["Metrics"]  # noqa: SLF001
        return answer

    cloudwatch._put_metric_alarm = put_metric_alarm  # noqa: SLF001
