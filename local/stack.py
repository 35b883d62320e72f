"""Deploy and destroy the `local` stack, and start and stop the services that it needs."""

import contextlib
import json
import os
import signal
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from local import cluster, paths, processes, program
from local.advice import LocalError
from local.aws import control, inert
from local.aws.settings import Emulator, of_clone
from local.cluster import Cluster
from local.cluster.existing import ExistingCluster
from local.console import out, step
from local.docker import daemon, images
from local.engine import find, plugins
from local.engine.workspace import Workspace

STACK = "local"
DESTROY_SECONDS = 900.0  # a resource that depends on one outside the stack could block `destroy` indefinitely
TARGETS = ("lambda", "ecs", "kubernetes")
NAMESPACE = "intermodal:"


@dataclass(frozen=True, kw_only=True)
class Local:
    """Running services: the engine's workspace, Docker, the AWS emulator, and the cluster."""

    workspace: Workspace
    docker: daemon.Docker
    emulator: Emulator
    cluster: Cluster | None = None


def targets() -> list[str]:
    """Return the targets that the stack deploys to: those in INTERMODAL_TARGETS, or all.

    Raises:
        LocalError: INTERMODAL_TARGETS contains an unknown target.
    """
    chosen = os.environ.get("INTERMODAL_TARGETS", "").replace(",", " ").split() or list(TARGETS)
    if unknown := set(chosen) - set(TARGETS):
        raise LocalError(
            f"TARGETS must be one or more of {', '.join(TARGETS)}, got {' '.join(sorted(unknown))}; correct TARGETS."
        )
    return [target for target in TARGETS if target in chosen]


def workspace(running: Cluster | None = None) -> Workspace:
    """Return this clone's engine workspace; its environment variables describe the cluster to the program."""
    environment = {
        **of_clone().client_environment(),
        "INTERMODAL_TARGETS": " ".join(targets()),
        # If the local cluster is gone, its objects are gone too, so the engine may drop them from the state.
        "PULUMI_K8S_DELETE_UNREACHABLE": "true",
    }
    if running is not None:
        environment["INTERMODAL_CLUSTER_KUBECONFIG"] = str(running.kubeconfig)
        environment["INTERMODAL_POD_ENDPOINT"] = running.emulator_address
    return Workspace.prepare(find.find(), paths.LOCAL / "pulumi", environment)


def start_services() -> Local:
    """Start Docker and the AWS emulator unless they are running.

    Raises:
        LocalError: the emulator's port is in use. A Docker daemon that this call started is stopped.
    """
    emulator, ran = of_clone(), daemon.running()
    control.refuse_foreign(emulator)
    docker = daemon.ensure()
    try:
        control.start(emulator, docker.host)
    except LocalError:
        if docker.private and not ran:
            daemon.stop()
        raise
    return Local(workspace=workspace(), docker=docker, emulator=emulator)


def add_cluster(local: Local) -> Local:
    """Add the Kubernetes cluster if a target needs it."""
    return _join_cluster(local) if "kubernetes" in targets() else local


def _join_cluster(local: Local) -> Local:
    running = cluster.ensure(local.emulator)
    return replace(local, workspace=workspace(running), cluster=running)


def build_images(local: Local) -> list[str]:
    """Build the images that the stack's functions use and load them into the cluster."""
    _select(local.workspace)
    folders = program.build_folders(_config(local.workspace))
    with closing(local.docker.client()) as client:
        built = images.ensure(client, folders)
    if local.cluster is not None:
        for reference in built:
            local.cluster.load_image(reference)
    return built


def up(local: Local) -> None:
    """Deploy the stack with the Pulumi engine; its output goes to the terminal."""
    build_images(local)
    recover(local)
    out.rule(f"pulumi up --stack {STACK}")
    local.workspace.run("up", "--stack", STACK, "--yes", "--refresh", "--skip-preview", capture=False)
    out.rule()


def recover(local: Local) -> None:
    """Repair the state after a killed deployment: release its lock, and start over if creations were unfinished."""
    locks = local.workspace.state / ".pulumi" / "locks"
    if any(locks.rglob("*.json")):
        with step("Releasing an interrupted deployment's lock"):
            local.workspace.run("cancel", "--stack", STACK, "--yes")
    deployment = _deployment(local.workspace)
    if deployment.get("pending_operations"):
        why = "the engine does not know which resources it created; messages in the AWS emulator are lost"
        with step("Starting over after an interrupted deployment", why):
            control.reset(local.emulator)
            local.workspace.run("stack", "rm", STACK, "--yes", "--force", "--preserve-config")
            _select(local.workspace)


def no_changes(local: Local) -> int:
    """Return the number of changes that a second deployment would make, after a refresh.

    Raises:
        LocalError: there are changes; the message contains the engine's preview.
    """
    preview = local.workspace.run("preview", "--stack", STACK, "--refresh", "--expect-no-changes", "--json")
    summary: dict[str, int] = json.loads(preview)["changeSummary"]
    return sum(count for kind, count in summary.items() if kind != "same")


def outputs(local: Local) -> dict[str, Any]:
    """Return the stack's outputs."""
    values: dict[str, Any] = json.loads(local.workspace.run("stack", "output", "--stack", STACK, "--json"))
    return values


def resource_count(local: Local) -> int:
    """Return the number of resources, excluding the stack itself and its providers."""
    resources = _deployment(local.workspace).get("resources", [])
    return sum(not resource["type"].startswith("pulumi:") for resource in resources)


def not_verified(local: Local) -> dict[str, list[str]]:
    """Return the stack's inputs that the emulator ignores or does not return, by resource type."""
    found: dict[str, set[str]] = {}
    for resource in _deployment(local.workspace).get("resources", []):
        kind = resource["type"]
        unproven = plugins.echoed(kind) | inert.by_type().get(kind, frozenset())
        inputs = resource.get("inputs", {})
        found.setdefault(kind, set()).update(name for name in unproven if name.partition(".")[0] in inputs)
    return {kind: sorted(names) for kind, names in sorted(found.items()) if names}


def down() -> None:
    """Destroy the stack, then stop all services, even if destroying the stack failed.

    Raises:
        LocalError: the engine could not destroy the stack. Its resources remain for the next `up`.
    """
    emulator = of_clone()
    destroyed = False
    try:
        if (emulator.folder / "config").exists():
            _destroy()
        destroyed = True
    finally:
        if control.stop(emulator):
            out.print("[green]✓[/green] The AWS emulator has stopped")
        if destroyed:
            control.remove(emulator)
        if cluster.stop():
            out.print("[green]✓[/green] The local Kubernetes cluster has stopped")
        if daemon.stop():
            out.print("[green]✓[/green] The private Docker daemon has stopped")
        _end_leftovers()


def _end_leftovers() -> None:
    """Stop the language hosts and plugins that a killed engine left running; otherwise they would run for minutes."""
    for name in ("pulumi-language-python", *(f"pulumi-resource-{package}" for package in plugins.PACKAGES)):
        for pid in processes.programs_with(name, "PULUMI_HOME", paths.LOCAL / "pulumi"):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)


def _destroy() -> None:
    local = start_services()
    if not _exists(local.workspace):
        return
    if any(one["type"].startswith("kubernetes:") for one in _deployment(local.workspace).get("resources", [])):
        local = _join_cluster(local)  # the cluster must be running, because the engine deletes resources in it
    recover(local)
    out.rule(f"pulumi destroy --stack {STACK}")
    if "aws" in local.workspace.plugins.official:
        out.print("Destroying takes about three minutes: the official aws plugin waits 42 s for each queue, as on AWS.")
    command = ("destroy", "--stack", STACK, "--yes", "--refresh", "--skip-preview")
    # A timeout would orphan objects in the user's cluster.
    seconds = None if isinstance(local.cluster, ExistingCluster) else DESTROY_SECONDS
    if local.workspace.run_for(seconds, *command):
        local.workspace.run("stack", "rm", STACK, "--yes", "--preserve-config")
    else:  # the stack's resources disappear with the emulator and the cluster
        out.print(f"The stack was not destroyed within {DESTROY_SECONDS:.0f} s; it is removed with the AWS emulator.")
        local.workspace.attempt("cancel", "--stack", STACK, "--yes")
        local.workspace.run("stack", "rm", STACK, "--yes", "--force", "--preserve-config")
    out.rule()


def _select(space: Workspace) -> None:
    if not _exists(space):
        space.run("stack", "init", STACK)


def _exists(space: Workspace) -> bool:
    return (space.state / ".pulumi" / "stacks" / "intermodal" / f"{STACK}.json").exists()


def _deployment(space: Workspace) -> dict[str, Any]:
    if not _exists(space):
        return {}
    exported: dict[str, Any] = json.loads(space.run("stack", "export", "--stack", STACK))
    return exported.get("deployment") or {}


def _config(space: Workspace) -> dict[str, str]:
    values = json.loads(space.run("config", "--stack", STACK, "--json", "--show-secrets"))
    return {key: entry["value"] for key, entry in values.items() if key.startswith(NAMESPACE)}


def origin_of(local: Local) -> str:
    """Return a description of the aws plugin in use."""
    if "aws" in local.workspace.plugins.official:
        return "official aws plugin"
    return "stub aws plugin from intermodal-offline (the official plugin is not available on this machine)"


def refuse_without_venv() -> None:
    """Raise LocalError if the clone has no virtual environment, which the engine uses to run the program."""
    if not (paths.VENV / "bin" / "python").exists():
        raise LocalError(f"The virtual environment {Path('.venv')} does not exist; run `make setup` first.")
