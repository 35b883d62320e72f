"""Generate the reference pages from docstrings, TypedDicts, stacks/schema.json, and the limits."""

import inspect
import json
import re
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, is_typeddict

from intermodal.limits.targets import Target, data_of
from website.shapes import Field, fields_of, members_of, nested_in, one_line

ROOT = Path(__file__).parents[1]

COMPONENTS: Mapping[str, tuple[str, str]] = {
    "container-function": ("function.component:ContainerFunction", "definition.args:ContainerFunctionArgs"),
    "lane": ("function.lane:Lane", ""),
    "inbox": ("events.inbox:Inbox", ""),
    "platform": ("platform.component:Platform", "platform.args:PlatformArgs"),
    "network": ("network.component:Network", "network.args:NetworkArgs"),
}
"""Component and TypedDict for its arguments, by page; lanes and inboxes have none, because users do not create them."""

HANDLE = "platform.args:PlatformHandle"

UNITS = {
    "timeout_seconds": "seconds",
    "memory_mib": "MiB of memory",
    "maximum_concurrency": "concurrent runs",
    "mib_per_vcpu": "MiB of memory per vCPU",
    "environment_bytes": "bytes of environment variables, encoded as JSON",
    "variable_name": "pattern for variable names",
    "reserved_variables": "variables that the target sets",
    "sizes": "task sizes: MiB by CPU units",
}
"""Unit or meaning of each limit."""


def pages() -> dict[str, str]:
    """Return the content of all generated reference pages by path."""
    made: dict[str, str] = {f"reference/{page}.md": _component(page) for page in COMPONENTS}
    return made | {"reference/stack-file.md": _stack_file(), "reference/limits.md": _limits()}


def _load(name: str) -> Any:
    module, _, attribute = name.partition(":")
    return getattr(import_module(f"intermodal.{module}"), attribute)


def _component(page: str) -> str:
    component, arguments = COMPONENTS[page]
    shape = _load(component)
    head, sections = _sections(inspect.getdoc(shape) or "")
    parts = [f"# {shape.__name__}", head]
    if "Example" in sections:
        parts.append(f"```{{.python .generated}}\n{sections['Example']}\n```")
    parts += ["## What it creates", sections.get("Creates", "Nothing.")]
    if arguments:
        parts += ["## Arguments", *_arguments(_load(arguments))]
    parts += ["## Outputs", *_outputs(page, shape)]
    if "Raises" in sections:
        parts += ["## Errors", sections["Raises"].replace("DefinitionError:", "`DefinitionError`:")]
    if page == "container-function":
        parts += [
            "## Limits per target",
            "For the sources, see [Limits](limits.md).",
            _limits_table(),
        ]
    return "\n\n".join(parts) + "\n"


def _sections(doc: str) -> tuple[str, dict[str, str]]:
    """Return the part of a docstring before its first section, and the section texts by name."""
    head, *rest = re.split(r"^(\w+)(?: \([^)]*\))?:\n", doc, flags=re.MULTILINE)
    texts = [inspect.cleandoc("\n" + text) for text in rest[1::2]]
    return head.strip(), dict(zip(rest[::2], texts, strict=True))


def _arguments(shape: Any) -> list[str]:
    parts = [_field(field) for field in fields_of(shape)]
    for nested in nested_in(shape):
        parts += [f"### {nested.__name__} {{#{nested.__name__.lower()}}}", one_line(nested.__doc__ or "")]
        if is_typeddict(nested):
            parts += [_field(field, nested.__name__) for field in fields_of(nested)]
        else:
            parts += [f"- `{value}`: {text}" for value, text in members_of(nested).items()]
    return parts


def _field(field: Field, owner: str = "") -> str:
    anchor = f"{owner}-{field.name}".strip("-").lower()
    names = {each.__name__ for each in field.linked}
    links = ", ".join(f"[`{name}`](#{name.lower()})" for name in sorted(names))
    kind = links if field.kind in names else f"`{field.kind}`" + (f" ({links})" if links else "")
    need = "required" if field.required else f"default: {field.default}" if field.default else "optional"
    return f"#### `{field.name}` {{#{anchor}}}\n\n{kind} · {need}  \n{field.text}"


def _outputs(page: str, shape: Any) -> list[str]:
    parts = [f"- `{each.name}` (`{each.kind}`){': ' + each.text if each.text else ''}" for each in fields_of(shape)]
    if page == "platform":
        parts += ["### PlatformHandle", one_line(_load(HANDLE).__doc__)]
        parts += [f"- `{each.name}` (`{each.kind}`): {each.text}" for each in fields_of(_load(HANDLE))]
    return ["\n".join(parts)] if page != "platform" else ["\n".join(parts[:2]), *parts[2:4], "\n".join(parts[4:])]


def _limits_table() -> str:
    head = ["| limit | " + " | ".join(f"`{target.value}`" for target in Target) + " |", "|---|" + "---|" * len(Target)]
    rows = ("timeout_seconds", "memory_mib", "maximum_concurrency", "environment_bytes")
    return "\n".join(head + [f"| {UNITS[row]} | {' | '.join(_figure(t, row) for t in Target)} |" for row in rows])


def _figure(target: Target, row: str) -> str:
    found = _limit_of(target, row)
    low = f"{found['minimum']:,} to " if "minimum" in found else "at most "
    return f"{low}{found['maximum']:,}"


def _limit_of(target: Target, row: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = data_of(target)["limits"][row]
    return {**_shared()[found["same_as"]][row], **found} if "same_as" in found else found


def _shared() -> dict[str, Any]:
    file = ROOT / "components" / "intermodal" / "limits" / "limits.json"
    data: dict[str, Any] = json.loads(file.read_text())
    return data


def _limits() -> str:
    parts = ["# Limits", "A definition must stay within these limits. Each limit has a source."]
    for target in Target:
        data = data_of(target)
        parts += [f"## Target `{target.value}`", f"Read on {data['_meta']['read']}."]
        parts += [_limit(row, _limit_of(target, row), found["source"]) for row, found in data["limits"].items()]
        services = ", ".join(f"`{name}`" for name in data["endpoints"]["services"]) or "none"
        parts.append(f"- **Interface endpoints without NAT**: {services}. Source: {data['endpoints']['source']}.")
    parts += ["## Every target", f"Read on {_shared()['_meta']['read']}."]
    for group in ("logs", "network"):
        parts += [_limit(f"{group}.{row}", found, found["source"]) for row, found in _shared()[group].items()]
    return "\n\n".join(parts) + "\n"


def _limit(name: str, row: Mapping[str, Any], source: str) -> str:
    shown: dict[str, Callable[[Any], str]] = {
        "minimum": lambda value: f"at least {value:,}",
        "maximum": lambda value: f"at most {value:,}",
        "value": lambda value: f"{value:,}",
        "values": lambda value: ", ".join(map(str, value)),
        "pattern": lambda value: f"`{value}`",
        "names": lambda value: ", ".join(f"`{name}`" for name in value),
        "more": lambda value: "also " + ", ".join(f"`{name}`" for name in value),
        "memory_mib": lambda value: "; ".join(f"{cpu}: {_sizes(sizes)}" for cpu, sizes in value.items()),
    }
    text = ", ".join(shown[key](row[key]) for key in shown if key in row)
    meaning = f" ({UNITS[name]})" if name in UNITS else ""
    return f"- **`{name}`**{meaning}: {text}. Source: {source}."


def _sizes(sizes: Any) -> str:
    if isinstance(sizes, list):
        return ", ".join(f"{size:,}" for size in sizes)
    return f"{sizes['from']:,} to {sizes['to']:,} by {sizes['step']:,}"


def _stack_file() -> str:
    schema = json.loads((ROOT / "stacks" / "schema.json").read_text())
    keys = schema["properties"]["config"]["properties"]
    parts = [
        "# Stack file",
        "The `intermodal:` namespace in `Pulumi.STACK.yaml` has three keys. Any other key is an error.",
        "[`intermodal validate`](../cli.md#validate) checks a file without running the engine.",
        *(f"- `{key}`: {_kind(value)}" for key, value in keys.items()),
    ]
    for name, block in sorted(schema["$defs"].items(), key=lambda item: item[0] not in {"Placement", "Function"}):
        parts += [f"## {name}", block.get("description", ""), *_schema_rows(block)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _schema_rows(block: Mapping[str, Any]) -> list[str]:
    required = block.get("required", [])
    return [
        f"- **`{key}`**, {_kind(value)}{', required' if key in required else ''}. {value.get('description', '')}"
        for key, value in block.get("properties", {}).items()
    ]


def _kind(value: Mapping[str, Any]) -> str:
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in value:
        return " or ".join(_kind(each) for each in value["anyOf"])
    if "enum" in value:
        return "one of " + ", ".join(f"`{each}`" for each in value["enum"])
    if value.get("type") == "array":
        return f"list of {_kind(value['items'])}"
    if isinstance(value.get("additionalProperties"), Mapping):
        return f"map to {_kind(value['additionalProperties'])}"
    return str(value.get("type", "any value"))
