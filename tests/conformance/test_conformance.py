"""The same on every target: what a run sees, and what becomes of a message however its run ends."""

import base64
import json
from contextlib import closing
from typing import Any

import pytest

from bench.runtime import rie
from local.docker.daemon import Docker
from tests import pods
from tests.conformance.conftest import ENDS, PASSWORD, TARGETS, TIMEOUT_SECONDS, Deployed, unique, until
from tests.conformance.rie import behind_rie

VOLATILE = ("messageId", "receiptHandle", "eventSourceARN", "attributes", "body", "md5OfBody")
OF_ANY_CONTAINER = {"HOME", "HOSTNAME", "AWS_ENDPOINT_URL", "AWS_LAMBDA_RUNTIME_API", "_X_AMZN_TRACE_ID"}
OF_ITS_LOG = {"AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_LOG_GROUP_NAME"}
"""Variables that are there on every target, and have values of their own."""

KEYS = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}
AGENT = {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "ECS_AGENT_URI", "ECS_CONTAINER_METADATA_URI_V4"}
TOKEN = {"AWS_ROLE_ARN", "AWS_STS_REGIONAL_ENDPOINTS", "AWS_WEB_IDENTITY_TOKEN_FILE"}
OF_TARGET = {"lambda": KEYS, "ecs": AGENT | {"AWS_EXECUTION_ENV"}, "kubernetes": TOKEN}
"""What only one has: how the role's credentials come, and where ECS says that it runs. The kubelet's own of the API
server, `KUBERNETES_...`, are always there (Kubernetes documentation, "Service", Environment variables)."""

REPORTED = {"durationMs", "memorySizeMB", "maxMemoryUsedMB"}

MOST_RUNS, LEAST_MIB = 20, 10
"""Until one was long enough to be measured; what a Python with the SDK takes at the very least."""

CAUSES = {
    "error": "LookupError",
    "crash": "Runtime.ExitError",
    "timeout": "Sandbox.Timedout",
    "memory": "Runtime.OutOfMemory",
}
"""What reports call each end."""

VOLATILE_OF_ERRORS = ("requestId", "stackTrace", "trace")


def seen(deployed: Deployed, target: str) -> dict[str, Any]:
    """What a run on this target sees, without what differs between any two runs."""
    name = unique(target)
    deployed.send("ok", target, {"do": "ok", "id": name})
    until(lambda: deployed.told(name), f"{name} to be handled", describe=lambda: deployed.describe("ok", target))
    report = deployed.results[name]
    plain = {key: value for key, value in report["record"].items() if key not in VOLATILE}
    environment = {
        key: value.replace(deployed.function("ok", target), "ok-TARGET")
        for key, value in report["environment"].items()
        if not key.startswith("KUBERNETES_")
    }
    assert OF_TARGET[target] <= environment.keys()
    common = environment.keys() - OF_TARGET[target]
    context = {
        key: str(value).replace(deployed.function("ok", target), "ok-TARGET")
        for key, value in report["context"].items()
    }
    return {
        "record": plain,
        "attributes": sorted(report["record"]["attributes"]),
        "environment": {key: environment[key] for key in common - OF_ANY_CONTAINER - OF_ITS_LOG},
        "names": sorted(common),
        "context": context,
        "forbidden": report["forbidden"],
    }


def test_run_sees_the_same_event_environment_and_context(deployed: Deployed) -> None:
    views = {target: seen(deployed, target) for target in TARGETS}
    for target in TARGETS[1:]:
        assert views[target] == views["lambda"], target
    assert views["lambda"]["forbidden"] == "AccessDenied"
    secrets = {name: value for name, value in views["lambda"]["environment"].items() if name.startswith("SECRET_")}
    assert secrets == {"SECRET_LOGIN": PASSWORD, "SECRET_DEPTH": "fathoms"}


def test_no_resource_holds_a_secret_in_plain_text(deployed: Deployed) -> None:
    state = json.dumps(deployed.project.resources())
    assert "SECRET_LOGIN" in state
    for text in (PASSWORD, base64.b64encode(PASSWORD.encode()).decode(), "fathoms"):
        assert text not in state


@pytest.mark.parametrize("target", TARGETS)
def test_intermodal_run_returns_the_answer_of_one_event(deployed: Deployed, target: str) -> None:
    record = {"messageId": "m1", "body": json.dumps({"do": "bad", "id": "once"})}
    assert deployed.run("ok", target, {"Records": [record]}) == (0, {"batchItemFailures": [{"itemIdentifier": "m1"}]})
    record["body"] = json.dumps({"do": "error", "id": "once"})
    code, answer = deployed.run("ok", target, {"Records": [record]})
    assert (code, answer["errorType"], answer["errorMessage"]) == (1, "LookupError", "once")


def test_a_pod_ends_without_a_word_that_looks_like_a_failure(deployed: Deployed) -> None:
    """Its app ends by SIGTERM, once: a client whose `/next` ends in an error writes a traceback for every Job."""
    record = {"messageId": "m1", "body": json.dumps({"do": "bad", "id": "last"})}
    deployed.run("ok", "kubernetes", {"Records": [record]})
    name = deployed.function("ok", "kubernetes")
    until(lambda: pods.ends_of_apps(deployed.cluster, deployed.namespace, name), "the end of a pod")
    assert set(pods.ends_of_apps(deployed.cluster, deployed.namespace, name)) == {(0, 143)}
    said = list(pods.lines(deployed.cluster, deployed.namespace, name))
    assert said
    assert not [line for line in said if "Failed to get next" in line]


@pytest.mark.parametrize("word", ["bad", "error", "crash", "timeout"])
def test_lambda_answers_as_awss_own_server_does(deployed: Deployed, docker: Docker, word: str) -> None:
    """So that our Runtime API server is not only tested by itself; where the two differ, the difference is here."""
    event = {"Records": [{"messageId": "m1", "body": json.dumps({"do": word, "id": "once"})}]}
    program = rie.binary() or pytest.fail("aws-lambda-rie cannot be built: is Go there?", pytrace=False)
    _, ours = deployed.run("ok", "lambda", event)
    with closing(docker.client()) as client, behind_rie(client, program, deployed.image, TIMEOUT_SECONDS) as served:
        theirs = served.invoke(event)
    if word == "timeout":  # theirs answers with a bare text
        theirs = {"errorType": "Sandbox.Timedout", "errorMessage": theirs}
    for key in VOLATILE_OF_ERRORS:
        ours.pop(key, None)
        theirs.pop(key, None)
    for answer in (ours, theirs):  # an id is before the text, or it is not
        if "errorMessage" in answer:
            answer["errorMessage"] = answer["errorMessage"].rpartition("Error: ")[2]
    assert ours == theirs


@pytest.mark.takes_a_while
@pytest.mark.parametrize("target", TARGETS)
def test_failed_item_alone_becomes_a_dead_letter(deployed: Deployed, target: str) -> None:
    good, bad = deployed.pairs[target]
    until(lambda: bad in deployed.dead("item", target), "the dead letter")
    until(lambda: deployed.told(good["id"]), "the good one")
    until(lambda: deployed.held("item", target) == 0, "an empty inbox")
    assert good not in deployed.dead("item", target)


# On a busy machine an ECS agent may report the end after a timeout of three seconds. The pods here share a node, and
# the kernel counts its kills for the whole node (docs/metrics.md).
MISTAKEN_FOR = {"ecs": "timeout", "kubernetes": "memory"}


@pytest.mark.takes_a_while
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("kind", ENDS)
def test_failed_run_is_retried_then_dead_lettered(deployed: Deployed, kind: str, target: str) -> None:
    message = deployed.fates[kind, target]

    def runs() -> set[str]:
        return deployed.runs(kind, target, message["id"])

    until(lambda: deployed.dead(kind, target) == [message], "the dead letter", 420)
    assert deployed.held(kind, target) == 0
    until(  # a log driver may be seconds behind
        lambda: len(runs()) == 2 - deployed.given_back(kind, target, message["id"]) > 0,
        "each receive to be a run of its own, but what a task gave back that was stopped meanwhile",
        60,
        describe=lambda: deployed.describe(kind, target),
    )
    if target != "lambda":  # there the service reports, and the embedded one's words have tests of their own
        records = [line["record"] for line in deployed.lines(kind, target) if line.get("type") == "platform.report"]
        found = [record for record in records if record["requestId"] in runs()]
        assert {record["errorType"] for record in found} <= {CAUSES[kind], CAUSES[MISTAKEN_FOR[target]]}
        out_of_memory = [record for record in found if record["errorType"] == CAUSES["memory"]]
        assert all(record["metrics"]["maxMemoryUsedMB"] == 256 for record in out_of_memory)


@pytest.mark.parametrize("target", TARGETS)
def test_log_lines_lead_from_message_to_run(deployed: Deployed, target: str) -> None:
    found, name = reported(deployed, target)
    for _ in range(MOST_RUNS):
        if not measured(found, target):
            found, name = reported(deployed, target)
    run = found["record"]["requestId"]
    lines = deployed.lines("ok", target)
    assert [line for line in lines if line.get("id") == name] == [{"level": "INFO", "id": name, "run": run}]
    (start,) = (line for line in lines if line.get("type") == "platform.start" and line["record"]["requestId"] == run)
    assert start["record"] == {"requestId": run, "version": "$LATEST"}
    assert found["record"].keys() == {"requestId", "status", "metrics"}
    assert found["record"]["metrics"].keys() - {"cpuTimeMs"} == REPORTED
    assert found["record"]["status"] == "success"
    assert found["record"]["metrics"]["durationMs"] > 0
    assert found["record"]["metrics"]["memorySizeMB"] == 256
    assert LEAST_MIB < found["record"]["metrics"]["maxMemoryUsedMB"] <= 256
    if target != "lambda":  # there the service reports, and knows of no messages
        assert deployed.results[name]["record"]["messageId"] in found["messageIds"]
        assert {"Invocations", "Errors", "Duration", "Retries", "Age", "InFlight", "MemoryPeak"} <= found.keys()
        assert found["MemoryPeak"] == found["record"]["metrics"]["maxMemoryUsedMB"]
        assert found["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "intermodal"
    assert measured(found, target)


@pytest.mark.parametrize("target", TARGETS)
def test_another_client_sees_the_same_run(client_deployed: Deployed, target: str) -> None:
    name = unique(target)
    client_deployed.send("ok", target, {"do": "ok", "id": name})

    def lines() -> list[dict[str, Any]]:
        return [line for line in client_deployed.lines("ok", target) if line.get("id") == name]

    until(lines, f"{name} to be handled", describe=lambda: client_deployed.describe("ok", target))
    until(lambda: client_deployed.held("ok", target) == 0, "an empty inbox")
    line = lines()[0]
    assert (line["in_time"], line["memory"]) == (True, "256")
    assert line["arn"].endswith(f":function:{line['name']}")
    assert line["name"].endswith(client_deployed.function("ok", target) + "-main")
    assert line["message"] == client_deployed.message_ids[name]
    # A log driver may be seconds behind.
    until(lambda: line["run"] in client_deployed.runs("ok", target, name), "the report of the run")


@pytest.mark.takes_a_while
@pytest.mark.parametrize("target", TARGETS)
def test_a_failure_of_another_client_has_the_same_fate(client_deployed: Deployed, target: str) -> None:
    good, bad = client_deployed.pairs[target]
    until(lambda: bad in client_deployed.dead("item", target), "the failed item's dead letter")
    until(lambda: client_deployed.held("item", target) == 0, "an empty inbox")
    assert good not in client_deployed.dead("item", target)
    message = client_deployed.fates["error", target]
    until(lambda: client_deployed.dead("error", target) == [message], "the error's dead letter", 420)


def measured(found: dict[str, Any], target: str) -> bool:
    """Whether a report has what this target can tell."""
    if target == "kubernetes":  # the kernel counts in hundredths of a second
        return bool(found["CpuTime"])
    # What Docker and the agent know is up to a second old: nothing of a new task, little from before the SDK came in.
    return int(found["record"]["metrics"].get("maxMemoryUsedMB", 0)) > LEAST_MIB


def reported(deployed: Deployed, target: str) -> tuple[dict[str, Any], str]:
    """The report of a new run, and the message that it held."""
    name = unique("report")
    deployed.send("ok", target, {"do": "ok", "id": name})
    until(lambda: deployed.told(name), f"{name} to be handled", describe=lambda: deployed.describe("ok", target))

    def report() -> dict[str, Any] | None:
        runs = deployed.runs("ok", target, name)
        lines = [line for line in deployed.lines("ok", target) if line.get("type") == "platform.report"]
        return next((line for line in lines if line["record"]["requestId"] in runs), None)

    until(report, "the run's report")
    found = report()
    assert found is not None
    return found, name
