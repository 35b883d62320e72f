"""Resolve a definition's lanes."""

from collections.abc import Mapping
from typing import Any

from intermodal import naming
from intermodal.definition.args import LaneArgs
from intermodal.definition.spec import ALL_SHARES, LaneSpec
from intermodal.limits import Target
from intermodal.problems.validation import Validator, drop_fraction, is_integer

SOLE_LANE = "main"


def resolve_lanes(validator: Validator, given: Mapping[str, Any]) -> tuple[LaneSpec, ...]:
    """Return the lanes from `lanes` or `target`; add problems to `validator`."""
    if "lanes" in given:
        for key in ("target", "lane", "maximum_concurrency"):
            if key in given:
                validator.add(key, "and lanes are mutually exclusive; set it in each lane, or remove lanes")
        return _resolve_several(validator, given["lanes"])
    if "target" not in given:
        validator.add("target", "is missing; set target, or lanes for several")
        return ()
    lane = {"name": given.get("lane", SOLE_LANE), "target": given["target"], "share": ALL_SHARES}
    if "maximum_concurrency" in given:
        lane["maximum_concurrency"] = given["maximum_concurrency"]
    return _resolve_lane(validator, "", lane)


def _resolve_several(validator: Validator, given: object) -> tuple[LaneSpec, ...]:
    lanes: tuple[LaneSpec, ...] = ()
    blocks = validator.sequence("lanes", given)
    for index, fields in enumerate(blocks):
        lane = validator.fields(f"lanes[{index}]", fields, LaneArgs)
        if len(blocks) == 1:
            lane.setdefault("share", ALL_SHARES)
        if "name" in lane and "target" in lane:
            lanes += _resolve_lane(validator, f"lanes[{index}].", lane)
    names = [lane.name for lane in lanes]
    for name in sorted({name for name in names if names.count(name) > 1}):
        validator.add("lanes", f'has "{name}" twice; give each lane a unique name')
    shares = sorted(lane.share for lane in lanes)
    if lanes and shares != [0] * (len(lanes) - 1) + [ALL_SHARES]:
        text = f"must be {ALL_SHARES} on one lane and 0 on the others, got {', '.join(map(str, shares))}"
        validator.add("share", f"{text}; other shares are not supported yet")
    if isinstance(given, list | tuple) and not given:
        validator.add("lanes", "must have at least one lane, got none")
    return lanes


def _resolve_lane(validator: Validator, path: str, fields: Mapping[str, Any]) -> tuple[LaneSpec, ...]:
    named = f"{path}name" if path else "lane"
    name = validator.name(named, fields["name"], naming.PART, "lower-case letters and digits")
    target = validator.choice(f"{path}target", fields["target"], Target)
    if target is None:
        return ()
    limit = _resolve_integer(validator, f"{path}maximum_concurrency", fields.get("maximum_concurrency"))
    spec = LaneSpec(
        path=path,
        name=name,
        target=target,
        share=_resolve_integer(validator, f"{path}share", fields.get("share", 0)) or 0,
        maximum_concurrency=limit,
        paused=validator.boolean(f"{path}paused", fields.get("paused", False)),
    )
    return (spec,)


def _resolve_integer(validator: Validator, path: str, given: object) -> int | None:
    number = drop_fraction(given)
    if number is None or is_integer(number):
        return number
    validator.add(path, f"must be a whole number, got {given!r}")
    return None
