"""The environment of a run and the outcome of its messages are the same on every target."""

import base64
import json
from contextlib import closing
from typing import Any

import pytest

from bench.runtime import rie
from local.docker.daemon import Docker
from tests import pods
from tests.conformance.conftest import (
    FAILURES,
    PASSWORD,
    SHORT_TIMEOUT_SECONDS,
    TARGETS,
    TIMEOUT_SECONDS,
    Deployment,
    unique,
    until,
)
from tests.conformance.rie import run_behind_rie
from tests.conformance.variables import CONTAINER_VARIABLES, LOG_VARIABLES, TARGET_VARIABLES

VOLATILE = ("messageId", "receiptHandle", "eventSourceARN", "attributes", "body", "md5OfBody")
METRICS = {"durationMs", "memorySizeMB", "maxMemoryUsedMB"}

MOST_RUNS, LEAST_MIB = 20, 10
"""Attempts until a run is long enough to be measured; minimum memory of a Python process with the SDK."""

CAUSES = {
    "error": "LookupError",
    "crash": "Runtime.ExitError",
    "timeout": "Sandbox.Timedout",
    "memory": "Runtime.OutOfMemory",
}
"""Status and error type that each failure's reports contain."""

VOLATILE_OF_ERRORS = ("requestId", "stackTrace", "trace")


def observe_run(deployment: Deployment, target: str) -> dict[str, Any]:
    """Return what a run reports on this target, without values that differ between runs."""
    name = deployment.send_and_wait(target)
    report = deployment.results[name]
    plain = {key: value for key, value in report["record"].items() if key not in VOLATILE}
    environment = {
        key: value.replace(deployment.function("ok", target), "ok-TARGET")
        for key, value in report["environment"].items()
        if not key.startswith("KUBERNETES_")
    }
    assert TARGET_VARIABLES[target] <= environment.keys()
    common = environment.keys() - TARGET_VARIABLES[target]
    context = {
        key: str(value).replace(deployment.function("ok", target), "ok-TARGET")
        for key, value in report["context"].items()
    }
    return {
        "record": plain,
        "attributes": sorted(report["record"]["attributes"]),
        "environment": {key: environment[key] for key in common - CONTAINER_VARIABLES - LOG_VARIABLES},
        "names": sorted(common),
        "context": context,
        "forbidden": report["forbidden"],
    }


def test_run_sees_the_same_event_environment_and_context(deployment: Deployment) -> None:
    views = {target: observe_run(deployment, target) for target in TARGETS}
    for target in TARGETS[1:]:
        assert views[target] == views["lambda"], target
    assert views["lambda"]["forbidden"] == "AccessDenied"
    secrets = {name: value for name, value in views["lambda"]["environment"].items() if name.startswith("SECRET_")}
    assert secrets == {"SECRET_LOGIN": PASSWORD, "SECRET_DEPTH": "fathoms"}


def test_no_resource_has_a_plain_text_secret(deployment: Deployment) -> None:
    state = json.dumps(deployment.project.resources())
    assert "SECRET_LOGIN" in state
    for text in (PASSWORD, base64.b64encode(PASSWORD.encode()).decode(), "fathoms"):
        assert text not in state


@pytest.mark.parametrize("target", TARGETS)
def test_intermodal_run_returns_the_response_to_one_event(deployment: Deployment, target: str) -> None:
    record = {"messageId": "m1", "body": json.dumps({"do": "bad", "id": "once"})}
    assert deployment.run("ok", target, {"Records": [record]}) == (0, {"batchItemFailures": [{"itemIdentifier": "m1"}]})
    record["body"] = json.dumps({"do": "error", "id": "once"})
    code, answer = deployment.run("ok", target, {"Records": [record]})
    assert (code, answer["errorType"], answer["errorMessage"]) == (1, "LookupError", "once")


def test_pod_ends_without_log_lines_that_look_like_errors(deployment: Deployment) -> None:
    """SIGTERM ends the app quietly: a client whose `/next` call fails would write a traceback for every Job."""
    record = {"messageId": "m1", "body": json.dumps({"do": "bad", "id": "last"})}
    deployment.run("ok", "kubernetes", {"Records": [record]})
    name = deployment.function("ok", "kubernetes")
    until(lambda: pods.list_app_exits(deployment.cluster, deployment.namespace, name), "a pod to terminate")
    assert set(pods.list_app_exits(deployment.cluster, deployment.namespace, name)) == {(0, 143)}
    lines = list(pods.read_lines(deployment.cluster, deployment.namespace, name))
    assert lines
    assert not [line for line in lines if "Failed to get next" in line]


@pytest.mark.parametrize("failure", ["bad", "error", "crash", "timeout"])
def test_emulated_lambda_responds_like_the_aws_rie(deployment: Deployment, docker: Docker, failure: str) -> None:
    """AWS's emulator is a second reference besides our own Runtime API server; this test lists their differences."""
    event = {"Records": [{"messageId": "m1", "body": json.dumps({"do": failure, "id": "once"})}]}
    kind, seconds = ("timeout", SHORT_TIMEOUT_SECONDS) if failure == "timeout" else ("ok", TIMEOUT_SECONDS)
    program = rie.binary() or pytest.fail("aws-lambda-rie cannot be built: is Go installed?", pytrace=False)
    _, ours = deployment.run(kind, "lambda", event)
    with (
        closing(docker.client()) as client,
        run_behind_rie(client, program, deployment.image, seconds) as served,
    ):
        theirs = served.invoke(event)
    if failure == "timeout":  # the RIE returns plain text
        theirs = {"errorType": "Sandbox.Timedout", "errorMessage": theirs}
    for key in VOLATILE_OF_ERRORS:
        ours.pop(key, None)
        theirs.pop(key, None)
    for answer in (ours, theirs):  # one of them prefixes the message with the request ID
        if "errorMessage" in answer:
            answer["errorMessage"] = answer["errorMessage"].rpartition("Error: ")[2]
    assert ours == theirs


@pytest.mark.takes_a_while
@pytest.mark.parametrize("target", TARGETS)
def test_only_the_failed_item_becomes_a_dead_letter(deployment: Deployment, target: str) -> None:
    good, bad = deployment.item_messages[target]
    until(lambda: bad in deployment.list_dead_letters("item", target), "the dead letter")
    until(lambda: deployment.receive_result(good["id"]), "the result of the good item")
    until(lambda: deployment.count_messages("item", target) == 0, "an empty inbox")
    assert good not in deployment.list_dead_letters("item", target)


# On a busy machine, an ECS agent may report the exit after a timeout of three seconds. The pods here share a node, and
# the kernel's OOM-kill counter covers the whole node (docs/metrics.md).
MISTAKEN_FOR = {"ecs": "timeout", "kubernetes": "memory"}


@pytest.mark.takes_a_while
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("kind", FAILURES)
def test_failed_run_is_retried_then_dead_lettered(deployment: Deployment, kind: str, target: str) -> None:
    message = deployment.failing_messages[kind, target]

    def runs() -> set[str]:
        return deployment.find_runs(kind, target, message["id"])

    until(lambda: deployment.list_dead_letters(kind, target) == [message], "the dead letter", 420)
    assert deployment.count_messages(kind, target) == 0
    until(  # a log driver may lag by seconds
        lambda: len(runs()) == 2 - deployment.count_returns(kind, target, message["id"]) > 0,
        "one run per receive, except messages that a stopping task returned",
        60,
        describe=lambda: deployment.describe(kind, target),
    )
    if target != "lambda":  # Lambda writes its own report, and the emulator's has its own tests
        records = [line["record"] for line in deployment.lines(kind, target) if line.get("type") == "platform.report"]
        found = [record for record in records if record["requestId"] in runs()]
        assert {record["errorType"] for record in found} <= {CAUSES[kind], CAUSES[MISTAKEN_FOR[target]]}
        out_of_memory = [record for record in found if record["errorType"] == CAUSES["memory"]]
        assert all(record["metrics"]["maxMemoryUsedMB"] == 256 for record in out_of_memory)


@pytest.mark.parametrize("target", TARGETS)
def test_log_lines_link_message_and_run(deployment: Deployment, target: str) -> None:
    found, name = run_and_find_report(deployment, target)
    for _ in range(MOST_RUNS):
        if not is_measured(found, target):
            found, name = run_and_find_report(deployment, target)
    run = found["record"]["requestId"]
    lines = deployment.lines("ok", target)
    handled = [line for line in lines if line.get("id") == name]  # more than once, if a run timed out on a busy machine
    runs = [line["run"] for line in handled]
    assert handled == [{"level": "INFO", "id": name, "run": each} for each in runs]
    assert run in runs
    assert len(set(runs)) == len(runs)
    (start,) = (line for line in lines if line.get("type") == "platform.start" and line["record"]["requestId"] == run)
    assert start["record"] == {"requestId": run, "version": "$LATEST"}
    assert found["record"].keys() == {"requestId", "status", "metrics"}
    assert found["record"]["metrics"].keys() - {"cpuTimeMs"} == METRICS
    assert found["record"]["metrics"]["durationMs"] > 0
    assert found["record"]["metrics"]["memorySizeMB"] == 256
    assert LEAST_MIB < found["record"]["metrics"]["maxMemoryUsedMB"] <= 256
    if target != "lambda":  # Lambda writes its own report, without message IDs
        assert deployment.results[name]["record"]["messageId"] in found["messageIds"]
        assert {"Invocations", "Errors", "Duration", "Retries", "Age", "InFlight", "MemoryPeak"} <= found.keys()
        assert found["MemoryPeak"] == found["record"]["metrics"]["maxMemoryUsedMB"]
        assert found["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "intermodal"
    assert is_measured(found, target)


@pytest.mark.parametrize("target", TARGETS)
def test_run_is_the_same_for_every_runtime_client(client_deployment: Deployment, target: str) -> None:
    name = unique(target)
    client_deployment.send("ok", target, {"do": "ok", "id": name})

    def lines() -> list[dict[str, Any]]:
        return [line for line in client_deployment.lines("ok", target) if line.get("id") == name]

    until(lines, f"{name} to be handled", describe=lambda: client_deployment.describe("ok", target))
    until(lambda: client_deployment.count_messages("ok", target) == 0, "an empty inbox")
    line = lines()[0]
    assert (line["in_time"], line["memory"]) == (True, "256")
    assert line["arn"].endswith(f":function:{line['name']}")
    assert line["name"].endswith(client_deployment.function("ok", target) + "-main")
    assert line["message"] == client_deployment.message_ids[name]
    # A log driver may lag by seconds.
    until(lambda: line["run"] in client_deployment.find_runs("ok", target, name), "the run's report")


@pytest.mark.takes_a_while
@pytest.mark.parametrize("target", TARGETS)
def test_failure_is_handled_the_same_for_every_client(client_deployment: Deployment, target: str) -> None:
    good, bad = client_deployment.item_messages[target]
    until(lambda: bad in client_deployment.list_dead_letters("item", target), "the failed item's dead letter")
    until(lambda: client_deployment.count_messages("item", target) == 0, "an empty inbox")
    assert good not in client_deployment.list_dead_letters("item", target)
    message = client_deployment.failing_messages["error", target]
    until(lambda: client_deployment.list_dead_letters("error", target) == [message], "the error's dead letter", 420)


@pytest.mark.parametrize("target", TARGETS)
def test_command_and_folder_override_the_image(messages_sent: dict[str, Deployment], target: str) -> None:
    deployment, name = messages_sent["python"], unique(target)
    deployment.send("process", target, {"id": name})
    until(lambda: deployment.receive_result(name), name, describe=lambda: deployment.describe("process", target))
    assert deployment.results[name] == {"id": name, "module": "other", "folder": "/var/task/nested"}


@pytest.mark.parametrize("target", TARGETS)
def test_single_message_batches_ignore_item_failures(messages_sent: dict[str, Deployment], target: str) -> None:
    deployment, names = messages_sent["python"], [unique(target) for _ in range(3)]
    deployment.send("single", target, *({"do": "bad", "id": name} for name in names))

    def runs() -> list[str]:
        return [line["run"] for line in deployment.lines("single", target) if line.get("id") in names]

    until(lambda: len(set(runs())) == len(names), "one run for each message", describe=runs)
    until(lambda: deployment.count_messages("single", target) == 0, "an empty inbox")
    assert len(runs()) == len(names), "no message was retried"
    assert deployment.list_dead_letters("single", target) == []


def is_measured(found: dict[str, Any], target: str) -> bool:
    """Return whether a report has every measurement that this target offers."""
    if target == "kubernetes":  # the kernel counts CPU time in hundredths of a second
        return bool(found["CpuTime"])
    # Docker and agent statistics may be a second old: a new task has none, and they are low before the SDK is imported.
    return int(found["record"]["metrics"].get("maxMemoryUsedMB", 0)) > LEAST_MIB


def run_and_find_report(deployment: Deployment, target: str) -> tuple[dict[str, Any], str]:
    """Return a new successful run's report, and the message that it held."""
    name = deployment.send_and_wait(target)

    def report() -> dict[str, Any] | None:
        runs = deployment.find_runs("ok", target, name)
        lines = [line for line in deployment.lines("ok", target) if line.get("type") == "platform.report"]
        records = ((line, line["record"]) for line in lines if line["record"]["requestId"] in runs)
        return next((line for line, record in records if record["status"] == "success"), None)

    until(report, "the run's report")
    found = report()
    assert found is not None
    return found, name
