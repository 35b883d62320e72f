"""A container definition in Docker's words."""

import os
from collections.abc import Collection, Mapping
from typing import Any

from local.aws.ecs.spec import Spec

CPU_UNITS = 1024
NANOSECONDS = 10**9
HEALTH_DEFAULTS = {"interval": 30, "timeout": 5, "retries": 3, "startPeriod": 0}
"""ECS API reference, HealthCheck."""


def of(
    spec: Spec,
    task: Mapping[str, Any],
    environment: Mapping[str, str],
    volumes: Mapping[str, str],
    declared: Collection[str] = (),
) -> dict[str, Any]:
    """Return arguments of docker's `create`, without network, name and labels.

    `volumes` are Docker's names by those of the task definition, `declared` the paths that the image has as VOLUME.
    """
    given = spec.definition
    linux = given.get("linuxParameters") or {}
    copied = {
        "command": given.get("command"),
        "entrypoint": given.get("entryPoint"),
        "user": given.get("user"),
        "working_dir": given.get("workingDirectory"),
        "read_only": bool(given.get("readonlyRootFilesystem")),
        "init": True if linux.get("initProcessEnabled") else None,
        "tty": bool(given.get("pseudoTerminal")),
        "stdin_open": bool(given.get("interactive")),
        "cap_add": (linux.get("capabilities") or {}).get("add"),
        "cap_drop": (linux.get("capabilities") or {}).get("drop"),
        "healthcheck": _health_check(given.get("healthCheck")),
        "tmpfs": {mount["containerPath"]: _tmpfs(mount) for mount in linux.get("tmpfs", [])},
        "volumes": _mounts(given, task, volumes, declared),
        "environment": dict(environment),
    }
    return {name: value for name, value in copied.items() if value} | _limits(given, task)


def _health_check(check: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not check or check["command"] == ["NONE"]:
        return None
    values = {name: int(check.get(name) or default) for name, default in HEALTH_DEFAULTS.items()}
    return {
        "test": check["command"],
        "interval": values["interval"] * NANOSECONDS,
        "timeout": values["timeout"] * NANOSECONDS,
        "retries": values["retries"],
        "start_period": values["startPeriod"] * NANOSECONDS,
    }


def _tmpfs(mount: Mapping[str, Any]) -> str:
    return ",".join([f"size={mount['size']}m", *mount.get("mountOptions", [])])


def _mounts(
    given: Mapping[str, Any], task: Mapping[str, Any], volumes: Mapping[str, str], declared: Collection[str]
) -> list[str]:
    """Return Docker's binds.

    An empty volume belongs to root with mode 0755, unless the image declares the path: then it begins with the image's
    content and mode (ECS developer guide, bind mounts). Docker alone would always copy.
    """
    hosts = {v["name"]: (v.get("host") or {}).get("sourcePath") for v in task.get("volumes") or []}
    binds = []
    for mount in given.get("mountPoints", []):
        mode = "ro" if mount.get("readOnly") else "rw"
        host = hosts.get(mount["sourceVolume"])
        if not host and mount["containerPath"] not in declared:
            mode += ",nocopy"
        binds.append(f"{host or volumes[mount['sourceVolume']]}:{mount['containerPath']}:{mode}")
    return binds


def _limits(given: Mapping[str, Any], task: Mapping[str, Any]) -> dict[str, Any]:
    """Each container is held to its own memory, or else to the task's; its share of processors is relative.

    A task weighs what its processors are worth, whatever its containers ask for (ECS agent, a task's cgroup). Here they
    stand beside those of other tasks and of Lambda: one that asks for nothing weighs as much as its task, because with
    Docker's two shares it would starve on a busy machine.
    """
    memory = given.get("memory") or task.get("memory")
    # Docker refuses more than this machine has.
    units = min(int(task.get("cpu") or 0) or CPU_UNITS * 1024, (os.cpu_count() or 1) * CPU_UNITS)
    limits: dict[str, Any] = {
        "nano_cpus": units * NANOSECONDS // CPU_UNITS,
        "cpu_shares": max(2, int(given.get("cpu") or task.get("cpu") or 0)),
    }
    if memory:
        limits |= {"mem_limit": f"{int(memory)}m", "memswap_limit": f"{int(memory)}m"}
    if reservation := given.get("memoryReservation"):
        limits["mem_reservation"] = f"{int(reservation)}m"
    if ulimits := given.get("ulimits"):
        limits["ulimits"] = [{"Name": u["name"], "Soft": u["softLimit"], "Hard": u["hardLimit"]} for u in ulimits]
    return limits
