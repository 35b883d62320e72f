"""Sources with every default applied."""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi import Output

from intermodal import naming
from intermodal.documents import outputs_in
from intermodal.events import expression, filters, pattern
from intermodal.events.args import (
    BucketSourceArgs,
    BusSourceArgs,
    ExistingQueueArgs,
    FilterScope,
    HttpAuthorization,
    HttpSourceArgs,
    QueueSourceArgs,
    ScheduleSourceArgs,
    SourceArgs,
    TopicSourceArgs,
)
from intermodal.events.route import wrong_path
from intermodal.problems.validation import Definition

Block = dict[str, Any]

PRINCIPAL = re.compile(r"\d{12}|arn:[\w-]+:(iam|sts)::\d{12}:[^*]+")
"""Accounts, roles, users and sessions (IAM user guide, AWS JSON policy elements: Principal)."""


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


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What may be said of one kind of source."""

    shape: type
    check: Callable[[Definition, str, Block], None]
    delivered: bool = False
    """Whether AWS delivers its events, and so may wait with it."""
    fifo: bool = False
    """Whether it can feed a FIFO inbox: only what sets a message group can."""


def _queue(definition: Definition, path: str, block: Block) -> None:
    if "existing" in block:
        block["existing"] = definition.block(f"{path}.existing", block["existing"], ExistingQueueArgs)
        definition.plain_texts(f"{path}.existing", block["existing"], ("arn", "url"))
        if "senders" in block:
            text = "and existing exclude each other; the policy of a queue that exists is left alone"
            definition.add(f"{path}.senders", text)
    if "senders" in block:
        _refuse_everybody(definition, f"{path}.senders", block["senders"])


def _refuse_everybody(definition: Definition, path: str, given: object) -> None:
    for index, sender in enumerate(definition.text_items(path, given)):
        if sender == "*":
            text = 'must be the ARN of a principal, got "*", which is everybody; name who sends'
            definition.add(f"{path}[{index}]", text)
        elif isinstance(sender, str) and not PRINCIPAL.fullmatch(sender):
            text = f'must be the number of an account or the ARN of a role or user, without *, got "{sender}"'
            definition.add(f"{path}[{index}]", text)


def _bus(definition: Definition, path: str, block: Block) -> None:
    if "pattern" not in block:
        return  # already reported as missing
    given = definition.mapping(f"{path}.pattern", block["pattern"])
    if not isinstance(block["pattern"], Mapping):
        return
    definition.extend(pattern.problems(f"{path}.pattern", given))
    if not list(outputs_in(given)) and (problem := pattern.too_long(f"{path}.pattern", pattern.rendered(given))):
        definition.extend([problem])


def _bucket(definition: Definition, path: str, block: Block) -> None:
    definition.plain_texts(path, block, ("prefix",))


def _topic(definition: Definition, path: str, block: Block) -> None:
    if "filter" in block:
        given = definition.mapping(f"{path}.filter", block["filter"])
        nested = block.get("filter_scope") in {FilterScope.BODY, FilterScope.BODY.value}
        definition.extend(filters.problems(f"{path}.filter", given, nested=nested))
    elif "filter_scope" in block:
        definition.add(f"{path}.filter_scope", "needs a filter; give filter, or leave it out")
    scope = block.get("filter_scope", FilterScope.ATTRIBUTES)
    block["filter_scope"] = definition.word(f"{path}.filter_scope", scope, FilterScope)


def _schedule(definition: Definition, path: str, block: Block) -> None:
    if wrong := expression.wrong(block.get("expression")):
        definition.add(f"{path}.expression", wrong)
    zone = block.setdefault("timezone", "UTC")
    if wrong := expression.wrong_timezone(zone):
        definition.add(f"{path}.timezone", wrong)
    if "input" in block:
        definition.mapping(f"{path}.input", block["input"])


def _http(definition: Definition, path: str, block: Block) -> None:
    if wrong := wrong_path(block.setdefault("path", "/")):
        definition.add(f"{path}.path", wrong)
    given = block.get("authorization", HttpAuthorization.IAM)
    block["authorization"] = definition.word(f"{path}.authorization", given, HttpAuthorization)
    for key in ("requests_per_second", "burst"):
        if key in block:
            block[key] = definition.positive(f"{path}.{key}", block[key])
    if block["authorization"] is HttpAuthorization.NONE and "requests_per_second" not in block:
        text = "is missing, and with authorization none everybody may post without limit; give the most that you expect"
        definition.add(f"{path}.requests_per_second", text)
    if "burst" in block and "requests_per_second" not in block:
        definition.add(f"{path}.burst", "needs requests_per_second; give it, or leave this out")
    definition.flag(f"{path}.access_logs", block.get("access_logs", False))


KINDS: Mapping[str, Kind] = {
    "queue": Kind(shape=QueueSourceArgs, check=_queue, fifo=True),
    "bus": Kind(shape=BusSourceArgs, check=_bus, delivered=True),
    "bucket": Kind(shape=BucketSourceArgs, check=_bucket, delivered=True),
    "topic": Kind(shape=TopicSourceArgs, check=_topic, delivered=True, fifo=True),
    "schedule": Kind(shape=ScheduleSourceArgs, check=_schedule, delivered=True),
    "http": Kind(shape=HttpSourceArgs, check=_http),
}
"""Every kind of source; how its events enter is in sources.py."""


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
    kind = definition.one_of(path, outer, list(KINDS))
    if kind is None:
        return None
    block = definition.block(f"{path}.{kind}", outer[kind], KINDS[kind].shape)
    definition.plain_texts(f"{path}.{kind}", block, ("arn", "bus_name", "bucket"))
    KINDS[kind].check(definition, f"{path}.{kind}", block)
    name = definition.name(f"{path}.name", outer.get("name", kind), naming.PART, "lower-case letters and digits")
    enabled = definition.flag(f"{path}.enabled", outer.get("enabled", True))
    if "enabled" in outer and not KINDS[kind].delivered:
        delivered = ", ".join(word for word, row in KINDS.items() if row.delivered)
        text = f"has no effect on {kind}, whose senders decide; it is for {delivered}, leave it out"
        definition.add(f"{path}.enabled", text)
    return SourceSpec(path=path, name=name, kind=kind, block=block, enabled=enabled)


def _refuse_unordered(definition: Definition, sources: Sequence[SourceSpec]) -> None:
    ordered = [kind for kind, row in KINDS.items() if row.fifo]
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
