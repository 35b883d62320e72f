"""From what a caller says to a FunctionSpec: the only place that reads raw arguments and applies defaults."""

from collections.abc import Mapping
from typing import Any, cast

from pulumi import Input, Output

from intermodal import naming
from intermodal.errors import Problem
from intermodal.events.spec import resolve_sources
from intermodal.fit import log_retention_days
from intermodal.function import image
from intermodal.function.args import ContainerFunctionArgs, ImageArgs, LaneArgs, Target
from intermodal.function.spec import WHOLE, FunctionSpec, LaneSpec, subject_of
from intermodal.identity.args import PermissionArgs, Trust
from intermodal.validation import Definition, gated, integer, problems_of

MEMORY_MIB = 512
TIMEOUT_SECONDS = 60
LOG_RETENTION_DAYS = 30
SOLE_LANE = "main"


def resolve(name: str, args: ContainerFunctionArgs) -> tuple[FunctionSpec, Definition]:
    """The spec, and the problems found so far; the caller adds those of the targets and then raises them all."""
    definition = Definition(subject_of(name))
    definition.name("name", name, naming.NAME, "lower-case letters, digits and dashes")
    given = definition.block("", args, ContainerFunctionArgs)
    protect = definition.flag("protect", given.get("protect", False))
    spec = FunctionSpec(
        name=name,
        image=_image(definition, given.get("image"), protect=protect),
        memory_mib=_whole(given.get("memory_mib", MEMORY_MIB)),
        timeout_seconds=_whole(given.get("timeout_seconds", TIMEOUT_SECONDS)),
        environment=definition.texts("environment", given.get("environment", {})),
        permissions=_permissions(definition, given.get("permissions", [])),
        sources=resolve_sources(definition, given.get("sources", [])),
        lanes=_lanes(definition, given),
        trust=_trust(definition, given.get("trust", [Trust.LAMBDA])),
        log_retention_days=_retention(definition, given.get("log_retention_days", LOG_RETENTION_DAYS)),
        protect=protect,
        tags=definition.texts("tags", given.get("tags", {})),
    )
    return spec, definition


def _whole(value: Input[int]) -> Input[int]:
    if isinstance(value, Output):
        return value.apply(lambda known: cast("int", integer(known)))
    return cast("int", integer(value))


def _image(definition: Definition, given: object, *, protect: bool) -> Input[str]:
    if given is None:
        return ""  # already reported as missing
    block = definition.block("image", {"uri": given} if isinstance(given, str | Output) else given, ImageArgs)
    kind = definition.one_of("image", block, ["uri", "build"])
    if kind == "build" and not isinstance(block["build"], str):
        definition.add("image.build", f"must be the path of a folder, got {block['build']!r}")
        return ""
    if kind == "build":
        return _built(definition, block["build"], protect=protect)
    uri: Input[str] = block.get("uri", "")
    if kind == "uri" and not (isinstance(uri, Output) or (isinstance(uri, str) and uri)):
        definition.add("image.uri", f"must name an image, got {uri!r}")

    def digest(known: object) -> Problem | None:
        return None if not protect or image.has_digest(str(known)) else _digest_needed(f"got {known}")

    definition.extend(problems_of(uri, digest))
    return gated(uri, definition.subject, digest)


def _built(definition: Definition, folder: str, *, protect: bool) -> str:
    if protect:
        definition.problems.append(_digest_needed(f"got build: {folder}"))
    try:
        return image.reference(folder)
    except FileNotFoundError as missing:
        definition.add(
            "image.build", f"must be a folder with a Dockerfile, seen from the program; there is no {missing}"
        )
        return ""
    except ValueError:
        text = "must be a relative path of lower-case letters, digits, ., _ and -, as an image's name is"
        definition.add("image.build", f"{text}, got {folder!r}; move or rename the folder")
        return ""


def _digest_needed(got: str) -> Problem:
    text = f"must be given by digest on a protected stack, {got}; {image.HOW_TO_GET_A_DIGEST}"
    return Problem(path="image", text=text)


def _lanes(definition: Definition, given: Mapping[str, Any]) -> tuple[LaneSpec, ...]:
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
    if isinstance(given, list) and not given:
        definition.add("lanes", "must name at least one lane, got none")
    return lanes


def _lane(definition: Definition, path: str, block: Mapping[str, Any]) -> tuple[LaneSpec, ...]:
    named = f"{path}name" if path else "lane"
    name = definition.name(named, block["name"], naming.PART, "lower-case letters and digits")
    target = definition.word(f"{path}target", block["target"], Target)
    if target is None:
        return ()
    spec = LaneSpec(
        name=name,
        target=target,
        share=_number(definition, f"{path}share", block.get("share", 0)) or 0,
        maximum_concurrency=_number(definition, f"{path}maximum_concurrency", block.get("maximum_concurrency")),
        paused=definition.flag(f"{path}paused", block.get("paused", False)),
    )
    return (spec,)


def _permissions(definition: Definition, given: object) -> tuple[PermissionArgs, ...]:
    blocks = []
    for index, args in enumerate(definition.items("permissions", given)):
        path = f"permissions[{index}]"
        block = definition.block(path, args, PermissionArgs)
        for key in ("actions", "resources"):
            if key in block:
                _refuse_everything(definition, f"{path}.{key}", block[key])
        blocks.append(block)
    return tuple(cast("list[PermissionArgs]", blocks))


def _number(definition: Definition, path: str, given: object) -> int | None:
    number = integer(given)
    if number is not None and (isinstance(number, bool) or not isinstance(number, int)):
        definition.add(path, f"must be a whole number, got {given!r}")
        return None
    return number


def _refuse_everything(definition: Definition, path: str, given: object) -> None:
    for index, word in enumerate(definition.text_items(path, given)):
        if isinstance(word, str) and (word == "*" or (path.endswith("actions") and word.endswith(":*"))):
            text = f'must not be a wildcard, got "{word}"; name the actions and the ARNs that the function needs'
            definition.add(f"{path}[{index}]", text)


def _trust(definition: Definition, given: object) -> tuple[Trust, ...]:
    if isinstance(given, str):  # one problem is enough: what it names is not looked at
        definition.items("trust", given)
        return tuple(Trust)
    found = definition.items("trust", given)
    words = [definition.word(f"trust[{index}]", word, Trust) for index, word in enumerate(found)]
    return tuple(dict.fromkeys(word for word in words if word is not None))


def _retention(definition: Definition, given: object) -> int:
    days, allowed = integer(given), log_retention_days()
    if days not in allowed:
        text = f"must be one of {', '.join(map(str, allowed))}, got {given!r}; take the next longer one"
        definition.add("log_retention_days", text)
    return cast("int", days)
