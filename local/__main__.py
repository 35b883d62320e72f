"""Run the local environment from the command line: `python -m local …`. The Makefile has a target for each command."""

import argparse
import shlex
import sys
from collections.abc import Callable
from contextlib import closing, nullcontext

from rich.markup import escape

from local import advice, cluster, paths, stack
from local.aws import control
from local.aws.settings import PROVIDER_CONFIG, of_clone
from local.cache import clone_lock
from local.console import out
from local.demo import run as demo
from local.docker import base_image, daemon
from local.engine import find


def main() -> int:
    """Run one command; return 0, or print an error with a fix and return 1."""
    arguments = _parser().parse_args()
    command: Callable[[argparse.Namespace], None] = arguments.run
    try:
        stack.refuse_without_venv()
        with clone_lock() if arguments.alone else nullcontext():
            command(arguments)
    except advice.LocalError as error:
        return _print_error(error)
    except OSError as error:
        full = advice.disk_full(error)
        if full is None:
            raise
        return _print_error(full)
    except KeyboardInterrupt:
        return _print_error(advice.LocalError("Interrupted; run the same command again to resume."))
    return 0


def _print_error(error: advice.LocalError) -> int:
    out.print(f"\n[red]error:[/red] {escape(str(error))}")
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="local", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    read_only = {"env", "aws-logs"}
    for name, run, text in (
        ("demo", lambda _: demo.main(), "deploy the `local` stack, send real events, and show the results"),
        ("up", lambda _: stack.up(stack.add_cluster(stack.start_services())), "deploy the `local` stack"),
        ("down", lambda _: stack.down(), "destroy the stack and stop all services"),
        ("images", lambda _: _images(), "build the images that the stack uses"),
        ("prepare", lambda _: _prepare(), "build the Pulumi engine, Docker, the base image, and Kubernetes once"),
        ("env", lambda _: _print_environment(), "print the environment for your own `pulumi` and `aws` calls"),
        ("aws-start", lambda _: stack.start_services(), "start the AWS emulator"),
        ("aws-stop", lambda _: _stop(), "stop the AWS emulator and keep its state on disk"),
        ("aws-reset", lambda _: control.reset(of_clone()), "delete everything in the AWS emulator"),
        ("aws-logs", lambda _: control.follow(of_clone()), "follow the AWS emulator's log"),
        ("cluster", lambda _: _cluster(), "start the local Kubernetes cluster with KEDA and Kueue"),
        ("cluster-down", lambda _: _stop_cluster(), "stop and remove the local Kubernetes cluster"),
    ):
        command = commands.add_parser(name, help=text)
        command.set_defaults(run=run, alone=name not in read_only)
    return parser


def _images() -> None:
    for reference in stack.build_images(stack.add_cluster(stack.start_services())):
        out.print(reference)


def _prepare() -> None:
    engine = find.find()
    out.print(f"[green]✓[/green] Pulumi from {engine.origin}")
    ran = daemon.running()
    docker = daemon.ensure()
    with closing(docker.client()) as client:
        base_image.ensure(client)
    if docker.private and not ran:
        daemon.stop()
    cluster.prepare()
    out.print(f"[green]✓[/green] Cache: {paths.cache()}")


def _print_environment() -> None:
    emulator = of_clone()
    try:
        control.refuse_foreign(emulator)
    except advice.LocalError as error:
        sys.exit(f"error: {error}")  # not to standard output, which a shell evaluates
    state = f"This clone's AWS emulator is running on port {emulator.port}."
    if emulator.served_port() is None:
        state = f"This clone's AWS emulator is not running; start it on port {emulator.port} with `make aws.start`."
    print(state, file=sys.stderr)
    running = cluster.found() if "kubernetes" in stack.targets() else None
    space = stack.workspace(running)
    if "aws" in space.plugins.official:
        settings = " ".join(f"{name}={value}" for name, value in PROVIDER_CONFIG.items())
        print(f"A stack that uses the official aws plugin needs this in its config: {settings}", file=sys.stderr)
    environment = space.environment()
    names = [name for name in environment if name.startswith(("PULUMI_", "AWS_", "INTERMODAL_"))]
    for name in sorted([*names, "PATH", "VIRTUAL_ENV"]):
        print(f"export {name}={shlex.quote(environment[name])}")


def _stop() -> None:
    ran = control.stop(of_clone())
    out.print("The AWS emulator has stopped." if ran else "The AWS emulator was not running.")


def _cluster() -> None:
    made = cluster.ensure()
    out.print(f"[green]✓[/green] Kubernetes at {made.server}: export KUBECONFIG={shlex.quote(str(made.kubeconfig))}")


def _stop_cluster() -> None:
    stopped = cluster.stop()
    out.print("The local Kubernetes cluster has stopped." if stopped else "No local Kubernetes cluster was running.")


if __name__ == "__main__":
    sys.exit(main())
