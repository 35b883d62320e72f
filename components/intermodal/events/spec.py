"""Sources with every default applied."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi import Output

from intermodal import naming
from intermodal.events.args import SourceArgs
from intermodal.events.registry import checks_of, kinds
from intermodal.problems.validation import Definition


@dataclass(frozen=True, kw_only=True)
class SourceSpec:
    """One source."""

    path: str
    """Its path in the definition, such as `sources[1]`."""
    name: str
    kind: str
    block: Mapping[str, Any]
    enabled: bool = True

    @property
    def adopts_queue(self) -> bool:
        """Whether a queue that exists takes the inbox's place."""
        return self.kind == "queue" and "existing" in self.block


def resolve_sources(definition: Definition, given: object, *, fifo: bool) -> tuple[SourceSpec, ...]:
    """The sources, each with a name of its own; what is wrong with them goes to `definition`."""
    sources = [
        source
        for index, args in enumerate(definition.items("sources", given))
        if (source := _source(definition, f"sources[{index}]", args))
    ]
    _refuse_same_name(definition, sources)
    if not definition.problems:  # what is compared is well-formed then
        _refuse_same_content(definition, sources)
    if any(source.adopts_queue for source in sources) and len(sources) > 1:
        text = "must be a queue that exists alone; its policy is not ours, so nothing else can be let in"
        definition.add("sources", text)
    if fifo:
        _refuse_unordered(definition, sources)
    for source in sources:
        _refuse_other_order(definition, source, fifo=fifo)
    return tuple(sources)


def _source(definition: Definition, path: str, args: object) -> SourceSpec | None:
    outer = definition.block(path, args, SourceArgs)
    kind = definition.one_of(path, outer, kinds())
    if kind is None:
        return None
    block = definition.block(f"{path}.{kind}", outer[kind], checks_of(kind).ARGS)
    definition.plain_texts(f"{path}.{kind}", block, ("arn", "bus_name", "bucket"))
    checks_of(kind).check(definition, f"{path}.{kind}", block)
    name = definition.name(f"{path}.name", outer.get("name", kind), naming.PART, "lower-case letters and digits")
    enabled = definition.flag(f"{path}.enabled", outer.get("enabled", True))
    if "enabled" in outer and not checks_of(kind).DELIVERED:
        delivered = ", ".join(word for word in kinds() if checks_of(word).DELIVERED)
        text = f"has no effect on {kind}, whose senders decide; it is for {delivered}, leave it out"
        definition.add(f"{path}.enabled", text)
    return SourceSpec(path=path, name=name, kind=kind, block=block, enabled=enabled)


def _refuse_unordered(definition: Definition, sources: Sequence[SourceSpec]) -> None:
    ordered = [kind for kind in kinds() if checks_of(kind).FIFO]
    for source in sources:
        if source.kind not in ordered:
            text = f"cannot feed a FIFO inbox, which takes {' and '.join(ordered)}; use fifo: false, or another source"
            definition.add(source.path, text)


def _refuse_other_order(definition: Definition, source: SourceSpec, *, fifo: bool) -> None:
    """SNS delivers a standard topic to no FIFO queue (SNS developer guide, FIFO topics, message delivery)."""
    arn = source.block.get("arn") if source.kind == "topic" else None
    if fifo and isinstance(arn, str) and not arn.endswith(".fifo"):
        text = f"must be a FIFO topic to feed a FIFO inbox, got {arn}; use fifo: false, or another topic"
        definition.add(source.path, text)


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
