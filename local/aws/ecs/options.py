"""Convert a container definition to Docker options."""

import os
from collections.abc import Collection, Mapping
from typing import Any

from local.aws.ecs.spec import Spec

CPU_UNITS = 1024
NANOSECONDS = 10**9
HEALTH_DEFAULTS = {"interval": 30, "timeout": 5, "retries": 3, "startPeriod": 0}
"""Default values (ECS API reference, HealthCheck)."""


def of(
    spec: Spec,
    task: Mapping[str, Any],
    environment: Mapping[str, str],
    volumes: Mapping[str, str],
    declared: Collection[str] = (),
) -> dict[str, Any]:
    """Return the arguments for Docker's `create`, except the network, name, and labels.

    `volumes` maps volume names in the task definition to Docker's; `declared` contains the image's VOLUME paths.
    """
    definition = spec.definition
    linux = definition.get("linuxParameters") or {}
    copied = {
        "command": definition.get("command"),
        "entrypoint": definition.get("entryPoint"),
        "user": definition.get("user"),
        "working_dir": definition.get("workingDirectory"),
        "read_only": bool(definition.get("readonlyRootFilesystem")),
        "init": True if linux.get("initProcessEnabled") else None,
        "tty": bool(definition.get("pseudoTerminal")),
        "stdin_open": bool(definition.get("interactive")),
        "cap_add": (linux.get("capabilities") or {}).get("add"),
        "cap_drop": (linux.get("capabilities") or {}).get("drop"),
        "healthcheck": _health_check(definition.get("healthCheck")),
        "tmpfs": {mount["containerPath"]: _tmpfs(mount) for mount in linux.get("tmpfs", [])},
        "volumes": _mounts(definition, task, volumes, declared),
        "environment": dict(environment),
    }
    return {name: value for name, value in copied.items() if value} | _limits(definition, task)


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
    definition: Mapping[str, Any], task: Mapping[str, Any], volumes: Mapping[str, str], declared: Collection[str]
) -> list[str]:
    """Return Docker's bind mounts.

    An empty volume is owned by root and has mode 0755. If the image declares the path as a VOLUME, the volume starts
    with the image's content and mode (ECS developer guide, bind mounts). By default, Docker copies in both cases.
    """
    hosts = {v["name"]: (v.get("host") or {}).get("sourcePath") for v in task.get("volumes") or []}
    binds = []
    for mount in definition.get("mountPoints", []):
        mode = "ro" if mount.get("readOnly") else "rw"
        host = hosts.get(mount["sourceVolume"])
        if not host and mount["containerPath"] not in declared:
            mode += ",nocopy"
        binds.append(f"{host or volumes[mount['sourceVolume']]}:{mount['containerPath']}:{mode}")
    return binds


def _limits(definition: Mapping[str, Any], task: Mapping[str, Any]) -> dict[str, Any]:
    """Return Docker's limits: the memory of the container or else of the task, and a relative CPU share.

    On AWS, a task's cgroup is weighted by the task's CPU, regardless of its containers (ECS agent). Here, the
    containers of all tasks and Lambda functions compete for CPU. A container without `cpu` is therefore weighted by
    its task's CPU: with Docker's minimum of two shares, it would starve on a busy machine.
    """
    memory = definition.get("memory") or task.get("memory")
    # Docker rejects a limit higher than this machine's CPU count.
    units = min(int(task.get("cpu") or 0) or CPU_UNITS * 1024, (os.cpu_count() or 1) * CPU_UNITS)
    limits: dict[str, Any] = {
        "nano_cpus": units * NANOSECONDS // CPU_UNITS,
        "cpu_shares": max(2, int(definition.get("cpu") or task.get("cpu") or 0)),
    }
    if memory:
        limits |= {"mem_limit": f"{int(memory)}m", "memswap_limit": f"{int(memory)}m"}
    if reservation := definition.get("memoryReservation"):
        limits["mem_reservation"] = f"{int(reservation)}m"
    if ulimits := definition.get("ulimits"):
        limits["ulimits"] = [{"Name": u["name"], "Soft": u["softLimit"], "Hard": u["hardLimit"]} for u in ulimits]
    return limits
