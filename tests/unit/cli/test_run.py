"""`intermodal run` rejects bad input before anything starts, and creates the right Job."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from intermodal.deployed.run_result import RunResult
from intermodal.deployed.stack import DeployedFunction, find_function, find_lane
from intermodal.problems.errors import CliError
from intermodal.targets.ecs import run as run_on_ecs
from intermodal.targets.kubernetes.one_shot import one_shot_job
from tests.unit.cli.conftest import Engine, Intermodal, function

LANES = {"main": {"target": "kubernetes", "scaled_job": "shop-dev-hello-main"}}
SCALED_JOB: dict[str, Any] = {
    "metadata": {"name": "hello-main", "namespace": "functions", "labels": {"kueue.x-k8s.io/queue-name": "functions"}},
    "spec": {
        "pollingInterval": 10,
        "jobTargetRef": {
            "backoffLimit": 0,
            "template": {
                "spec": {
                    "volumes": [{"name": "tmp", "emptyDir": {}}],
                    "initContainers": [
                        {"name": "adapter", "args": ["adapter", "--queue-url", "u"], "volumeMounts": []},
                        {"name": "app", "image": "i"},
                    ],
                }
            },
        },
    },
}


@pytest.fixture
def event(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write an event to standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"hello": "world"}')))


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    ("content", "error"),
    [("not json", "standard input is not JSON"), ("", "standard input is not JSON")],
)
def test_invalid_json_is_refused(
    intermodal: Intermodal, monkeypatch: pytest.MonkeyPatch, content: str, error: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content.encode())))
    code, out, err = intermodal("run", "hello", "--event", "-")
    assert (code, out) == (1, "")
    assert error in err


@pytest.mark.usefixtures("engine")
def test_missing_file_is_refused(intermodal: Intermodal) -> None:
    code, _, err = intermodal("run", "hello", "--event", "nowhere.json")
    assert code == 1
    assert "nowhere.json cannot be read" in err


@pytest.mark.usefixtures("event")
@pytest.mark.parametrize(
    ("lanes", "arguments", "error"),
    [
        ({"blue": LANES["main"], "green": LANES["main"]}, (), "has these lanes: blue, green; choose one with --lane"),
        (LANES, ("--lane", "mian"), '"mian" is not a lane of function "hello", which has main; did you mean "main"?'),
        ({"main": {"target": "moon"}}, (), "target moon requires a newer version of intermodal"),
        (LANES, (), "has no kubernetes:keda.sh/v1alpha1:ScaledJob in stack dev; finish its deployment"),
        ({}, (), "has these lanes: none"),
    ],
)
def test_lane_that_cannot_run_is_rejected(
    engine: Engine, intermodal: Intermodal, lanes: dict[str, Any], arguments: tuple[str, ...], error: str
) -> None:
    engine.set_state(function("hello", lane_outputs=lanes))
    code, out, err = intermodal("run", "hello", "--event", "-", *arguments)
    assert (code, out) == (1, "")
    assert error in err


@pytest.mark.usefixtures("event")
@pytest.mark.parametrize(
    ("kubeconfig", "error"),
    [
        ({"4dabf18193072939515e22adb298388d": "x", "ciphertext": "v1:…"}, "is a secret, which this command cannot"),
        ("apiVersion: v1\nkind: Config\n", "cannot be used"),
    ],
)
def test_unreachable_cluster_is_reported(engine: Engine, intermodal: Intermodal, kubeconfig: Any, error: str) -> None:
    provider = {"type": "pulumi:providers:kubernetes", "urn": "urn:pulumi:dev::shop::p::cluster"}
    kind = "kubernetes:keda.sh/v1alpha1:ScaledJob"
    lane = "urn:pulumi:dev::shop::intermodal:index:Lane::hello-main"
    jobs = {
        "type": kind,
        "urn": f"urn:pulumi:dev::shop::{kind}::hello-main-jobs",
        "outputs": SCALED_JOB,
        "parent": lane,
    }
    engine.set_state(
        function("hello", lane_outputs=LANES),
        {**provider, "inputs": {"kubeconfig": kubeconfig}},
        {**jobs, "provider": f"{provider['urn']}::some-id"},
    )
    code, _, err = intermodal("run", "hello", "--event", "-")
    assert code == 1
    assert error in err


def test_function_with_the_lanes_prefix_is_not_matched() -> None:
    kind, state = "kubernetes:keda.sh/v1alpha1:ScaledJob", []
    for lane in ("scan-blue-main", "scan-blue"):
        parent = f"urn:pulumi:dev::shop::intermodal:index:ContainerFunction$intermodal:index:Lane::{lane}"
        state.append({"type": kind, "urn": f"urn:pulumi:dev::shop::{kind}::{lane}-jobs", "parent": parent})
    queue: Any = {"inbox_url": "", "log_group_name": "", "region": None, "profile": None}
    scan = DeployedFunction(name="scan", stack="dev", lanes={"blue": LANES["main"]}, resources=state, **queue)
    assert str(find_lane(scan, "blue").find_resource(kind)["urn"]).endswith("::scan-blue-jobs")


def test_job_is_the_lanes_job_plus_the_event() -> None:
    before = json.dumps(SCALED_JOB)
    job = one_shot_job("hello-main-1", SCALED_JOB)
    assert json.dumps(SCALED_JOB) == before
    assert job["metadata"]["labels"] == SCALED_JOB["metadata"]["labels"]
    adapter, app = job["spec"]["template"]["spec"]["initContainers"]
    assert adapter["args"] == ["adapter", "--queue-url", "u", "--event-file", "/var/run/intermodal/event.json"]
    assert app == {"name": "app", "image": "i"}
    volumes = {one["name"]: one for one in job["spec"]["template"]["spec"]["volumes"]}
    assert volumes["event"]["secret"] == {"secretName": "hello-main-1"}


def test_result_is_found_among_other_lines() -> None:
    lines = ["plain", "[]", '{"type": "platform.report"}', log_part(1, 1, '{"errorType": "E"}', ok=False), "after"]
    assert RunResult.from_lines(lines) == RunResult(ok=False, payload={"errorType": "E"})
    assert RunResult.from_lines(lines[:3]) is None


@pytest.mark.parametrize(("text", "payload"), [("", None), ("no JSON", "no JSON"), ('"é"', "é")])
def test_json_result_is_parsed(text: str, payload: Any) -> None:
    assert RunResult.from_lines([log_part(1, 1, text)]) == RunResult(ok=True, payload=payload)


def test_split_result_is_joined_in_order() -> None:
    lines = [log_part(number, 12, digit) for number, digit in enumerate("123456789012", 1)]
    assert RunResult.from_lines([*lines[6:], *lines[:6]]) == RunResult(ok=True, payload=123456789012)
    assert RunResult.from_lines(lines[1:]) is None


def log_part(number: int, of: int, text: str, *, ok: bool = True) -> str:
    """Return an adapter's log line."""
    return json.dumps({"type": "intermodal.answer", "record": {"ok": ok, "part": number, "of": of, "text": text}})


class Ecs:
    """A fake DescribeTasks that lists a task only after a while, and a clock that each sleep advances."""

    def __init__(self, *answers: list[dict[str, str]]) -> None:
        self.answers = list(answers)
        self.passed = 0.0

    def describe_tasks(self, **_: Any) -> Any:
        """Return the next response; the last one repeats."""
        return {"tasks": self.answers.pop(0) if len(self.answers) > 1 else self.answers[0], "failures": []}

    def clock(self) -> float:
        """Return the number of seconds slept so far."""
        return self.passed

    def sleep(self, seconds: float) -> None:
        """Advance the clock."""
        self.passed += seconds


def test_task_unknown_to_ecs_yet_is_polled_again() -> None:
    stopped = {"lastStatus": "STOPPED"}
    late = Ecs([], [], [{"lastStatus": "RUNNING"}], [stopped])
    assert run_on_ecs._wait_stopped(late, "c", "arn:task", clock=late.clock, sleep=late.sleep) == stopped
    never = Ecs([])
    with pytest.raises(CliError, match="ECS started task arn:task but does not return it"):
        run_on_ecs._wait_stopped(never, "c", "arn:task", clock=never.clock, sleep=never.sleep)
    assert (late.passed, never.passed) == (3.0, 61.0)


def test_engine_secrets_are_decrypted(engine: Engine) -> None:
    """A task definition's environment is secret as a whole if any of its values is."""
    definition = "aws:ecs/taskDefinition:TaskDefinition"
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": '"[]"'}
    lane = "urn:pulumi:dev::shop::intermodal:index:ContainerFunction$intermodal:index:Lane::hello-main"
    task = {"type": definition, "urn": "u", "parent": lane, "outputs": {"containerDefinitions": secret, "cpu": "256"}}
    engine.set_state(function("hello", lane_outputs={"main": {"target": "ecs"}}), task)
    found = find_lane(find_function("hello", stack=None, folder=Path()), None)
    assert found.find_resource(definition)["outputs"] == {"containerDefinitions": "[]", "cpu": "256"}
