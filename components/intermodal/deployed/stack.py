"""Find deployed functions in a stack's state."""

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
"""Key and value that mark a secret in the state (pulumi/sdk, resource.SigKey and SecretSig)."""


@dataclass(frozen=True, kw_only=True)
class DeployedFunction:
    """A function in a stack's state: its inbox, its log group, and the AWS Region and profile."""

    name: str
    stack: str
    inbox_url: str
    log_group_name: str
    region: str | None
    profile: str | None
    lanes: Mapping[str, Mapping[str, Any]]
    """Outputs by lane: `target` and the target's outputs."""
    resources: Sequence[Mapping[str, Any]]
    """All resources in the stack's state."""

    @property
    def is_fifo(self) -> bool:
        """Whether the inbox is a FIFO queue."""
        return self.inbox_url.endswith(".fifo")


def find_function(name: str, *, stack: str | None, folder: Path) -> DeployedFunction:
    """Find the function `name` in `stack`, or in the selected stack of the project in `folder`.

    Raises:
        CliError: The function does not exist, or the engine cannot read the stack.
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
        lanes=outputs.get("lane_outputs") or {},
        resources=_unwrap_secrets(state.get("resources", ())),
    )


@dataclass(frozen=True, kw_only=True)
class DeployedLane:
    """One lane of a deployed function."""

    function: DeployedFunction
    name: str
    target: str
    outputs: Mapping[str, Any]

    def find_resource(self, kind: str) -> Mapping[str, Any]:
        """Find the lane's only resource of the type `kind`.

        Raises:
            CliError: The state contains no such resource.
        """
        # Match by parent, because resource names are ambiguous: scan-blue is lane blue of scan or a function.
        parent = f"{LANE_TYPE}::{self.function.name}-{self.name}"
        for each in self.function.resources:
            if each["type"] == kind and str(each.get("parent", "")).endswith(parent):
                return each
        text = f'lane "{self.name}" of "{self.function.name}" has no {kind} in stack {self.function.stack}'
        raise CliError(f"{text}; finish its deployment with `pulumi up`")

    def find_provider(self, resource: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the inputs of the resource's provider, or an empty dict if the state does not contain it."""
        urn = str(resource.get("provider", "")).rpartition("::")[0]
        for each in self.function.resources:
            if each["urn"] == urn:
                return dict(each.get("inputs") or {})
        return {}


def find_lane(function: DeployedFunction, name: str | None) -> DeployedLane:
    """Find the lane `name`, or the only lane if `name` is None.

    Raises:
        CliError: The lane does not exist, or `name` is None and the function does not have exactly one lane.
    """
    there = ", ".join(sorted(function.lanes))
    if name is None and len(function.lanes) != 1:
        raise CliError(f'function "{function.name}" has the lanes {there or "none"}; choose one with --lane')
    chosen = name or next(iter(function.lanes))
    if chosen not in function.lanes:
        text = f'"{chosen}" is not a lane of "{function.name}"; it has {there}'
        raise CliError(f"{text}{suggest(chosen, function.lanes)}")
    outputs = function.lanes[chosen]
    return DeployedLane(function=function, name=chosen, target=str(outputs["target"]), outputs=outputs)


def _unwrap_secrets(value: Any) -> Any:
    """Replace the engine's secret wrappers with the plain values, which the export has decrypted."""
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
    there = f"there are {', '.join(sorted(stack.name for stack in stacks))}" if stacks else "no stack exists yet"
    raise CliError(
        f"no stack is selected, and {there}; choose one with --stack, or select it with `pulumi stack select`"
    )


def _find_outputs(state: Mapping[str, Any], name: str, stack: str) -> Mapping[str, Any]:
    found = {
        _resource_name(each): each.get("outputs") or {}
        for each in state.get("resources", ())
        if each["type"] == FUNCTION_TYPE
    }
    if not found:
        raise CliError(
            f"stack {stack} has no container function; deploy it with `pulumi up`, or choose another stack with --stack"
        )
    if name not in found:
        functions = ", ".join(sorted(found))
        raise CliError(f'"{name}" is not a function of stack {stack}; it has {functions}{suggest(name, found)}')
    return found[name]


def _resource_name(resource: Mapping[str, Any]) -> str:
    return str(resource["urn"]).rpartition("::")[2]


def _read_output(outputs: Mapping[str, Any], key: str, name: str, stack: str) -> str:
    """Return an output; Python programs register its key in snake case, other languages in camel case."""
    first, *others = key.split("_")
    value = outputs.get(key) or outputs.get(first + "".join(word.capitalize() for word in others))
    if not isinstance(value, str):
        raise CliError(f'function "{name}" of stack {stack} has no {key} yet; finish its deployment with `pulumi up`')
    return value


@contextmanager
def _translate_errors() -> Iterator[None]:
    """Convert engine errors to a one-sentence CliError."""
    try:
        yield
    except FileNotFoundError as error:
        raise CliError(
            "`pulumi` is not on PATH; install it (pulumi.com/docs/install), or add its folder to PATH"
        ) from error
    except automation.InvalidVersionError as error:
        raise CliError(f"this `pulumi` cannot be used: {error}") from error
    except automation.StackNotFoundError as error:
        raise CliError(f"{_engine_error(error)}; `pulumi stack ls` lists the existing stacks") from error
    except automation.CommandError as error:
        raise CliError(f"`pulumi` could not read the stack: {_engine_error(error)}") from error


def _engine_error(error: Exception) -> str:
    """Return the message after `error:` in the engine's output, without the exit code and the output streams."""
    said = str(error).rpartition("error: ")[2].strip()
    return " ".join(said.splitlines()[0].split()).rstrip(".") if said else "no error message"
