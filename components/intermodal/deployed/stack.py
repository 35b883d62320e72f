"""A function as the state of a stack knows it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pulumi import automation

from intermodal.deployed import project
from intermodal.problems.errors import CliError, suggest

FUNCTION_TYPE = "intermodal:index:ContainerFunction"
LANE_TYPE = "intermodal:index:Lane"
SIGNATURE, SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"
"""By which a secret in a state is known (pulumi/sdk, resource.SigKey and SecretSig)."""


@dataclass(frozen=True, kw_only=True)
class DeployedFunction:
    """Where a function takes messages and writes its lines, and how AWS is reached there."""

    name: str
    stack: str
    inbox_url: str
    log_group_name: str
    region: str | None
    profile: str | None
    lanes: Mapping[str, Mapping[str, Any]]
    """Outputs of each lane: `target`, and what that target adds."""
    resources: Sequence[Mapping[str, Any]]
    """Everything that the stack's state holds."""

    @property
    def is_fifo(self) -> bool:
        """Whether its inbox keeps the order within message groups."""
        return self.inbox_url.endswith(".fifo")


def find_function(name: str, *, stack: str | None, folder: Path) -> DeployedFunction:
    """The function `name` of the project in `folder`, in `stack` or in the selected one.

    Raises:
        CliError: it is not there, or the engine cannot tell.
    """
    project.find_project(folder)
    with _translate_errors():
        workspace = automation.LocalWorkspace(work_dir=str(folder))
        chosen = stack or _find_selected(workspace)
        state = workspace.export_stack(chosen).deployment or {}
        config = {key: entry.value for key, entry in workspace.get_all_config(chosen).items()}
    outputs = _find_outputs(state, name, chosen)
    region = _read_output(outputs, "inbox_arn", name, chosen).split(":")[3]
    return DeployedFunction(
        name=name,
        stack=chosen,
        inbox_url=_read_output(outputs, "inbox_url", name, chosen),
        log_group_name=_read_output(outputs, "log_group_name", name, chosen),
        region=region or config.get("aws:region"),
        profile=config.get("aws:profile"),
        lanes=outputs.get("lanes") or {},
        resources=_unwrap_secrets(state.get("resources", ())),
    )


@dataclass(frozen=True, kw_only=True)
class DeployedLane:
    """One lane of a function."""

    function: DeployedFunction
    name: str
    target: str
    outputs: Mapping[str, Any]

    def find_resource(self, kind: str) -> Mapping[str, Any]:
        """The lane's one resource of a type.

        Raises:
            CliError: the state has none.
        """
        # By its parent: the names of lane blue of scan begin as those of a function scan-blue do.
        parent = f"{LANE_TYPE}::{self.function.name}-{self.name}"
        for each in self.function.resources:
            if each["type"] == kind and str(each.get("parent", "")).endswith(parent):
                return each
        text = f'lane "{self.name}" of "{self.function.name}" has no {kind} in stack {self.function.stack}'
        raise CliError(f"{text}; finish its deployment with `pulumi up`")

    def find_provider(self, resource: Mapping[str, Any]) -> Mapping[str, Any]:
        """Inputs of the provider that made a resource."""
        urn = str(resource.get("provider", "")).rpartition("::")[0]
        for each in self.function.resources:
            if each["urn"] == urn:
                return dict(each.get("inputs") or {})
        return {}


def find_lane(function: DeployedFunction, name: str | None) -> DeployedLane:
    """The lane `name`, or the only one.

    Raises:
        CliError: there is no such lane, or there are several and none is named.
    """
    there = ", ".join(sorted(function.lanes))
    if name is None and len(function.lanes) != 1:
        raise CliError(f'function "{function.name}" has the lanes {there or "none"}; say which one with --lane')
    chosen = name or next(iter(function.lanes))
    if chosen not in function.lanes:
        text = f'"{chosen}" is not a lane of "{function.name}"; it has {there}'
        raise CliError(f"{text}{suggest(chosen, function.lanes)}")
    outputs = function.lanes[chosen]
    return DeployedLane(function=function, name=chosen, target=str(outputs["target"]), outputs=outputs)


def _unwrap_secrets(value: Any) -> Any:
    """The state without the envelopes that the engine puts around secrets, in clear as it was exported."""
    if isinstance(value, list):
        return [_unwrap_secrets(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get(SIGNATURE) == SECRET and "plaintext" in value:
        return _unwrap_secrets(json.loads(value["plaintext"]))
    return {key: _unwrap_secrets(item) for key, item in value.items()}


def _find_selected(workspace: automation.LocalWorkspace) -> str:
    stacks = workspace.list_stacks()
    for stack in stacks:
        if stack.current:
            return str(stack.name)
    there = f"there are {', '.join(sorted(stack.name for stack in stacks))}" if stacks else "there is none yet"
    raise CliError(f"no stack is selected, and {there}; name one with --stack, or `pulumi stack select` it")


def _find_outputs(state: Mapping[str, Any], name: str, stack: str) -> Mapping[str, Any]:
    found = {
        _resource_name(each): each.get("outputs") or {}
        for each in state.get("resources", ())
        if each["type"] == FUNCTION_TYPE
    }
    if not found:
        raise CliError(f"stack {stack} has no container function; `pulumi up` the stack, or name another with --stack")
    if name not in found:
        functions = ", ".join(sorted(found))
        raise CliError(f'"{name}" is not a function of stack {stack}; it has {functions}{suggest(name, found)}')
    return found[name]


def _resource_name(resource: Mapping[str, Any]) -> str:
    return str(resource["urn"]).rpartition("::")[2]


def _read_output(outputs: Mapping[str, Any], key: str, name: str, stack: str) -> str:
    """Outputs are registered in snake case by Python, in camel case for other languages."""
    first, *others = key.split("_")
    value = outputs.get(key) or outputs.get(first + "".join(word.capitalize() for word in others))
    if not isinstance(value, str):
        raise CliError(f'function "{name}" of stack {stack} has no {key} yet; finish its deployment with `pulumi up`')
    return value


@contextmanager
def _translate_errors() -> Iterator[None]:
    """What the engine says, in one sentence."""
    try:
        yield
    except FileNotFoundError as error:
        raise CliError(
            "there is no `pulumi` on PATH; install it (pulumi.com/docs/install), or add its folder"
        ) from error
    except automation.InvalidVersionError as error:
        raise CliError(f"this `pulumi` cannot be used: {error}") from error
    except automation.StackNotFoundError as error:
        raise CliError(f"{_engine_error(error)}; `pulumi stack ls` lists those that are there") from error
    except automation.CommandError as error:
        raise CliError(f"`pulumi` could not read the stack: {_engine_error(error)}") from error


def _engine_error(error: Exception) -> str:
    """What follows `error:` in the output of the engine, which comes with its exit code and both streams."""
    said = str(error).rpartition("error: ")[2].strip()
    return " ".join(said.splitlines()[0].split()).rstrip(".") if said else "it said nothing"
