"""The `intermodal:` part of a stack file."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class _Block(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True)


class LanePlacement(_Block):
    """One lane, as `lanes` of a definition has it."""

    name: str
    target: str
    share: int | None = None
    maximum_concurrency: int | None = None
    paused: bool | None = None


class FunctionPlacement(_Block):
    """Where one function runs and how large: it overlays the definition."""

    target: str | None = None
    lane: str | None = None
    lanes: list[LanePlacement] | None = None
    maximum_concurrency: int | None = None
    memory_mib: int | None = None
    timeout_seconds: int | None = None


class StackFile(_Block):
    """Every key of the namespace."""

    placement: dict[str, FunctionPlacement] = {}
    protect: bool = False
