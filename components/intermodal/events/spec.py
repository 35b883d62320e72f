"""Resolve sources and apply all defaults."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi import Output

from intermodal import naming
from intermodal.events.args import SourceArgs
from intermodal.events.registry import list_kinds, load_checks
from intermodal.problems.validation import Validator


@dataclass(frozen=True, kw_only=True)
class SourceSpec:
    """One resolved source."""

    path: str
    """Path of the source in the definition, such as `sources[1]`."""
    name: str
    kind: str
    fields: Mapping[str, Any]
    enabled: bool = True

    @property
    def adopts_queue(self) -> bool:
        """Whether an existing queue replaces the inbox."""
        return self.kind == "queue" and "existing" in self.fields


def resolve_sources(validator: Validator, given: object, *, fifo: bool) -> tuple[SourceSpec, ...]:
    """Return the resolved sources; add problems, such as duplicate names, to `validator`."""
    sources = [
        source
        for index, args in enumerate(validator.sequence("sources", given))
        if (source := _resolve_source(validator, f"sources[{index}]", args))
    ]
    _refuse_same_name(validator, sources)
    if not validator.problems:  # only well-formed sources can be compared
        _refuse_same_content(validator, sources)
    if any(source.adopts_queue for source in sources) and len(sources) > 1:
        text = "must contain no other source beside an existing queue, whose policy allows none; remove the others"
        validator.add("sources", text)
    if fifo:
        _refuse_unordered(validator, sources)
    for source in sources:
        _refuse_standard_topic(validator, source, fifo=fifo)
    return tuple(sources)


def _resolve_source(validator: Validator, path: str, args: object) -> SourceSpec | None:
    outer = validator.fields(path, args, SourceArgs)
    kind = validator.one_of(path, outer, list_kinds())
    if kind is None:
        return None
    fields = validator.fields(f"{path}.{kind}", outer[kind], load_checks(kind).ARGS)
    validator.require_text(f"{path}.{kind}", fields, ("arn", "bus_name", "bucket"))
    load_checks(kind).check(validator, f"{path}.{kind}", fields)
    name = validator.name(f"{path}.name", outer.get("name", kind), naming.PART, "lower-case letters and digits")
    enabled = validator.boolean(f"{path}.enabled", outer.get("enabled", True))
    if "enabled" in outer and not load_checks(kind).DELIVERED:
        delivered = ", ".join(word for word in list_kinds() if load_checks(word).DELIVERED)
        text = f"has no effect on {kind}, where the senders control delivery; it applies to {delivered}; remove it"
        validator.add(f"{path}.enabled", text)
    return SourceSpec(path=path, name=name, kind=kind, fields=fields, enabled=enabled)


def _refuse_unordered(validator: Validator, sources: Sequence[SourceSpec]) -> None:
    ordered = [kind for kind in list_kinds() if load_checks(kind).FIFO]
    for source in sources:
        if source.kind not in ordered:
            text = (
                f"cannot feed a FIFO inbox, which accepts {' and '.join(ordered)}; use fifo: false, or another source"
            )
            validator.add(source.path, text)


def _refuse_standard_topic(validator: Validator, source: SourceSpec, *, fifo: bool) -> None:
    """Report a standard topic with a FIFO inbox (SNS developer guide, FIFO topics, message delivery)."""
    arn = source.fields.get("arn") if source.kind == "topic" else None
    if fifo and isinstance(arn, str) and not arn.endswith(".fifo"):
        text = f"must be a FIFO topic to feed a FIFO inbox, got {arn}; use fifo: false, or another topic"
        validator.add(source.path, text)


def _refuse_same_name(validator: Validator, sources: Sequence[SourceSpec]) -> None:
    for name, times in Counter(source.name for source in sources).items():
        if times > 1:
            validator.add("sources", f'has "{name}" {times} times; give each a unique `name`')


def _refuse_same_content(validator: Validator, sources: Sequence[SourceSpec]) -> None:
    seen: dict[str, str] = {}
    for source in sources:
        content = f"{source.kind} {json.dumps(source.fields, sort_keys=True, default=_identify)}"
        first = seen.setdefault(content, source.name)
        if first != source.name:
            text = f'has the same {source.kind} as "{first}" and as "{source.name}"; every event would arrive twice'
            validator.add("sources", text)


def _identify(value: object) -> str:
    return f"output {id(value)}" if isinstance(value, Output) else repr(value)
