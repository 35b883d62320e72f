"""Services keep the desired count, replace stopped tasks, roll out revisions and respect scale-in protection."""

import itertools
import json
import time
from collections.abc import Iterator

import pytest

from tests.local.ecs.conftest import CLUSTER, Ecs
from tests.local.ecs.service import BROKEN, FOREVER, PROTECT, TERMINATED, WORKER, Service


@pytest.fixture
def service(ecs: Ecs) -> Iterator[Service]:
    made = Service(ecs, f"s-{time.time_ns()}")
    yield made
    ecs.client("ecs").delete_service(cluster=CLUSTER, service=made.name, force=True)
    made.until(lambda: made.describe()["status"] == "INACTIVE")
    assert made.tasks() == []


def test_service_keeps_its_desired_count(ecs: Ecs, service: Service) -> None:
    service.create(ecs.define(ecs.python("app", FOREVER)), 2)
    assert service.describe()["deployments"][0]["rolloutState"] == "IN_PROGRESS"
    service.until(service.is_steady)
    assert service.describe()["runningCount"] == 2

    first, second = service.tasks()
    ecs.client("ecs").stop_task(cluster=CLUSTER, task=first, reason="by hand")
    service.until(lambda: first not in service.tasks() and service.describe()["runningCount"] == 2)
    assert second in service.tasks()
    assert ecs.until(first)["stoppedReason"] == "by hand"

    service.update(desiredCount=0)
    service.until(lambda: service.tasks() == [])
    gone = ecs.until(second)
    assert gone["stopCode"] == "ServiceSchedulerInitiated"
    assert gone["stoppedReason"].startswith("Scaling activity initiated by (deployment ecs-svc/")


def test_rollout_keeps_the_minimum_healthy_tasks(ecs: Ecs, service: Service) -> None:
    service.create(ecs.define(ecs.python("app", FOREVER)), 1)
    service.until(service.is_steady)
    (old,) = service.tasks()
    service.update(taskDefinition=ecs.define(ecs.python("app", FOREVER)))
    fewest = 1

    def is_replaced() -> bool:
        nonlocal fewest
        fewest = min(fewest, service.describe()["runningCount"])
        return service.is_steady() and old not in service.tasks()

    service.until(is_replaced)
    assert (fewest, len(service.tasks())) == (1, 1)


def test_maximum_percent_100_stops_before_starting(ecs: Ecs, service: Service) -> None:
    service.create(ecs.define(ecs.python("app", FOREVER)), 1, minimumHealthyPercent=0, maximumPercent=100)
    service.until(service.is_steady)
    service.update(taskDefinition=ecs.define(ecs.python("app", FOREVER)))
    most = 0

    def is_replaced() -> bool:
        nonlocal most
        most = max(most, len(service.tasks()))
        return service.is_steady() and len(service.stopped_tasks()) == 1

    service.until(is_replaced)
    assert most == 1


def test_protected_task_survives_scale_in_and_rollout(ecs: Ecs, service: Service) -> None:
    service.create(ecs.define(ecs.python("app", PROTECT)), 1)
    service.until(lambda: len(service.tasks()) == 1)
    (busy,) = service.tasks()
    ecs.wait_for_line(busy, "app", "ready")
    unknown, missing, long, done, read = ecs.log_lines(busy, "app")[:5]
    assert unknown.startswith("400")
    assert "failed to decode request" in unknown
    assert missing.startswith("400")
    assert "does not contain 'ProtectionEnabled' field" in missing
    assert long.startswith("400")
    assert "InvalidParameterException" in long
    assert json.loads(done.removeprefix("200 "))["protection"]["ProtectionEnabled"] is True
    assert read == done

    service.update(taskDefinition=ecs.define(ecs.python("app", FOREVER)))
    service.until(lambda: service.describe()["runningCount"] == 2)
    service.update(desiredCount=0)
    service.until(lambda: service.tasks() == [busy])
    client = ecs.client("ecs")
    client.update_task_protection(cluster=CLUSTER, tasks=[busy], protectionEnabled=False)
    service.until(lambda: service.tasks() == [])
    assert client.get_task_protection(cluster=CLUSTER, tasks=[busy])["failures"][0]["reason"] == "TASK_NOT_VALID"


def test_protection_needs_the_task_roles_permission(ecs: Ecs, service: Service) -> None:
    service.create(ecs.define(ecs.python("app", PROTECT), taskRoleArn=None), 1)
    service.until(lambda: len(service.tasks()) == 1)
    (task,) = service.tasks()
    ecs.wait_for_line(task, "app", "ready")
    line = ecs.log_lines(task, "app")[3]
    assert line.startswith("403")
    assert "no task IAM role credentials available for task" in line

    service.update(taskDefinition=ecs.define(ecs.python("app", PROTECT), taskRoleArn=ecs.roles["nothing"]))
    service.until(lambda: service.tasks() != [task] and service.is_steady())
    (task,) = service.tasks()
    ecs.wait_for_line(task, "app", "ready")
    line = ecs.log_lines(task, "app")[3]
    assert "AccessDeniedException" in line
    assert "ecs:UpdateTaskProtection" in line


def test_protection_can_be_granted_by_cluster(ecs: Ecs, service: Service) -> None:
    service.create(ecs.define(ecs.python("app", PROTECT), taskRoleArn=ecs.roles["own"]), 1)
    service.until(lambda: len(service.tasks()) == 1)
    (task,) = service.tasks()
    ecs.wait_for_line(task, "app", "ready")
    assert ecs.log_lines(task, "app")[3].startswith("200")
    ecs.client("ecs").update_task_protection(cluster=CLUSTER, tasks=[task], protectionEnabled=False)

    service.update(taskDefinition=ecs.define(ecs.python("app", PROTECT), taskRoleArn=ecs.roles["other"]))
    service.until(lambda: service.tasks() != [task] and service.is_steady())
    (task,) = service.tasks()
    ecs.wait_for_line(task, "app", "ready")
    assert "AccessDenied" in ecs.log_lines(task, "app")[3]


def test_deleted_service_drains_and_stops_protected_tasks(ecs: Ecs, service: Service) -> None:
    """AWS documents no protection after a service is deleted, so nothing may rely on it."""
    service.create(ecs.define(ecs.python("app", TERMINATED)), 1)
    service.until(service.is_steady)
    (busy,) = service.tasks()
    client = ecs.client("ecs")
    client.update_task_protection(cluster=CLUSTER, tasks=[busy], protectionEnabled=True)
    client.delete_service(cluster=CLUSTER, service=service.name, force=True)
    assert service.describe()["status"] == "DRAINING"
    renewal = client.update_task_protection(cluster=CLUSTER, tasks=[busy], protectionEnabled=True)
    assert [failure["reason"] for failure in renewal["failures"]] == ["TASK_NOT_VALID"]
    service.until(lambda: service.describe()["status"] == "INACTIVE")
    assert ecs.until(busy)["stopCode"] == "ServiceSchedulerInitiated"


def test_protection_beyond_desired_count_is_blocked(ecs: Ecs, service: Service) -> None:
    client = ecs.client("ecs")
    service.create(ecs.define(ecs.python("app", FOREVER)), 1)
    service.until(service.is_steady)
    (old,) = service.tasks()

    def protect(task: str, *, wanted: bool = True) -> list[str]:
        answer = client.update_task_protection(cluster=CLUSTER, tasks=[task], protectionEnabled=wanted)
        return [failure["reason"] for failure in answer["failures"]]

    assert protect(old) == []
    service.update(taskDefinition=ecs.define(ecs.python("app", FOREVER, stopTimeout=120)))
    service.until(lambda: service.describe()["runningCount"] == 2)
    (new,) = set(service.tasks()) - {old}
    assert (protect(old), protect(new)) == ([], ["DEPLOYMENT_BLOCKED"])  # an old task, within the desired count
    assert (protect(old, wanted=False), protect(old)) == ([], [])  # the gap is too short for a scale-in
    time.sleep(2)
    assert ecs.describe(old)["desiredStatus"] == "RUNNING"
    assert protect(old, wanted=False) == []
    service.until(service.is_steady)
    assert service.tasks() == [new]
    assert (protect(new), protect(new, wanted=False)) == ([], [])


def test_rolling_update_completes_under_sustained_load(ecs: Ecs, service: Service, worker_image: str) -> None:
    service.create(ecs.define(ecs.python("app", WORKER, image=worker_image)), 2)
    service.until(service.is_steady)
    old = service.tasks()
    for task in old:
        ecs.wait_for_line(task, "app", "work ends")
    service.update(taskDefinition=ecs.define(ecs.python("app", WORKER, image=worker_image, stopTimeout=5)))
    service.until(service.is_steady)
    assert not set(old) & set(service.tasks())
    for task in old:
        last = [line for line in ecs.log_lines(task, "app") if line.startswith("work")][-1]
        assert last == "work ends", "stopped while it was working"
    service.update(desiredCount=0)
    service.until(lambda: service.tasks() == [])


def test_task_without_a_service_cannot_be_protected(ecs: Ecs) -> None:
    task = ecs.start(ecs.define(ecs.python("app", PROTECT)))
    ecs.wait_for_line(task, "app", "ready")
    response = json.loads(ecs.log_lines(task, "app")[3].removeprefix("200 "))
    assert response["failure"]["Reason"] == "TASK_NOT_VALID"
    ecs.client("ecs").stop_task(cluster=CLUSTER, task=task)
    ecs.until(task)


def test_failed_deployment_is_rolled_back(ecs: Ecs, service: Service) -> None:
    breaker = {"enable": True, "rollback": True}
    good = ecs.define(ecs.python("app", FOREVER))
    service.create(good, 1, deploymentCircuitBreaker=breaker)
    service.until(service.is_steady)
    (kept,) = service.tasks()
    service.update(taskDefinition=ecs.define(ecs.python("app", BROKEN)))
    service.until(lambda: service.describe()["taskDefinition"] == good)
    service.until(service.is_steady)
    assert service.tasks() == [kept]
    reasons = {task["stoppedReason"] for task in service.stopped_tasks()}
    assert "Essential container in task exited" in reasons  # another task may still be starting
    assert any(
        "circuit breaker" in e["message"] or "rolling back" in e["message"] for e in service.describe()["events"]
    )


def test_failing_task_is_restarted_with_growing_delays(ecs: Ecs, service: Service) -> None:
    service.create(ecs.define(ecs.python("app", BROKEN)), 1)
    service.until(lambda: len(service.stopped_tasks()) >= 3)
    tasks = sorted(service.stopped_tasks(), key=lambda task: task["createdAt"])
    waits = [(after["createdAt"] - before["stoppingAt"]).total_seconds() for before, after in itertools.pairwise(tasks)]
    assert all(wait > 2**at - 0.01 for at, wait in enumerate(waits)), waits  # times are rounded down to milliseconds
    service.until(lambda: service.describe()["deployments"][0]["failedTasks"] >= 3)
