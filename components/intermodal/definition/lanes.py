"""The lanes of a definition with every default applied."""

from collections.abc import Mapping
from typing import Any

from intermodal import naming
from intermodal.definition.args import LaneArgs
from intermodal.definition.spec import WHOLE, LaneSpec
from intermodal.limits import Target
from intermodal.problems.validation import Definition, integer, is_whole

SOLE_LANE = "main"


def resolve_lanes(definition: Definition, given: Mapping[str, Any]) -> tuple[LaneSpec, ...]:
    """The lanes, of `lanes` or of the sugar for one; what is wrong with them goes to `definition`."""
    if "lanes" in given:
        for key in ("target", "lane", "maximum_concurrency"):
            if key in given:
                definition.add(key, "and lanes exclude each other; say it in each lane, or leave lanes out")
        return _several(definition, given["lanes"])
    if "target" not in given:
        definition.add("target", "is missing; give target, or lanes for several")
        return ()
    lane = {"name": given.get("lane", SOLE_LANE), "target": given["target"], "share": WHOLE}
    if "maximum_concurrency" in given:
        lane["maximum_concurrency"] = given["maximum_concurrency"]
    return _lane(definition, "", lane)


def _several(definition: Definition, given: object) -> tuple[LaneSpec, ...]:
    lanes: tuple[LaneSpec, ...] = ()
    blocks = definition.items("lanes", given)
    for index, block in enumerate(blocks):
        lane = definition.block(f"lanes[{index}]", block, LaneArgs)
        if len(blocks) == 1:
            lane.setdefault("share", WHOLE)
        if "name" in lane and "target" in lane:
            lanes += _lane(definition, f"lanes[{index}].", lane)
    names = [lane.name for lane in lanes]
    for name in sorted({name for name in names if names.count(name) > 1}):
        definition.add("lanes", f'has "{name}" twice; each lane needs a name of its own')
    shares = sorted(lane.share for lane in lanes)
    if lanes and shares != [0] * (len(lanes) - 1) + [WHOLE]:
        text = f"must be {WHOLE} on one lane and 0 on the others, got {', '.join(map(str, shares))}"
        definition.add("share", f"{text}; shares in between are not there yet")
    if isinstance(given, list | tuple) and not given:
        definition.add("lanes", "must name at least one lane, got none")
    return lanes


def _lane(definition: Definition, path: str, block: Mapping[str, Any]) -> tuple[LaneSpec, ...]:
    named = f"{path}name" if path else "lane"
    name = definition.name(named, block["name"], naming.PART, "lower-case letters and digits")
    target = definition.word(f"{path}target", block["target"], Target)
    if target is None:
        return ()
    spec = LaneSpec(
        path=path,
        name=name,
        target=target,
        share=_number(definition, f"{path}share", block.get("share", 0)) or 0,
        maximum_concurrency=_number(definition, f"{path}maximum_concurrency", block.get("maximum_concurrency")),
        paused=definition.flag(f"{path}paused", block.get("paused", False)),
    )
    return (spec,)


def _number(definition: Definition, path: str, given: object) -> int | None:
    number = integer(given)
    if number is None or is_whole(number):
        return number
    definition.add(path, f"must be a whole number, got {given!r}")
    return None
