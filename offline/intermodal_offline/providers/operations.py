"""Create, read, update, and delete a resource with the functions in its type's row."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from intermodal_offline.providers import compare, facts
from intermodal_offline.providers.cloud import Cloud
from intermodal_offline.providers.compare import Change, Comparison
from intermodal_offline.providers.facts import Facts
from intermodal_offline.providers.failures import HalfMadeError, RefusedError, code, sentence
from intermodal_offline.providers.naming import DEFAULTS, automatic
from intermodal_offline.providers.table import Call, Row
from intermodal_offline.providers.values import UNKNOWN, Props

MARKER = "__standIn"
MARK = "intermodal"


def must_be_ours(state: Props, package: str = "aws") -> None:
    """Raise an error if the official plugin created the resource.

    Raises:
        RefusedError: the state does not contain the offline provider's marker.
    """
    if state.get(MARKER) != MARK:
        raise RefusedError(
            f"this resource was created by the official {package} plugin, so the offline provider does not manage it; "
            "use the official plugin for this stack, or use another stack with the offline provider."
        )


@dataclass(frozen=True, kw_only=True)
class Resource:
    """Resource that one engine request creates, reads, updates, or deletes."""

    token: str
    row: Row
    cloud: Cloud

    @property
    def facts(self) -> Facts:
        """The official provider's rules for the resource type."""
        return facts.of(self.token)

    def call(self, props: Props, identity: str = "") -> Call:
        """Return the argument for the row's functions."""
        region = props.get("region") or self.cloud.region
        client = self.cloud.client(self.row.service, region if self.facts.regional else "")
        return Call(
            type=self.token, fields=self.row.inputs, client=client, cloud=self.cloud, region=region, id=identity,
            props=props,
        )  # fmt: skip

    # -- differences

    def changes(self, olds: Props, news: Props, state: Props) -> list[Change]:
        """Return the changes between old and new inputs; `state` contains the region if the inputs do not set it."""
        if self.facts.regional:
            here = {"region": self.cloud.region}
            olds, news = {**here, **olds, **_only(state, "region")}, {**here, **news}
        found = self._comparison().changes(olds, news)
        for name, replaced in self.row.replaced_if.items():
            if replaced(olds, news):
                found = [Change(c.path, c.kind, c.replace or c.property == name) for c in found]
        return found

    def _comparison(self) -> Comparison:
        rules = self.facts
        return Comparison(fields=self.row.inputs, replace_on=rules.replace_on, computed=rules.computed)

    def deletes_first(self, news: Props) -> bool:
        """Return whether a replacement must delete the old resource first because the user set the name."""
        rule = self.facts.autoname
        return self.facts.deletes_first and (rule is None or rule.property not in automatic(news))

    # -- lifecycle

    def create(self, inputs: Props) -> tuple[str, Props]:
        """Create the resource; return its ID and outputs."""
        call = self.call(inputs)
        call.id = self.row.create(call)

        def steps() -> None:
            if self.row.settle:
                self.row.settle(call)
            self._write_tags(call, {}, inputs)

        return call.id, self._finish(call, inputs, steps)

    def update(self, identity: str, inputs: Props, before: tuple[Props, Props]) -> Props:
        """Apply the changes and return the outputs; `before` contains the old inputs and old outputs."""
        olds, state = before
        call = self.call({**_only(state, "region"), **inputs}, identity)
        changed = frozenset(change.property for change in self.changes(olds, inputs, state))
        # Without changes, the previous update must have failed halfway, so apply all inputs again.
        changed = changed or frozenset(self.row.inputs) & inputs.keys()

        def steps() -> None:
            own = changed - {"tags", "tagsAll"}
            if self.row.update and own:
                self.row.update(call, own)
            self._write_tags(call, olds, inputs)

        return self._finish(call, inputs, steps)

    def preview(self, inputs: Props, olds: Props, state: Props) -> Props:
        """Return the outputs that are known before an update; the others are unknown."""
        kept = {name: value for name, value in state.items() if name in inputs or name not in olds}
        unknown = dict.fromkeys(self.row.volatile(olds, inputs), UNKNOWN)
        return {**kept, **inputs, **unknown, MARKER: MARK}

    def delete(self, identity: str, state: Props) -> None:
        """Delete the resource. This method is idempotent."""
        self._unless_gone(lambda: self.row.delete(self.call(state, identity)))

    def read(self, identity: str, inputs: Props, state: Props) -> tuple[str, Props, Props] | None:
        """Refresh or import the resource; return its ID, inputs, and outputs, or None if it does not exist."""
        properties = state or self.row.identify(identity)
        call = self.call(properties, identity)
        live = self._live(call)
        if live is None:
            return None
        seen = self._refreshed(inputs, live) if inputs else self._imported(live)
        return call.id, seen, self._outputs(seen, live, call.region)

    # -- helpers

    def _finish(self, call: Call, inputs: Props, steps: Callable[[], None]) -> Props:
        """Run `steps` and read the resource; if either fails, report it as partially created so that it is recorded."""
        half = {**inputs, MARKER: MARK, **_only({"region": call.region}, "region" if self.facts.regional else "")}
        try:
            steps()
            live = self._live(call)
        except Exception as error:
            raise HalfMadeError(call.id, inputs, half, sentence(error, self.row.service)) from error
        if live is None:
            reason = "the API did not return the resource after accepting it; run `pulumi refresh`."
            raise HalfMadeError(call.id, inputs, half, reason)
        return self._outputs(self._refreshed(inputs, live), live, call.region)

    def _unless_gone(self, action: Callable[[], Any]) -> Any:
        try:
            return action()
        except Exception as error:
            if code(error) in self.row.gone or (self.row.gone_said and self.row.gone_said in str(error)):
                return None
            raise

    def _live(self, call: Call) -> Props | None:
        live: Props | None = self._unless_gone(lambda: self.row.read(call))
        if live is None:
            return None
        call.live = live
        if self.row.tagging:
            tags = self.row.tagging.read(call)
            live["tagsAll"] = {name: value for name, value in tags.items() if not name.startswith("aws:")}
        return live

    def _write_tags(self, call: Call, olds: Props, inputs: Props) -> None:
        before, after = olds.get("tagsAll") or {}, inputs.get("tagsAll") or {}
        if not self.row.tagging or before == after:
            return
        call.live = self.row.read(call) or {}
        self.row.tagging.write(call, after, sorted(before.keys() - after.keys()))

    def _refreshed(self, inputs: Props, live: Props) -> Props:
        echoed = _only(inputs, *self.facts.echoed)
        seen = compare.refresh(self.row.inputs, inputs, {**live, **echoed}, self.facts.computed)
        return {**seen, **self._tags(inputs.get("tags"), live)}

    def _imported(self, live: Props) -> Props:
        facts, values = self.facts, dict[str, Any]()
        for name, field in self.row.inputs.items():
            if live.get(name) or name in facts.defaults or field.computed or name in facts.computed:
                values[name] = compare.trim(field, live.get(name))
            if field.local:  # no API stores it, so use the default
                values[name] = facts.defaults.get(name)
        seen = {name: value for name, value in values.items() if value is not None}
        return {**seen, **self._tags(None, live), DEFAULTS: []}

    def _tags(self, given: Props | None, live: Props) -> Props:
        """Return tags and tagsAll; `tags` includes a default tag only if the user also sets it on the resource."""
        if not self.row.tagging:
            return {}
        everything, defaults = live["tagsAll"], self.cloud.default_tags
        own = {n: v for n, v in everything.items() if n in (given or {}) or defaults.get(n) != v}
        tags = {"tags": own} if own or given is not None else {}
        return {**tags, "tagsAll": everything}

    def _outputs(self, seen: Props, live: Props, region: str) -> Props:
        """Return the state: the API's values, or the user's inputs if they are equal or are not returned by the API."""
        kept = {name for name, field in self.row.inputs.items() if field.local or field.normal}
        kept |= self.facts.echoed | {"tags"}
        regional = {"region": region} if self.facts.regional else {}
        own = _only(seen, *kept)
        return {**live, **own, **regional, MARKER: MARK}


def _only(props: Props, *names: str) -> Props:
    return {name: props[name] for name in names if name in props}
