"""The ministack patches work, each on a stub of the module that it patches."""

import asyncio
import json
from types import SimpleNamespace
from typing import Any

import pytest

from local.aws.patches import (
    alarm_metrics,
    api_access_log_deletion,
    api_integrations,
    function_version_arns,
    parameter_permissions,
    prefix_lists_in_rules,
    queue_batch_permissions,
    schedule_rates,
    service_attributes,
    service_creation_tokens,
    service_deployments,
    task_protection_permissions,
    task_stop,
    task_timestamps,
    web_identity_audience,
)

REGION_ARN = "arn:aws:ecs:eu-central-1:000000000000"


class Tasks:
    """Records a patch's calls to the task emulator."""

    client = None

    def __init__(self) -> None:
        self.calls: list[str] = []

    def run(self, task: object, definition: object, overrides: object) -> None:
        raise NotImplementedError

    def stop(self, arn: str) -> None:
        self.calls.append(f"stop {arn}")

    def poke(self) -> None:
        self.calls.append("poke")

    def abandon(self) -> None:
        raise NotImplementedError


def answer(content: object, status: int = 200) -> tuple[int, dict[str, str], bytes]:
    return status, {}, json.dumps(content).encode()


def test_one_element_audience_list_is_one_value() -> None:
    keys = {"aud": ["sts.amazonaws.com"], "sub": "me", "amr": ["a", "b"]}
    sts: Any = SimpleNamespace(_web_identity_principal=lambda *_: ("principal", keys))
    web_identity_audience.apply(sts)
    assert sts._web_identity_principal("token", "provider", "role") == (
        "principal",
        {"aud": "sts.amazonaws.com", "sub": "me", "amr": ["a", "b"]},
    )


@pytest.mark.parametrize(
    ("service", "asked", "judged"),
    [
        ("sqs", "sqs:DeleteMessageBatch", "sqs:DeleteMessage"),
        ("sqs", "sqs:ReceiveMessage", "sqs:ReceiveMessage"),
        ("dynamodb", "dynamodb:GetBatch", "dynamodb:GetBatch"),
    ],
)
def test_sqs_batch_is_authorized_as_its_single_action(service: str, asked: str, judged: str) -> None:
    actions: Any = SimpleNamespace(extract_iam_action=lambda *_: asked)
    queue_batch_permissions.apply(actions)
    assert actions.extract_iam_action(service, "POST", "/", {}, b"", {}) == judged


def test_several_parameters_are_authorized_by_the_first() -> None:
    def extract(_service: str, _method: str, _path: str, _headers: object, body: bytes, *_: object) -> str:
        return f"parameter/{json.loads(body).get('Name', '*')}"

    actions: Any = SimpleNamespace(extract_resource_arn=extract)
    parameter_permissions.apply(actions)
    headers, body = {"x-amz-target": "AmazonSSM.GetParameters"}, json.dumps({"Names": ["a", "b"]}).encode()
    assert actions.extract_resource_arn("ssm", "POST", "/", headers, body, {}, "r", "a") == "parameter/a"
    assert actions.extract_resource_arn("s3", "POST", "/", headers, b"{}", {}, "r", "a") == "parameter/*"


@pytest.mark.parametrize(
    ("tasks", "judged"),
    [
        (["one"], f"{REGION_ARN}:task/main/one"),
        ([f"{REGION_ARN}:task/main/two"], f"{REGION_ARN}:task/main/two"),
        ([], f"{REGION_ARN}:task/main/*"),
    ],
)
def test_protection_is_authorized_by_the_task(tasks: list[str], judged: str) -> None:
    actions: Any = SimpleNamespace(extract_resource_arn=lambda *_: f"{REGION_ARN}:cluster/main")
    task_protection_permissions.apply(actions)
    headers = {"x-amz-target": "AmazonEC2ContainerServiceV20141113.UpdateTaskProtection"}
    body = json.dumps({"tasks": tasks}).encode()
    assert actions.extract_resource_arn("ecs", "POST", "/", headers, body, {}, "r", "a") == judged


def test_every_version_arn_ends_in_its_version() -> None:
    versions = [{"Version": "$LATEST", "FunctionArn": "arn:f"}, {"Version": "1", "FunctionArn": "arn:f:1"}]
    module: Any = SimpleNamespace(_list_versions=lambda *_: answer({"Versions": versions}))
    function_version_arns.apply(module)
    found = json.loads(module._list_versions("f", {})[2])["Versions"]
    assert [version["FunctionArn"] for version in found] == ["arn:f:$LATEST", "arn:f:1"]


def test_stage_outlives_its_access_log_settings() -> None:
    stage = {"accessLogSettings": {"format": "x"}, "name": "main"}

    async def handle(*_: object) -> str:
        return "ministack's"

    apis: Any = SimpleNamespace(handle_request=handle, _stages={"a": {"$default": stage}})
    api_access_log_deletion.apply(apis)
    path = "/v2/apis/a/stages/%24default/accesslogsettings"
    assert asyncio.run(apis.handle_request("DELETE", path, {}, b"", {})) == (204, {}, b"")
    assert stage == {"name": "main"}
    assert asyncio.run(apis.handle_request("DELETE", "/v2/apis/a/stages/main", {}, b"", {})) == "ministack's"


def test_updated_integration_merges_its_parameters() -> None:
    integration = {"integrationId": "i", "requestParameters": {"kept": "1", "gone": "2"}}

    def update(_api: str, _id: str, data: dict[str, Any]) -> Any:
        integration.update(data)
        return answer(integration)

    apis: Any = SimpleNamespace(
        _create_integration=None,
        _update_integration=update,
        _integrations={"a": {"i": integration}},
        _apigw_response=answer,
    )
    api_integrations.apply(apis)
    data = {"requestParameters": {"gone": "", "new": "3"}, "credentialsArn": "arn:role"}
    found = json.loads(apis._update_integration("a", "i", data)[2])
    assert found["requestParameters"] == {"kept": "1", "new": "3"}
    assert found["credentialsArn"] == "arn:role"


def test_alarm_on_metric_math_keeps_its_metrics() -> None:
    alarms = {"a": {"AlarmName": "a", "Period": 60, "MetricName": ""}}
    module: Any = SimpleNamespace(_alarms=alarms, _put_metric_alarm=lambda *_: answer({}))
    alarm_metrics.apply(module)
    module._put_metric_alarm({}, {"AlarmName": "a", "Metrics": [{"Id": "m"}]}, True)
    assert alarms == {"a": {"AlarmName": "a", "Metrics": [{"Id": "m"}]}}


def test_rule_keeps_its_prefix_list() -> None:
    given = {"IpPermissions.1.PrefixListIds.1.PrefixListId": "pl-1"}
    ec2: Any = SimpleNamespace(
        _p=lambda params, key: params.get(key, ""),
        _parse_ip_permissions=lambda *_: [{"IpProtocol": "tcp"}],
        _sg_rule_xml=lambda *_: "<item><ipProtocol>tcp</ipProtocol></item>",
    )
    prefix_lists_in_rules.apply(ec2)
    (rule,) = ec2._parse_ip_permissions(given, "IpPermissions")
    assert rule["PrefixListIds"] == [{"PrefixListId": "pl-1"}]
    assert "<prefixListId>pl-1</prefixListId><ipProtocol>" in ec2._sg_rule_xml("sg-1", rule)


def test_ecs_timestamps_have_milliseconds() -> None:
    ecs: Any = SimpleNamespace()
    task_timestamps.apply(ecs)
    assert ecs._ts_to_epoch("2026-01-01T00:00:00.250+00:00") == 1767225600.25
    assert ecs._ts_to_epoch(None) is None


def test_service_rebalances_zones_by_default() -> None:
    service = {"serviceName": "s", "clusterArn": f"{REGION_ARN}:cluster/main"}
    ecs: Any = SimpleNamespace(
        _create_service=lambda _: answer({"service": service}),
        _update_service=lambda _: answer({"service": service}),
        _ACTION_MAP={},
        _cluster_name_from_arn=lambda arn: arn.rpartition("/")[2],
        _services={"main/s": service},
        _sanitize=lambda one: one,
        json_response=answer,
    )
    service_attributes.apply(ecs)
    made = json.loads(ecs._ACTION_MAP["CreateService"]({"propagateTags": "SERVICE"})[2])["service"]
    assert (made["availabilityZoneRebalancing"], made["propagateTags"]) == ("ENABLED", "SERVICE")
    changed = json.loads(ecs._ACTION_MAP["UpdateService"]({"availabilityZoneRebalancing": "DISABLED"})[2])["service"]
    assert (changed["availabilityZoneRebalancing"], changed["propagateTags"]) == ("DISABLED", "SERVICE")


def test_repeated_create_service_returns_the_service() -> None:
    names: list[str] = []

    def create(data: dict[str, Any]) -> object:
        if data["name"] in names:
            return answer("not idempotent", 400)
        names.append(data["name"])
        return answer({"service": data["name"]})

    ecs: Any = SimpleNamespace(_ACTION_MAP={"CreateService": create})
    service_creation_tokens.apply(ecs)
    call = ecs._ACTION_MAP["CreateService"]
    first = call({"name": "s", "clientToken": "a"})
    assert (first[0], call({"name": "s", "clientToken": "a"})) == (200, first)
    assert [call({"name": "s", "clientToken": "b"})[0], call({"name": "s"})[0]] == [400, 400]


def test_new_deployment_is_in_progress() -> None:
    ecs: Any = SimpleNamespace(_make_deployment=lambda *_: {"rolloutState": "COMPLETED"})
    tasks = Tasks()
    service_deployments.apply(ecs, tasks)
    assert ecs._make_deployment("td", 1)["rolloutState"] == "IN_PROGRESS"
    ecs._reconcile_service_tasks("main", "main/s")
    assert tasks.calls == ["poke"]


def test_stop_of_an_unknown_task_is_refused() -> None:
    ecs: Any = SimpleNamespace(
        _resolve_cluster_name=lambda _: "main",
        _resolve_task=lambda *_: None,
        error_response_json=lambda code, _text, status: (status, code),
        _ACTION_MAP={},
    )
    tasks = Tasks()
    task_stop.apply(ecs, tasks)
    assert ecs._ACTION_MAP["StopTask"]({"task": "none"}) == (400, "InvalidParameterException")
    assert tasks.calls == []


def test_rate_based_schedule_runs_as_soon_as_it_is_created() -> None:
    kinds: dict[str, dict[str, Any]] = {
        "new": {},
        "later": {"StartDate": 2e9},
        "cron": {"ScheduleExpression": "cron(0 1 * * ? *)"},
    }
    schedules = {name: {"ScheduleExpression": "rate(1 hour)", **more} for name, more in kinds.items()}
    sweeps: list[dict[str, float]] = []
    scheduler: Any = SimpleNamespace(_schedules=SimpleNamespace(_data=schedules), _schedule_last_fired={})
    scheduler._tick_schedules = lambda: sweeps.append(dict(scheduler._schedule_last_fired))
    schedule_rates.apply(scheduler)
    scheduler._tick_schedules()
    assert sweeps == [{"new": 0.0}]
    scheduler._schedule_last_fired["new"] = 42.0
    scheduler._tick_schedules()
    assert sweeps[-1] == {"new": 42.0}
