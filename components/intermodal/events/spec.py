"""Sources with every default applied."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi import Output

from intermodal import naming
from intermodal.events.args import BucketSourceArgs, BusSourceArgs, QueueSourceArgs, SourceArgs
from intermodal.validation import Definition

KINDS: Mapping[str, type] = {"queue": QueueSourceArgs, "bus": BusSourceArgs, "bucket": BucketSourceArgs}
"""Every kind of source and what may be said of it."""


@dataclass(frozen=True, kw_only=True)
class SourceSpec:
    """One source."""

    name: str
    kind: str
    block: Mapping[str, Any]


def resolve_sources(definition: Definition, given: object) -> tuple[SourceSpec, ...]:
    """The sources, each with a name of its own; what is wrong with them goes to `definition`."""
    sources = [
        source
        for index, args in enumerate(definition.items("sources", given))
        if (source := _source(definition, f"sources[{index}]", args))
    ]
    _refuse_same_name(definition, sources)
    _refuse_same_content(definition, sources)
    return tuple(sources)


def _source(definition: Definition, path: str, args: object) -> SourceSpec | None:
    outer = definition.block(path, args, SourceArgs)
    kind = definition.one_of(path, outer, list(KINDS))
    if kind is None:
        return None
    block = definition.block(f"{path}.{kind}", outer[kind], KINDS[kind])
    if "pattern" in block:
        definition.mapping(f"{path}.{kind}.pattern", block["pattern"])
    if "senders" in block:
        _refuse_everybody(definition, f"{path}.{kind}.senders", block["senders"])
    name = definition.name(f"{path}.name", outer.get("name", kind), naming.PART, "lower-case letters and digits")
    return SourceSpec(name=name, kind=kind, block=block)


def _refuse_everybody(definition: Definition, path: str, given: object) -> None:
    for index, sender in enumerate(definition.text_items(path, given)):
        if sender == "*":
            definition.add(
                f"{path}[{index}]", 'must be the ARN of a principal, got "*", which is everybody; name who sends'
            )


def _refuse_same_name(definition: Definition, sources: Sequence[SourceSpec]) -> None:
    for name, times in Counter(source.name for source in sources).items():
        if times > 1:
            definition.add("sources", f'has "{name}" {times} times; give each a `name` of its own')


def _refuse_same_content(definition: Definition, sources: Sequence[SourceSpec]) -> None:
    seen: dict[str, str] = {}
    for source in sources:
        content = f"{source.kind} {json.dumps(source.block, sort_keys=True, default=_identity)}"
        first = seen.setdefault(content, source.name)
        if first != source.name:
            text = f'has the same {source.kind} as "{first}" and as "{source.name}"; every event would arrive twice'
            definition.add("sources", text)


def _identity(value: object) -> str:
    return f"output {id(value)}" if isinstance(value, Output) else repr(value)
